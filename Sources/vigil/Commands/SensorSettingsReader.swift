import ControlAPI
import Decode
import Documents
import Flow
import Hub
import Sensor

/// A configuration file, Vigil's own or a `suricata.yaml`, and the values of `--set`, as a sensor's settings.
struct SensorSettingsReader {
  var settings = SensorSettings()
  private(set) var warnings: [String] = []

  init(config: String?, overrides: [String]) throws {
    useTables(of: nil)
    settings.eve = .full
    guard let config else {
      try read(DocumentValue(.map([]), at: SourcePosition(file: "--set")), folder: ".", overrides)
      return
    }
    do {
      let document = try DocumentFile.value(path: config)
      if Self.isOurs(document) {
        let configuration = try Configuration.read(path: config)
        useTables(of: try ContentPlaces(configuration.data))
        settings = configuration.sensorSettings(over: settings)
        try read(DocumentValue(.map([]), at: SourcePosition(file: "--set")), folder: ".", overrides)
      } else {
        try read(document, folder: Self.folder(of: config), overrides)
      }
    } catch let error as DocumentError {
      throw OperatorMistake("read.config", at: error.position.description, error.message, hint: error.hint)
    }
  }

  /// Classes and references: of the bundle in force where it has some, else those that come with Vigil.
  private mutating func useTables(of places: ContentPlaces?) {
    func table(_ name: String) -> String? { places?.ruleTable(name) ?? InstalledFiles.path("Rules/" + name) }
    settings.detection.classificationFile = table("classification.config")
    settings.detection.referenceFile = table("reference.config")
  }

  /// Vigil's own file has sections that Suricata's has not, and no `vars`, `outputs` or `app-layer`.
  private static func isOurs(_ document: DocumentValue) -> Bool {
    let foreign = ["vars", "outputs", "app-layer", "stream", "default-log-dir", "rule-files", "suricata-version"]
    let own = ["city", "sensor", "eve", "scan", "retention", "watch", "inventory", "sites", "rules", "data", "content"]
    return foreign.allSatisfy { document[$0] == nil } && own.contains { document[$0] != nil }
  }

  private mutating func read(_ document: DocumentValue, folder: String, _ overrides: [String]) throws(OperatorMistake) {
    var tree = document
    for override in overrides {
      guard let equals = override.firstIndex(of: "="), equals != override.startIndex else {
        throw OperatorMistake(
          "read.set", "\"\(override)\" is no key=value", hint: "for example --set stream.midstream=true")
      }
      let path = override[..<equals].split(separator: ".")
      tree = tree.setting(path[...], to: String(override[override.index(after: equals)...]))
    }
    let suricata = SuricataSettings(tree, folder: folder, base: settings)
    settings = suricata.settings
    warnings += suricata.warnings
  }

  private static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}

extension Configuration {
  /// What the sensor's part of `vigil.yaml` says.
  func sensorSettings(over base: SensorSettings) -> SensorSettings {
    var settings = base
    settings.decoder.verifyChecksums = sensor.verifiesChecksums
    settings.flow.stream.validatesChecksums = sensor.verifiesChecksums
    settings.detection.addressVariables = rules.variables.filter { !$0.key.contains("PORT") }.map { ($0.key, $0.value) }
    settings.detection.portVariables = rules.variables.filter { $0.key.contains("PORT") }.map { ($0.key, $0.value) }
    settings.applications.ja3 = true
    settings.applications.ja4 = true
    let types = Set(eve.types)
    settings.eve.enabled = eve.enabled
    settings.eve.alert.enabled = eve.enabled && types.contains("alert")
    settings.eve.flow = eve.enabled && types.contains("flow")
    settings.eve.http.enabled = eve.enabled && types.contains("http")
    settings.eve.tls.enabled = eve.enabled && types.contains("tls")
    settings.eve.tls.ja4 = true
    settings.eve.dns.enabled = eve.enabled && types.contains("dns")
    settings.eve.stats.enabled = eve.enabled && types.contains("stats")
    settings.eve.anomaly.enabled = eve.enabled && types.contains("anomaly")
    settings.eve.files.enabled = eve.enabled && types.contains("fileinfo")
    settings.eve.fileName = eve.file.split(separator: "/").last.map(String.init) ?? "eve.json"
    return settings
  }
}
