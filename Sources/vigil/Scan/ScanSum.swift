import Records
import Scanner
import Wire

/// The last line of a scan.
enum ScanSum {
  static func line(_ tally: ScanTally, _ comparison: ScanComparison?, at time: Timestamp) -> ScanLine.Sum {
    var findings: [String: Int] = [:]
    for severity in Severity.allCases { findings[severity.rawValue] = tally.findings[severity, default: 0] }
    return ScanLine.Sum(
      ended: time, targets: tally.plan.groups, jobs: tally.plan.jobs.count, failed: tally.failed,
      findings: findings, notDetermined: tally.notDetermined, changes: comparison.map(counts))
  }

  private static func counts(_ comparison: ScanComparison) -> [String: Int] {
    var counts = ["same": comparison.same, "unknown": comparison.unknown.count]
    for kind in ScanChange.Kind.allCases {
      counts[kind.rawValue] = comparison.changes.count { $0.kind == kind }
    }
    return counts
  }

  static func sentence(_ tally: ScanTally, _ comparison: ScanComparison?) -> String {
    let targets = tally.plan.groups
    var parts = ["\(targets) \(targets == 1 ? "target" : "targets")"]
    if let comparison {
      for kind in ScanChange.Kind.allCases {
        parts.append("\(comparison.changes.count { $0.kind == kind }) \(kind.rawValue)")
      }
      parts.append("\(comparison.same) as before")
      if !comparison.unknown.isEmpty { parts.append("\(comparison.unknown.count) of before not determined now") }
    } else {
      for severity in Severity.allCases.reversed() {
        if let count = tally.findings[severity], count > 0 { parts.append("\(count) \(severity.rawValue)") }
      }
      if tally.findings.isEmpty { parts.append("nothing found") }
    }
    if tally.notDetermined > 0 { parts.append("\(tally.notDetermined) not determined") }
    if tally.failed > 0 {
      parts.append("\(tally.failed) of \(tally.plan.jobs.count) engine runs failed or were refused")
    }
    return parts.joined(separator: ", ")
  }
}
