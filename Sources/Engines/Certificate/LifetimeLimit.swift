internal import Wire

/// How long a publicly trusted certificate may be valid, by the day it begins (CA/Browser Forum, Baseline
/// Requirements section 6.3.2 with ballots 193, SC31 and SC-081v3).
enum LifetimeLimit {
  private static let steps: [(since: Int64, days: Int)] = [
    (1_868_227_200, 47),  // 2029-03-15
    (1_805_068_800, 100),  // 2027-03-15
    (1_773_532_800, 200),  // 2026-03-15
    (1_598_918_400, 398),  // 2020-09-01
    (1_519_862_400, 825),  // 2018-03-01
  ]

  /// Nil for certificates from before the limits, all of which have expired.
  static func days(issued seconds: Int64) -> Int? { steps.first { seconds >= $0.since }?.days }
}
