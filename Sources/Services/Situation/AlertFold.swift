package import Records
package import Wire

/// Alerts of one rule against one site become one row of the queue.
///
/// A row takes alerts while it is unacknowledged (also: escalated, shelved), or was seen within 24 hours of traffic
/// time; an alert after that begins a new row. After an acknowledgement (or a closure) alerts raise the count only;
/// the row comes back to *new* when severity or outcome rise, or the hourly rate tenfold. An attack on a weakness that
/// the site's scan shows today is a step severer than its rule, and was attempted at least.
package enum AlertFold {
  /// How long after its last alert an acknowledged or closed row still takes alerts.
  package static let openNanoseconds: Int64 = 24 * 3600 * 1_000_000_000
  package static let rateRise: Int64 = 10
  /// A sensor's clock may run ahead of ours by this; what is later counts as now.
  package static let clockSkewSeconds = 300.0

  package static func key(_ alert: AlertRecord, _ site: SiteAttribution) -> FoldKey {
    .alertGroup(rule: alert.signature.id, site: site.site, protected: site.subject)
  }

  @Sendable package static func absorb(
    _ alert: AlertRecord, _ site: SiteAttribution, _ group: AlertGroup?, _ now: Timestamp
  ) -> AlertGroup {
    let seen = min(alert.timestamp, now.advanced(seconds: clockSkewSeconds))
    guard var group, takes(group, at: seen) else { return begin(alert, site, at: seen) }
    group.row.count += 1
    group.row.firstSeen = min(group.row.firstSeen, seen)
    group.row.lastSeen = max(group.row.lastSeen, seen)
    let outcome = self.outcome(of: alert, site)
    let severity = self.severity(of: alert, site)
    let rise = riseReason(group, severity, outcome, site)
    if severity > group.row.severity { group.row.severity = severity }
    group.weakness = site.weakness ?? group.weakness
    if outcome > group.row.outcome { group.row.outcome = outcome }
    if alert.signature.rev >= group.signature.rev { group.signature = alert.signature }
    count(alert, in: &group.facets)
    let rateRise = countRate(&group.rate, at: seen)
    bringBack(&group, because: rise ?? (rateRise ? "rate rose tenfold" : nil))
    return group
  }

  /// Whether `group` is the row for an alert at `time`.
  package static func takes(_ group: AlertGroup, at time: Timestamp) -> Bool {
    switch group.row.triage.state {
    case .new, .escalated, .shelved: true
    case .acknowledged, .closed: time.nanoseconds(since: group.row.lastSeen) <= openNanoseconds
    }
  }

  /// Judged from the alert alone; a later callback or the finding behind it may say more.
  static func outcome(of alert: AlertRecord, _ site: SiteAttribution) -> Outcome {
    let judged = outcome(of: alert)
    return judged == .notDetermined && site.weakness != nil ? .attempted : judged
  }

  private static func severity(of alert: AlertRecord, _ site: SiteAttribution) -> Severity {
    site.weakness == nil ? alert.signature.severity : Severity(rank: alert.signature.severity.rank + 1)
  }

  private static func outcome(of alert: AlertRecord) -> Outcome {
    if alert.action == "blocked" { return .failed }
    guard let status = alert.context.status else { return .notDetermined }
    return (400...499).contains(status) ? .failed : .attempted
  }

  private static func begin(_ alert: AlertRecord, _ site: SiteAttribution, at seen: Timestamp) -> AlertGroup {
    let row = QueueRow(
      wing: .sensor, key: key(alert, site), title: BilingualText(alert.signature.message),
      severity: severity(of: alert, site), outcome: outcome(of: alert, site), site: site.site,
      organisation: site.organisation, subject: site.subject, check: alert.signature.id, firstSeen: seen,
      lastSeen: seen)
    var facets = AlertFacets()
    count(alert, in: &facets)
    return AlertGroup(
      row: row, signature: alert.signature, facets: facets, rate: HourlyRate(hour: hour(seen), hits: 1),
      weakness: site.weakness)
  }

  private static func count(_ alert: AlertRecord, in facets: inout AlertFacets) {
    if let source = alert.source { facets.sources.add(source.description) }
    if let target = alert.destination { facets.targets.add("\(target) port \(alert.destinationPort)") }
    if let sensor = alert.context.sensor { facets.sensors.add(sensor) }
    if let url = alert.context.url { facets.urls.add(url) }
  }

  private static func riseReason(
    _ group: AlertGroup, _ severity: Severity, _ outcome: Outcome, _ site: SiteAttribution
  ) -> String? {
    if severity > group.row.severity {
      let behind = site.weakness.map { ": the site shows the weakness attacked (row \($0))" } ?? ""
      return "severity rose to \(severity.rawValue)\(behind)"
    }
    // A first judgement is no rise: only an attack that went further is.
    if outcome > group.row.outcome, outcome > .attempted { return "outcome rose to \(outcome.rawValue)" }
    return nil
  }

  /// True at the hit that makes the running hour ten times the acknowledged one.
  private static func countRate(_ rate: inout HourlyRate, at seen: Timestamp) -> Bool {
    let hour = hour(seen)
    if hour > rate.hour {
      rate.hour = hour
      rate.hits = 0
    }
    guard hour == rate.hour else { return false }
    rate.hits += 1
    return rate.hits == max(rate.acknowledged, 1) * rateRise
  }

  private static func hour(_ time: Timestamp) -> Int64 { time.seconds / 3600 }

  private static func bringBack(_ group: inout AlertGroup, because reason: String?) {
    guard let reason else { return }
    switch group.row.triage.state {
    case .new, .escalated: return
    case .acknowledged, .closed, .shelved:
      group.row.triage.state = .new
      group.row.triage.verdict = nil
      group.row.triage.shelvedUntil = nil
      group.row.triage.acknowledgedAt = nil
      group.row.triage.returned = reason
    }
  }
}
