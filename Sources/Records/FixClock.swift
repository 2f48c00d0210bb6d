package import Wire

/// By when a weakness is to be gone: counted from the day it was first seen, or from a notice.
///
/// FedRAMP's preset for vulnerability response: 30, 30, 90, 180 days by severity; sooner what can be exploited and what
/// can be reached. One that was attacked is both.
package struct FixClock: Codable, Sendable, Equatable {
  package var attackedDays: Int64 = 4
  package var exploitableDays: Int64 = 14
  package var reachableDays: Int64 = 30
  package var days: [Severity: Int64] = [.critical: 30, .high: 30, .medium: 90, .low: 180]
  package init() {}

  /// Nil where nothing is owed: what only informs.
  package func due(
    _ severity: Severity, from begin: Timestamp, attacked: Bool, exploitable: Bool = false, reachable: Bool = false
  ) -> Timestamp? {
    guard let usual = days[severity] else { return nil }
    var count = usual
    if attacked || exploitable && reachable { count = min(count, attackedDays) }
    if exploitable { count = min(count, exploitableDays) }
    if reachable { count = min(count, reachableDays) }
    return begin.advanced(seconds: Double(count) * 86_400)
  }
}
