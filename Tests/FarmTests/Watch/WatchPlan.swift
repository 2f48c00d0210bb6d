import Wire

/// What happens to one site in a simulated day: it is defaced or taken down, and comes back.
struct WatchPlan: Sendable {
  struct Event: Sendable {
    enum Kind: Sendable { case defaced, down }
    var kind: Kind
    /// Seconds from the day's begin.
    var from: Double
    var until: Double
  }
  static let day = 86_400.0
  /// Before the first event every page was seen, and the availability.
  private static let quiet = 3_600.0
  /// Shorter than the longest cadence, an outage may fall between two looks, and nobody is told.
  private static let lengths = 1_000.0...2_400.0
  /// Between two events of a site: back-off after an outage has ended by then.
  private static let gap = 2_400.0

  /// For each of `sites`: as many events of either kind as are given, at random times of the day.
  static func days(sites: Int, each: Int, _ random: inout SeededRandom) -> [[Event]] {
    let kinds: [Event.Kind] =
      (Array(repeating: .defaced, count: each) + Array(repeating: .down, count: each)).shuffled(using: &random)
    return (0..<sites).map { site in
      let mine = stride(from: site, to: kinds.count, by: sites).map { kinds[$0] }
      let slot = (day - quiet) / Double(max(mine.count, 1))
      return mine.enumerated().map { index, kind in
        let length = Double.random(in: lengths, using: &random)
        let begin = quiet + Double(index) * slot
        let from = Double.random(in: begin...(begin + slot - length - gap), using: &random)
        return Event(kind: kind, from: from, until: from + length)
      }
    }
  }
}
