internal import Wire

/// Whose turn it is, as a function of time: evenly spaced beginnings for each pace. No clock and no lock inside.
struct PaceTable {
  /// Monotonic nanoseconds before which no further one begins.
  private var next: [AddressGate.Pace: Int64] = [:]
  /// Paces remembered before idle ones are dropped: of a part of the addresses of a scanner of 5,000 sites.
  static let limit = 2_000

  var count: Int { next.count }

  /// 0: the turn is taken. Else nanoseconds until it is worth asking again.
  mutating func turn(_ pace: AddressGate.Pace, _ perSecond: Double, now: Int64) -> Int64 {
    let start = next[pace] ?? now
    guard start <= now else { return start - now }
    if next.count >= PaceTable.limit { next = next.filter { $0.value > now } }
    // A pace of nothing a second would never end: a day is as good, and the deadline comes first.
    if perSecond.isFinite { next[pace] = now + Int64(min(1e9 / max(perSecond, 0), 86_400e9)) }
    return 0
  }
}
