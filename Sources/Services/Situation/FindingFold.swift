package import Records
package import Wire

/// Observations of any number of engines become one finding, with its life.
///
/// *Yes* opens it, or opens it again where it was verified within 90 days (longer ago: a new finding), where a
/// claim of repair turns out wrong, or where an acceptance ran out. *No* by every engine that said yes, at every place
/// that showed it, is the proof that makes it verified. *Not determined* changes nothing but what that engine last
/// said: not covered is never fixed. A *no* of an engine that never said yes is kept, as disagreement, and proves
/// nothing.
package enum FindingFold {
  package static let reopenNanoseconds: Int64 = 90 * 24 * 3600 * 1_000_000_000

  @Sendable package static func absorb(
    _ observation: Observation, _ site: SiteAttribution, _ finding: Finding?, _ now: Timestamp
  ) -> Finding? {
    let seen = min(observation.time, now.advanced(seconds: AlertFold.clockSkewSeconds))
    let word = EngineAnswer(observation, place: site.place, at: seen)
    guard observation.answer == .yes else { return finding.flatMap { doubt(word, $0) } }
    guard let finding, !isTooOld(finding, at: seen) else { return begin(observation, word, site, at: seen) }
    return confirm(observation, word, finding, at: seen)
  }

  private static func isTooOld(_ finding: Finding, at seen: Timestamp) -> Bool {
    guard finding.state == .verified, let verified = finding.verifiedAt else { return false }
    return seen.nanoseconds(since: verified) > reopenNanoseconds
  }

  private static func begin(
    _ observation: Observation, _ word: EngineAnswer, _ site: SiteAttribution, at seen: Timestamp
  ) -> Finding {
    let row = QueueRow(
      wing: .scanner, key: .finding(observation, site), title: observation.title,
      severity: capped(observation.severity, confidence: observation.confidence),
      site: site.platform == nil ? site.site : nil,
      organisation: site.platform == nil ? site.organisation : site.platformOwner,
      subject: site.platform.map { "platform:\($0)" } ?? site.subject, check: observation.check, firstSeen: seen,
      lastSeen: seen, findingState: .open, platform: site.platform)
    var finding = Finding(
      row: row, weakness: observation.check, target: observation.target, path: observation.path,
      parameter: observation.parameter, engines: [observation.engine: observation.confidence],
      evidence: observation.evidence)
    _ = finding.hear(word)
    return finding
  }

  private static func confirm(
    _ observation: Observation, _ word: EngineAnswer, _ old: Finding, at seen: Timestamp
  ) -> Finding {
    var finding = old
    finding.row.count += 1
    finding.row.firstSeen = min(old.row.firstSeen, seen)
    // A word that comes late says only that it was seen then: the engine has spoken since.
    guard let engine = finding.hear(word) else { return finding }
    finding.row.lastSeen = max(old.row.lastSeen, seen)
    finding.engines[engine] = observation.confidence
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
    case .claimed:
      // What was seen before the claim says nothing about it.
      guard finding.claimedAt.map({ seen >= $0 }) ?? true else { return }
      reason = "still there after it was claimed fixed"
    case .unverifiable: reason = "seen again"
    case .moved: reason = "seen again after its site joined or left a platform"
    case .accepted, .falsePositive:
      guard let until = finding.until, seen > until else { return }
      reason = "the time it was accepted for has passed"
    }
    finding.row.findingState = .reopened
    finding.reopened += 1
    finding.verifiedAt = nil
    finding.until = nil
    finding.settlement = nil
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

  /// *No*, or *not determined*. It verifies where it takes the last standing *yes* away.
  private static func doubt(_ word: EngineAnswer, _ old: Finding) -> Finding? {
    var finding = old
    guard finding.hear(word) != nil else { return nil }
    if old.showing > 0, finding.showing == 0, finding.state.isLive {
      finding.row.findingState = .verified
      finding.verifiedAt = max(word.time, old.row.lastSeen)
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
