internal import ControlAPI
internal import Records
internal import Store
internal import Wire

/// Figures of the overview out of rows and counters: pure.
enum Situation {
  /// What one open finding takes from a site's hundred points.
  static func points(_ severity: Severity) -> Int {
    switch severity {
    case .critical: 40
    case .high: 20
    case .medium: 8
    case .low: 2
    case .info: 0
    }
  }

  static func cell(_ site: Site, _ rows: [QueueRow], isTested: Bool) -> SiteCell {
    let findings = rows.filter { $0.wing == .scanner && ($0.findingState ?? .open).isLive }
    let lost = findings.reduce(0) { $0 + points($1.severity) }
    return SiteCell(
      site: site.id, organisation: site.organisation, score: isTested ? max(100 - lost, 0) : nil,
      worst: rows.map(\.severity).max(), openAlerts: rows.count { $0.wing == .sensor }, openFindings: findings.count)
  }

  static func deductions(_ rows: [QueueRow]) -> [SiteDetail.Deduction] {
    rows.filter { ($0.findingState ?? .open).isLive && points($0.severity) > 0 }
      .map { SiteDetail.Deduction(points: points($0.severity), finding: $0.id, title: $0.title) }
      .sorted { ($1.points, $0.finding) < ($0.points, $1.finding) }
  }

  /// 24 buckets of an hour, the running one last; worst severity first.
  static func hours(_ counters: QueueCounters, now: Timestamp) -> [SeverityHours] {
    let first = now.seconds / 3600 - 23
    return Severity.allCases.reversed().map { severity in
      var buckets = [Int](repeating: 0, count: 24)
      for hour in counters.hours where hour.severity == severity {
        let place = Int(hour.start.seconds / 3600 - first)
        if buckets.indices.contains(place) { buckets[place] += Int(hour.count) }
      }
      return SeverityHours(severity: severity, hours: buckets)
    }
  }

  static func counts(_ counters: QueueCounters, overdue: Int) -> QueueCounts {
    func count(_ state: TriageState) -> Int { counters.rows.reduce(0) { $0 + ($1.state == state ? $1.count : 0) } }
    let open: Set<TriageState> = [.new, .acknowledged, .escalated, .shelved]
    return QueueCounts(
      new: count(.new), acknowledged: count(.acknowledged), escalated: count(.escalated), shelved: count(.shelved),
      overdue: overdue, bySeverity: Severity.allCases.map { counters.count(severity: $0, states: open) })
  }
}
