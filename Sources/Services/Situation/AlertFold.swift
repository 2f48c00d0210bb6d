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
    site.alertKey(rule: alert.signature.id)
  }

  @Sendable package static func absorb(
    _ alert: AlertRecord, _ site: SiteAttribution, _ group: AlertGroup?, _ now: Timestamp
  ) -> AlertGroup {
    let seen = min(alert.timestamp, now.advanced(seconds: clockSkewSeconds))
    guard var group, takes(group, at: seen) else { return begin(alert, site, at: seen) }
    group.row.count += 1
    group.row.firstSeen = min(group.row.firstSeen, seen)
    group.row.lastSeen = max(group.row.lastSeen, seen)
    group.weakness = site.weakness ?? group.weakness
    if alert.signature.rev >= group.signature.rev { group.signature = alert.signature }
    count(alert, site, in: &group.facets)
    raiseSeverity(&group, severity(of: alert, site), site)
    let judgement = OutcomeJudge.judge(alert, site)
    if judgement.outcome > (group.machine ?? group.row.outcome) || group.judgements.isEmpty { judge(&group, judgement) }
    if countRate(&group.rate, at: seen) { bringBack(&group, because: "rate rose tenfold") }
    return group
  }

  /// The machine's judgement, which only rises; the row heeds a person's word before it.
  static func judge(_ group: inout AlertGroup, _ judgement: OutcomeJudgement) {
    let machine = max(group.machine ?? group.row.outcome, judgement.outcome)
    group.machine = machine
    group.judgements.append(judgement)
    if group.judgements.count > OutcomeJudgement.kept { group.judgements.remove(at: 1) }
    let outcome = PersonJudgement.effective(group.row.triage.judged, machine: machine)
    let rose = outcome > group.row.outcome
    group.row.outcome = outcome
    showSuccess(&group)
    // A first judgement is no rise: only an attack that went further is.
    if rose, outcome > .attempted { bringBack(&group, because: "outcome rose to \(outcome.rawValue)") }
  }

  /// A suppression hides tries; what went further is shown all the same, unless it says otherwise.
  private static func showSuccess(_ group: inout AlertGroup) {
    guard group.row.place == .suppressed, group.row.outcome >= .succeeded, group.hidesSuccess != true else { return }
    group.row.place = .shown
  }

  /// Whether `group` is the row for an alert at `time`.
  package static func takes(_ group: AlertGroup, at time: Timestamp) -> Bool {
    switch group.row.triage.state {
    case .new, .escalated, .shelved: true
    case .acknowledged, .closed: time.nanoseconds(since: group.row.lastSeen) <= openNanoseconds
    }
  }

  private static func severity(of alert: AlertRecord, _ site: SiteAttribution) -> Severity {
    site.weakness == nil ? alert.signature.severity : Severity(rank: alert.signature.severity.rank + 1)
  }

  private static func begin(_ alert: AlertRecord, _ site: SiteAttribution, at seen: Timestamp) -> AlertGroup {
    let judgement = OutcomeJudge.judge(alert, site)
    let row = QueueRow(
      wing: .sensor, key: key(alert, site), title: BilingualText(alert.signature.message),
      severity: severity(of: alert, site), outcome: judgement.outcome, site: site.site,
      organisation: site.organisation, subject: site.subject, check: alert.signature.id, firstSeen: seen,
      lastSeen: seen, place: site.isOwn == true ? .own : site.hiddenBy == nil ? .shown : .suppressed,
      hiddenBy: site.hiddenBy)
    var facets = AlertFacets()
    count(alert, site, in: &facets)
    var group = AlertGroup(
      row: row, signature: alert.signature, facets: facets, rate: HourlyRate(hour: hour(seen), hits: 1),
      weakness: site.weakness, machine: judgement.outcome, judgements: [judgement], hidesSuccess: site.hidesSuccess)
    showSuccess(&group)
    return group
  }

  /// Who it came from: behind a declared proxy the client, and of a server's answer the one who gets it.
  static func source(_ alert: AlertRecord, _ site: SiteAttribution) -> IPAddress? {
    site.isOutbound == true ? alert.source : site.remote ?? alert.source
  }

  private static func count(_ alert: AlertRecord, _ site: SiteAttribution, in facets: inout AlertFacets) {
    let isAnswer = site.remote != nil && site.isOutbound != true && alert.context.isToClient == true
    let target = isAnswer ? alert.source : alert.destination
    if let source = source(alert, site) { facets.sources.add(source.description) }
    if let target { facets.targets.add("\(target) port \(isAnswer ? alert.sourcePort : alert.destinationPort)") }
    if let sensor = alert.context.sensor { facets.sensors.add(sensor) }
    if let url = alert.context.url { facets.urls.add(url) }
  }

  private static func raiseSeverity(_ group: inout AlertGroup, _ severity: Severity, _ site: SiteAttribution) {
    guard severity > group.row.severity else { return }
    group.row.severity = severity
    let behind = site.weakness.map { ": the site shows the weakness attacked (row \($0))" } ?? ""
    bringBack(&group, because: "severity rose to \(severity.rawValue)\(behind)")
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

  static func bringBack(_ group: inout AlertGroup, because reason: String) {
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
