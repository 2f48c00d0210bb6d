internal import ControlAPI
internal import Records
internal import Store
internal import Wire

/// Figures of the overview out of rows and counters: pure.
enum Situation {
  /// From kept counts; nil: no open row.
  static func cell(_ site: Site, _ count: Store.SiteCount?, score: Int?) -> SiteCell {
    SiteCell(
      site: site.id, organisation: site.organisation, score: score, worst: count?.worst,
      openAlerts: count?.openAlerts ?? 0, openFindings: count?.liveFindings ?? 0)
  }

  static func cell(_ site: Site, _ rows: [QueueRow], score: Int?) -> SiteCell {
    let findings = rows.filter { $0.wing == .scanner && ($0.findingState ?? .open).isLive }
    return SiteCell(
      site: site.id, organisation: site.organisation, score: score,
      worst: rows.map(\.severity).max(), openAlerts: rows.count { $0.wing == .sensor }, openFindings: findings.count)
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

  static func counts(_ counters: QueueCounters, overdue: ListCount) -> QueueCounts {
    func count(_ state: TriageState) -> Int { counters.rows.reduce(0) { $0 + ($1.state == state ? $1.count : 0) } }
    let open: Set<TriageState> = [.new, .acknowledged, .escalated, .shelved]
    let (late, isMore): (Int, Bool) =
      switch overdue {
      case .exactly(let count): (count, false)
      case .moreThan(let count): (count, true)
      }
    return QueueCounts(
      new: count(.new), acknowledged: count(.acknowledged), escalated: count(.escalated), shelved: count(.shelved),
      overdue: late,
      bySeverity: Severity.allCases.map { counters.count(severity: $0, states: open) }, overdueIsMore: isMore)
  }
}
