/// Which values came how often, in bounded room: the summary of Misra and Gries, which can be merged (Agarwal et al.
/// 2012). A count is never too high, and short by at most what `shrink` has taken in all: each value that came oftener
/// than that is in it.
enum HeavyHitters {
  /// Values kept of each hour; twice as many may stand until the next shrinking, so that it is rare.
  static let capacity = 1_024

  /// Leaves at most `capacity` values; what was taken from every count.
  static func shrink<Value: Hashable>(_ counts: inout [Value: Int64], capacity: Int = capacity) -> Int64 {
    guard counts.count > capacity else { return 0 }
    let cut = counts.values.sorted(by: >)[capacity]
    counts = counts.compactMapValues { $0 > cut ? $0 - cut : nil }
    return cut
  }
}
