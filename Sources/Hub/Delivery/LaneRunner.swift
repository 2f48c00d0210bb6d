internal import Logging
internal import Records
internal import Services
internal import Store
internal import Synchronization
internal import Wire

/// Empties one lane of the outbox: takes what is due, hands it over one after the other, writes down what came of each at
/// once. It holds a handful of entries at a time, however many wait.
struct LaneRunner: Sendable {
  let name: String
  let channel: any DeliveryChannel
  let rule: RetryRule
  let perMinute: Int?
  let store: Store
  let clock: WallClock
  let board: LaneBoard
  /// Told before the entry is settled: after a crash in between it is told again.
  let bounced: @Sendable (ContactAddress, String, String) async -> Void
  let logger: Logger
  /// The hub is about to end: what is on its way may arrive, nothing else leaves.
  let ending: EndFlag

  static let pause = Duration.milliseconds(200)

  /// An entry whose fate is known and could not be written: nothing else is sent before it is, or it would be sent again.
  private struct Unwritten {
    var entry: OutboxEntry
    var said = false
  }

  func run() async {
    var lane = DeliveryLane(rule: rule, perMinute: perMinute)
    var unwritten: Unwritten?
    board.keep(lane, as: name)
    while !Task.isCancelled, !ending.isSet {
      var moved = false
      if unwritten == nil || write(&unwritten) { moved = await pass(&lane, &unwritten) }
      board.keep(lane, as: name)
      if !moved { try? await Task.sleep(for: LaneRunner.pause) }
    }
    _ = write(&unwritten)
  }

  /// One round. True where the lane may have more at once.
  private func pass(_ lane: inout DeliveryLane, _ unwritten: inout Unwritten?) async -> Bool {
    let room = lane.room(now: clock.now())
    guard room > 0 else { return false }
    guard let due = try? store.dueOutbox(lane: name, now: clock.now(), limit: room), !due.isEmpty else {
      lane.foundNothing(now: clock.now())
      return false
    }
    for entry in due {
      guard !ending.isSet, !Task.isCancelled else {
        lane.wasCutOff(now: clock.now())
        return false
      }
      let outcome = await channel.deliver(entry)
      if Task.isCancelled, outcome != .accepted {
        lane.wasCutOff(now: clock.now())
        return false
      }
      await keep(entry, outcome, &lane, &unwritten)
      guard outcome == .accepted, unwritten == nil else { return unwritten == nil }
    }
    return true
  }

  private func keep(
    _ entry: OutboxEntry, _ outcome: DeliveryOutcome, _ lane: inout DeliveryLane, _ unwritten: inout Unwritten?
  ) async {
    if case .bounced(let reason) = outcome, let dispatch = entry.dispatch {
      await bounced(dispatch.address, reason, dispatch.id)
    }
    let now = clock.now()
    let settled = rule.settled(entry, outcome, now: now, random: .random(in: 0..<1))
    unwritten = Unwritten(entry: settled)
    _ = write(&unwritten)
    lane.ended(outcome, now: now, random: .random(in: 0..<1))
    board.keep(lane, as: name)
    if let reason = outcome.reason {
      logger.warning("not delivered", metadata: ["lane": "\(name)", "entry": "\(entry.id)", "reason": "\(reason)"])
    }
  }

  private func write(_ unwritten: inout Unwritten?) -> Bool {
    guard let last = unwritten else { return true }
    do {
      try store.settle(last.entry)
      unwritten = nil
      return true
    } catch {
      if !last.said { logger.error("the outbox could not be written", metadata: ["error": "\(error)"]) }
      unwritten?.said = true
      return false
    }
  }
}

final class EndFlag: Sendable {
  private let flag = Atomic<Bool>(false)
  var isSet: Bool { flag.load(ordering: .relaxed) }
  func set() { flag.store(true, ordering: .relaxed) }
}
