internal import Records
internal import Services
internal import Wire

/// What Vigil writes into the log of the duty.
enum DutyLines {
  static let nobody = BilingualText(en: "nobody is on watch", zh: "当前无人值守")

  static func unassigned(_ count: Int, _ seconds: Double) -> BilingualText {
    BilingualText(
      en: "\(count) rows or more have nobody after \(Int(seconds)) s", zh: "至少 \(count) 条事件超过 \(Int(seconds)) 秒未分派")
  }

  static func over(_ key: String) -> BilingualText {
    switch key {
    case "nobody": BilingualText(en: "somebody is on watch again", zh: "已恢复有人值守")
    case "taken": BilingualText(en: "the watch is where the roster says", zh: "值守与排班一致")
    case "canary": BilingualText(en: "the canary comes all the way again", zh: "链路探测恢复正常")
    default: BilingualText(en: "\(key) is over", zh: "\(key) 已恢复")
    }
  }

  static func notTaken(_ person: String, _ since: Timestamp, holder: String?, _ zone: CivilZone) -> BilingualText {
    let time = DutyTime.text(since, zone)
    guard let holder else {
      return BilingualText(
        en: "\(person) has not taken the watch, which began \(time)", zh: "\(person) 未接班，应于 \(time) 接班")
    }
    return BilingualText(
      en: "\(person) has not taken the watch from \(holder), which was due \(time)",
      zh: "\(person) 未从 \(holder) 处接班，应于 \(time) 接班")
  }

  static func page(_ page: DutyPage, isSent: Bool, _ now: Timestamp) -> DutyLine {
    let mark = page.isDrill ? (Drill.mark.en + " ", Drill.mark.zh) : ("", "")
    let what =
      page.reason == .digest
      ? ("a digest of \(page.count) rows", "\(page.count) 条事件的摘要")
      : (
        "row \(page.row), \(page.severity.rawValue), step \(page.step), round \(page.round)",
        "事件 \(page.row)（\(page.severity.title.zh)），第 \(page.step) 级第 \(page.round) 轮"
      )
    let fault = isSent ? ("", "") : (": no address is known, nothing was sent", "：无联系方式，未发出")
    let (en, zh) = words(page.reason)
    return DutyLine(
      time: now, kind: isSent ? .page : .fault,
      text: BilingualText(
        en: "\(mark.0)\(en) \(page.person): \(what.0)\(fault.0)",
        zh: "\(mark.1)\(zh) \(page.person)：\(what.1)\(fault.1)"))
  }

  private static func words(_ reason: DutyPage.Reason) -> (String, String) {
    switch reason {
    case .waiting, .digest: ("paged", "呼叫")
    case .holderAsked: ("asked the holder", "询问处理人")
    case .leadAsked: ("told the lead", "告知带班领导")
    }
  }

  static func orphan(_ row: Int64, _ now: Timestamp) -> DutyLine {
    DutyLine(
      time: now, kind: .fault,
      text: BilingualText(en: "row \(row): there is nobody to page", zh: "事件 \(row)：呼叫链上无人"))
  }

  static func forsaken(_ row: Int64, _ rounds: Int, _ now: Timestamp) -> DutyLine {
    DutyLine(
      time: now, kind: .fault,
      text: BilingualText(
        en: "row \(row): nobody acknowledged it in \(rounds) rounds", zh: "事件 \(row)：呼叫 \(rounds) 轮后仍无人确认"))
  }

  static func flood(_ page: DutyPage) -> BilingualText {
    BilingualText(
      en:
        "\(page.person) was due more pages than an hour allows: \(page.count) rows became a digest, a fault of tuning",
      zh: "\(page.person) 的呼叫超出每小时上限：\(page.count) 条合并为摘要，规则需要调优")
  }

  static func taken(_ shift: Shift, from holder: String?, _ now: Timestamp) -> DutyLine {
    let from = holder.map { (" from \($0)", "从 \($0) 处") } ?? ("", "")
    let why = shift.takenOver.map { (", without a handover: \($0)", "，未经交接：\($0)") } ?? ("", "")
    return DutyLine(
      time: now, author: shift.person, kind: .shift,
      text: BilingualText(
        en: "\(shift.person) took the watch\(from.0)\(why.0)", zh: "\(shift.person) \(from.1)接班\(why.1)"))
  }

  static func handedOver(_ note: HandoverNote, _ now: Timestamp) -> DutyLine {
    DutyLine(
      time: now, author: note.by, kind: .shift,
      text: BilingualText(
        en: "\(note.by) hands over\(note.to.map { " to \($0)" } ?? ""); the watch stays until it is taken",
        zh: "\(note.by) 发起交班\(note.to.map { "，接班人 \($0)" } ?? "")，接班前仍由其值守"))
  }
}
