package import Records
internal import Wire

/// A handover note as lines to read.
package enum HandoverText {
  package static func text(_ note: HandoverNote, _ language: TextLanguage, _ zone: CivilZone?) -> String {
    HandoverLines(note: note, isChinese: language == .zh, zone: zone).all.joined(separator: "\n") + "\n"
  }
}

private struct HandoverLines {
  let note: HandoverNote
  let isChinese: Bool
  let zone: CivilZone?

  func say(_ en: String, _ zh: String) -> String { isChinese ? zh : en }
  func say(_ text: BilingualText) -> String { isChinese ? text.zh : text.en }

  var all: [String] {
    var lines = [
      say("# Handover note", "# 交接班记录"),
      say(
        "from \(note.by)\(note.to.map { " to \($0)" } ?? ""), \(DutyTime.text(note.time, zone)); on watch since "
          + DutyTime.text(note.since, zone),
        "交班人：\(note.by)\(note.to.map { "，接班人：\($0)" } ?? "")，时间：\(DutyTime.text(note.time, zone))；接班时间："
          + DutyTime.text(note.since, zone)), "",
    ]
    if !note.remark.isEmpty { lines += [say("In the holder's words: ", "交班说明：") + note.remark, ""] }
    lines += [say("## Open rows", "## 未关闭事件")] + counts + items
    lines += list(say("Suppressions in force", "生效中的抑制规则"), note.suppressions)
    lines += list(say("Open incidents", "未结事件案"), note.incidents)
    lines += list(say("Open notices", "未结通报"), note.notices)
    lines += list(say("Stopped scans", "已停止的扫描"), note.stops)
    lines += list(say("Ailing", "运行异常"), note.ailing)
    let due = note.due.map { due in
      BilingualText(
        en: "\(DutyTime.text(due.time, zone)): \(due.text.en)", zh: "\(DutyTime.text(due.time, zone))：\(due.text.zh)")
    }
    return lines + list(say("Due in the next shift", "下一班到期事项"), due)
  }

  private var counts: [String] {
    guard !note.counts.isEmpty else { return [say("none", "无")] }
    return note.counts.map {
      say(
        "- \($0.severity.rawValue), \($0.outcome.rawValue): \($0.count)",
        "- \($0.severity.title.zh)，\(HandoverLines.word($0.outcome))：\($0.count)")
    }
  }

  private var items: [String] {
    let lines = note.items.map { item in
      let mark = item.isDrill ? say(Drill.mark) + " " : ""
      let holder = item.holder.map { say(", \($0)", "，\($0)") } ?? say(", nobody's", "，无人负责")
      let word =
        item.state == .acknowledged
        ? say("holds until", "确认有效至") : say("acknowledge by", "确认时限")
      let due = item.due.map { say(", ", "，") + "\(word) \(DutyTime.clock($0, zone))" } ?? ""
      return "- \(mark)\(item.row) \(item.severity.rawValue) \(item.outcome.rawValue) \(item.state.rawValue) "
        + "\(item.subject): \(say(item.title))\(holder)\(due)"
    }
    return lines + (note.more > 0 ? [say("- and \(note.more) more", "- 另有 \(note.more) 条")] : [])
  }

  private func list(_ title: String, _ lines: [BilingualText]?) -> [String] {
    guard let lines else { return ["", "## \(title)", say("not kept by this hub", "本系统未记录")] }
    return ["", "## \(title)"] + (lines.isEmpty ? [say("none", "无")] : lines.map { "- " + say($0) })
  }

  static func word(_ outcome: Outcome) -> String {
    switch outcome {
    case .failed: "失败"
    case .notDetermined: "尚不确定"
    case .attempted: "企图"
    case .succeeded: "成功"
    case .compromised: "失陷"
    }
  }
}
