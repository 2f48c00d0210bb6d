internal import ControlAPI
internal import Records
internal import Reports
internal import Scheduling
internal import Services
internal import Store
internal import Wire

/// Notices as people make, approve and steer them; every step is one transaction of the store's.
extension HubCore {
  func machine(_ now: Timestamp) -> NoticeMachine {
    var times = notices.times
    times.calendar.utcOffset = LocalTime.utcOffset(at: now)
    return NoticeMachine(times: times)
  }

  // MARK: steps

  /// `purview`: of who asks; a rule's is everything.
  func act(
    _ act: NoticeMachine.Act, on id: Int64, by actor: Actor, within purview: Purview = .all
  ) throws -> Notice {
    let now = clock.now()
    let notice = try found { try store.notice(id, within: purview) }
    switch machine(now).apply(act, to: notice, by: actor, at: now) {
    case .success(let step): return try take(step, over: notice, by: actor, at: now)
    case .failure(let refusal): throw APIProblem(refusal)
    }
  }

  /// Writes all that follows from a step. `from`: the address that the owner's word came by.
  @discardableResult func take(
    _ step: NoticeMachine.Step, over before: Notice, by actor: Actor, at now: Timestamp, from: String? = nil,
    saw: [Int64: FindingState] = [:]
  ) throws -> Notice {
    var write = try written(step, over: before, by: actor, at: now, from: from)
    write.saw = saw
    let isNumbered = step.notice.state == .approved && step.notice.number == nil
    let series = isNumbered ? NoticeNumber.series(configuration, now, isDrill: step.notice.isDrill) : nil
    // The text says the number and the times: it is written anew with each, until it is sent.
    var contents = step.notice.sent == before.sent && !isNumbered ? nil : try contents(of: step.notice, now)
    let kept = try store.step(step.notice, series: series, at: now) { _, number in
      if let number {
        write.notice.number = NoticeNumber.text(series ?? "{number}", number)
        write.audit[0].after = try RecordJSON.text(write.notice)
      }
      contents?.notice = write.notice
      write.documents = contents.map { documents($0) } ?? []
      return write
    }
    for finding in write.findings { publish(finding.row, .acted, now) }
    return kept
  }

  private func written(
    _ step: NoticeMachine.Step, over before: Notice, by actor: Actor, at now: Timestamp, from: String?
  ) throws -> NoticeWrite {
    let notice = step.notice
    var write = NoticeWrite(notice)
    write.audit = [
      AuditEntry(
        time: now, actor: actor, act: "\(step.act) notice", subject: "notice/\(notice.id)",
        before: before.id == 0 ? nil : try RecordJSON.text(before), after: try RecordJSON.text(notice))
    ]
    write.look = machine(now).nextLook(notice)
    write.tasks = step.tasks
    try addFindings(step, by: actor, at: now, to: &write)
    try addPost(step, at: now, to: &write)
    try addContacts(step, at: now, from: from, to: &write)
    if notice.state == .sent, before.state == .approved {
      for (id, due) in try fixTimes(notice, now) {
        write.deadlines[id] = notice.urgency == .urgent ? notice.answerDue : due
      }
    } else if let due = notice.answerDue, due != before.answerDue {
      for finding in try store.findings(notice.findings, answers: 0) where finding.state.isLive {
        write.deadlines[finding.row.id] = due
      }
    }
    // A drill is in no statistic.
    if notice.isDrill { write.deadlines = [:] }
    return write
  }

  private func addFindings(
    _ step: NoticeMachine.Step, by actor: Actor, at now: Timestamp, to write: inout NoticeWrite
  ) throws {
    // An exercise changes no finding's life.
    guard !step.notice.isDrill else { return }
    for finding in try store.findings(step.findings.keys.sorted(), answers: 0) {
      guard let act = step.findings[finding.row.id],
        case .success(let after) = FindingLife.apply(act, to: finding, by: actor, at: now)
      else { continue }
      if let reason = step.retest, case .claim = act {
        write.retests.append(Retest(finding: finding.row.id, reason: reason, due: now))
      }
      guard after != finding else { continue }
      write.findings.append(after)
      write.audit.append(HubCore.audit(act, finding, after, by: actor, at: now))
    }
  }

  static func audit(
    _ act: FindingLife.Act, _ before: Finding, _ after: Finding, by actor: Actor, at now: Timestamp
  ) -> AuditEntry {
    let reason = after.settlement.map { ", \($0.reason)" } ?? ""
    return AuditEntry(
      time: now, actor: actor, act: act.name, subject: "finding/\(before.row.id)", before: before.state.rawValue,
      after: after.state.rawValue + (after.until.map { " until \($0.secondText)" } ?? "") + reason)
  }

