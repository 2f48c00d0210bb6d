internal import Records

/// How many records one transaction takes, so that its work lasts about as long as an act may wait for it, on this
/// machine and under this load. The flush at its end costs the same for few and for many, and is not counted: where it is
/// slow, small transactions would be nothing but flushes.
struct IngestPace: Sendable {
  static let goal = Duration.milliseconds(12)
  /// Fewer, and the disk's flush is all that is done; more, and one slow record's batch is an act's wait.
  static let bounds = 16...512
  private(set) var count = 64

  /// Half way to what would have met the goal: one slow flush does not make it crawl.
  mutating func took(_ duration: Duration) {
    let share = duration > .zero ? IngestPace.goal / duration : 2
    let wanted = Double(count) * min(max(share, 0.25), 2)
    let next = Int((Double(count) + wanted) / 2)
    count = min(max(next, IngestPace.bounds.lowerBound), IngestPace.bounds.upperBound)
  }
}

extension RecordBatch {
  /// Alerts and nothing besides: whose they are may be said by the inventory of a moment ago.
  var isOfAlerts: Bool { !records.isEmpty && records.allSatisfy { $0.kind == .alert } }

  /// The first records as a batch, with the sequences that they have here; what is left keeps its own.
  mutating func takeFirst(_ count: Int) -> RecordBatch {
    let taken = Array(records.prefix(max(count, 1)))
    defer {
      records.removeFirst(taken.count)
      first &+= UInt64(taken.count)
    }
    return RecordBatch(source: source, boot: boot, first: first, records: taken)
  }
}
