internal import Records

/// Findings and attacks.
extension PageWriter {
  var findings: ReportPage.Section {
    let title = words("Findings", "发现的问题")
    guard !contents.findings.isEmpty else {
      let none = words(
        "No finding was open in the period. What was not tested is not fixed: see coverage.",
        "本期内无未消除问题。未检测不等于已消除，详见检测覆盖。")
      return .init(id: "findings", title: title, blocks: [.paragraph(none)])
    }
    let blocks = contents.kind == .site ? contents.findings.map(card) : [findingTable]
    return .init(id: "findings", title: title, blocks: blocks + cut(.findings))
  }

  private var findingTable: ReportPage.Block {
    let rows = contents.findings.map { line -> [ReportPage.Cell] in
      [
        severity(line.severity), weakness(line), .init([place(line)]), .init(line.engines.map(engineInWords)),
        day(line.firstSeen), due(line.due), .init(status(line)),
      ]
    }
    return .table(
      .init(
        caption: words("Findings open in the period, the worst first", "本期问题，按级别由高到低"),
        head: [
          .init(words("Severity", "级别")), .init(words("Finding", "问题")), .init(words("Where", "位置")),
          .init(words("Engines", "各引擎结论")), .init(words("First seen", "首次发现")), .init(words("By", "期限")),
          .init(words("State", "状态")),
        ], rows: rows))
  }

  private func weakness(_ line: ReportContents.FindingLine) -> ReportPage.Cell {
    .init([.init(text: words(line.title)), .init(text: line.weakness, isCode: true)])
  }

  private func place(_ line: ReportContents.FindingLine) -> ReportPage.Part { url(line.target.url) }

  private func status(_ line: ReportContents.FindingLine) -> String {
    var text = words.name(line.status)
    if line.isNew { text += words(", new", "，新增") }
    if line.isAttacked { text += words(", attacked", "，遭攻击") }
    if line.status == .open, line.state != .open { text += words("; today ", "；现为") + words.name(line.state) }
    return text
  }

  private func engineInWords(_ word: ReportContents.EngineWord) -> ReportPage.Part {
    let confidence = word.confidence.map { " \($0) %" } ?? ""
    return .init(text: "\(word.engine): \(words.name(word.answer))\(confidence)")
  }

  /// A site's finding with all that is known: its engines stand side by side, those that deny it by now too.
  private func card(_ line: ReportContents.FindingLine) -> ReportPage.Block {
    var facts: [(name: String, value: ReportPage.Cell)] = [
      (words("Severity", "级别"), severity(line.severity)), (words("State", "状态"), .init(status(line))),
      (words("Where", "位置"), .init([place(line)] + fine(line))),
      (words("Confidence", "可信度"), .init("\(line.confidence) %")),
      (
        words("Seen", "发现时间"),
        .init(
          words(
            "\(words.moment(line.firstSeen)) to \(words.moment(line.lastSeen))",
            "\(words.moment(line.firstSeen)) 至 \(words.moment(line.lastSeen))"))
      ),
      (words("To be gone by", "整改期限"), due(line.due)),
    ]
    if let remedy = line.remedy { facts.append((words("What to do", "整改措施"), .init(words(remedy)))) }
    if !line.references.isEmpty { facts.append((words("References", "参考"), references(line.references))) }
    let rows = line.engines.map { word -> [ReportPage.Cell] in
      [
        .code(word.engine), .short(words.name(word.answer)), .number(word.confidence.map { "\($0) %" } ?? "-"),
        word.time.map(moment) ?? .init("-"), evidence(word.evidence),
      ]
    }
    let table = ReportPage.Table(
      caption: words("What each engine said last", "各引擎最近结论"),
      head: [
        .init(words("Engine", "引擎")), .init(words("Answer", "结论")), .init(words("Confidence", "可信度"), isNumber: true),
        .init(words("When", "时间")), .init(words("Evidence", "证据")),
      ], rows: rows)
    return .card(
      title: .init([.init(text: words(line.title)), .init(text: line.weakness, isCode: true)]),
      blocks: [.facts(facts)] + (rows.isEmpty ? [] : [.table(table)]))
  }

  private func evidence(_ text: String?) -> ReportPage.Cell {
    text.map { .code($0) } ?? .init(words("not kept", "未保留"))
  }

  private func fine(_ line: ReportContents.FindingLine) -> [ReportPage.Part] {
    let path = line.path.map { words("path ", "路径 ") + $0 }
    let parameter = line.parameter.map { words("parameter ", "参数 ") + $0 }
    return [path, parameter].compactMap(\.self).map { .init(text: $0, isCode: true) }
  }

  var attacks: ReportPage.Section {
    let rows = contents.attacks.map { line -> [ReportPage.Cell] in
      [
        .init(words.name(line.outcome), style: line.outcome >= .succeeded ? "overdue" : nil), severity(line.severity),
        .init([.init(text: words(line.title)), .init(text: line.rule, isCode: true)]), .code(line.site ?? line.subject),
        .number(line.count), moment(line.firstSeen), moment(line.lastSeen),
        .short(words.name(line.triage)),
      ]
    }
    let table = ReportPage.Table(
      caption: words("Rows of alerts seen in the period; counts are of the row's whole life", "本期告警，次数为该告警自首次出现以来的合计"),
      head: [
        .init(words("Outcome", "结果")), .init(words("Severity", "级别")), .init(words("Rule", "规则")),
        .init(words("Against", "目标")), .init(words("Count", "次数"), isNumber: true), .init(words("First", "首次")),
        .init(words("Last", "最近")), .init(words("Queue", "处置状态")),
      ], rows: rows)
    let none = words(
      "No alert was seen in the period. Whether a sensor could see all traffic is said above.",
      "本期内未见告警。探针是否看到全部流量，见上文说明。")
    return .init(
      id: "attacks", title: words("Attacks and alerts", "攻击与告警"),
      blocks: rows.isEmpty ? [.paragraph(none)] : [.table(table)] + cut(.attacks))
  }
}
