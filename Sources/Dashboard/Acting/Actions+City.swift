import ControlAPI
import Records
import Wire

extension Action {
  static func site(_ id: String, _ target: ActSubject) -> [Action] {
    let request = ScanRequest(sites: [id])
    return [
      through("scan", "s", "scan now", "立即扫描", on: target, API.startScans) { _ in request },
      through("stop", "x", "stop the scans of", "停止扫描", on: target, API.stopScans, confirms: true) { _ in request },
      through("resume", "r", "take back the stop of", "恢复扫描", on: target, API.resumeScans) { _ in request },
      through(
        "accept", "a", "take what has changed as right on", "确认变更", on: target, API.acceptChange, id: id, confirms: true
      ) { _ in AcceptRequest() },
    ]
  }

  static func duty(_ target: ActSubject) -> [Action] {
    [
      through(
        "take", "t", "take", "接班", on: target, API.takeShift,
        [.text("why, where it was not handed over", "未交班时的理由")], confirms: true
      ) { ShiftTake(over: $0.said(0)) },
      through(
        "handover", "h", "hand over", "交班", on: target, API.handOver,
        [.text("to (empty: whom the roster names)", "交予（空则按排班）"), .text("remark", "交班备注")], confirms: true
      ) { ShiftHandOver(to: $0.said(0), remark: $0.text(1)) },
      through("remark", "w", "write into the log of", "写值班日志", on: target, API.writeDutyLog, [.needed("remark", "内容")])
      {
        DutyRemark(text: $0.text(0))
      },
      through(
        "report", "p", "make a report of", "生成报告", on: target, API.makeDutyReport,
        [.choice("kind", "类型", DutyReport.Kind.self)]
      ) { given in DutyReport.Kind(rawValue: given.text(0)).map { DutyReportRequest(kind: $0) } },
      through(
        "intake", "i", "enter what came to", "登记来件", on: target, API.addIntake,
        [
          .choice("from", "来源", Intake.Source.self), .needed("sender", "来函人"), .needed("about, in a line", "标题"),
          .text("what it says", "内容"), .text("site, by id", "站点编号"),
          .span("to be answered within (empty: in the usual time)", "答复时限（空则按惯例）", most: 366 * day, usual: ""),
        ]
      ) { intake($0) },
      through(
        "drill", "d", "start a drill of", "开始演练", on: target, API.drill,
        [.needed("id", "编号"), .needed("name", "名称")], confirms: true
      ) { DrillRequest(act: .start, id: $0.text(0), name: $0.text(1)) },
    ]
  }

  private static func intake(_ given: Given) -> IntakeDraft? {
    Intake.Source(rawValue: given.text(0)).map {
      IntakeDraft(
        source: $0, sender: given.text(1), senderDeadline: given.later(5), title: given.text(2), text: given.text(3),
        site: given.said(4))
    }
  }

  static func others(_ target: ActSubject) -> [Action] {
    switch target {
    case .task(let id):
      [through("done", "d", "done:", "完成", on: target, API.endTask, id: "\(id)") { _ in Nothing() }]
    case .intake(let id): intake(id, target)
    case .report(let id):
      [
        through(
          "sign", "s", "sign", "签发", on: target, API.signDutyReport,
          [.needed("your name", "签名"), .text("remark", "备注")],
          confirms: true
        ) { DutySignature(report: id, name: $0.text(0), remark: $0.said(1)) }
      ]
    case .message(let id):
      [
        through("retry", "r", "try again", "重发", on: target, API.retryOutbox) { _ in OutboxAct(ids: [id]) },
        through("drop", "x", "take out", "撤下", on: target, API.dropOutbox, confirms: true) { _ in OutboxAct(ids: [id])
        },
      ]
    case .suppression(let id):
      [
        through("end", "e", "end", "结束", on: target, API.endSuppression, confirms: true) { _ in SuppressionEnd(id: id) }
      ]
    case .proposal(let id):
      [
        through("accept", "a", "accept", "采纳", on: target, API.decideProposals) { _ in
          ProposalDecision(ids: [id], accept: true)
        },
        through("decline", "d", "decline", "否决", on: target, API.decideProposals) { _ in
          ProposalDecision(ids: [id], accept: false)
        },
      ]
    case .drill(let id): drill(id, target)
    case .contact(let organisation, let address):
      [
        through(
          "confirm", "c", "confirm", "确认", on: target, API.confirmContact, [.needed("how they were reached", "确认方式")]
        ) { ContactConfirmation(organisation: organisation, address: address, reason: $0.text(0)) }
      ]
    case .guardPeriod(let id):
      [through("end", "e", "end", "结束", on: target, API.endGuard, confirms: true) { _ in GuardEnd(id: id) }]
    case .guardCheck(let period, let check):
      [
        through("tick", "t", "tick", "完成", on: target, API.tickGuard, id: period) { _ in GuardTick(check: check) },
        through("untick", "u", "take back the tick of", "撤回", on: target, API.tickGuard, id: period) { _ in
          GuardTick(check: check, isTicked: false)
        },
      ]
    case .rows, .incident, .notice, .site, .duty: []
    }
  }

  private static func intake(_ id: Int64, _ target: ActSubject) -> [Action] {
    [
      through(
        "answer", "a", "answer", "答复", on: target, API.answerIntake, id: "\(id)", [.needed("what was answered", "答复内容")]
      ) {
        IntakeAnswer(text: $0.text(0))
      },
      through(
        "rate", "r", "rate", "登记评价", on: target, API.rateIntake, id: "\(id)",
        [.choice("how they found it", "评价", Intake.Rating.self)]
      ) { given in Intake.Rating(rawValue: given.text(0)).map { IntakeRating(rating: $0) } },
    ]
  }

  private static func drill(_ id: String, _ target: ActSubject) -> [Action] {
    [
      through(
        "inject", "i", "inject an alert into", "注入演练告警", on: target, API.drill,
        [.needed("title", "标题"), .choice("severity", "级别", Severity.self), .text("site", "站点")]
      ) { given in
        Severity(rawValue: given.text(1)).map {
          DrillRequest(act: .inject, id: id, title: given.text(0), severity: $0, site: given.said(2))
        }
      },
      through("end", "e", "end", "结束", on: target, API.drill, confirms: true) { _ in DrillRequest(act: .end, id: id) },
    ]
  }
}
