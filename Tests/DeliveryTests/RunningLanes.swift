import Foundation
import Logging
import Records
import ServiceLifecycle
import Services
import Store
import Synchronization
import Wire

@testable import Hub

/// The lanes of a configuration at work on a store, without the rest of the hub, at a pace for tests.
final class RunningLanes: Sendable {
  let store: Store
  let board = LaneBoard()
  private let task: Task<Void, any Error>
  private let noted: NoteBox

  final class NoteBox: Sendable {
    let bounces = Mutex<[String]>([])
  }

  init(
    _ folder: TestFolder, attempts: Int = 50, beforeWrite: @escaping @Sendable () throws -> Void = {},
    change: (inout Configuration) -> Void
  ) throws {
    var configuration = Configuration()
    configuration.city = "test city"
    configuration.delivery.attempts = attempts
    // The samples are of a fixed day.
    configuration.delivery.ageSeconds = 1e9
    change(&configuration)
    let store = try Store(folder: folder.path + "/data", rules: .standard, beforeWrite: beforeWrite)
    self.store = store
    let noted = NoteBox()
    self.noted = noted
    let ending = EndFlag()
    var logger = Logger(label: "test")
    // What is refused is what these tests are about: VIGIL_TEST_LOG=1 shows it.
    logger.logLevel = ProcessInfo.processInfo.environment["VIGIL_TEST_LOG"] == nil ? .critical : .debug
    var lanes = DeliveryLanes(
      configuration: configuration, store: store, clock: .system, board: board,
      bounced: { address, _, _ in noted.bounces.withLock { $0.append(address.to) } }, logger: logger, ending: ending)
    lanes.rule.shortest = 0.02
    lanes.rule.longest = 0.2
    let service = DeliveryService(
      lanes: lanes.runners, store: store, clock: .system, rule: lanes.rule, logger: logger, ending: ending)
    task = Task { try await service.run() }
  }

  var bounced: [String] { noted.bounces.withLock { $0 } }

  func end() async {
    task.cancel()
    _ = await task.result
    store.close()
  }

  func add(_ dispatches: [Dispatch]) throws { for dispatch in dispatches { try store.add(dispatch.entry()) } }

  func count(_ state: OutboxEntry.State) throws -> Int { try store.outboxCounts()[state] ?? 0 }
}

/// Dispatches of the tests.
enum Sample {
  /// Of now, for a hub that gives up what is old.
  static func fresh(_ id: String, _ channel: ContactChannel, _ to: String) -> Dispatch {
    var dispatch = dispatch(id, channel, to, kind: .report)
    dispatch.created = WallClock.system.now()
    return dispatch
  }

  static func dispatch(
    _ id: String, _ channel: ContactChannel, _ to: String, kind: Dispatch.Kind = .notice, subject: String? = nil,
    text: String? = nil, link: String? = "https://vigil.example.gov/n/abcdef", isDrill: Bool = false
  ) -> Dispatch {
    Dispatch(
      id: id, kind: kind, address: ContactAddress(channel, to), language: "zh",
      subject: subject ?? "通报 2026-017：税务局网站，高危",
      text: text ?? "站点：www·tax 政务网\n级别：高危\n期限：2026-12-01\n请打开链接查看。\n.", link: link, severity: .high,
      deadline: Timestamp(seconds: 1_796_000_000), isDrill: isDrill, created: Timestamp(seconds: 1_795_000_000))
  }
}
