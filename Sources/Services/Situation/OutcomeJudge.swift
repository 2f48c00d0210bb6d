package import Records
internal import Wire

/// What came of an attack, by what one alert and the finding behind it say; `FollowUpMachine` knows of later events.
///
/// The first rule that applies is the judgement. Where the answer was not seen (encrypted, one side only, not yet
/// come) nothing is claimed: *not determined*, or *attempted* where the site is known to be weak there.
package enum OutcomeJudge {
  package static func judge(_ alert: AlertRecord, _ site: SiteAttribution) -> OutcomeJudgement {
    let known = OutcomeCase(alert, site)
    let verdict =
      ofClass(known) ?? ofConnection(known) ?? ofAnswer(known)
      ?? Verdict(
        site.weakness == nil ? .notDetermined : .attempted, site.weakness == nil ? .nothingSeen : .weaknessBehind)
    return OutcomeJudgement(
      outcome: verdict.outcome, rule: verdict.rule, reason: OutcomeWords.reason(verdict.rule, known),
      inputs: known.inputs, time: alert.timestamp)
  }

  struct Verdict {
    let outcome: Outcome
    let rule: OutcomeJudgement.Rule
    init(_ outcome: Outcome, _ rule: OutcomeJudgement.Rule) {
      self.outcome = outcome
      self.rule = rule
    }
  }

  /// A host of ours that calls out for malware is judged first: that the call was blocked does not mend the host.
  private static func ofClass(_ c: OutcomeCase) -> Verdict? {
    let category = c.alert.signature.category
    if AttackClass.isInfection(category) {
      if c.isOutbound {
        guard c.isNameQuery else { return Verdict(.compromised, .infectionCall) }
        // A resolver asks for others; only of a watched server is the question its own.
        return Verdict(c.site.site == nil ? .notDetermined : .succeeded, .infectionName)
      }
      if c.isOwnAnswer { return Verdict(.compromised, .infectionAnswer) }
    }
    if c.alert.action == "blocked" { return Verdict(.failed, .blocked) }
    if AttackClass.isFailure(category) { return Verdict(.failed, .failureClass) }
    if let outcome = AttackClass.success(category), c.isOwnAnswer || c.isPositive {
      return Verdict(outcome, .successClass)
    }
    return nil
  }

  private static func ofConnection(_ c: OutcomeCase) -> Verdict? {
    guard c.alert.context.status == nil, !c.isOutbound else { return nil }
    if c.isEncrypted { return Verdict(c.isWeak ? .attempted : .notDetermined, c.isWeak ? .weaknessBehind : .encrypted) }
    guard let flow = c.alert.context.flow, c.alert.transport.uppercased() == "TCP" else { return nil }
    if flow.isReset, flow.packetsToClient <= 1 { return Verdict(.failed, .refused) }
    guard flow.packetsToClient == 0 else {
      return c.isHTTP && !c.isWeak ? Verdict(.notDetermined, .noAnswer) : nil
    }
    // Whoever sends a request has had an answer to his opening packet: the other side was not seen.
    if c.isHTTP || flow.packetsToServer > OutcomeCase.mostOpenings {
      return Verdict(c.isWeak ? .attempted : .notDetermined, c.isWeak ? .weaknessBehind : .oneSided)
    }
    return Verdict(.attempted, .onlyOpening)
  }

  private static func ofAnswer(_ c: OutcomeCase) -> Verdict? {
    guard let status = c.alert.context.status else { return nil }
    switch status {
    case 200...299: return ofPositive(c)
    case 300...399: return c.site.testedClean == nil ? Verdict(.attempted, .redirected) : Verdict(.failed, .testedClean)
    case 400...499: return Verdict(.failed, .clientError)
    case 500...599: return Verdict(.attempted, .serverError)
    default: return Verdict(c.isWeak ? .attempted : .notDetermined, c.isWeak ? .weaknessBehind : .noAnswer)
    }
  }

  private static func ofPositive(_ c: OutcomeCase) -> Verdict {
    if let method = c.alert.context.method, ["HEAD", "OPTIONS", "TRACE"].contains(method) {
      return Verdict(.attempted, .headOnly)
    }
    if c.isClientTarget { return Verdict(.attempted, .clientTarget) }
    if c.isWeak { return Verdict(.succeeded, .weaknessAnswered) }
    if c.site.testedClean != nil { return Verdict(.failed, .testedClean) }
    return Verdict(.attempted, .answered)
  }
}

/// An alert and whose it is, as the rules of judgement ask about it.
struct OutcomeCase {
  /// A client sends an opening packet again so often before it gives up (Linux: 6 more, RFC 6298 leaves it open).
  static let mostOpenings: Int64 = 7

  let alert: AlertRecord
  let site: SiteAttribution
  init(_ alert: AlertRecord, _ site: SiteAttribution) {
    self.alert = alert
    self.site = site
  }

  var isOutbound: Bool { site.isOutbound == true }
  /// The rule matched what our own server answered.
  var isOwnAnswer: Bool { alert.context.isToClient == true && !isOutbound && !isRefusal }
  var isPositive: Bool { alert.context.status.map { (200...299).contains($0) } ?? false }
  private var isRefusal: Bool { alert.context.status.map { (400...499).contains($0) } ?? false }
  var isWeak: Bool { site.weakness != nil }
  var isHTTP: Bool { alert.appProtocol == "http" || alert.context.method != nil || alert.context.url != nil }
  var isNameQuery: Bool { alert.appProtocol == "dns" || alert.context.queryName != nil }
  var isEncrypted: Bool {
    ["tls", "quic", "ssh"].contains(alert.appProtocol ?? "") || !isHTTP && alert.context.serverName != nil
  }
  var isClientTarget: Bool { alert.context.attackTarget?.lowercased().hasPrefix("client") ?? false }

  /// What the judgement was made of, for the row's detail.
  var inputs: [OutcomeJudgement.Input] {
    let context = alert.context
    let flow = context.flow.map { "\($0.packetsToServer) to server, \($0.packetsToClient) to client" }
    let values: [(String, String?)] = [
      ("rule", alert.signature.id), ("class", alert.signature.category.isEmpty ? nil : alert.signature.category),
      ("action", alert.action), ("protocol", alert.appProtocol), ("method", context.method),
      ("status", context.status.map(String.init)), ("response bytes", context.responseLength.map(String.init)),
      ("direction", context.isToClient.map { $0 ? "to client" : "to server" }),
      ("attack target", context.attackTarget), ("packets", flow),
      ("weakness", site.weakness.map { "row \($0)" }), ("tested", site.testedClean?.text),
      ("outbound", isOutbound ? "yes" : nil),
    ]
    return values.compactMap { name, value in value.map { OutcomeJudgement.Input(name, String($0.prefix(128))) } }
  }
}
