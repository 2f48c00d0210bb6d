import ControlAPI
import Records
import Wire

/// The duty on a terminal.
struct DutyLinesOut {
  let words: CommandWords

  func status(_ status: DutyStatus) -> [String] {
    var lines = [watch(status)]
    let chain = status.chain.people.enumerated().map { "\($0.offset + 1) \($0.element ?? words("nobody", "无人"))" }
    lines.append(words("chain: ", "呼叫链：") + chain.joined(separator: ", "))
    lines.append(
      words("roster: ", "排班：") + (status.roster ?? words("none: nobody is paged", "无：不呼叫")) + " (\(status.zone))")
    lines.append(words("waiting: \(status.waiting), held: \(status.held)", "待确认：\(status.waiting)，处理中：\(status.held)"))
    if let shift = status.shift { lines.append(answers(shift.answers)) }
    if !status.guards.isEmpty { lines.append(words("guard: ", "保障期：") + status.guards.joined(separator: ", ")) }
    lines += status.drills.map { "\(words(Drill.mark)) \($0.id) \($0.name)" }
    lines += status.faults.map { words("fault: ", "故障：") + words($0) }
    return lines.map(Table.harmless)
  }

  private func watch(_ status: DutyStatus) -> String {
    guard let watch = status.watch else { return words("watch: nobody", "值守：无人") }
    let until = watch.until.map { words(", until ", "，至 ") + $0.secondText + "Z" } ?? ""
    let next = watch.next.map { words(", then \($0)", "，其后 \($0)") } ?? ""
    let taken = watch.isTaken ? "" : words(" (by the roster; not taken)", "（按排班，未接班）")
    return words("watch: ", "值守：") + watch.name + taken + words(" since ", "，自 ") + watch.since.secondText + "Z" + until
      + next
  }

  func answers(_ value: AnswerStatistics) -> String {
    func seconds(_ value: Double?) -> String { value.map { "\(Int($0.rounded())) s" } ?? "-" }
    return words(
      "acknowledged: \(value.count), median \(seconds(value.median)), 95 % within \(seconds(value.p95)), late \(value.late)",
      "已确认：\(value.count)，中位 \(seconds(value.median))，95% 在 \(seconds(value.p95)) 内，超时 \(value.late)")
  }

  func taken(_ item: ShiftItem) -> [String] {
    let head = words("\(item.shift.person) has the watch", "\(item.shift.person) 已接班")
    return [head]
      + (item.note.map { words($0).split(separator: "\n", omittingEmptySubsequences: false).map(String.init) } ?? [])
  }

  func canary(_ report: CanaryReport) -> [String] {
    var lines: [String] = []
    if let target = report.target {
      lines.append(
        words(
          "to \(target): \(report.sent) sent, \(report.late) late", "目标 \(target)：发出 \(report.sent)，超时 \(report.late)"))
    }
    if let reason = report.notMeasured { lines.append(words(reason)) }
    if let run = report.last, let stage = run.stuckBefore {
      lines.append(words("the last has not come to: \(stage.rawValue)", "最近一次未到达：\(stage.rawValue)"))
    }
    return lines
  }

  // MARK: rosters

  func roster(_ preview: RosterPreview) -> [String] {
    let state =
      preview.isKept
      ? (preview.isInForce ? words("in force", "生效") : words("kept, not in force", "已保存，未生效"))
      : words("only looked at", "仅预览")
    return ["\(preview.roster.id) (\(preview.roster.zone)), \(state)"]
      + preview.remarks.map { "  ! " + $0 }
  }

  // MARK: drills, guard periods

  func drill(_ item: DrillItem) -> [String] {
    let drill = item.drill
    let state = drill.until.map { words("over since ", "已结束，") + $0.secondText + "Z" } ?? words("runs", "进行中")
    return [
      "\(words(Drill.mark)) \(drill.id) \(drill.name), \(state)",
      words("pages: \(item.pages); ", "呼叫：\(item.pages)；") + answers(item.answers),
    ]
      + item.rows.map { row in
        let time =
          row.seconds.map { "\(Int($0.rounded())) s, \(row.person ?? "-")" } ?? words("not acknowledged", "未确认")
        return words("  row \(row.row): ", "  事件 \(row.row)：") + time
      }
  }

  func checklist(_ list: GuardChecklist) -> [String] {
    let open = list.checks.count { $0.tickedBy == nil }
    let head = words(
      "\(list.period.id): \(open) of \(list.checks.count) not ticked",
      "\(list.period.id)：\(list.checks.count) 项中 \(open) 项未完成")
    return [head]
      + list.checks.map { check in
        let by = check.tickedBy.map { " (\($0), \(check.tickedAt?.secondText ?? "")Z)" } ?? ""
        return "[\(check.tickedBy == nil ? " " : "x")] \(check.id): \(words(check.text))\(by)"
      }
  }
}
