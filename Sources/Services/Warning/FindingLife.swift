package import Records
package import Wire

/// What notices, owners, leads and retests do to a finding: open -> notified -> received -> fixing -> claimed, and out
/// of it by proof (`FindingFold` verifies and reopens) or by a lead with a reason and an end.
package enum FindingLife {
  package enum Act: Sendable, Hashable {
    case notify, receive, fix, claim
    /// A retest saw it again.
    case refuse
    /// Only we are kept out: neither there nor gone.
    case blocked
    case accept(until: Timestamp, reason: String)
    case falsePositive(until: Timestamp, reason: String)
    /// The time it was settled for has passed.
    case expire

    package var name: String {
      switch self {
      case .notify: "notify"
      case .receive: "receive"
      case .fix: "fix"
      case .claim: "claim"
      case .refuse: "refuse claim"
      case .blocked: "unverifiable"
      case .accept: "accept"
      case .falsePositive: "false positive"
      case .expire: "expire"
      }
    }
  }

  package static let longestSettlementDays = 366.0
  package static let reasonLimit = 1000

  /// The finding after the act: the same where the act is behind it already; a refusal where it cannot be.
  package static func apply(
    _ act: Act, to finding: Finding, by actor: Actor, at now: Timestamp
  ) -> Result<Finding, ActRefusal> {
    var next = finding
    let state = finding.state
    switch act {
    case .notify: if state == .open || state == .reopened { next.row.findingState = .notified }
    case .receive: if [.open, .notified, .reopened].contains(state) { next.row.findingState = .received }
    case .fix:
      if [.open, .notified, .received, .reopened, .unverifiable].contains(state) { next.row.findingState = .fixing }
    case .claim:
      guard state.isLive else { return refuse(act, finding) }
      next.row.findingState = .claimed
      next.claimedAt = now
    case .refuse:
      guard state == .claimed || state == .unverifiable else { return .success(finding) }
      next.row.findingState = .reopened
      next.reopened += 1
    case .blocked: if state == .claimed { next.row.findingState = .unverifiable }
    case .accept(let until, let reason): return settle(act, .accepted, finding, until, reason, actor, now)
    case .falsePositive(let until, let reason): return settle(act, .falsePositive, finding, until, reason, actor, now)
    case .expire:
      guard state == .accepted || state == .falsePositive, let until = finding.until, now >= until else {
        return .success(finding)
      }
      next.row.findingState = .reopened
      next.reopened += 1
      (next.until, next.settlement) = (nil, nil)
    }
    return .success(next)
  }

  private static func settle(
    _ act: Act, _ state: FindingState, _ finding: Finding, _ until: Timestamp, _ reason: String, _ actor: Actor,
    _ now: Timestamp
  ) -> Result<Finding, ActRefusal> {
    guard finding.state.isLive else { return refuse(act, finding) }
    guard !reason.allSatisfy(\.isWhitespace), reason.count <= reasonLimit else {
      return .failure(
        ActRefusal("this wants a reason of 1 to \(reasonLimit) characters", "须说明理由，1 至 \(reasonLimit) 个字符"))
    }
    guard until > now, until <= now.advanced(seconds: longestSettlementDays * 86_400) else {
      return .failure(
        ActRefusal(
          "it ends within \(Int(longestSettlementDays)) days, not at \(until.secondText)",
          "期限须在 \(Int(longestSettlementDays)) 天内，不能为 \(until.secondText)"))
    }
    var next = finding
    next.row.findingState = state
    next.until = until
    next.settlement = Finding.Settlement(by: actor.name, reason: reason, at: now)
    return .success(next)
  }

  private static func refuse(_ act: Act, _ finding: Finding) -> Result<Finding, ActRefusal> {
    .failure(
      ActRefusal(
        "finding \(finding.row.id) is \(finding.state.rawValue): \(act.name) does not fit",
        "隐患 \(finding.row.id) 当前状态不能执行此操作"))
  }
}

/// What a retest came to, when every engine that was asked has looked.
package enum RetestVerdict: Sendable, Hashable {
  case gone, stillThere, unverifiable
  /// Asked again later.
  case open(String)

  /// A claim that a filter alone answers is *unverifiable*; one that nobody could look at is open. So is a look at what
  /// was verified before, until it is seen again that nothing is there: who is kept out on day 7 has not looked.
  package static func of(_ retest: Retest, _ finding: Finding) -> RetestVerdict {
    if heard(.yes, retest, finding, by: { _ in true }) { return .stillThere }
    if finding.state == .verified, retest.reason == .claim || sawNothing(retest, finding) { return .gone }
    if let obstacle = retest.looks.first(where: { $0.isBlocked })?.obstacle {
      return retest.reason == .claim || retest.reason == .asked ? .unverifiable : .open(obstacle)
    }
    return .open(retest.looks.compactMap(\.obstacle).first ?? "no engine could tell")
  }

  /// Everyone who was asked has said *no* since.
  private static func sawNothing(_ retest: Retest, _ finding: Finding) -> Bool {
    !retest.looks.isEmpty
      && retest.looks.allSatisfy { look in
        heard(.no, retest, finding) { $0.place == look.site && $0.engine == look.engine }
      }
  }

  private static func heard(
    _ word: Observation.Answer, _ retest: Retest, _ finding: Finding, by isMeant: (EngineAnswer) -> Bool
  ) -> Bool {
    guard let since = retest.since else { return false }
    return finding.answers.contains { $0.answer == word && $0.time >= since && isMeant($0) }
  }

  private static let laterPatience = 7.0 * 86_400

  /// A claim waits for its proof as long as that takes. A later look that nobody could take in a week is given up.
  package static func isOver(_ retest: Retest, _ finding: Finding, at now: Timestamp) -> Bool {
    guard let days = Retest.again.first(where: { $0.reason == retest.reason })?.days, let verified = finding.verifiedAt
    else { return false }
    return now >= verified.advanced(seconds: days * 86_400 + laterPatience)
  }

  /// Later and later, an hour to a day.
  package static func pause(afterTries tries: Int) -> Double { 3600 * Double(1 << min(max(tries, 0), 4)).clampedToDay }
}

extension Double {
  fileprivate var clampedToDay: Double { min(self, 24) }
}
