internal import ControlAPI
internal import Records
internal import Scheduling
internal import Services
internal import Store
internal import Wire

/// Retests: a wish that is kept in the store until every engine asked has looked, and what the looks come to.
extension HubCore {
  /// A job may be lost with its scanner, or wait for an authorisation: the wish is said again.
  private static let askAgainSeconds = 600.0
  /// After so many times somebody should know: two hours.
  private static let patience = 12
  private static let mostLooks = 50

  func askRetests(_ now: Timestamp) throws {
    for retest in try store.dueRetests(now: now) {
      guard let finding = try store.findings([retest.finding], answers: .max).first else {
        try end(retest, .overtaken, nil, now)
        continue
      }
      if let result = HubCore.overtaken(retest, finding) {
        try end(retest, result, nil, now)
      } else {
        try ask(retest, finding, now)
      }
    }
  }

  /// What no longer needs a look.
  private static func overtaken(_ retest: Retest, _ finding: Finding) -> Retest.Result? {
    switch (retest.reason, finding.state) {
    case (.claim, .claimed), (.asked, _), (.day7, .verified), (.day30, .verified): nil
    case (.claim, .verified): .gone
    case (.claim, .reopened): .stillThere
    case (.claim, .unverifiable): .unverifiable
    default: .overtaken
    }
  }

  private func ask(_ retest: Retest, _ finding: Finding, _ now: Timestamp) throws {
    var retest = retest
    if retest.state == .waiting {
      retest.state = .asked
      retest.since = now
      retest.looks = HubCore.looks(finding)
    } else {
      retest.tries += 1
    }
    retest.due = now.advanced(seconds: HubCore.askAgainSeconds)
    for index in retest.looks.indices where retest.looks[index].answered == nil {
      let look = retest.looks[index]
      if scheduler.hasten(site: look.site, engine: look.engine, as: .retest, now: now) == 0 {
        retest.looks[index].answered = now
        retest.looks[index].obstacle = "no scan of \(look.site) by \(look.engine) is planned"
      }
    }
    let tasks = retest.tries >= HubCore.patience ? [undetermined(finding, "nobody has looked yet", now)] : []
    try store.save(retest, tasks: tasks, at: now)
    _ = keepSchedule()
  }

  /// The engines that said yes where it shows; of a weakness that is gone, all that ever did.
  private static func looks(_ finding: Finding) -> [Retest.Look] {
    let affirmed = finding.answers.filter(\.hasAffirmed)
    let standing = affirmed.filter { $0.holds == true }
    return (standing.isEmpty ? affirmed : standing).prefix(mostLooks)
      .map { Retest.Look(site: $0.place, engine: $0.engine) }
  }

  // MARK: verdicts

  func judgeRetests(_ now: Timestamp) throws {
    for retest in try store.answeredRetests() {
      guard let finding = try store.findings([retest.finding], answers: .max).first else {
        try end(retest, .overtaken, nil, now)
        continue
      }
      let heard = try withWords(retest, finding)
      switch RetestVerdict.of(heard, finding) {
      case .gone: try end(heard, .gone, nil, now)
      case .stillThere: try end(heard, .stillThere, (finding, .refuse), now)
      case .unverifiable: try end(heard, .unverifiable, (finding, .blocked), now)
      case .open(let reason): try postpone(heard, finding, reason, now)
      }
    }
  }

  /// A look that was made may still not have told: the engine's word on the check, or its coverage, says why.
  private func withWords(_ retest: Retest, _ finding: Finding) throws -> Retest {
    var retest = retest
    for index in retest.looks.indices where retest.looks[index].obstacle == nil {
      guard let reason = try obstacle(retest.looks[index], retest, finding) else { continue }
      retest.looks[index].obstacle = reason
      retest.looks[index].isBlocked = HubCore.isKeptOut(reason)
    }
    return retest
  }

  /// The site answers, but not us: `blocked by a WAF: ...`, `refused (403), unlike paths beside it`.
  private static func isKeptOut(_ reason: String) -> Bool {
    reason.hasPrefix("blocked") || reason.hasPrefix("refused (")
  }

  private func obstacle(_ look: Retest.Look, _ retest: Retest, _ finding: Finding) throws -> String? {
    let word = finding.answers.first { $0.place == look.site && $0.engine == look.engine }
    if let word, let since = retest.since, word.time >= since {
      if case .notDetermined(let reason) = word.answer { return reason }
      return nil
    }
    let coverage = try store.coverage(site: look.site).first { $0.engine == look.engine }
    return coverage?.open[finding.weakness]?.reason
  }

