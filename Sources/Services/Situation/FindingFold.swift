package import Records
package import Wire

/// Observations of any number of engines become one finding, with its life.
///
/// *Yes* opens it, or opens it again where it was verified within 90 days (longer ago: a new finding), where a
/// claim of repair turns out wrong, or where an acceptance ran out. *No* by every engine that said yes is the proof
/// that makes it verified. *Not determined* changes nothing: not covered is never fixed.
package enum FindingFold {
  package static let reopenNanoseconds: Int64 = 90 * 24 * 3600 * 1_000_000_000

  package static func key(_ observation: Observation, _ site: SiteAttribution) -> FoldKey {
    .finding(
      site: site.site ?? site.subject, weakness: observation.check, scheme: observation.target.scheme,
      host: observation.target.host, port: observation.target.port, path: observation.path,
      parameter: observation.parameter)
  }

  @Sendable package static func absorb(
    _ observation: Observation, _ site: SiteAttribution, _ finding: Finding?, _ now: Timestamp
  ) -> Finding? {
    let seen = min(observation.time, now.advanced(seconds: AlertFold.clockSkewSeconds))
    switch observation.answer {
    case .notDetermined: return nil
    case .no: return deny(observation, finding, at: seen)
    case .yes:
      guard let finding, !isTooOld(finding, at: seen) else { return begin(observation, site, at: seen) }
      return confirm(observation, finding, at: seen)
    }
  }

  private static func isTooOld(_ finding: Finding, at seen: Timestamp) -> Bool {
    guard finding.state == .verified, let verified = finding.verifiedAt else { return false }
    return seen.nanoseconds(since: verified) > reopenNanoseconds
  }

  private static func begin(_ observation: Observation, _ site: SiteAttribution, at seen: Timestamp) -> Finding {
    let row = QueueRow(
      wing: .scanner, key: key(observation, site), title: observation.title,
      severity: capped(observation.severity, confidence: observation.confidence), site: site.site,
      organisation: site.organisation, subject: site.subject, check: observation.check, firstSeen: seen,
      lastSeen: seen, findingState: .open)
    return Finding(
      row: row, weakness: observation.check, target: observation.target, path: observation.path,
      parameter: observation.parameter, engines: [observation.engine: observation.confidence],
      evidence: observation.evidence)
  }

  private static func confirm(_ observation: Observation, _ old: Finding, at seen: Timestamp) -> Finding {
    var finding = old
    finding.row.count += 1
    finding.row.firstSeen = min(old.row.firstSeen, seen)
    finding.row.lastSeen = max(old.row.lastSeen, seen)
    finding.engines[observation.engine] = observation.confidence
    finding.denials.removeAll { $0 == observation.engine }
    finding.evidence = observation.evidence
    finding.row.title = observation.title
    let severity = capped(observation.severity, confidence: finding.confidence)
    if severity > old.row.severity { comeBack(&finding, "severity rose to \(severity.rawValue)") }
    finding.row.severity = max(severity, old.row.severity)
    reopen(&finding, at: seen)
    return finding
  }

  private static func reopen(_ finding: inout Finding, at seen: Timestamp) {
    let reason: String
    switch finding.state {
    case .open, .notified, .received, .fixing, .reopened: return
    case .verified: reason = "seen again after it was verified"
    case .claimed: reason = "still there after it was claimed fixed"
    case .unverifiable: reason = "seen again"
    case .accepted, .falsePositive:
      guard let until = finding.until, seen > until else { return }
      reason = "the time it was accepted for has passed"
    }
    finding.row.findingState = .reopened
    finding.reopened += 1
    finding.verifiedAt = nil
    finding.until = nil
    comeBack(&finding, reason)
  }

  /// To *new* in the queue, unless someone works on it already.
  private static func comeBack(_ finding: inout Finding, _ reason: String) {
    guard finding.row.triage.state != .new, finding.row.triage.state != .escalated else { return }
    finding.row.triage.state = .new
    finding.row.triage.verdict = nil
    finding.row.triage.shelvedUntil = nil
    finding.row.triage.acknowledgedAt = nil
    finding.row.triage.returned = reason
  }

  private static func deny(_ observation: Observation, _ old: Finding?, at seen: Timestamp) -> Finding? {
    guard var finding = old, finding.state.isLive, finding.engines[observation.engine] != nil,
      seen >= finding.row.lastSeen
    else { return nil }
    if !finding.denials.contains(observation.engine) { finding.denials.append(observation.engine) }
    if finding.engines.keys.allSatisfy({ finding.denials.contains($0) }) {
      finding.row.findingState = .verified
      finding.verifiedAt = seen
    }
    return finding == old ? nil : finding
  }

  /// Who is not sure does not call it critical.
  static func capped(_ severity: Severity, confidence: Int) -> Severity {
    switch confidence {
    case 80...: severity
    case 50...: min(severity, .high)
    case 25...: min(severity, .medium)
    default: min(severity, .low)
    }
  }
}
