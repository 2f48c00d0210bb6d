package import Records
package import Wire

/// How findings stood at two moments, out of the posture log alone. Feed it in the log's order; times that go back (a
/// corrected clock) count with the line before them.
package struct FindingDifference: Sendable {
  /// One finding at both ends of the span.
  package struct Shift: Sendable, Hashable {
    package var before: PostureEvent.Row?
    /// As of the last line up to the end.
    package var after: PostureEvent.Row
    /// It was open at some time between.
    package var wasOpenBetween: Bool

    /// What the log alone tells: evidence is not in it. Nil: nothing, or the watch settled it.
    package var change: FindingChange? {
      guard after.isOpen || after.isVerified || before == nil else { return nil }
      return FindingChange.between(Shift.sight(before), Shift.sight(after))
    }

    private static func sight(_ row: PostureEvent.Row?) -> FindingChange.Sight {
      guard let row else { return .never }
      return row.isOpen ? .present(severity: row.severity, evidence: nil) : .gone
    }

    package var isOpenAtBothEnds: Bool { (before?.isOpen ?? false) && after.isOpen }
    /// Open before, and now neither open nor seen to be gone: accepted, false, or told by another finding.
    package var isSettled: Bool { (before?.isOpen ?? false) && !after.isOpen && !after.isVerified }
    /// It came and went between.
    package var isPassing: Bool { !(before?.isOpen ?? false) && !after.isOpen && wasOpenBetween }
  }

  private let since: Timestamp
  private let until: Timestamp
  private var latest: Timestamp?
  /// When the log begins: what was before that nobody can tell.
  package private(set) var begins: Timestamp?
  private var shifts: [Int64: Shift] = [:]
  private var before: [Int64: PostureEvent.Row] = [:]

  package init(since: Timestamp, until: Timestamp) {
    self.since = since
    self.until = until
  }

  package mutating func take(_ event: PostureEvent) {
    let time = max(event.time, latest ?? event.time)
    latest = time
    begins = begins ?? time
    guard time <= until, case .row(let row) = event.change, row.wing == .scanner else { return }
    if time <= since {
      before[row.id] = row
      return
    }
    var shift = shifts[row.id] ?? Shift(before: before[row.id], after: row, wasOpenBetween: false)
    shift.after = row
    shift.wasOpenBetween = shift.wasOpenBetween || row.isOpen
    shifts[row.id] = shift
  }

  /// In the rows' order: also those that no line between tells of.
  package var all: [Shift] {
    let still = before.filter { shifts[$0.key] == nil }.map {
      Shift(before: $0.value, after: $0.value, wasOpenBetween: false)
    }
    return (Array(shifts.values) + still).sorted { $0.after.id < $1.after.id }
  }
}
