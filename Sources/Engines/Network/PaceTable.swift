internal import Wire

/// Whose turn it is, as a function of time: evenly spaced beginnings for each pace. No clock and no lock inside.
struct PaceTable {
  private struct Turns {
    /// Monotonic nanoseconds before which no further one begins.
    var next: Int64
    /// The turn that was taken last and is not answered: how long the next waits for that, and no longer.
    var unanswered: (taken: Int64, until: Int64)?
    var begin: Int64 { max(next, unanswered?.until ?? next) }
  }
  private var turns: [AddressGate.Pace: Turns] = [:]
  /// Paces remembered before idle ones are dropped: of a part of the addresses of a scanner of 5,000 sites.
  static let limit = 2_000

  var count: Int { turns.count }

  /// 0: the turn is taken. Else nanoseconds until it is worth asking again. `patience`: nanoseconds beyond the pace that
  /// the next turn waits for `answered`.
  mutating func turn(_ pace: AddressGate.Pace, _ perSecond: Double, now: Int64, patience: Int64 = 0) -> Int64 {
    let start = turns[pace]?.begin ?? now
    guard start <= now else { return start - now }
    if turns.count >= PaceTable.limit { turns = turns.filter { $0.value.begin > now } }
    guard perSecond.isFinite else { return 0 }
    // A pace of nothing a second would never end: a day is as good, and the deadline comes first.
    let next = now + Int64(min(1e9 / max(perSecond, 0), 86_400e9))
    turns[pace] = Turns(next: next, unanswered: patience > 0 ? (now, next + patience) : nil)
    return 0
  }

  /// What had its turn at that moment has arrived, or never will.
  mutating func answered(_ pace: AddressGate.Pace, taken: Int64) {
    guard turns[pace]?.unanswered?.taken == taken else { return }
    turns[pace]?.unanswered = nil
  }
}
