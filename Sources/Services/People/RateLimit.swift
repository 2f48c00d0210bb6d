package import Wire

/// So many requests a second of each who asks, with a burst: a bucket that fills with time. Time comes in as an argument.
package struct RateLimit: Sendable {
  /// Who did not ask for so long that the bucket is full is forgotten; beyond this many, all are looked through.
  private static let mostBuckets = 4_096

  private struct Bucket {
    var tokens: Double
    var at: Timestamp
  }
  private let perSecond: Double
  private let burst: Double
  private var buckets: [String: Bucket] = [:]

  package init(perSecond: Double, burst: Double) {
    self.perSecond = max(perSecond, 0.001)
    self.burst = max(burst, 1)
  }

  package var known: Int { buckets.count }

  /// Nil: it may; else the seconds after which one more may.
  package mutating func take(_ key: String, now: Timestamp) -> Double? {
    var bucket = buckets[key] ?? Bucket(tokens: burst, at: now)
    // A clock that was set back fills nothing, and takes nothing.
    let passed = max(Double(now.nanoseconds(since: bucket.at)) / 1e9, 0)
    bucket = Bucket(tokens: min(burst, bucket.tokens + passed * perSecond), at: now)
    let may = bucket.tokens >= 1
    if may { bucket.tokens -= 1 }
    if buckets[key] == nil, buckets.count >= RateLimit.mostBuckets { forget(now) }
    buckets[key] = bucket
    return may ? nil : (1 - bucket.tokens) / perSecond
  }

  private mutating func forget(_ now: Timestamp) {
    buckets = buckets.filter { $0.value.tokens + Double(now.nanoseconds(since: $0.value.at)) / 1e9 * perSecond < burst }
    // All of them busy: people and tokens have limits of their own, so this is no more than a guard of the memory.
    if buckets.count >= RateLimit.mostBuckets { buckets = [:] }
  }
}
