import ControlAPI
import Dashboard
import Records
import Wire

/// The situation as people read it.
struct SituationLines {
  let words: CommandWords
  let style: Ink

  func print(_ report: SituationReport) {
    let change = report.change.map { " (\($0 >= 0 ? "+" : "")\($0))" } ?? ""
    let mean = report.posture
    Console.out.line(
      Table.harmless(words(report.title)) + "  "
        + words(
          "score \(words.score(mean.score))\(change), \(mean.tested) of \(mean.sites) sites tested, \(report.hours) h",
          "得分 \(words.score(mean.score))\(change)，已检测网站 \(mean.tested) / \(mean.sites)，近 \(report.hours) 小时"))
    let days = report.days.suffix(14).map { words.score($0.score) }
    if !days.isEmpty { Console.out.line(words("days: ", "往日：") + days.joined(separator: " ")) }
    risks(report.risks)
    if let sources = report.sources { top(words("SOURCES", "攻击来源"), sources) }
    top(words("TARGETS", "攻击目标"), report.targets)
    coverage(report.coverage)
    print(report.blindness)
    print(report.early)
    guard !report.incidents.isEmpty else { return }
    Console.out.line(words("open incidents", "处置中的事件"))
    ListLines(.incidents, style).lines(report.incidents).forEach(Console.out.line)
  }

  private func risks(_ risks: [RiskItem]) {
    var table = Table([
      .init(words("RISK", "风险"), isRight: true), .init(words("SITE", "网站")), .init(words("WEAKNESS", "问题")),
      .init(words("WHY", "理由"), yields: true),
    ])
    for risk in risks {
      table.add([
        IncidentFact.plain(risk.score), risk.site ?? risk.platform.map { "platform:\($0)" } ?? "-", words(risk.title),
        words(risk.explanation),
      ])
    }
    section(words("top risks", "主要风险"), table)
  }

  /// In a pipe tables have no head: what each is about is said before it.
  private func section(_ title: String, _ table: Table) {
    guard !table.rows.isEmpty else { return }
    Console.out.line(title)
    table.print(style)
  }

  private func top(_ title: String, _ list: TopList) {
    var table = Table([.init(words("ALERTS", "告警数"), isRight: true), .init(title, yields: true)])
    for entry in list.entries { table.add(["\(entry.count)", entry.value]) }
    section(title.lowercased(), table)
    if list.short > 0 {
      Console.out.line(
        words("each count may be short by up to \(list.short)", "每个数字最多少计 \(list.short)"))
    }
  }

  private func coverage(_ engines: [EngineReach]) {
    var table = Table([
      .init(words("ENGINE", "引擎")), .init(words("FRESH", "及时"), isRight: true),
      .init(words("SITES", "网站数"), isRight: true), .init(words("STALE", "过期"), isRight: true),
      .init(words("NEVER", "从未"), isRight: true), .init(words("WHY NOT", "原因"), yields: true),
    ])
    for reach in engines {
      let reasons = reach.reasons.map { "\($0.reason) (\($0.sites))" }.joined(separator: "; ")
      table.add([
        reach.engine, reach.share.map { "\(Int($0)) %" } ?? "-", "\(reach.sites)", "\(reach.stale)", "\(reach.never)",
        reasons.isEmpty ? "-" : reasons,
      ])
    }
    section(words("coverage", "检测覆盖"), table)
  }

  func print(_ blindness: Blindness) {
    var table = Table([
      .init(words("SENSOR", "探针"), yields: true), .init(words("STATE", "状态")),
      .init(words("ENCRYPTED", "加密"), isRight: true), .init(words("ONE-SIDED", "单向"), isRight: true),
      .init(words("UNKNOWN", "未识别"), isRight: true), .init(words("NO SITE'S", "未归属"), isRight: true),
      .init(words("NOT DET.", "无法判定"), isRight: true), .init(words("BEHIND", "积压"), isRight: true),
    ])
    for sensor in blindness.sensors {
      table.add(
        [sensor.sensor, sensor.state?.rawValue ?? words("not here", "不在线")] + shares(sensor.shares)
          + ["\(sensor.spoolBytes / 1024) KiB"])
    }
    if blindness.sensors.count > 1 { table.add([words("all", "合计"), "-"] + shares(blindness.all) + ["-"]) }
    section(words("sensors", "探针视野"), table)
    for interval in blindness.intervals {
      Console.out.line(
        Table.harmless(
          words("blind: ", "失明：")
            + "\(interval.sensor) \(interval.from.text) - \(interval.until.text): \(interval.reason)"))
    }
  }

