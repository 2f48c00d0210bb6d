import ControlAPI
import Records
import Wire

extension Action {
  // MARK: cases

  static func incident(_ id: String, _ target: ActSubject) -> [Action] {
    steps(id, target) + people(id, target) + facts(id, target) + content(id, target)
  }

  private static func act(
    _ name: String, _ letter: Character, _ en: String, _ zh: String, _ id: String, _ target: ActSubject,
    _ fields: [Field],
    _ request: @escaping @Sendable (Given) -> IncidentActRequest?
  ) -> Action {
    through(name, letter, en, zh, on: target, API.actOnIncident, id: id, fields, request)
  }

  private static func decide(
    _ name: String, _ letter: Character, _ en: String, _ zh: String, _ id: String, _ target: ActSubject,
    _ fields: [Field],
    confirms: Bool = false, _ request: @escaping @Sendable (Given) -> IncidentDecision?
  ) -> Action {
    through(name, letter, en, zh, on: target, API.decideOnIncident, id: id, fields, confirms: confirms, request)
  }

  /// By their numbers: the Roman ones share their letters.
  private static let levels = Field(
    name: BilingualText(en: "level", zh: "级别"),
    form: .choice(
      IncidentLevel.allCases.enumerated().map { index, level in
        Choice(letter: Character("\(index + 1)"), value: level.rawValue, title: level.title)
      }))

  private static func steps(_ id: String, _ target: ActSubject) -> [Action] {
    [
      act("contain", "o", "contained:", "遏制", id, target, [.needed("proof", "证明")]) {
        IncidentActRequest(.contain, text: $0.text(0))
      },
      act("recover", "r", "recovered:", "恢复", id, target, [.needed("proof", "证明")]) {
        IncidentActRequest(.recover, text: $0.text(0))
      },
      decide("close", "c", "close", "结案", id, target, [.needed("proof", "证明")], confirms: true) {
        IncidentDecision(.close, text: $0.text(0))
      },
      decide("reopen", "n", "open again", "重新处置", id, target, [.needed("why", "理由")]) {
        IncidentDecision(.reopen, text: $0.text(0))
      },
      decide(
        "level", "v", "set the level of", "定级", id, target,
        [levels, .needed("why", "理由")]
      ) { given in
        IncidentLevel(rawValue: given.text(0)).map { IncidentDecision(.level, level: $0, text: given.text(1)) }
      },
    ]
  }

  private static func people(_ id: String, _ target: ActSubject) -> [Action] {
    [
      decide("lead", "l", "give the lead of", "指定负责人", id, target, [.needed("who leads", "负责人")]) {
        IncidentDecision(.lead, person: $0.text(0))
      },
      act("member", "a", "add a member to", "加入成员", id, target, [.needed("who", "人员")]) {
        IncidentActRequest(.addMember, person: $0.text(0))
      },
      act("unmember", "u", "take a member out of", "移出成员", id, target, [.needed("who", "人员")]) {
        IncidentActRequest(.removeMember, person: $0.text(0))
      },
      act("log", "g", "write into the log of", "写入记录", id, target, [.needed("what happened", "内容")]) {
        IncidentActRequest(.log, text: $0.text(0))
      },
      act("comment", "m", "comment on", "评论", id, target, [.needed("comment", "评论")]) {
        IncidentActRequest(.comment, text: $0.text(0))
      },
    ]
  }

  private static func facts(_ id: String, _ target: ActSubject) -> [Action] {
    [
      act(
        "known", "w", "say since when the operator knew of", "登记获知时间", id, target,
        [.span("how long ago", "多久以前", most: 60 * day, usual: "10m"), .needed("from whom it is known", "依据")]
      ) { given in
        given.earlier(0).map { IncidentActRequest(.awareness, text: given.text(1), at: $0) }
      },
      act(
        "fact", "f", "state a fact of", "登记事实", id, target,
        [
          .choice("measure", "指标", IncidentMeasure.self),
          Field(name: BilingualText(en: "value", zh: "数值"), form: .number), .needed("from where it is known", "依据"),
        ]
      ) { given in
        guard let measure = IncidentMeasure(rawValue: given.text(0)), let value = Double(given.text(1)) else {
          return nil
        }
        return IncidentActRequest(.fact, text: given.text(2), measure: measure, value: value)
      },
      act(
        "mark", "k", "mark what was done in", "登记完成", id, target,
        [.choice("what", "事项", IncidentMark.Kind.self), .text("by what way, to whom", "方式与对象")]
      ) { given in
        IncidentMark.Kind(rawValue: given.text(0)).map { IncidentActRequest(.mark, text: given.text(1), mark: $0) }
      },
    ]
  }

