import Capture
import Decode
import Documents
import Flow
import Foundation
import RuleLanguage
import Sensor
import Testing
import Wire

@Suite("Settings from a suricata.yaml and from --set")
struct SettingsTests {
  private func read(_ yaml: String, set: [(String, String)] = []) throws -> SuricataSettings {
    var tree = try YAMLDocument.parse(yaml, file: "suricata.yaml")
    for (path, value) in set { tree = tree.setting(path.split(separator: ".")[...], to: value) }
    return SuricataSettings(tree, folder: "/etc/x", base: SensorSettings())
  }

  @Test("known keys take effect and warn of nothing")
  func known() throws {
    let read = try read(
      """
      vars:
        address-groups: {HOME_NET: "[10.0.0.0/8]", DNS: [192.0.2.1, 192.0.2.2]}
        port-groups: {HTTP_PORTS: "8080"}
      classification-file: c.config
      default-rule-path: /rules
      rule-files: [a.rules, /b.rules]
      packet-alert-max: 20
      stream:
        midstream: true
        checksum-validation: no
        reassembly: {depth: 2mb, urgent: {policy: gap}}
      flow-timeouts: {tcp: {new: 5}}
      decoder: {vxlan: {ports: "4789, 8472"}, teredo: {enabled: no}, max-layers: 4}
      app-layer: {protocols: {tls: {enabled: no}, http: {libhtp: {default-config: {request-body-limit: 3kb}}}}}
      outputs:
        - eve-log:
            enabled: yes
            filename: other.json
            community-id: yes
            types: [alert: {payload: yes, metadata: no}, dns: {version: 2, types: [a]}, netflow]
      """)
    #expect(read.warnings.isEmpty)
    let settings = read.settings
    #expect(
      settings.detection.addressVariables.map { "\($0.name)=\($0.value)" } == [
        "HOME_NET=[10.0.0.0/8]", "DNS=[192.0.2.1,192.0.2.2]",
      ])
    #expect(settings.detection.portVariables.map(\.value) == ["8080"])
    #expect(settings.detection.classificationFile == "/etc/x/c.config")
    #expect(settings.detection.ruleFiles == ["/rules/a.rules", "/b.rules"])
    #expect(settings.detection.maximumAlertsPerPacket == 20)
    #expect(settings.flow.stream.midstream && !settings.flow.stream.validatesChecksums)
    #expect(settings.flow.stream.depth == 2 << 20)
    #expect(settings.flow.timeouts.tcp.new == 5 && settings.flow.timeouts.tcp.established == 600)
    #expect(settings.decoder.maximumLayers == 4)
    #expect(!settings.applications.tls && settings.applications.http)
    #expect(settings.applications.requestBodyLimit == 3 << 10)
    let eve = settings.eve
    #expect(eve.fileName == "other.json" && eve.communityID && eve.netflow && !eve.flow && !eve.http.enabled)
    #expect(eve.alert.payload && !eve.alert.flow && eve.dns.enabled && eve.dns.version == 2 && eve.dns.types == ["A"])
  }

  @Test("what nobody reads, and what has the wrong type, is a warning with its place")
  func warnings() throws {
    let read = try read(
      """
      stream:
        midstream: perhaps
      nonsense:
        deep: 1
      outputs:
        - eve-log:
            types: [alert, mqtt]
      """)
    let warnings = read.warnings
    #expect(warnings.count == 3)
    #expect(warnings.contains { $0.hasPrefix("suricata.yaml:2:14: ") && $0.contains("perhaps") })
    #expect(warnings.contains("suricata.yaml:3:1: key \"nonsense\" is not known here and has no effect"))
    #expect(warnings.contains { $0.contains("eve-log type \"mqtt\" is not written by this version") })
    #expect(!read.settings.flow.stream.midstream)
  }

  @Test("--set reaches into maps and lists, makes what is missing, and says its name in a warning")
  func overrides() throws {
    let read = try read(
      "outputs: [{eve-log: {types: [alert]}}]\nstream: {midstream: no}",
      set: [
        ("stream.midstream", "true"), ("outputs.0.eve-log.filename", "x.json"), ("flow.emergency-recovery", "40"),
        ("made.up", "1"),
      ])
    #expect(read.settings.flow.stream.midstream)
    #expect(read.settings.eve.fileName == "x.json")
    #expect(read.settings.flow.emergencyRecovery == 40)
    #expect(read.warnings.count == 1 && read.warnings[0].contains("--set") && read.warnings[0].contains("\"made\""))
  }

  @Test("numbers out of range are brought into it")
  func ranges() throws {
    let read = try read("packet-alert-max: 9999\ndecoder: {max-layers: 0}\nflow: {emergency-recovery: 500}")
    #expect(read.settings.detection.maximumAlertsPerPacket == 255)
    #expect(read.settings.decoder.maximumLayers == 1)
    #expect(read.settings.flow.emergencyRecovery == 99)
  }

  @Test("a rule file that cannot be read is told with what to do, a rule that is wrong is a diagnostic")
  func rules() throws {
    let folder = try WorkFolder()
    let loading = RuleLoading(settings: SensorSettings().detection)
    let error = #expect(throws: SensorError.self) { _ = try loading.load([folder.file("none.rules")]) }
    #expect(
      error?.description
        == "cannot read \(folder.file("none.rules")): no such file or directory; check the path and its permissions")
    try
      "alert tcp any any -> any any (msg:\"a\"; content:\"x\"; sid:1;)\nalert tcp any any -> any any (nonsense; sid:2;)\n"
      .write(toFile: folder.file("a.rules"), atomically: true, encoding: .utf8)
    let result = try loading.load([folder.file("a.rules")])
    #expect(result.totals.loaded == 1 && result.totals.failed == 1)
    #expect(result.diagnostics.first?.description.contains("a.rules:2") == true)
  }
}
