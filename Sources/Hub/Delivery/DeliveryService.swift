internal import ControlAPI
internal import Logging
internal import Records
internal import ServiceLifecycle
internal import Services
internal import Store
internal import Wire

/// All lanes at work, each for itself: a receiver that hangs holds up nobody else's messages.
struct DeliveryService: Service {
  let lanes: [LaneRunner]
  let store: Store
  let clock: WallClock
  let rule: RetryRule
  let logger: Logger
  let ending: EndFlag
  /// What is on its way when the hub ends may take so long to arrive; the group's own patience is longer.
  static let lastWords = Duration.seconds(3)
  static let sweepEvery = Duration.seconds(30)

  func run() async throws {
    let work = Task {
      await withTaskGroup(of: Void.self) { group in
        for lane in lanes { group.addTask { await lane.run() } }
        group.addTask { await sweep() }
        await group.waitForAll()
      }
    }
    await withTaskCancellationHandler {
      await withGracefulShutdownHandler {
        await work.value
      } onGracefulShutdown: {
        ending.set()
        Task {
          try? await Task.sleep(for: DeliveryService.lastWords)
          work.cancel()
        }
      }
    } onCancel: {
      work.cancel()
    }
  }

  /// Gives up what is too old, in lanes without a receiver too.
  private func sweep() async {
    while !Task.isCancelled, !ending.isSet {
      let before = clock.now().advanced(seconds: -rule.ageSeconds)
      for lane in (try? store.outboxLanes()) ?? [] where lane.oldest.map({ $0 < before }) ?? false {
        let reason = "it waited longer than \(DurationText.text(Int64(rule.ageSeconds * 1e9)))"
        let count = (try? store.expireOutbox(lane: lane.lane, before: before, reason: reason)) ?? 0
        if count > 0 { logger.error("given up", metadata: ["lane": "\(lane.lane)", "count": "\(count)"]) }
      }
      for _ in 0..<60 where !Task.isCancelled && !ending.isSet {
        try? await Task.sleep(for: DeliveryService.sweepEvery / 60)
      }
    }
  }
}
