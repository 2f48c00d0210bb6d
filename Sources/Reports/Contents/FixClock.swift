package import Records
package import Wire

/// By when a weakness is to be gone: counted from the day it was first seen.
///
/// FedRAMP's preset for vulnerability response (30, 30, 90, 180 days by severity); one that was attacked in the period
/// is reachable and being tried, for which the same preset gives four days.
package struct FixClock: Sendable, Equatable {
  package var attackedDays: Int64 = 4
  package var days: [Severity: Int64] = [.critical: 30, .high: 30, .medium: 90, .low: 180]
  package init() {}

  /// Nil where nothing is owed: what only informs.
  package func due(_ severity: Severity, from firstSeen: Timestamp, attacked: Bool) -> Timestamp? {
    guard let usual = days[severity] else { return nil }
    let count = attacked ? min(attackedDays, usual) : usual
    return firstSeen.advanced(seconds: Double(count) * 86_400)
  }
}
