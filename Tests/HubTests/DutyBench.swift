import ControlAPI
import Foundation
import Logging
import Records
import Services
import Store
import Synchronization
import Testing
import Wire

@testable import Hub

/// A clock that stands until the test moves it.
final class BenchClock: Sendable {
  private let time: Mutex<Timestamp>
  init(_ time: Timestamp) { self.time = Mutex(time) }
  func set(_ moment: Timestamp) { time.withLock { $0 = moment } }
  var wall: WallClock { WallClock { self.time.withLock { $0 } } }
}

/// Refuses one write: the one that the test names.
final class BenchDisk: Sendable {
  struct Full: Error {}
  private let left = Mutex(Int.max)
  /// The write behind `count` others fails.
  func fail(after count: Int) { left.withLock { $0 = count } }
  var hasFailed: Bool { left.withLock { $0 < 0 } }
  func write() throws {
    let isRefused = left.withLock { left in
      guard left >= 0, left != .max else { return false }
      left -= 1
      return left < 0
    }
    if isRefused { throw Full() }
  }
}

/// The hub's core on a store in a folder of its own, second by second, ended and begun again as often as one likes.
final class DutyBench {
  /// 2026-11-18 16:00 UTC: midnight in Shanghai, a Thursday begins.
  static let start = Timestamp(seconds: 1_795_017_600)
  static let ann = Actor(name: "ann", origin: "test")
  static let bo = Actor(name: "bo", origin: "test")
  static let eve = Actor(name: "eve", origin: "test")
  static let roster = """
    id: city
    name: {en: City watch, zh: 市网信办}
    zone: Asia/Shanghai
    layers:
      - {name: watch, step: 1, people: [ann, bo], rotation: 12h, from: 2026-11-19, handover: "00:00"}
      - {name: deputy, step: 2, people: [bo], rotation: daily, from: 2026-11-01}
      - {name: lead, step: 3, people: [eve], rotation: daily, from: 2026-11-01}

    """

  let folder = try? TestFolder()
  let clock = BenchClock(DutyBench.start)
  let disk = BenchDisk()
  let configuration: Configuration
  private(set) var store: Store
  private(set) var core: HubCore
  private var sequence: UInt64 = 1

  init(
    roster: String? = DutyBench.roster, people: [String] = ["ann", "bo", "eve"],
    change: (inout Configuration) -> Void = { _ in }
  )
    async throws
  {
    var configuration = Configuration()
    configuration.data = DataFolder(path: (try #require(folder)).path + "/data")
    configuration.city = "test city"
    configuration.sensor.enabled = false
    change(&configuration)
    self.configuration = configuration
    let disk = disk
    store = try Store(folder: configuration.data.path, rules: .standard) { try disk.write() }
    try store.put(
      kind: "person",
      people.map {
        (
          id: $0,
          value: Person(id: $0, name: BilingualText($0), role: .analyst, addresses: [.init(.mail, "\($0)@example.gov")])
        )
      })
    core = try DutyBench.core(configuration, store, clock)
    try await core.beginDuty()
    if let roster { try await put(roster) }
  }

  func put(_ roster: String) async throws {
    _ = try await core.setRoster(RosterRequest(name: "roster.yaml", text: roster), by: DutyBench.eve)
  }

  private static func core(_ configuration: Configuration, _ store: Store, _ clock: BenchClock) throws -> HubCore {
    try HubCore(
      configuration: configuration, store: store, engines: [],
      tree: IndicatorReader.read(folder: Checkout.folder + "/Rules/posture"),
      guide: GradingGuideReader.read(path: Checkout.folder + "/Rules/grading/incidents.yaml"), content: nil,
      notices: NoticeRulesReader.read(folder: Checkout.folder + "/Rules/notices"), clock: clock.wall,
      logger: Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() })
  }

  /// What a crash leaves is what is in the store.
  func restart() async throws {
    store.close()
    let disk = disk
    store = try Store(folder: configuration.data.path, rules: .standard) { try disk.write() }
    core = try DutyBench.core(configuration, store, clock)
    try await core.beginDuty()
  }

  func at(_ seconds: Double) async {
    clock.set(DutyBench.start.advanced(seconds: seconds))
    await core.tick()
  }

  /// An alert that comes now; the number of its row.
  @discardableResult
  func alert(_ sid: Int, critical: Bool = true, at seconds: Double, status: Int = 403) async throws -> Int64 {
    let now = DutyBench.start.advanced(seconds: seconds)
    clock.set(now)
    let metadata = critical ? ",\"metadata\":{\"signature_severity\":[\"Critical\"]}" : ""
    let line = """
      {"timestamp":"\(now.text)","flow_id":7,"event_type":"alert","src_ip":"198.51.100.9","src_port":50000,\
      "dest_ip":"192.168.0.7","dest_port":80,"proto":"TCP","alert":{"action":"allowed","gid":1,"signature_id":\(sid),\
      "rev":1,"signature":"secret weakness","category":"x","severity":1\(metadata)},\
      "http":{"hostname":"h\(sid).example","url":"/secret/path.php","status":\(status)}}
      """
    return try await take(Array(line.utf8), sid: sid)
  }

  private func take(_ line: [UInt8], sid: Int) async throws -> Int64 {
    _ = try await core.store(Lines.batch([line], first: sequence))
    sequence += 1
    return try #require(store.rows(QueueQuery(order: .id, limit: 1000)).last { $0.check == "1:\(sid)" }).id
  }

  func acknowledge(_ row: Int64, by actor: Actor, at seconds: Double) async throws {
    clock.set(DutyBench.start.advanced(seconds: seconds))
    let report = try await core.act(ActRequest(ids: [row], act: .acknowledge), by: actor, within: .all)
    #expect(report.refused.isEmpty)
  }

  /// What waits in the outbox, in order.
  func dispatches() throws -> [Dispatch] {
    try store.outbox(limit: 10_000).reversed().filter { $0.channel == Dispatch.channel }
      .map { try RecordJSON.decode(Dispatch.self, from: $0.body) }
  }

  /// `300 bo` of each page.
  func calls() throws -> [String] {
    try dispatches().map {
      "\($0.created.nanoseconds(since: DutyBench.start) / 1_000_000_000) \($0.address.to.prefix { $0 != "@" })"
    }
  }
}
