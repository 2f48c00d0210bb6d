package import Wire

/// How often one link and one address may ask: so many at once, then so many a minute. What is remembered is bounded; when
/// it is full, those who asked longest ago are forgotten.
package struct VisitRate: Sendable {
  private struct Visitor {
    var tokens: Double
    var time: Timestamp
  }
  private let burst: Double
  private let perMinute: Double
  private let most: Int
  private var visitors: [String: Visitor] = [:]

  package init(burst: Int, perMinute: Int, most: Int = 10_000) {
    self.burst = Double(burst)
    self.perMinute = Double(perMinute)
    self.most = most
  }

  /// Whether this visit is within the bounds; it counts if it is.
  package mutating func admits(_ name: String, now: Timestamp) -> Bool {
    var visitor = visitors[name] ?? Visitor(tokens: burst, time: now)
    let passed = max(0, Double(now.nanoseconds(since: visitor.time)) / 1e9)
    visitor.tokens = min(burst, visitor.tokens + passed * perMinute / 60)
    visitor.time = now
    let isAdmitted = visitor.tokens >= 1
    if isAdmitted { visitor.tokens -= 1 }
    visitors[name] = visitor
    if visitors.count > most { forget() }
    return isAdmitted
  }

  package var remembered: Int { visitors.count }

  private mutating func forget() {
    let middle = visitors.values.map(\.time).sorted()[visitors.count / 2]
    visitors = visitors.filter { $0.value.time > middle }
  }
}
