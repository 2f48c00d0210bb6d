import ArgumentParser
import Capture
import ControlAPI
import Dashboard
import Decode
import Detection
import Documents
import Glibc
import Records
import RuleLanguage
import Sensor

struct ReadCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "read", abstract: "Reads a capture and writes what is in it as EVE lines.",
    discussion: """
      CAPTURE is pcap or pcapng, or - for standard input. DIR/eve.json is written. --config is Vigil's own file or a \
      suricata.yaml whose keys Vigil knows; a key it does not know is a warning.
      """)

  @Argument(help: "Captures, read one after the other as one; - reads standard input.", completion: .file())
  var captures: [String]
  @Option(help: "The folder that eve.json goes to; made where it is missing.", completion: .directory)
  var output: String
  @Option(help: "A rule file; may be given again.", completion: .file()) var rules: [String] = []
  @Option(help: "Vigil's configuration or a suricata.yaml.", completion: .file(extensions: ["yaml"]))
  var config: String?
  @Option(name: .short, help: "Checksums: none or all.") var k: ChecksumChoice?
  @Option(parsing: .singleValue, help: "A dotted key and its value; may be given again.") var set: [String] = []
  @Option(help: "A BPF filter (pcap-filter(7)).") var filter: String = ""

  enum ChecksumChoice: String, ExpressibleByArgument { case none, all }

  func run() throws {
    let settings = try sensorSettings()
    let files = rules + settings.detection.ruleFiles
    let loading = RuleLoading(settings: settings.detection)
    do {
      let loaded = try loading.load(files)
      for diagnostic in loaded.diagnostics { Console.error.line("vigil: \(diagnostic.description)") }
      try makeFolder()
      let sources = try captures.map { try CaptureFile(path: $0, filter: filter) }
      let bar = ProgressBar(ReadCommand.progress(sources), LanguageOption.configured(nil))
      defer { bar.end() }
      var reading = try CaptureReading(
        sources: sources, folder: output, settings: settings, rules: loaded, onPosition: bar.note)
      let summary = try reading.run()
      bar.end()
      for warning in summary.warnings { Console.error.line("vigil: warning: \(warning)") }
      tell(summary)
    } catch let error as CaptureError {
      throw OperatorMistake("read.\(error.code.rawValue)", error.sentence, hint: error.hint)
    } catch let error as SensorError {
      throw OperatorMistake("read.rules", error.sentence, hint: error.hint)
    } catch let error as OutputError {
      throw OperatorMistake("read.output", error.description)
    }
  }

  /// A pipe among them, and nobody knows the end.
  private static func progress(_ sources: [CaptureFile]) -> Progress {
    let sizes = sources.compactMap(\.size)
    let total = sizes.count == sources.count ? sizes.reduce(UInt64(0), &+) : nil
    return Progress(BilingualText(en: "reading", zh: "读取"), .bytes, total: total)
  }

  private func tell(_ summary: CaptureReading.Summary) {
    guard Console.error.isTerminal else { return }
    Console.error.line(
      "vigil: \(summary.packets) packets, \(summary.bytes) bytes, \(summary.lines) lines, \(summary.alerts) alerts in \(output)/eve.json"
    )
  }

  private func sensorSettings() throws -> SensorSettings {
    var reader = try SensorSettingsReader(config: config, overrides: set)
    for warning in reader.warnings { Console.error.line("vigil: warning: \(warning)") }
    if let k { reader.settings.decoder.verifyChecksums = k == .all }
    return reader.settings
  }

  private func makeFolder() throws(OperatorMistake) {
    guard unsafe mkdir(output, 0o755) != 0, errno != EEXIST else { return }
    throw OperatorMistake(
      "read.output", "cannot make the folder \(output): \(unsafe String(cString: strerror(errno)).lowercased())",
      hint: "name one whose parent exists")
  }
}
