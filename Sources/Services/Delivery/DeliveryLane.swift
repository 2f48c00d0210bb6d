package import Wire

/// One receiver, as the lane to it sees it: at work, or down and only asked now and then; and how many messages it may get.
///
/// `room(now:)` says how many may be sent now; the caller sends them one after the other, tells `ended` of each, and asks
/// again after each that was not accepted.
package struct DeliveryLane: Sendable, Hashable {
  package enum State: Sendable, Hashable {
    case flowing
    /// Down since then; nobody asks before `until`.
    case resting(until: Timestamp)
    /// One message is on its way to see whether it is back.
    case probing
  }
  package private(set) var state = State.flowing
  /// Since when it has not worked.
  package private(set) var downSince: Timestamp?
  package private(set) var lastError: String?
  package private(set) var lastAccepted: Timestamp?
  private var failures = 0
  private var window: MinuteWindow
  private let rule: RetryRule
  /// So many messages in a row that the receiver gave no good answer to: then it is the receiver, not the messages.
  package static let failuresInARow = 5

  package init(rule: RetryRule, perMinute: Int?) {
    self.rule = rule
    window = MinuteWindow(perMinute: perMinute)
  }

  /// How many may be sent now; while it is down one, when the pause is over.
  package mutating func room(now: Timestamp) -> Int {
    switch state {
    case .probing: return 0
    case .resting(let until) where now < until: return 0
    case .resting:
      guard window.free(now: now) > 0 else { return 0 }
      state = .probing
      return 1
    case .flowing: return window.free(now: now)
    }
  }

  /// There was nothing to probe with.
  package mutating func foundNothing(now: Timestamp) {
    if state == .probing { state = .resting(until: now) }
  }

  /// `random` in 0..<1, for the pause.
  package mutating func ended(_ outcome: DeliveryOutcome, now: Timestamp, random: Double) {
    window.take(now)
    switch outcome {
    case .accepted, .refused, .bounced:
      if case .accepted = outcome { lastAccepted = now }
      (state, downSince, failures) = (.flowing, nil, 0)
      if case .accepted = outcome { lastError = nil } else { lastError = outcome.reason }
    case .failed(let reason, let after):
      lastError = reason
      failures += 1
      if after != nil || failures >= DeliveryLane.failuresInARow { rest(after, now, random) } else { state = .flowing }
    case .unavailable(let reason, let after):
      lastError = reason
      failures += 1
      rest(after, now, random)
    }
  }

  /// The hub cut the try off itself: it says nothing of the receiver.
  package mutating func wasCutOff(now: Timestamp) {
    if state == .probing { state = .resting(until: now) }
  }

  private mutating func rest(_ after: Double?, _ now: Timestamp, _ random: Double) {
    downSince = downSince ?? now
    let pause = max(rule.pause(afterFailures: failures, random: random), RetryRule.asked(after))
    state = .resting(until: now.advanced(seconds: pause))
  }
}

/// Messages of the last minute: no minute has more than the limit, wherever it begins. (A bucket that is filled as it is
/// emptied lets twice as many through in its first minute, and a chat's robot is then shut out for ten.)
struct MinuteWindow: Sendable, Hashable {
  private let limit: Int?
  private var sent: [Timestamp] = []
  /// So many at once, limit or not: the lane looks at the world again in between.
  static let batch = 16
  /// What is remembered is bounded by this.
  static let highestLimit = 6000

  init(perMinute: Int?) { limit = perMinute.map { min(max($0, 1), MinuteWindow.highestLimit) } }

  mutating func free(now: Timestamp) -> Int {
    guard let limit else { return MinuteWindow.batch }
    // What lies ahead was sent before the clock was set back: it counts for nothing.
    sent.removeAll { $0 > now || now.nanoseconds(since: $0) >= 60_000_000_000 }
    return min(MinuteWindow.batch, limit - sent.count)
  }

  mutating func take(_ now: Timestamp) { if limit != nil { sent.append(now) } }
}
