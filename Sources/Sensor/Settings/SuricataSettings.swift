internal import Decode
package import Documents
internal import Flow
internal import Wire

/// Reads a `suricata.yaml` whose keys this version knows into `SensorSettings`.
///
/// A key that nothing here reads, and a value of the wrong type, is a warning and changes nothing.
package struct SuricataSettings {
  package private(set) var settings = SensorSettings()
  package private(set) var warnings: [String] = []
  private var tree: SettingsTree
  /// The configuration's own folder: paths in it are relative to that.
  private let folder: String

  package init(_ document: DocumentValue, folder: String, base: SensorSettings = SensorSettings()) {
    tree = SettingsTree(document)
    self.folder = folder
    settings = base
    readVariables()
    readFiles()
    readStream()
    readFlow()
    readDecoder()
    readApplications()
    readOutputs()
    for path in SuricataSettings.withoutEffectHere { tree.acknowledge(path) }
    warnings = tree.warnings + tree.unknownKeys()
  }

  /// Known to Suricata, and rightly without effect on what is written here: threads, logging of the program
  /// itself, hardware.
  private static let withoutEffectHere = [
    "logging", "threading", "af-packet", "pcap", "run-as", "pid-file", "unix-command", "mpm-algo", "spm-algo",
    "profiling", "max-pending-packets", "runmode", "suricata-version", "action-order", "default-log-dir", "coredump",
    "host-mode", "legacy", "nfq", "nflog", "ipfw", "napatech", "luajit", "capture", "security", "plugins",
    "sensor-name",
  ]

  private mutating func readVariables() {
    for (path, target) in [
      ("vars.address-groups", \SensorSettings.detection.addressVariables),
      ("vars.port-groups", \SensorSettings.detection.portVariables),
    ] {
      guard let group = tree.value(path) else { continue }
      tree.acknowledge(path)
      settings[keyPath: target] = group.entries.compactMap { entry in
        if let text = try? entry.value.string() { return (entry.key, text) }
        guard let list = try? entry.value.strings() else { return nil }
        return (entry.key, "[" + list.joined(separator: ",") + "]")
      }
    }
  }

  private mutating func readFiles() {
    settings.detection.classificationFile = path("classification-file") ?? settings.detection.classificationFile
    settings.detection.referenceFile = path("reference-config-file") ?? settings.detection.referenceFile
    settings.detection.thresholdFile = path("threshold-file") ?? settings.detection.thresholdFile
    let ruleFolder = tree.string("default-rule-path") ?? folder
    settings.detection.ruleFiles = (tree.strings("rule-files") ?? []).map { PathText.join(ruleFolder, $0) }
    settings.detection.maximumAlertsPerPacket = min(max(tree.int("packet-alert-max") ?? 15, 1), 255)
    tree.acknowledge("detect")
    tree.acknowledge("detect-engine")
    tree.acknowledge("include")
  }

  private mutating func path(_ key: String) -> String? { tree.string(key).map { PathText.join(folder, $0) } }

  private mutating func readStream() {
    settings.flow.stream.midstream = tree.bool("stream.midstream") ?? settings.flow.stream.midstream
    settings.flow.stream.asyncOneside = tree.bool("stream.async-oneside") ?? settings.flow.stream.asyncOneside
    settings.flow.stream.validatesChecksums =
      tree.bool("stream.checksum-validation") ?? settings.flow.stream.validatesChecksums
    settings.flow.stream.depth = tree.bytes("stream.reassembly.depth") ?? settings.flow.stream.depth
    settings.flow.stream.memoryCap = tree.bytes("stream.reassembly.memcap") ?? settings.flow.stream.memoryCap
    if let policy = tree.string("stream.reassembly.urgent.policy") {
      let policies: [String: UrgentPolicy] = ["inline": .inline, "oob": .outOfBand, "gap": .gap, "drop": .drop]
      settings.flow.stream.urgent = policies[policy] ?? settings.flow.stream.urgent
    }
    // Whether data waits for its acknowledgement: an inline engine looks at once, a passive one when the receiver has it.
    let inline = tree.string("stream.inline") ?? "auto"
    settings.flow.stream.deliversWhenAcknowledged = !["true", "yes", "on"].contains(inline.lowercased())
    for entry in tree.value("host-os-policy")?.entries ?? [] {
      guard let policy = StreamOverlapPolicy(name: entry.key) else { continue }
      for text in (try? entry.value.strings()) ?? [] {
        if let prefix = IPPrefix(text) { settings.flow.stream.policies.append((prefix, policy)) }
      }
    }
    tree.acknowledge("host-os-policy")
    tree.acknowledge("stream")
  }

  private mutating func readFlow() {
    settings.flow.memoryCap = tree.bytes("flow.memcap") ?? settings.flow.memoryCap
    settings.flow.emergencyRecovery = min(max(tree.int("flow.emergency-recovery") ?? 30, 1), 99)
    settings.flow.usesVLAN = tree.bool("vlan.use-for-tracking") ?? settings.flow.usesVLAN
    settings.flow.usesTunnelDepth =
      tree.bool("decoder.recursion-level.use-for-tracking") ?? settings.flow.usesTunnelDepth
    settings.flow.timeouts.tcp = times("tcp", settings.flow.timeouts.tcp)
    settings.flow.timeouts.udp = times("udp", settings.flow.timeouts.udp)
    settings.flow.timeouts.icmp = times("icmp", settings.flow.timeouts.icmp)
    settings.flow.timeouts.other = times("default", settings.flow.timeouts.other)
    tree.acknowledge("flow")
    tree.acknowledge("flow-timeouts")
    tree.acknowledge("defrag")
  }

  private mutating func times(_ name: String, _ base: FlowTimeouts.Times) -> FlowTimeouts.Times {
    var result = base
    result.new = tree.int("flow-timeouts.\(name).new") ?? base.new
    result.established = tree.int("flow-timeouts.\(name).established") ?? base.established
    result.closed = tree.int("flow-timeouts.\(name).closed") ?? base.closed
    result.bypassed = tree.int("flow-timeouts.\(name).bypassed") ?? base.bypassed
    return result
  }

  private mutating func readDecoder() {
    settings.decoder.vxlanPorts = tunnelPorts("vxlan", settings.decoder.vxlanPorts)
    settings.decoder.genevePorts = tunnelPorts("geneve", settings.decoder.genevePorts)
    settings.decoder.teredoPorts = tunnelPorts("teredo", settings.decoder.teredoPorts)
    settings.decoder.erspanTypeI = tree.bool("decoder.erspan.typeI.enabled") ?? settings.decoder.erspanTypeI
    settings.decoder.maximumLayers = min(max(tree.int("decoder.max-layers") ?? 16, 1), 64)
    tree.acknowledge("pcap-file")
    tree.acknowledge("decoder")
    if let checks = tree.string("pcap-file.checksum-checks"), ["no", "false"].contains(checks.lowercased()) {
      settings.decoder.verifyChecksums = false
    }
  }

  private mutating func tunnelPorts(_ name: String, _ base: PortChoice) -> PortChoice {
    if tree.bool("decoder.\(name).enabled") == false { return .none }
    guard let text = tree.string("decoder.\(name).ports") else { return base }
    let resolved = settings.detection.portVariables.first { "$" + $0.name == text }?.value ?? text
    if resolved == "any" { return .any }
    let ports = PathText.numbers(resolved)
    return ports.isEmpty ? base : PortChoice(ports)
  }

  private mutating func readApplications() {
    let root = "app-layer.protocols."
    settings.applications.http = enabled(root + "http")
    settings.applications.tls = enabled(root + "tls")
    settings.applications.dns = enabled(root + "dns.udp") || enabled(root + "dns.tcp")
    let body = root + "http.libhtp.default-config."
    let base = ApplicationSettings()
    settings.applications.requestBodyLimit = tree.bytes(body + "request-body-limit") ?? base.requestBodyLimit
    settings.applications.responseBodyLimit = tree.bytes(body + "response-body-limit") ?? base.responseBodyLimit
    settings.applications.decompressionLayers = tree.int(body + "response-body-decompress-layer-limit") ?? 2
    settings.applications.lzma = tree.bool(body + "lzma-enabled") ?? false
    settings.applications.doubleDecodePath = tree.bool(body + "double-decode-path") ?? false
    settings.applications.doubleDecodeQuery = tree.bool(body + "double-decode-query") ?? false
    settings.applications.ja3 = tree.bool(root + "tls.ja3-fingerprints") ?? false
    settings.applications.ja4 = tree.bool(root + "tls.ja4-fingerprints") ?? false
    tree.acknowledge("app-layer")
  }

  /// `enabled` of a protocol: `detection-only` parses nothing.
  private mutating func enabled(_ path: String) -> Bool {
    guard let text = tree.string(path + ".enabled") else { return true }
    return ["yes", "true", "on"].contains(text.lowercased())
  }

  private mutating func readOutputs() {
    settings.eve.stats.interval = max(tree.int("stats.interval") ?? 8, 1)
    settings.eve.stats.decoderEvents = tree.bool("stats.decoder-events") ?? true
    settings.eve.stats.streamEvents = tree.bool("stats.stream-events") ?? true
    tree.acknowledge("stats")
    guard let outputs = tree.value("outputs"), let list = try? outputs.list() else { return }
    for output in list {
      guard let eve = output["eve-log"] else { continue }
      var reader = EVESettingsReader(base: settings.eve)
      reader.read(eve)
      settings.eve = reader.settings
      for (position, sentence) in reader.warnings { tree.warn(position, sentence) }
    }
  }
}

/// Small pieces of text that settings are made of.
enum PathText {
  static func join(_ folder: String, _ name: String) -> String {
    name.hasPrefix("/") || folder.isEmpty ? name : folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
  }

  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// The whole numbers in `text` that are ports, whatever stands between them.
  static func numbers(_ text: String) -> [UInt16] { text.split { !$0.isNumber }.compactMap { UInt16($0) } }
}