  private func end(
    _ retest: Retest, _ result: Retest.Result, _ act: (finding: Finding, act: FindingLife.Act)?, _ now: Timestamp
  ) throws {
    var retest = retest
    retest.state = .ended
    retest.result = result
    var (finding, audit): (Finding?, [AuditEntry]) = (nil, [])
    if let (before, act) = act,
      case .success(let after) = FindingLife.apply(act, to: before, by: HubCore.clockActor, at: now), after != before
    {
      finding = after
      audit.append(HubCore.audit(act, before, after, by: HubCore.clockActor, at: now))
    }
    audit.append(
      AuditEntry(
        time: now, actor: HubCore.clockActor, act: "retest (\(retest.reason.rawValue))",
        subject: "finding/\(retest.finding)", after: result.rawValue))
    try store.save(retest, finding: finding, audit: audit, at: now)
    if let finding { publish(finding.row, .acted, now) }
  }

  private func postpone(_ retest: Retest, _ finding: Finding, _ reason: String, _ now: Timestamp) throws {
    guard !RetestVerdict.isOver(retest, finding, at: now) else { return try end(retest, .unverifiable, nil, now) }
    var retest = retest
    retest.tries += 1
    retest.state = .waiting
    retest.since = nil
    retest.looks = []
    retest.due = now.advanced(seconds: RetestVerdict.pause(afterTries: retest.tries - 1))
    let tasks = retest.tries >= 3 ? [undetermined(finding, reason, now)] : []
    try store.save(retest, tasks: tasks, at: now)
  }

  private func undetermined(_ finding: Finding, _ reason: String, _ now: Timestamp) -> DutyTask {
    DutyTask(
      .undetermined, "finding/\(finding.row.id)",
      BilingualText(
        en: "the retest of finding \(finding.row.id) could not tell: \(reason)",
        zh: "问题 \(finding.row.id) 的复测无法判定：\(reason)"), created: now)
  }

  // MARK: acts on findings

  func settle(
    _ text: String, _ act: FindingLife.Act, by actor: Actor, within purview: Purview
  ) throws -> FindingActReport {
    try apply(act, to: finding(text, within: purview), retest: nil, by: actor)
  }

  func claim(_ text: String, by actor: Actor, within purview: Purview) throws -> FindingActReport {
    try apply(.claim, to: finding(text, within: purview), retest: .claim, by: actor)
  }

  func retest(_ text: String, by actor: Actor, within purview: Purview) throws -> FindingActReport {
    let now = clock.now()
    let finding = try finding(text, within: purview)
    guard finding.state != .moved else { throw APIProblem(.refused, "another finding tells of it now", zh: "现由另一隐患记录") }
    try store.save(
      finding, retest: Retest(finding: finding.row.id, reason: .asked, due: now),
      audit: AuditEntry(time: now, actor: actor, act: "ask retest", subject: "finding/\(finding.row.id)"), at: now)
    try askRetests(now)
    return try report(finding.row.id)
  }

  private func apply(
    _ act: FindingLife.Act, to before: Finding, retest reason: Retest.Reason?, by actor: Actor
  ) throws -> FindingActReport {
    let now = clock.now()
    switch FindingLife.apply(act, to: before, by: actor, at: now) {
    case .failure(let refusal): throw APIProblem(refusal)
    case .success(let after):
      let id = before.row.id
      try store.save(
        after, retest: reason.map { Retest(finding: id, reason: $0, due: now) },
        audit: HubCore.audit(act, before, after, by: actor, at: now), at: now)
      publish(after.row, .acted, now)
      if reason != nil { try askRetests(now) }
      return try report(id)
    }
  }

  private func finding(_ text: String, within purview: Purview) throws -> Finding {
    guard let id = Int64(text) else { throw APIProblem(.badRequest, "\(text.prefix(32)) is no finding's number") }
    guard let finding = try store.findings([id], answers: .max).first, purview.has(finding.row) else {
      throw APIProblem(.notFound, "there is no finding \(id)", zh: "没有隐患 \(id)")
    }
    return finding
  }

  private func report(_ id: Int64) throws -> FindingActReport {
    guard let finding = try store.findings([id]).first else {
      throw APIProblem(.notFound, "there is no finding \(id)", zh: "没有隐患 \(id)")
    }
    return FindingActReport(finding: FindingItem(finding: finding), retests: try store.retests(finding: id))
  }
}
