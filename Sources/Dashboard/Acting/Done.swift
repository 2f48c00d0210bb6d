import ControlAPI
import Records
import Wire

/// What came of a deed: said, opened, or put where it is shown.
extension Model {
  mutating func done(_ deed: Deed, _ answer: any Sendable) -> [Effect] {
    let words = BilingualText(en: "done: \(deed.title.en)", zh: "已完成：\(deed.title.zh)")
    if let report = answer as? ActReport {
      let effects = acted(deed.title, report)
      if report.refused.isEmpty { say(words, isProblem: false) }
      return effects
    }
    say(words, isProblem: false)
    marked = [:]
    switch answer {
    case let detail as IncidentDetail:
      answers[.incident(detail.item.id)] = Answer(value: detail, at: now)
      if deed.opens { _ = go(.incident(detail.item.id)) }
    case let notice as Records.Notice where deed.opens: _ = go(.notice(notice.id))
    case let list as GuardChecklist: ticked(list)
    case let intake as Intake: entered(intake)
    case let trial as SuppressionTrial: tried(trial)
    case let report as ScanReport: complain(report.refused)
    case let report as ProposalReport: complain(report.refused)
    case let report as OutboxReport: complain(report.refused.map { "\($0.id): \($0.reason)" })
    default: break
    }
    return [.refresh]
  }

  private mutating func ticked(_ list: GuardChecklist) {
    let question = Question(API.guardChecklist, id: list.period.id, Nothing())
    answers[question] = Answer(value: list, at: now)
    relist { $0 == question }
  }

  private mutating func entered(_ intake: Intake) {
    let known = intake.finding.map { ("; row \($0) says the same", "；与第 \($0) 行相同") } ?? ("", "")
    let due = TimeSpan.short(seconds: Int64(Model.seconds(intake.due, since: now)))
    say(
      BilingualText(
        en: "intake \(intake.id): to be answered within \(due)\(known.0)",
        zh: "来件 \(intake.id)：须在 \(due) 内答复\(known.1)"),
      isProblem: false)
  }

  /// In 30 days; what mattered of it is the answer.
  private mutating func tried(_ trial: SuppressionTrial) {
    let isMore = trial.alarmCount > 1
    let first =
      trial.alarms.first.map { (" (row \($0.row)\(isMore ? ", …" : ""))", "（第 \($0.row) 行\(isMore ? "等" : "")）") }
      ?? ("", "")
    let left = trial.leftOut.map { ("; \($0)", "；未查全：\($0)") } ?? ("", "")
    say(
      BilingualText(
        en: "would have hidden \(trial.rows) rows, \(trial.alerts) alerts; "
          + "\(trial.alarmCount) mattered\(first.0)\(left.0)",
        zh: "近 30 天将隐藏 \(trial.rows) 行、\(trial.alerts) 条告警；其中 \(trial.alarmCount) 行重要\(first.1)\(left.1)"),
      isProblem: trial.alarmCount > 0 || trial.leftOut != nil)
  }

  private mutating func complain(_ refused: [String]) {
    guard let first = refused.first else { return }
    let more = refused.count > 1 ? " (+\(refused.count - 1))" : ""
    say(BilingualText(first + more), isProblem: true)
  }
}
