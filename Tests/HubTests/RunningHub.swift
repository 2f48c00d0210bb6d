import ControlAPI
import Foundation
import Records
import Synchronization
import Testing
import Wire

@testable import Hub

/// A hub of a test's own, whole, on sockets in a folder that goes with it.
final class RunningHub: Sendable {
  let configuration: Configuration
  let client: Client
  private let task: Task<Void, any Error>

  init(
    _ folder: TestFolder, content: HubContent? = nil, clock: WallClock = .system,
    change: (inout Configuration) -> Void = { _ in }
  ) async throws {
    var configuration = Configuration()
    configuration.data = DataFolder(path: folder.path + "/data")
    configuration.city = "test city"
    change(&configuration)
    self.configuration = configuration
    client = Client(socket: configuration.data.apiSocket)
    let (ready, say) = AsyncStream.makeStream(of: Void.self)
    let engines = [EngineItem(name: "tls", summary: "asks", probeClass: .probe)]
    let tree = try IndicatorReader.read(folder: Checkout.folder + "/Rules/posture")
    let process = HubProcess(
      configuration: configuration, engines: engines, tree: tree, content: content, clock: clock, signals: false)
    task = Task {
      defer { say.finish() }
      try await process.run { _ in say.yield() }
    }
    for await _ in ready { return }
    try await task.value
  }

  /// Returns when the sockets and the lock are free. (The real program is killed in the end-to-end tests.)
  func end() async {
    task.cancel()
    _ = await task.result
  }
}

/// Where this checkout is, for the rules that come with the program.
enum Checkout {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path
}

/// A folder under the system's temporary one, short enough for sockets, removed at the end.
final class TestFolder: Sendable {
  let path: String
  init() throws {
    path = FileManager.default.temporaryDirectory.path + "/vh-" + String(UInt32.random(in: 0 ... .max), radix: 36)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }
  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String, _ text: String) throws -> String {
    try text.write(toFile: path + "/" + name, atomically: true, encoding: .utf8)
    return path + "/" + name
  }
}

/// EVE alerts as a sensor would write them.
enum Lines {
  static func alert(
    sid: Int = 2_024_897, host: String = "tax.example.gov", severity: Int = 1, critical: Bool = false, second: Int = 5,
    source: String = "198.51.100.9"
  ) -> [UInt8] {
    let metadata = critical ? ",\"metadata\":{\"signature_severity\":[\"Critical\"]}" : ""
    let time = Timestamp(nanoseconds: WallClock.system.now().nanoseconds - Int64(second) * 1_000_000_000).text
    return Array(
      """
      {"timestamp":"\(time)","flow_id":7,"event_type":"alert","src_ip":"\(source)","src_port":50000,\
      "dest_ip":"192.168.0.7","dest_port":80,"proto":"TCP","alert":{"action":"allowed","gid":1,"signature_id":\(sid),\
      "rev":1,"signature":"web shell answered","category":"x","severity":\(severity)\(metadata)},\
      "http":{"hostname":"\(host)","url":"/a.php","status":200}}
      """.utf8)
  }

  static func batch(_ lines: [[UInt8]], first: UInt64 = 1, boot: UInt64 = 1, source: String = "sensor-1") -> RecordBatch
  {
    RecordBatch(source: source, boot: boot, first: first, records: lines.map { BatchRecord(kind: .alert, bytes: $0) })
  }
}
