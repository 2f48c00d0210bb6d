internal import ControlAPI
internal import Logging
internal import Records
internal import Services
internal import Store
internal import Wire

/// The owners' page asks the hub's own notices.
extension HubCore: NoticeDesk {
  package func show(_ token: String) -> NoticePage? {
    do {
      guard let view = try ownerPage(token) else { return nil }
      return page(view)
    } catch {
      logger.error("a notice's page could not be read", metadata: ["error": "\(error)"])
      return nil
    }
  }

  package func act(_ token: String, _ act: OwnerAct, name: String, from: String) -> OwnerAnswer {
    do {
      switch act {
      case .receive: _ = try receive(token, name: name, from: from)
      case .fix(let text): _ = try stateFix(token, name: name, from: from, text: text)
      case .extend(let day, let reason):
        guard let until = HubCore.end(ofDay: day, at: clock.now()) else { return .refused(HubCore.noDay) }
        _ = try askMoreTime(token, until: until, name: name, from: from, text: reason)
      case .dispute(let text): _ = try dispute(token, name: name, from: from, text: text)
      case .retest: _ = try askRetest(token, name: name, from: from)
      }
      return .done(HubCore.thanks(act))
    } catch let problem as APIProblem where problem.code == .notFound {
      return .unknown
    } catch let problem as APIProblem {
      return .refused(BilingualText(en: problem.sentence, zh: "未能受理：\(problem.zh ?? problem.sentence)"))
    } catch {
      logger.error("an owner's answer was not kept", metadata: ["error": "\(error)"])
      return .refused(
        BilingualText(
          en: "this could not be kept now; please try again later, or call the office",
          zh: "暂时无法保存，请稍后重试或致电我方。"))
    }
  }

  // MARK: what is shown

  private nonisolated func page(_ view: OwnerView) -> NoticePage {
    let notice = view.notice
    let parts = Dictionary(view.documents.map { ($0.language, $0.html) }, uniquingKeysWith: { first, _ in first })
    let whole = BilingualText(en: parts["en"] ?? parts["zh"] ?? "", zh: parts["zh"] ?? parts["en"] ?? "")
    return NoticePage(
      number: notice.number ?? "-", title: notice.title, organisation: view.organisation, severity: notice.severity,
      state: notice.state.title, deadline: notice.due, isDrill: notice.isDrill, document: [.markup(whole)],
      steps: HubCore.steps(notice), acts: HubCore.acts(notice), language: configuration.language.rawValue)
  }

  private static func steps(_ notice: Notice) -> [NoticePage.Step] {
    var steps: [NoticePage.Step] = []
    func step(_ time: Timestamp?, _ en: String, _ zh: String) {
      if let time { steps.append(.init(time: time, text: BilingualText(en: en, zh: zh))) }
    }
    step(notice.sent, "sent", "已发出")
    for answer in notice.answers {
      let what = words(answer.kind)
      step(answer.at, "\(what.en), by \(answer.name)", "\(what.zh)，\(answer.name)")
    }
    step(notice.overdueSince, "overdue", "逾期")
    step(notice.closed?.at, "ended", "已办结")
    return steps.sorted { $0.time < $1.time }
  }

  private static func words(_ kind: NoticeAnswer.Kind) -> BilingualText {
    switch kind {
    case .receipt: BilingualText(en: "receipt confirmed", zh: "已确认收到")
    case .fixed: BilingualText(en: "said to be fixed", zh: "已反馈整改完成")
    case .moreTime: BilingualText(en: "more time asked for", zh: "已申请延期")
    case .dispute: BilingualText(en: "disputed", zh: "已提出异议")
    case .retest: BilingualText(en: "a retest asked for", zh: "已申请复测")
    }
  }

  /// What the notice's state has room for; the machine says so again when it is done.
  private static func acts(_ notice: Notice) -> [OwnerAct.Kind] {
    guard notice.state.isOut else { return [] }
    let first: [OwnerAct.Kind] = notice.received == nil ? [.receive] : []
    return notice.state == .retest ? first : first + [.fix, .extend, .dispute, .retest]
  }

  private static func thanks(_ act: OwnerAct) -> BilingualText {
    switch act {
    case .receive: BilingualText(en: "your receipt is kept", zh: "已记录您的签收。")
    case .fix: BilingualText(en: "your word is kept: we look again", zh: "已记录，我方将复测。")
    case .extend: BilingualText(en: "your wish for more time is kept: the office decides", zh: "已记录延期申请，待我方审定。")
    case .dispute: BilingualText(en: "your objection is kept: the office looks at it", zh: "已记录异议，待我方核查。")
    case .retest: BilingualText(en: "your wish is kept: we look again", zh: "已记录，我方将复测。")
    }
  }

  private static let noDay = BilingualText(en: "the date is none that there is", zh: "日期无效。")

  /// The last second of a day here.
  private static func end(ofDay day: String, at now: Timestamp) -> Timestamp? {
    guard let midnight = LocalMoment(text: day) else { return nil }
    return Timestamp(seconds: midnight.seconds - LocalTime.utcOffset(at: now) + 86_399)
  }
}
