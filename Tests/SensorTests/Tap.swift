import Capture
import Decode
import Detection
import Documents
import Flow
import Foundation
import Records
import RuleLanguage
import Sensor
import TestSupport
import Testing
import Wire

/// Packets in, EVE lines out: one worker as a test wants it.
struct Tap {
  var settings = SensorSettings()
  var rules: CompiledRules?
  var masking: Masking?
  var interface = ""

  init(_ change: (inout SensorSettings) -> Void = { _ in }) {
    settings.eve = .full
    settings.eve.stats.enabled = false
    change(&settings)
  }

  static func compile(_ text: String) throws -> CompiledRules {
    let parsed = RuleParser().parse(Array(text.utf8), file: "test.rules")
    try #require(parsed.refused == 0, "\(parsed.diagnostics.map(\.description))")
    let result = try RuleCompiler(variables: try RuleVariables.standard()).compile(parsed.rules)
    try #require(result.diagnostics.isEmpty, "\(result.diagnostics.map(\.description))")
    return result.rules
  }

  func worker() throws -> Worker {
    try Worker(settings: settings, rules: rules, interface: interface, masking: masking)
  }

  /// All lines, the flows' ends included.
  func lines(_ packets: [CapturedPacket]) throws -> [String] {
    let worker = try worker()
    worker.feed(packets)
    worker.finish()
    return worker.lines
  }

  func events(_ packets: [CapturedPacket], _ type: String? = nil) throws -> [DocumentValue] {
    try lines(packets).map { try JSONDocument.parse($0, file: "eve.json") }
      .filter { try type == nil || $0["event_type"]?.string() == type }
  }
}

extension Worker {
  func feed(_ packets: [CapturedPacket], from first: UInt64 = 1) {
    for (index, packet) in packets.enumerated() {
      let header = PacketHeader(
        timestamp: Timestamp(nanoseconds: Int64(packet.nanoseconds)), capturedLength: packet.bytes.count,
        wireLength: packet.wireLength ?? packet.bytes.count, linkType: .ethernet, number: first + UInt64(index))
      packet.bytes.withWire { process(header, $0) }
    }
  }

  /// What was written and not yet taken.
  var lines: [String] {
    let text = unsafe writer.json.withBytes { unsafe String(decoding: $0, as: UTF8.self) }
    return text.split(separator: "\n").map(String.init)
  }
}

extension DocumentValue {
  /// The scalar at a dotted path; numbers are places in lists.
  func at(_ path: String) -> String? {
    var current = self
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

/// Text that a test wrote once and everybody read: `Tests/Fixtures/eve/<name>.json`. Missing, it is written and the
/// test fails; `VIGIL_RECORD=1` writes it anew.
enum Golden {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Fixtures/eve")

  static func check(_ name: String, _ lines: [String]) throws {
    let text = canonical(lines).joined(separator: "\n") + "\n"
    let file = folder.appendingPathComponent("\(name).json")
    let recorded = try? String(contentsOf: file, encoding: .utf8)
    let mustRecord = ProcessInfo.processInfo.environment["VIGIL_RECORD"] == "1"
    if recorded == nil || mustRecord {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try text.write(to: file, atomically: true, encoding: .utf8)
    }
    #expect(recorded == text, "\(file.lastPathComponent) was \(recorded == nil ? "missing: read it" : "different")")
  }

  /// Flow ids by the order in which they appear.
  private static func canonical(_ lines: [String]) -> [String] {
    var known: [String: Int] = [:]
    return lines.map { line in
      guard let range = line.range(of: #""flow_id":\d+"#, options: .regularExpression) else { return line }
      let id = known[String(line[range])] ?? known.count + 1
      known[String(line[range])] = id
      return line.replacingCharacters(in: range, with: "\"flow_id\":\(id)")
    }
  }
}

/// A folder that goes with the test.
final class WorkFolder {
  let path: String
  init() throws {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("sensor-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }
  deinit { try? FileManager.default.removeItem(atPath: path) }
  func file(_ name: String) -> String { "\(path)/\(name)" }
  func text(_ name: String) throws -> String { try String(contentsOfFile: file(name), encoding: .utf8) }
  func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
}