  private static func content(_ id: String, _ target: ActSubject) -> [Action] {
    [
      act("kind", "i", "set the kind of", "设定类型", id, target, [.choice("kind", "类型", IncidentKind.self)]) { given in
        IncidentKind(rawValue: given.text(0)).map { IncidentActRequest(.kind, kind: $0) }
      },
      act(
        "operator", "p", "set whose duty it is in", "设定运营者", id, target, [.choice("operator", "运营者", OperatorKind.self)]
      ) { given in
        OperatorKind(rawValue: given.text(0)).map { IncidentActRequest(.operator, operatorKind: $0) }
      },
      act("join", "j", "join a row to", "并入告警", id, target, [.needed("number of the row", "告警编号")]) { given in
        Int64(given.text(0)).map { IncidentActRequest(.join, rows: [$0]) }
      },
      act(
        "remove", "x", "take a row out of", "移出告警", id, target,
        [.needed("number of the row", "告警编号"), .needed("why", "理由")]
      ) { given in
        Int64(given.text(0)).map { IncidentActRequest(.remove, rows: [$0], text: given.text(1)) }
      },
      through(
        "draft", "d", "draft a notice of", "拟通报", on: target, API.draftNotice,
        [
          .needed("to the organisation", "单位"), .choice("how urgent", "紧急程度", NoticeUrgency.self),
          .text("advice", "处置建议"),
        ], opens: true
      ) { given in
        NoticeUrgency(rawValue: given.text(1)).map {
          NoticeDraft(urgency: $0, organisation: given.text(0), incidents: [id], advice: given.text(2))
        }
      },
    ]
  }

  // MARK: notices

  static func notice(_ id: Int64, _ target: ActSubject) -> [Action] {
    func act(
      _ name: String, _ letter: Character, _ en: String, _ zh: String, _ endpoint: Endpoint<NoticeAct, Notice>,
      _ fields: [Field] = [], confirms: Bool = false, _ request: @escaping @Sendable (Given) -> NoticeAct?
    ) -> Action {
      through(name, letter, en, zh, on: target, endpoint, id: "\(id)", fields, confirms: confirms, request)
    }
    let why = Field.needed("why", "理由")
    return [
      act("approve", "a", "approve", "审批", API.approveNotice, confirms: true) { _ in NoticeAct() },
      act("send", "s", "send", "下发", API.sendNotice, confirms: true) { _ in NoticeAct() },
      act(
        "receipt", "r", "enter a receipt of", "登记签收", API.receiptOfNotice,
        [.needed("who said so on the telephone", "电话确认人"), .text("note", "备注")]
      ) { NoticeAct(reason: $0.text(1), name: $0.text(0)) },
      act(
        "extend", "x", "give more time for", "延期", API.extendNotice,
        [.span("for", "延长", most: 90 * day, usual: "3d"), why]
      ) { given in given.later(0).map { NoticeAct(reason: given.text(1), until: $0) } },
      act(
        "grade", "g", "grade", "调整级别", API.gradeNotice, [.choice("severity", "级别", Severity.self), why]
      ) { given in Severity(rawValue: given.text(0)).map { NoticeAct(reason: given.text(1), severity: $0) } },
      act("lift", "l", "take back", "解除", API.liftNotice, [why], confirms: true) { NoticeAct(reason: $0.text(0)) },
      act("close", "c", "close", "办结", API.closeNotice, [.text("remark", "备注")], confirms: true) {
        NoticeAct(reason: $0.text(0))
      },
      through(
        "edit", "e", "change the advice of", "修改建议", on: target, API.editNotice, id: "\(id)",
        [.needed("advice", "处置建议")]
      ) { NoticeEdit(advice: $0.text(0)) },
    ]
  }
}
