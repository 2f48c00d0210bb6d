import Capture
import Detection
import Documents
import Foundation
import RuleLanguage
import Sensor
import TestSupport

/// One folder of `Tests/Verify`: `test.rules` and `expect.yaml`.
struct Scenario {
  /// How many events have all the given values at the given dotted paths.
  struct Check {
    var position: SourcePosition
    var count: Int
    var match: [(path: String, value: String)]

    var text: String { "\(count) events with \(match.map { "\($0.path): \($0.value)" }.joined(separator: ", "))" }

    func matches(_ event: DocumentValue) -> Bool {
      match.allSatisfy { Check.value(at: $0.path, of: event) == $0.value }
    }

    static func value(at path: String, of event: DocumentValue) -> String? {
      var current = event
      for part in path.split(separator: ".") {
        if let index = Int(part), let list = try? current.list() {
          guard list.indices.contains(index) else { return nil }
          current = list[index]
        } else {
          guard let next = current[String(part)] else { return nil }
          current = next
        }
      }
      return try? current.string()
    }
  }

  let name: String
  let checks: [Check]
  private let overrides: [(path: String, value: String)]
  private let folder: URL

  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Verify")

  static func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: root.path).filter { !$0.contains(".") }.sorted()
  }

  init(name: String) throws {
    self.name = name
    folder = Self.root.appendingPathComponent(name)
    let expected = try DocumentFile.value(path: folder.appendingPathComponent("expect.yaml").path)
    overrides = try (expected["set"]?.map() ?? []).map { ($0.key, try $0.value.string()) }
    checks = try expected.required("checks").list().map { entry in
      let filter = try entry.required("filter")
      let match = try filter.required("match").map().map { ($0.key, try $0.value.string()) }
      return Check(position: entry.position, count: try filter.required("count").int(), match: match)
    }
  }

  /// The capture through the whole sensor, as `vigil read` does it: the lines of eve.json.
  func run(packets: [CapturedPacket]? = nil) throws -> [DocumentValue] {
    let work = FileManager.default.temporaryDirectory.appendingPathComponent("verify-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: work, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: work) }
    let capture = work.appendingPathComponent("input.pcap")
    let packets = packets ?? ScenarioCaptures.all[name]?() ?? []
    try Data(PcapBuilder().file(packets)).write(to: capture)
    let loaded = try RuleLoading(settings: settings.detection).load([folder.appendingPathComponent("test.rules").path])
    if !loaded.diagnostics.isEmpty { throw RefusedRules(lines: loaded.diagnostics.map(\.description)) }
    var reading = try CaptureReading(
      sources: [try CaptureFile(path: capture.path)], folder: work.path, settings: settings, rules: loaded)
    _ = try reading.run()
    let text = try String(contentsOf: work.appendingPathComponent("eve.json"), encoding: .utf8)
    return try text.split(separator: "\n").map { try JSONDocument.parse(String($0), file: "eve.json") }
  }

  struct RefusedRules: Error { var lines: [String] }

  private var settings: SensorSettings {
    var base = SensorSettings()
    base.eve = .full
    base.eve.anomaly.decode = true
    base.eve.anomaly.stream = true
    var tree = DocumentValue(.map([]), at: SourcePosition(file: "expect.yaml"))
    for (path, value) in overrides { tree = tree.setting(path.split(separator: ".")[...], to: value) }
    return SuricataSettings(tree, folder: ".", base: base).settings
  }

  /// For a failure's message: the events but the statistics.
  static func text(_ events: [DocumentValue]) -> String {
    events.filter { $0["stats"] == nil }.map { event in
      event.entries.map {
        "\($0.key)=\((try? $0.value.string()) ?? "{\($0.value.entries.map { "\($0.key):\((try? $0.value.string()) ?? "…")" }.joined(separator: " "))}")"
      }
      .joined(separator: " ")
    }.joined(separator: "\n")
  }
}