  private func shares(_ shares: Blindness.Shares) -> [String] {
    [shares.encrypted, shares.oneSided, shares.unknown, shares.unattributed, shares.notDetermined].map { share in
      share.map { "\($0) %" } ?? words("not determined", "尚不确定")
    }
  }

  /// `isWhole`: with every site.
  func print(_ warnings: [EarlyWarning], isWhole: Bool = false) {
    for warning in warnings {
      let rest = warning.isComplete ? "" : words(", perhaps more", "，可能不止")
      Console.out.line(
        Table.harmless("! \(words(warning.kind.title)): \(words(warning.title))\(rest)"))
      guard isWhole else { continue }
      Console.out.line(
        Table.harmless(words("  seen at: ", "  已见于：") + warning.seenAt.joined(separator: ", ")))
      if !warning.exposed.isEmpty {
        Console.out.line(
          Table.harmless(
            words("  open at: ", "  存在于：")
              + warning.exposed.map { "\($0.site) (\($0.finding))" }.joined(separator: ", ")))
      }
    }
  }
}

/// What has changed, as people read it.
struct ChangesLines {
  let words: CommandWords
  let style: Ink

  func print(_ changes: SituationChanges) {
    let since = changes.isSinceLook ? words("since your look ", "自上次查看 ") : words("since ", "自 ")
    Console.out.line(since + changes.since.text)
    let (old, new) = (words.score(changes.score.before), words.score(changes.score.after))
    Console.out.line(words("score ", "得分 ") + "\(old) -> \(new)")
    for score in changes.scores {
      Console.out.line("  \(score.site)  \(words.score(score.before)) -> \(words.score(score.after))")
    }
    rows(words("new rows", "新告警"), changes.made)
    rows(words("came back", "复现告警"), changes.returned)
    rows(words("closed", "已关闭"), changes.closed)
    findings(changes.findings)
    if !changes.down.isEmpty { Console.out.line(words("down: ", "不可访问：") + changes.down.joined(separator: ", ")) }
    if !changes.up.isEmpty { Console.out.line(words("up again: ", "已恢复：") + changes.up.joined(separator: ", ")) }
    for line in changes.incidents {
      Console.out.line(Table.harmless("\(line.incident) \(words(line.kind.title)): \(line.text)"))
    }
    SituationLines(words: words, style: style).print(changes.early)
    notLooked(changes.notLooked)
  }

  private func rows(_ title: String, _ rows: SituationChanges.Rows) {
    Console.out.line("\(title): \(rows.total)")
    for row in rows.rows {
      Console.out.line(
        Table.harmless(
          "  \(row.id)  \(row.severity.letter)  \(row.site ?? row.subject)  \(words(row.title))"))
    }
  }

  private func findings(_ diff: FindingDiff) {
    let counts = diff.counts
    Console.out.line(
      words(
        "findings: \(counts.new) new, \(counts.back) back, \(counts.changed) changed, \(counts.gone) gone",
        "问题：新增 \(counts.new)，复现 \(counts.back)，变化 \(counts.changed)，消除 \(counts.gone)"))
    for line in diff.lines {
      guard let change = line.change else { continue }
      Console.out.line(
        Table.harmless(
          "  \(change.rawValue)  \(line.severity.letter)  \(line.site ?? line.platform ?? "-")  \(words(line.title))"
        ))
    }
  }

  private func notLooked(_ not: SituationChanges.NotLooked) {
    Console.out.line(
      words(
        "nobody looked at: \(not.findings) open findings, \(not.sites) sites (\(not.never) never tested)",
        "未查看：未结问题 \(not.findings)，网站 \(not.sites)（从未检测 \(not.never)）"))
    for interval in not.blind {
      Console.out.line(
        Table.harmless(
          words("blind: ", "失明：")
            + "\(interval.sensor) \(interval.from.text) - \(interval.until.text): \(interval.reason)"))
    }
    if let begins = not.logBegins {
      Console.out.line(
        words("the log begins \(begins.text): what was before counts as new", "日志始于 \(begins.text)，此前问题计为新增"))
    }
  }
}
