package import Records
package import Wire

/// When a message is tried again, and when it is given up.
package struct RetryRule: Sendable, Hashable {
  /// Answers that were no yes, before it is dead.
  package var attempts: Int
  /// From when it began to wait: older than this it is of no use to anybody.
  package var ageSeconds: Double
  /// The first pause, and the longest; each is double the one before it.
  package var shortest: Double
  package var longest: Double
  /// What a receiver may ask for at most ("Retry-After").
  package static let longestAsked = 6.0 * 3600

  package init(attempts: Int = 12, ageSeconds: Double = 3 * 86_400, shortest: Double = 2, longest: Double = 900) {
    self.attempts = attempts
    self.ageSeconds = ageSeconds
    self.shortest = shortest
    self.longest = longest
  }

  /// `random` in 0..<1 spreads messages that failed together over the upper half of the pause.
  package func pause(afterFailures count: Int, random: Double) -> Double {
    let doubled = shortest * Double(1 << min(max(count - 1, 0), 20))
    return min(doubled, longest) * (0.5 + 0.5 * min(max(random, 0), 1))
  }

  /// The entry as it is to be kept after a try.
  package func settled(
    _ entry: OutboxEntry, _ outcome: DeliveryOutcome, now: Timestamp, random: Double
  ) -> OutboxEntry {
    var entry = entry
    entry.lastError = outcome.reason
    switch outcome {
    case .accepted:
      entry.attempts += 1
      entry.state = .delivered
      return entry
    case .refused, .bounced:
      entry.attempts += 1
      entry.state = .dead
      return entry
    case .failed(_, let after):
      entry.attempts += 1
      let pause = pause(afterFailures: entry.attempts, random: random)
      entry.due = now.advanced(seconds: max(pause, RetryRule.asked(after)))
      if entry.attempts >= attempts { entry.state = .dead }
    case .unavailable(_, let after):
      // The lane says when the receiver is asked again; this one lets others be the one that asks.
      entry.due = now.advanced(seconds: max(pause(afterFailures: 1, random: random), RetryRule.asked(after)))
    }
    if Double(now.nanoseconds(since: entry.since)) / 1e9 > ageSeconds { entry.state = .dead }
    return entry
  }

  static func asked(_ seconds: Double?) -> Double {
    guard let seconds, seconds > 0 else { return 0 }
    return min(seconds, RetryRule.longestAsked)
  }
}