  private func addPost(_ step: NoticeMachine.Step, at now: Timestamp, to write: inout NoticeWrite) throws {
    guard !step.tellings.isEmpty else { return }
    let unconfirmed = Set(
      try store.contacts(of: step.notice.organisation).filter { $0.state == .unconfirmed }.map(\.address))
    let post = post(now).post(step.tellings, step.notice, unconfirmed: unconfirmed)
    write.dispatches += post.dispatches
    write.tokens += post.tokens
    write.tasks += post.tasks
  }

  func post(_ now: Timestamp) -> NoticePost {
    NoticePost(
      organisations: Dictionary(
        scheduler.inventory.organisations.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first }),
      rules: notices, configuration: configuration, utcOffset: LocalTime.utcOffset(at: now), now: now)
  }

  // MARK: acts

  func send(_ id: Int64, by actor: Actor, within purview: Purview = .all) throws -> Notice {
    let notice = try found { try store.notice(id, within: purview) }
    return try act(.send(fixDue: try fixTimes(notice, clock.now())), on: id, by: actor, within: purview)
  }

  func close(_ id: Int64, _ request: NoticeAct, by actor: Actor, within purview: Purview) throws -> Notice {
    let notice = try found { try store.notice(id, within: purview) }
    let live = try store.findings(notice.findings, answers: 0).filter(\.state.isLive).map(\.row.id)
    return try act(.close(reason: request.reason, live: live), on: id, by: actor, within: purview)
  }

  func extend(_ id: Int64, _ request: NoticeAct, by actor: Actor, within purview: Purview) throws -> Notice {
    guard let until = request.until else {
      throw APIProblem(.badRequest, "an extension wants a time until when", zh: "延期须写明截止时间")
    }
    return try act(.extend(until: until, reason: request.reason), on: id, by: actor, within: purview)
  }

  func grade(_ id: Int64, _ request: NoticeAct, by actor: Actor, within purview: Purview) throws -> Notice {
    let notice = try found { try store.notice(id, within: purview) }
    return try act(
      .grade(
        severity: request.severity ?? notice.severity, colour: request.colour ?? notice.colour,
        reason: request.reason), on: id, by: actor, within: purview)
  }

  /// Told on the telephone: entered by an officer, with the name of who said it.
  func receiptByPhone(
    _ id: Int64, _ request: NoticeAct, by officer: Actor, within purview: Purview
  ) throws -> Notice {
    guard let name = request.name else {
      throw APIProblem(.badRequest, "a receipt wants the name of who gave it", zh: "签收须写明签收人姓名")
    }
    let answer = NoticeAnswer(
      .receipt, name: name, at: clock.now(), from: "phone, entered by \(officer.name)", text: request.reason)
    return try act(.answer(answer), on: id, by: officer, within: purview)
  }

  /// By when each of its findings must be gone, counted from now.
  func fixTimes(_ notice: Notice, _ now: Timestamp) throws -> [Int64: Timestamp] {
    let clock = notices.times.clocks(at: now).fix
    var result: [Int64: Timestamp] = [:]
    for finding in try store.findings(notice.findings, answers: 0) {
      let address = finding.target.address ?? finding.row.site.flatMap { sites[$0]?.addresses.first }
      result[finding.row.id] = clock.due(
        finding.row.severity, from: now, attacked: false,
        exploitable: !board.tree.rules(attacking: finding.weakness).isEmpty,
        reachable: address.map { AddressPolicy().refusal(of: $0) == nil } ?? false)
    }
    return result
  }
}

/// `{city}-{year}-{number}`: the series is all but the number.
enum NoticeNumber {
  /// Exercises are numbered apart, so that real numbers have no gap.
  static func series(_ configuration: Configuration, _ now: Timestamp, isDrill: Bool) -> String {
    let year = LocalTime.text(day: now.seconds.advanced(by: Int(LocalTime.utcOffset(at: now))) / 86_400).prefix(4)
    let form = configuration.notices.number.replacing("{city}", with: configuration.city)
      .replacing("{year}", with: String(year))
    return isDrill ? "DRILL-" + form : form
  }

  /// Four digits at least, so that lists stand in line.
  static func text(_ series: String, _ number: Int64) -> String {
    let digits = String(number)
    let padded = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    return series.replacing("{number}", with: padded)
  }
}
