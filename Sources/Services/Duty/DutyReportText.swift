package import Records
internal import Wire

/// A report of the duty as Markdown, in one language.
package struct DutyReportText {
  private let report: DutyReport
  private let isChinese: Bool
  private let zone: CivilZone?
  private let city: String

  package init(_ report: DutyReport, city: String, _ language: TextLanguage, zone: CivilZone?) {
    self.report = report
    self.city = city
    isChinese = language == .zh
    self.zone = zone
  }

  private func say(_ en: String, _ zh: String) -> String { isChinese ? zh : en }
  private func say(_ text: BilingualText) -> String { isChinese ? text.zh : text.en }
  private func time(_ value: Timestamp) -> String { DutyTime.text(value, zone) }

  package var text: String { lines.joined(separator: "\n") + "\n" }

  private var title: String {
    switch report.kind {
    case .daily: say("Daily report", "值守日报")
    case .zero: say("Zero report", "零报告")
    case .closing: say("Closing report of the guard period", "重大活动保障总结报告")
    }
  }

  private var lines: [String] {
    var result = [
      "# \(city): \(title)", "",
      say("from \(time(report.from)) until \(time(report.until))", "时段：\(time(report.from)) 至 \(time(report.until))"),
    ]
    if let period = report.period { result.append(say("of: \(period)", "所属：\(period)")) }
    if let verdict = report.verdict { result += ["", "**\(sentence(verdict))**"] }
    result += ["", say("## What came", "## 事件情况")] + rows
    result += ["", say("## What was not seen", "## 监测盲区")] + blind
    result += ["", say("## The watch", "## 值守情况")] + watch
    if report.kind == .closing { result += ["", say("## Not ticked at the start", "## 启动清单未完成项")] + unticked }
    return result + ["", signature]
  }

  private func sentence(_ verdict: DutyReport.Verdict) -> String {
    switch verdict {
    case .zero: say("Zero: nothing to report.", "零报告：无网络安全事件。")
    case .notZero:
      say("Not zero: \(report.events.count) event(s).", "非零：共 \(report.events.count) 起事件。")
    case .notDetermined: say("Not determined: ", "尚不确定：") + reasons.joined(separator: say("; ", "；"))
    }
  }

  /// `not determined for 37 sites, 02:10-04:40`.
  private var reasons: [String] {
    var result = report.blind.map { span in
      let hours = "\(DutyTime.clock(span.from, zone))-\(DutyTime.clock(span.until, zone))"
      return span.siteCount > 0
        ? say("for \(span.siteCount) sites, \(hours)", "\(span.siteCount) 个站点，\(hours)")
        : say("\(span.source) was blind, \(hours)", "\(span.source) 失明，\(hours)")
    }
    if !report.unsettled.isEmpty {
      result.append(
        say("\(report.unsettled.count) row(s) that nobody has judged", "\(report.unsettled.count) 条事件尚未研判"))
    }
    return result
  }

  private var rows: [String] {
    let counts = zip(Severity.allCases, report.rows).reversed().map { severity, count in
      "- \(say(severity.title)): \(count)"
    }
    var result = Array(counts)
    if !report.events.isEmpty { result.append(say("- events: rows ", "- 事件编号：") + numbers(report.events)) }
    if !report.unsettled.isEmpty { result.append(say("- not judged: rows ", "- 未研判：") + numbers(report.unsettled)) }
    result.append(say("- incidents: ", "- 事件案：") + kept(report.incidents))
    result.append(say("- notices: ", "- 通报：") + kept(report.notices))
    return result
  }

  private func kept(_ count: Int?) -> String { count.map(String.init) ?? say("not kept by this hub", "本系统未记录") }

  private func numbers(_ rows: [Int64]) -> String {
    rows.prefix(50).map(String.init).joined(separator: ", ") + (rows.count > 50 ? ", ..." : "")
  }

  private var blind: [String] {
    let tested = say(
      "- sites tested: \(report.sitesTested) of \(report.sites)", "- 已检测站点：\(report.sitesTested) / \(report.sites)")
    guard !report.blind.isEmpty else { return [tested, say("- nothing was blind", "- 无盲区")] }
    return [tested]
      + report.blind.map { span in
        let sites =
          span.sites.isEmpty
          ? ""
          : ": " + span.sites.prefix(40).joined(separator: ", ")
            + (span.siteCount > 40 ? ", ..." : "")
        return
          "- \(span.source), \(DutyTime.clock(span.from, zone))-\(DutyTime.clock(span.until, zone)): \(reason(span))\(sites)"
      }
  }

  /// The hub's own reasons in the reader's language; a sensor's words as it said them.
  private func reason(_ span: BlindSpan) -> String {
    guard isChinese else { return span.reason }
    if span.reason.hasPrefix("no sign of life") { return "心跳中断" }
    return DutyReportText.reasons[span.reason] ?? span.reason
  }

  private static let reasons = [
    "not started yet": "尚未启动", "no sensor watches the network": "无探针监测网络",
    "the duty was not kept here yet": "值守尚未启用", "no valid authorisation": "无有效授权", "scans are stopped": "扫描已停止",
    "not looked at": "未检测",
    "the hub was not running: no site was looked at, nobody was called": "系统未运行：未检测站点，未呼叫人员",
  ]

  private var watch: [String] {
    let answers = report.acknowledged
    func seconds(_ value: Double?) -> String { value.map { "\(Int($0.rounded())) s" } ?? say("none", "无") }
    let shifts = report.shifts.map { shift in
      "- \(shift.person): \(time(shift.since)) - \(shift.until.map(time) ?? say("still", "在岗"))"
        + (shift.takenOver.map { say("; taken without a handover: \($0)", "；未经交接接班：\($0)") } ?? "")
    }
    return [
      say(
        "- acknowledged: \(answers.count), median \(seconds(answers.median)), 95 % within \(seconds(answers.p95)), late \(answers.late)",
        "- 已确认：\(answers.count)，中位 \(seconds(answers.median))，95% 在 \(seconds(answers.p95)) 内，超时 \(answers.late)"),
      say("- pages: \(report.pages), digests: \(report.digests)", "- 呼叫：\(report.pages)，摘要：\(report.digests)"),
    ] + (shifts.isEmpty ? [say("- nobody took the watch", "- 无人接班")] : shifts)
  }

  private var unticked: [String] {
    report.unticked.isEmpty ? [say("- everything was ticked", "- 全部完成")] : report.unticked.map { "- " + say($0) }
  }

  private var signature: String {
    guard let name = report.signedBy, let at = report.signedAt else { return say("not signed", "未签发") }
    return say("signed by \(name), \(time(at))", "签发人：\(name)，\(time(at))") + (report.remark.map { "; \($0)" } ?? "")
  }
}
