internal import ControlAPI
internal import Logging
internal import Records
internal import Scheduling
internal import Services
internal import Store
internal import Wire

/// Warnings before the fact: drafts with a colour, one an organisation and cause while it is open.
extension HubCore {
  private static let warningSeconds = 60.0

  func warnEarly(_ now: Timestamp) throws {
    guard abs(Double(now.nanoseconds(since: lastWarningLook)) / 1e9) >= HubCore.warningSeconds else { return }
    lastWarningLook = now
    for cause in notices.warnings.causes {
      try warn(of: cause.id, cause.title, try store.findingsToWarn(checks: cause.checks), now) {
        cause.colours[$0] ?? .blue
      }
    }
    try warnOfMatches(now)
    try warnOfFalls(now)
    try sendByRule(now)
  }

  private func warn(
    of cause: String, _ title: BilingualText, _ findings: [Finding], _ now: Timestamp,
    _ colour: (Severity) -> WarningColour
  ) throws {
    let groups = Dictionary(grouping: findings, by: { $0.row.organisation ?? "" })
    for (organisation, all) in groups.sorted(by: { $0.key < $1.key }) {
      guard post(now).organisations[organisation] != nil else { continue }
      let known = try store.openNotice(organisation: organisation, cause: cause)
      // What has left as a draft stays as it was approved.
      guard known.map({ $0.state == .draft && $0.findings.count < Notice.findingLimit }) ?? true else { continue }
      var notice =
        known
        ?? Notice(
          kind: .warning, colour: .blue, severity: .info, organisation: organisation, cause: cause, title: title,
          author: Notice.machine, created: now)
      let part = all.prefix(Notice.findingLimit - notice.findings.count)
      try add(part, to: &notice)
      notice.colour = max(notice.colour ?? .blue, colour(notice.severity))
      notice.assigned = notice.assigned ?? assignment(organisation, now)
      try save(draft: notice, over: known, by: Actor(name: Notice.machine, origin: "rule"), now)
    }
  }

  /// A weakness that nothing had before today and many have now: a new template or rule has come to the inventory.
  private func warnOfMatches(_ now: Timestamp) throws {
    let since = now.advanced(seconds: -86_400)
    for check in try store.newChecks(since: since, organisations: notices.warnings.matchOrganisations) {
      let title = BilingualText(en: "a weakness that is new here was found", zh: "发现本市首次出现的安全问题")
      try warn(of: "rule.matches/\(check)", title, try store.findingsToWarn(checks: [check]), now) {
        $0 >= .high ? .orange : .yellow
      }
    }
  }

  /// The kept days change once a day: then, and at the start.
  private func warnOfFalls(_ now: Timestamp) throws {
    guard lastFallDay != postureDay, postureDay != nil else { return }
    let kept = try store.postureDays(
      from: .min, newestFirst: true, limit: Int(notices.warnings.fallDays) + 1
    ).reversed().map { try RecordJSON.decode(PostureDay.self, from: $0.json) }
    for fall in notices.warnings.falls(in: Array(kept)) { try warn(of: fall, now) }
    lastFallDay = postureDay
  }

  private func warn(of fall: IndicatorFall, _ now: Timestamp) throws {
    let cause = "indicator.falls/\(fall.dimension)"
    guard post(now).organisations[fall.organisation] != nil,
      try store.openNotice(organisation: fall.organisation, cause: cause) == nil
    else { return }
    let dimension = board.tree.dimensions.first { $0.id == fall.dimension }?.title ?? BilingualText(fall.dimension)
    var notice = Notice(
      kind: .warning, colour: fall.colour, severity: .medium, organisation: fall.organisation, cause: cause,
      title: BilingualText(
        en: "\(dimension.en) fell from \(fall.before) to \(fall.after)",
        zh: "\(dimension.zh)得分由 \(fall.before) 降至 \(fall.after)"), author: Notice.machine, created: now)
    notice.sites = Array(board.sites(ofOrganisation: fall.organisation).prefix(Notice.findingLimit))
    notice.assigned = assignment(fall.organisation, now)
    try save(draft: notice, over: nil, by: Actor(name: Notice.machine, origin: "rule"), now)
  }

  // MARK: by rule

  /// Certificates' ends leave without a person's word, to an address that has proved itself. Both steps are looked for,
  /// so that a crash between them holds nothing back.
  private func sendByRule(_ now: Timestamp) throws {
    guard configuration.notices.isByRule else { return }
    let confirmed = Set(
      try store.contacts().filter { $0.state == .confirmed }.map { "\($0.organisation) \($0.address)" })
    for notice in try store.notices(open: true) where NoticeMachine.isByRule(notice) && !notice.isDrill {
      guard notice.author == Notice.machine, notice.editors.isEmpty,
        let recipient = post(now).recipients(notice, level: 0, unconfirmed: []).first,
        confirmed.contains("\(recipient.organisation) \(recipient.address.to)")
      else { continue }
      if notice.state == .draft { _ = try act(.approve, on: notice.id, by: NoticeMachine.ruleActor) }
      if notice.state == .draft || notice.state == .approved && notice.approver == NoticeMachine.ruleActor.name {
        _ = try send(notice.id, by: NoticeMachine.ruleActor)
      }
    }
  }
}
