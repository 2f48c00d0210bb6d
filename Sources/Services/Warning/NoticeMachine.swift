package import Records
package import Wire

/// A notice's life: draft -> approved -> sent -> received -> feedback -> retest -> closed, or lifted; overdue and
/// supervised on the way. Acts, the states of its findings and the time go in; the notice after it comes out, with what
/// must be told to whom and what becomes of its findings. It knows no store, no words and no addresses.
package struct NoticeMachine: Sendable {
  package enum Act: Sendable, Hashable {
    case approve
    /// With the time that each finding has.
    case send(fixDue: [Int64: Timestamp])
    case answer(NoticeAnswer)
    case extend(until: Timestamp, reason: String)
    case grade(severity: Severity, colour: WarningColour?, reason: String)
    case lift(reason: String)
    /// `live`: its findings that nobody has proved gone, or settled.
    case close(reason: String, live: [Int64])

    package var name: String {
      switch self {
      case .approve: "approve"
      case .send: "send"
      case .answer(let answer): answer.kind == .receipt ? "receipt" : "answer: \(answer.kind.rawValue)"
      case .extend: "extend"
      case .grade: "grade"
      case .lift: "lift"
      case .close: "close"
      }
    }
  }

  /// Something that leaves the house.
  package struct Telling: Sendable, Hashable {
    package enum Topic: String, Sendable, Hashable, CaseIterable {
      case issued, reminder, supervision, refused, extended, upgraded, downgraded, lifted, closed
    }
    package var topic: Topic
    /// With the notice's id and the address the same whenever it is told: a crash between doubles nothing.
    package var key: String
    /// How many steps up the tree of organisations; 0: the notice's own.
    package var level: Int
  }

  package struct Step: Sendable {
    package var notice: Notice
    /// The audit's word for it; of the clock's own steps several in one.
    package var act: String
    package var tellings: [Telling] = []
    package var tasks: [DutyTask] = []
    package var findings: [Int64: FindingLife.Act] = [:]
    /// A receipt that came: its address is read by somebody. False: one that should have come did not.
    package var heard: Bool?
    package var retest: Retest.Reason?
  }

  package let times: NoticeTimes
  package init(times: NoticeTimes) { self.times = times }

  /// Who approves by a rule and not as a person.
  package static let ruleActor = Actor(name: "rule", origin: "notices.byRule")
  /// Causes whose warnings a rule may approve.
  package static func isByRule(_ notice: Notice) -> Bool {
    notice.kind == .reminder || notice.kind == .warning && (notice.cause ?? "").hasPrefix("certificate.")
  }

  package static let reasonLimit = 1000
  /// An owner who asks for more than this talks with the office.
  package static let longestDelayDays = 366.0

  package func apply(_ act: Act, to notice: Notice, by actor: Actor, at now: Timestamp) -> Result<Step, ActRefusal> {
    var step = Step(notice: notice, act: act.name)
    let refusal: BilingualText?
    switch act {
    case .approve: refusal = approve(&step, actor, now)
    case .send(let fixDue): refusal = send(&step, fixDue, now)
    case .answer(let answer): refusal = hear(&step, answer, now)
    case .extend(let until, let reason): refusal = extend(&step, until, reason, now)
    case .grade(let severity, let colour, let reason): refusal = grade(&step, severity, colour, reason, now)
    case .lift(let reason): refusal = lift(&step, reason, actor, now)
    case .close(let reason, let live): refusal = close(&step, reason, live, actor, now)
    }
    return refusal.map { .failure(ActRefusal($0)) } ?? .success(step)
  }

  func wrong(_ act: String, _ notice: Notice) -> BilingualText {
    let name = notice.number ?? "\(notice.id)"
    return BilingualText(
      en: "notice \(name) is \(notice.state.rawValue): \(act) does not fit",
      zh: "通报 \(name) \(notice.state.title.zh)，不能执行此操作")
  }

  func wanting(_ reason: String) -> BilingualText? {
    let isThere = !reason.allSatisfy(\.isWhitespace) && reason.count <= NoticeMachine.reasonLimit
    guard !isThere else { return nil }
    return BilingualText(
      en: "this wants a reason of 1 to \(NoticeMachine.reasonLimit) characters",
      zh: "须说明理由，1 至 \(NoticeMachine.reasonLimit) 个字符")
  }

  // MARK: the office

  private func approve(_ step: inout Step, _ actor: Actor, _ now: Timestamp) -> BilingualText? {
    guard step.notice.state == .draft else { return wrong("approve", step.notice) }
    if actor == NoticeMachine.ruleActor {
      guard NoticeMachine.isByRule(step.notice) else {
        return BilingualText(
          en: "a rule approves only reminders and certificates' ends", zh: "规则只能审批提醒和证书到期预警")
      }
    } else if actor.name == step.notice.author || step.notice.editors.contains(actor.name) {
      return BilingualText(
        en: "\(actor.name) wrote this draft: another person approves it", zh: "本稿由 \(actor.name) 拟写，须由他人审批")
    }
    step.notice.state = .approved
    step.notice.approver = actor.name
    step.notice.approved = now
    return nil
  }

  private func send(_ step: inout Step, _ fixDue: [Int64: Timestamp], _ now: Timestamp) -> BilingualText? {
    guard step.notice.state == .approved else { return wrong("send", step.notice) }
    step.notice.state = .sent
    step.notice.sent = now
    step.notice.receiptDue = times.receipt(step.notice.urgency, from: now)
    step.notice.fixDue = step.notice.findings.compactMap { fixDue[$0] }.min()
    if owesAnswer(step.notice) {
      let answer = times.answer(step.notice.urgency, from: now)
      // What must be gone sooner than the usual answer is answered by then.
      step.notice.answerDue = min(answer, step.notice.fixDue ?? answer)
      begin(&step.notice, now)
    }
    step.tellings = [Telling(topic: .issued, key: "issued", level: 0)]
    for id in step.notice.findings { step.findings[id] = .notify }
    return nil
  }

  /// A warning is read and taken to heart; a notice is answered.
  private func owesAnswer(_ notice: Notice) -> Bool { notice.kind == .notice || !notice.findings.isEmpty }

  /// A clock begins: it is reminded anew, and overdue no more.
  func begin(_ notice: inout Notice, _ now: Timestamp) {
    notice.begun = now
    notice.reminded = 0
    notice.lastReminder = nil
    notice.overdueSince = nil
  }

  private func extend(_ step: inout Step, _ until: Timestamp, _ reason: String, _ now: Timestamp) -> BilingualText? {
    guard step.notice.state.isOut, let due = step.notice.due else { return wrong("extend", step.notice) }
    if let refusal = wanting(reason) { return refusal }
    guard until > now, until > due, until <= now.advanced(seconds: NoticeMachine.longestDelayDays * 86_400) else {
      return BilingualText(
        en: "the new deadline lies after the old one, \(due.secondText), and within a year",
        zh: "新期限须晚于原期限 \(due.secondText)，且在一年之内")
    }
    step.notice.answerDue = until
    step.notice.fixDue = step.notice.fixDue.map { max($0, until) }
    begin(&step.notice, now)
    step.tellings = [Telling(topic: .extended, key: "extended/\(until.seconds)", level: 0)]
    return nil
  }

  private func grade(
    _ step: inout Step, _ severity: Severity, _ colour: WarningColour?, _ reason: String, _ now: Timestamp
  ) -> BilingualText? {
    let notice = step.notice
    guard notice.state.isOpen else { return wrong("grade", notice) }
    if let refusal = wanting(reason) { return refusal }
    guard (colour != nil) == (notice.kind == .warning) else {
      return notice.kind == .warning
        ? BilingualText(en: "a warning has a colour", zh: "预警须有颜色等级")
        : BilingualText(en: "only a warning has a colour", zh: "只有预警有颜色等级")
    }
    guard severity != notice.severity || colour != notice.colour else {
      return BilingualText(en: "that is what it is already", zh: "与现有等级相同")
    }
    let isUp = (colour ?? .blue, severity) > (notice.colour ?? .blue, notice.severity)
    (step.notice.severity, step.notice.colour) = (severity, colour)
    step.act = isUp ? "upgrade" : "downgrade"
    if notice.state.isOut {
      step.tellings = [
        Telling(topic: isUp ? .upgraded : .downgraded, key: "graded/\(now.nanoseconds)", level: 0)
      ]
    }
    return nil
  }

  private func lift(_ step: inout Step, _ reason: String, _ actor: Actor, _ now: Timestamp) -> BilingualText? {
    guard step.notice.state.isOpen else { return wrong("lift", step.notice) }
    if let refusal = wanting(reason) { return refusal }
    if step.notice.state.isOut { step.tellings = [Telling(topic: .lifted, key: "lifted", level: 0)] }
    end(&step.notice, .lifted, actor.name, reason, now)
    return nil
  }

  /// A person's word alone closes nothing that stands: `settle` has proof, `close` is for what has no weakness left.
  private func close(
    _ step: inout Step, _ reason: String, _ live: [Int64], _ actor: Actor, _ now: Timestamp
  ) -> BilingualText? {
    guard step.notice.state.isOut else { return wrong("close", step.notice) }
    if let first = live.first {
      return BilingualText(
        en: "finding \(first) was not seen to be gone, and nobody has settled it", zh: "隐患 \(first) 未经复核确认消除，也无人处置")
    }
    if let refusal = wanting(reason) { return refusal }
    step.tellings = [Telling(topic: .closed, key: "closed", level: 0)]
    end(&step.notice, .closed, actor.name, reason, now)
    return nil
  }

  func end(_ notice: inout Notice, _ state: NoticeState, _ by: String, _ reason: String, _ now: Timestamp) {
    notice.state = state
    notice.closed = Notice.Ending(at: now, by: by, reason: reason)
  }
}
