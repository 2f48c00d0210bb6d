import ControlAPI
import Records
import Wire

extension Action {
  /// Of every target what can be done to it besides the keys of rows.
  static func all(on target: ActSubject, _ model: Model) -> [Action] {
    switch target {
    case .rows(let ids): rows(ids, target, model)
    case .incident(let id): incident(id, target)
    case .notice(let id): notice(id, target)
    case .site(let id): site(id, target)
    case .duty: duty(target)
    case .task, .intake, .report, .message, .suppression, .proposal, .drill, .contact, .guardPeriod,
      .guardCheck:
      others(target)
    }
  }

  static let day = 86_400.0

  private static func rows(_ ids: [Int64], _ target: ActSubject, _ model: Model) -> [Action] {
    let row = ids.count == 1 ? model.queueRow(ids[0]) : nil
    var actions = [
      through(
        "judge", "j", "judge", "研判", on: target, API.act,
        [.choice("what came of it", "结果", Outcome.self), .needed("why", "理由")]
      ) { given in
        Outcome(rawValue: given.text(0)).map {
          ActRequest(ids: ids, act: .judge, outcome: $0, reason: given.text(1))
        }
      },
      through(
        "case", "n", "new case from", "立案", on: target, API.openIncident,
        [.text("title (empty: the row's)", "标题（空则取告警）")], opens: true
      ) { given in
        IncidentOpening(title: given.said(0), rows: ids)
      },
      through(
        "join", "i", "join to a case", "并入事件", on: target, API.act, [.needed("number of the case", "事件编号")]
      ) { given in
        ActRequest(ids: ids, act: .escalate, incident: given.text(0))
      },
      through(
        "draft", "d", "draft a notice of", "拟通报", on: target, API.draftNotice,
        [
          .needed("to the organisation", "单位", usual: row?.organisation ?? ""),
          .choice("how urgent", "紧急程度", NoticeUrgency.self), .text("advice", "处置建议"),
        ], opens: true
      ) { given in
        NoticeUrgency(rawValue: given.text(1)).map {
          NoticeDraft(urgency: $0, organisation: given.text(0), rows: ids, advice: given.text(2))
        }
      },
    ]
    guard let row else { return actions }
    actions += [trial(row, target), suppress(row, target)]
    return row.wing == .scanner ? actions + finding(row.id, target) : actions
  }

  private static func trial(_ row: QueueRow, _ target: ActSubject) -> Action {
    through(
      "try", "t", "try suppressing the rule of", "试算抑制规则", on: target, API.trySuppression
    ) { given in
      SuppressionRequest(rule: row.check, site: row.site, reason: "a trial", until: given.now.advanced(seconds: day))
    }
  }

  private static func suppress(_ row: QueueRow, _ target: ActSubject) -> Action {
    through(
      "suppress", "s", "suppress the rule of", "抑制规则", on: target, API.addSuppression,
      [.span("for", "时长", most: 90 * day, usual: "7d"), .needed("why", "理由")], confirms: true
    ) { given in
      given.later(0).map { SuppressionRequest(rule: row.check, site: row.site, reason: given.text(1), until: $0) }
    }
  }

  private static func finding(_ id: Int64, _ target: ActSubject) -> [Action] {
    let settling: [Field] = [.span("for", "时长", most: 366 * day, usual: "30d"), .needed("why", "理由")]
    return [
      through("accept", "a", "accept the risk of", "接受风险", on: target, API.acceptFinding, id: "\(id)", settling) {
        given in
        FindingAct(reason: given.text(1), until: given.later(0))
      },
      through("false", "f", "call false", "判为误报", on: target, API.falseFinding, id: "\(id)", settling) { given in
        FindingAct(reason: given.text(1), until: given.later(0))
      },
      through(
        "claim", "c", "enter as said to be fixed", "登记称已整改", on: target, API.claimFinding, id: "\(id)",
        [.needed("who says so", "依据")]
      ) { given in
        FindingAct(reason: given.text(0))
      },
      through("retest", "r", "look again at", "复测", on: target, API.retestFinding, id: "\(id)") { _ in FindingAct() },
    ]
  }
}
