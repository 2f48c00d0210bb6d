package import Records
package import Wire

/// What the owner says, and what the retests of the findings say to that.
extension NoticeMachine {
  func hear(_ step: inout Step, _ answer: NoticeAnswer, _ now: Timestamp) -> BilingualText? {
    let notice = step.notice
    guard notice.state.isOut else { return wrong(answer.kind.rawValue, notice) }
    guard !answer.name.allSatisfy(\.isWhitespace), answer.name.count <= NoticeAnswer.nameLimit else {
      return BilingualText(
        en: "this wants a name of 1 to \(NoticeAnswer.nameLimit) characters",
        zh: "须填写姓名，1 至 \(NoticeAnswer.nameLimit) 个字符")
    }
    guard answer.text.count <= NoticeAnswer.textLimit else {
      return BilingualText(
        en: "the text has \(answer.text.count) characters, at most \(NoticeAnswer.textLimit) are kept",
        zh: "内容有 \(answer.text.count) 个字符，最多保留 \(NoticeAnswer.textLimit) 个")
    }
    guard notice.answers.count < Notice.answerLimit else {
      return BilingualText(en: "too much was said already: call the office", zh: "反馈次数过多，请致电值班室")
    }
    if answer.kind == .receipt, let received = notice.received {
      return BilingualText(
        en: "receipt was confirmed by \(received.name) at \(received.at.secondText)",
        zh: "已由 \(received.name) 于 \(received.at.secondText) 签收")
    }
    if answer.kind != .receipt, notice.state == .retest {
      return BilingualText(en: "a retest runs: its result comes first", zh: "正在复测，请等待结果")
    }
    if let refusal = missing(answer, now) { return refusal }
    step.notice.answers.append(answer)
    receive(&step, answer)
    switch answer.kind {
    case .receipt: break
    case .fixed, .retest: claim(&step, answer, now)
    case .moreTime: ask(&step, answer, now)
    case .dispute: dispute(&step, answer, now)
    }
    return nil
  }

  private func missing(_ answer: NoticeAnswer, _ now: Timestamp) -> BilingualText? {
    switch answer.kind {
    case .dispute: return wanting(answer.text)
    case .moreTime:
      guard let until = answer.until, until > now,
        until <= now.advanced(seconds: NoticeMachine.longestDelayDays * 86_400)
      else { return BilingualText(en: "more time wants a moment to come, within a year", zh: "延期时间须在未来一年之内") }
      return wanting(answer.text)
    case .receipt, .fixed, .retest: return nil
    }
  }

  /// Who answers has received it.
  private func receive(_ step: inout Step, _ answer: NoticeAnswer) {
    guard step.notice.received == nil else { return }
    step.notice.received = answer
    step.heard = true
    if step.notice.state == .sent { step.notice.state = .received }
    for id in step.notice.findings { step.findings[id] = .receive }
  }

  private func claim(_ step: inout Step, _ answer: NoticeAnswer, _ now: Timestamp) {
    // An exercise has no findings of its own that could be looked at.
    guard !step.notice.findings.isEmpty, !step.notice.isDrill else {
      step.notice.state = .feedback
      return
    }
    step.notice.state = .retest
    step.retest = answer.kind == .fixed ? .claim : .asked
    for id in step.notice.findings { step.findings[id] = .claim }
  }

  /// Answered: what runs from now on is the time to fix.
  private func ask(_ step: inout Step, _ answer: NoticeAnswer, _ now: Timestamp) {
    step.notice.state = .feedback
    begin(&step.notice, now)
    for id in step.notice.findings { step.findings[id] = .fix }
    let until = answer.until?.secondText ?? ""
    step.tasks = [
      DutyTask(
        .moreTime, "notice/\(step.notice.id)",
        BilingualText(
          en: "\(step.notice.organisation) asks for time until \(until) for \(name(step.notice))",
          zh: "\(step.notice.organisation) 申请将 \(name(step.notice)) 延期至 \(until)"), created: now,
        due: step.notice.due)
    ]
  }

  private func dispute(_ step: inout Step, _ answer: NoticeAnswer, _ now: Timestamp) {
    step.notice.state = .feedback
    begin(&step.notice, now)
    step.tasks = [
      DutyTask(
        .dispute, "notice/\(step.notice.id)",
        BilingualText(
          en: "\(step.notice.organisation) disputes \(name(step.notice))",
          zh: "\(step.notice.organisation) 对 \(name(step.notice)) 提出异议"), created: now, due: step.notice.due)
    ]
  }

  func name(_ notice: Notice) -> String { notice.number ?? "notice \(notice.id)" }

  // MARK: proof

  /// What the states of its findings make of a notice; nil: nothing. A finding that is not told of is gone from the
  /// store, which keeps all open work.
  package func settle(_ notice: Notice, _ states: [Int64: FindingState], at now: Timestamp) -> Step? {
    let known = notice.findings.compactMap { states[$0] }
    guard notice.state.isOpen, !notice.isDrill, !known.isEmpty else { return nil }
    var step = Step(notice: notice, act: "settle")
    // One that another finding tells of now is no proof.
    if known.allSatisfy({ $0 == .verified }) {
      let isOut = notice.state.isOut
      step.act = isOut ? "close" : "lift"
      let reason = isOut ? "every weakness was seen to be gone" : "every weakness was gone before it was sent"
      if isOut { step.tellings = [Telling(topic: .closed, key: "closed", level: 0)] }
      end(&step.notice, isOut ? .closed : .lifted, "vigil", reason, now)
      return step
    }
    guard notice.state == .retest, !known.contains(.claimed) else { return nil }
    if known.contains(where: { $0.isLive && $0 != .unverifiable }) {
      step.act = "refuse claim"
      step.notice.state = .received
      step.tellings = [Telling(topic: .refused, key: "refused/\(notice.answers.count)", level: 0)]
    } else {
      step.act = known.contains(.unverifiable) ? "unverifiable" : "settled"
      step.notice.state = .feedback
      step.tasks = [open(notice, isBlocked: known.contains(.unverifiable), now)]
    }
    return step
  }

  private func open(_ notice: Notice, isBlocked: Bool, _ now: Timestamp) -> DutyTask {
    guard isBlocked else {
      return DutyTask(
        .approval, "notice/\(notice.id)",
        BilingualText(en: "\(name(notice)) may be closed", zh: "\(name(notice)) 可以办结"), created: now)
    }
    return DutyTask(
      .unverifiable, "notice/\(notice.id)",
      BilingualText(
        en: "the claim of \(name(notice)) cannot be verified: the site blocks us",
        zh: "\(name(notice)) 的整改无法核验：网站拦截了我们的访问"), created: now, due: notice.fixDue)
  }
}
