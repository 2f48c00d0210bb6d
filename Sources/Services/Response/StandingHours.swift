package import Records
package import Wire

/// For how long rows stood, out of their lines of the posture log: what hours of outage and of altered content are
/// measured by.
package struct StandingHours: Sendable {
  private var opened: [Int64: Timestamp] = [:]
  private var stretches: [(from: Timestamp, until: Timestamp)] = []

  package init() {}

  /// In the log's order.
  package mutating func take(_ event: PostureEvent) {
    guard case .row(let row) = event.change, row.wing == .scanner else { return }
    if row.isOpen {
      if opened[row.id] == nil { opened[row.id] = event.time }
    } else if let from = opened.removeValue(forKey: row.id) {
      stretches.append((from, max(event.time, from)))
    }
  }

  /// The longest time without a pause in which one of the rows at least stood.
  package func longest(at now: Timestamp) -> Double {
    let all = (stretches + opened.values.map { (from: $0, until: max(now, $0)) }).sorted { $0.from < $1.from }
    guard var current = all.first else { return 0 }
    var longest = current.until.nanoseconds(since: current.from)
    for next in all.dropFirst() {
      if next.from <= current.until {
        current.until = max(current.until, next.until)
      } else {
        current = next
      }
      longest = max(longest, current.until.nanoseconds(since: current.from))
    }
    return Double(longest) / 3600e9
  }
}
