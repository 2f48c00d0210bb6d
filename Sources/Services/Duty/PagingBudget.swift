package import Records
package import Wire

/// What one person may be paged an hour. What is over it waits, and leaves as one digest: a minute after it began, so
/// that a burst is one, and at most one an hour.
package struct PagingBudget: Codable, Sendable, Hashable {
  package struct Waiting: Codable, Sendable, Hashable {
    package var row: Int64
    package var severity: Severity
    package var isAsk: Bool
  }
  package static let hour: Int64 = 3600 * 1_000_000_000
  static let gathering: Int64 = 60 * 1_000_000_000
  /// Behind it rows are only counted: a digest names no more.
  static let mostWaiting = 1000

  /// Of the last hour, in order.
  package private(set) var sent: [Timestamp] = []
  package private(set) var waiting: [Waiting] = []
  package private(set) var more = 0
  package private(set) var overSince: Timestamp?
  package private(set) var lastDigest: Timestamp?

  package init() {}

  /// Whether the page may leave; if not it waits for the digest.
  mutating func take(_ page: DutyPage, limit: Int, now: Timestamp) -> Bool {
    forget(now)
    guard sent.count >= limit else {
      sent.append(now)
      return true
    }
    overSince = overSince ?? now
    if let place = waiting.firstIndex(where: { $0.row == page.row }) {
      waiting[place].severity = page.severity
    } else if waiting.count < PagingBudget.mostWaiting {
      waiting.append(Waiting(row: page.row, severity: page.severity, isAsk: page.reason != .waiting))
    } else {
      more += 1
    }
    return false
  }

  /// The rows of a digest that is due now, those left out that `isStill` no longer says yes to.
  mutating func digest(now: Timestamp, isStill: (Waiting) -> Bool) -> (rows: [Waiting], more: Int)? {
    guard let overSince, now.nanoseconds(since: overSince) >= PagingBudget.gathering,
      lastDigest.map({ now.nanoseconds(since: $0) >= PagingBudget.hour }) ?? true
    else { return nil }
    let rows = waiting.filter(isStill)
    let behind = more
    waiting = []
    more = 0
    self.overSince = nil
    guard !rows.isEmpty else { return nil }
    lastDigest = now
    return (rows, behind)
  }

  private mutating func forget(_ now: Timestamp) {
    sent.removeAll { now.nanoseconds(since: $0) >= PagingBudget.hour }
  }

  /// Nothing in it matters any more.
  func isIdle(_ now: Timestamp) -> Bool {
    waiting.isEmpty && overSince == nil && sent.allSatisfy { now.nanoseconds(since: $0) >= PagingBudget.hour }
      && (lastDigest.map { now.nanoseconds(since: $0) >= PagingBudget.hour } ?? true)
  }
}
