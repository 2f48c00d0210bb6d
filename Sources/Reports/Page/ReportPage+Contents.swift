internal import Records
internal import Wire

extension ReportPage {
  /// In the order in which a person needs it: what is bad, what to do, by when; what is not known; then the rest.
  init(_ contents: ReportContents, _ language: TextLanguage) {
    let writer = PageWriter(contents, language)
    self.init(
      language: language == .zh ? "zh-CN" : "en", title: writer.title, subtitle: writer.subtitle,
      facts: writer.facts,
      sections: [
        writer.toDo, writer.unknown, writer.course, writer.severities, writer.ranking, writer.sites, writer.findings,
        writer.attacks, writer.coverage, writer.trail, writer.authorisations,
      ].compactMap(\.self), footer: writer.footer)
  }
}

/// Turns contents into a page; each section is a property, nil where the report's kind has none.
struct PageWriter {
  let contents: ReportContents
  let words: Words

  init(_ contents: ReportContents, _ language: TextLanguage) {
    self.contents = contents
    words = Words(language: language, utcOffset: contents.period.utcOffset)
  }

  var title: String {
    let name = words(contents.title)
    return switch contents.kind {
    case .city: words("Security report: \(name)", "网络安全报告：\(name)")
    case .organisation: words("Security report of the organisation: \(name)", "单位网络安全报告：\(name)")
    case .site: words("Security report of the site: \(name)", "网站网络安全报告：\(name)")
    }
  }

  var subtitle: String {
    let period = contents.period
    let (from, until) = (words.moment(period.from), words.moment(period.until))
    let running = period.isRunning ? words(" (so far)", "（截至目前）") : ""
    return words(
      "\(from) to \(until)\(running), times are \(words.zone); \(contents.city)",
      "\(from) 至 \(until)\(running)，时间均为 \(words.zone)；\(contents.city)")
  }

  var facts: [ReportPage.Fact] {
    let severe = contents.severities.filter { $0.severity >= .high }
    let (open, new, gone) = (
      contents.severities.reduce(0) { $0 + $1.open }, contents.severities.reduce(0) { $0 + $1.opened },
      contents.severities.reduce(0) { $0 + $1.gone }
    )
    let severeOpen = severe.reduce(0) { $0 + $1.open }
    return [
      .init(
        label: words("score of 100 at the end", "期末得分（满分 100）"), value: scoreWithChange,
        isBad: contents.posture.score.map { $0 < 60 } ?? false),
      .init(
        label: words("sites ever tested", "已检测网站"),
        value: words(
          "\(contents.posture.tested) of \(contents.posture.sites)",
          "\(contents.posture.tested) / \(contents.posture.sites)"),
        isBad: contents.posture.tested < contents.posture.sites),
      .init(label: words("open findings", "未消除问题"), value: "\(open)"),
      .init(label: words("of them high or critical", "其中高危及以上"), value: "\(severeOpen)", isBad: severeOpen > 0),
      .init(label: words("new in the period", "本期新增"), value: "\(new)"),
      .init(label: words("gone in the period", "本期消除"), value: "\(gone)"),
      .init(label: words("rows of alerts", "告警项"), value: "\(total(.attacks, contents.attacks.count))"),
    ]
  }

  private var scoreWithChange: String {
    guard let score = contents.posture.score else { return words.notDetermined }
    guard let before = contents.scoreBefore else { return "\(score)" }
    let change = score - before
    return change == 0 ? "\(score) (±0)" : "\(score) (\(change > 0 ? "+" : "")\(change))"
  }

  /// Of a list, with what is not shown.
  func total(_ list: ReportContents.Cut.List, _ shown: Int) -> Int {
    contents.cuts.first { $0.list == list }?.total ?? shown
  }

  /// Says that a list is longer than it is shown.
  func cut(_ list: ReportContents.Cut.List) -> [ReportPage.Block] {
    contents.cuts.filter { $0.list == list }.map {
      .paragraph(words("Shown: \($0.shown) of \($0.total).", "共 \($0.total) 项，此处列出 \($0.shown) 项。"))
    }
  }

  // MARK: what is bad, and what is not known

  var toDo: ReportPage.Section {
    let blocks: [ReportPage.Block] =
      contents.deductions.isEmpty
      ? [
        .paragraph(
          contents.posture.score == nil
            ? words("Nothing was tested: there is no score, and nothing is said to be well.", "未进行任何检测，无得分，亦不能据此认为安全。")
            : words("No indicator takes points at the period's end.", "期末无扣分项。"))
      ] : [deductionTable]
    return .init(id: "todo", title: words("What is bad, what to do, by when", "主要问题、整改措施与期限"), blocks: blocks)
  }

  private var deductionTable: ReportPage.Block {
    let isOne = contents.kind == .site
    var head: [ReportPage.Table.Head] = [
      .init(words("Severity", "级别")), .init(words("Not fulfilled", "未达标项")),
      .init(words("Points", "扣分"), isNumber: true),
    ]
    if !isOne { head.append(.init(words("Sites", "网站数"), isNumber: true)) }
    head += [.init(words("What to do", "整改措施")), .init(words("By", "期限")), .init(words("References", "参考"))]
    let rows = contents.deductions.map { line -> [ReportPage.Cell] in
      var row: [ReportPage.Cell] = [
        severity(line.severity),
        .init([.init(text: words(line.title)), .init(text: line.indicator, isCode: true)]),
        .number("-\(line.points)"),
      ]
      if !isOne { row.append(.number(line.sites)) }
      return row + [.init(words(line.remedy)), due(line.due), references(line.references)]
    }
    return .table(
      .init(
        caption: words("Indicators that take points at the period's end, the costliest first", "期末扣分项，按扣分由高到低"),
        head: head, rows: rows))
  }

  var unknown: ReportPage.Section {
    let sentences = contents.unknown.map { words($0) }
    return .init(
      id: "unknown", title: words("What is not determined", "尚不确定的事项"),
      blocks: sentences.isEmpty
        ? [.paragraph(words("Nothing was found to be missing.", "未发现缺失。"))] : [.list(sentences)])
  }

  // MARK: cells

  func severity(_ severity: Severity) -> ReportPage.Cell {
    .init(words.name(severity), style: "severity-\(severity.rawValue)")
  }

  /// A day that has passed when the report is made is marked in a word too, not by colour alone.
  func due(_ due: Timestamp?) -> ReportPage.Cell {
    guard let due else { return .init("-") }
    guard due < contents.made else { return day(due) }
    return .init([.init(text: words.day(due)), .init(text: words("overdue", "已超期"))], style: "overdue short")
  }

  func day(_ time: Timestamp) -> ReportPage.Cell { .short(words.day(time)) }
  func moment(_ time: Timestamp) -> ReportPage.Cell { .short(words.moment(time)) }

  func references(_ references: [String]) -> ReportPage.Cell {
    .init(references.map { ReportPage.Part(text: $0, link: ReferenceLink.of($0)) })
  }

  func url(_ url: String) -> ReportPage.Part { .init(text: url, isCode: true, link: SafeLink(url)) }

  var footer: [String] {
    var lines = [
      words(
        "Made \(words.moment(contents.made)) \(words.zone) by Vigil \(contents.version).",
        "由 Vigil \(contents.version) 于 \(words.moment(contents.made))（\(words.zone)）生成。"),
      words(
        "Scores are computed from the append-only posture log up to the period's end; evidence and what engines say are as they are known when the report is made.",
        "得分依据只追加的态势日志计算至期末；证据及各引擎结论以报告生成时为准。"),
      words(
        "By when: from the day a weakness was first seen, 30 days for critical and high, 90 for medium, 180 for low; 4 days where alerts of the period were attacks on it.",
        "期限自首次发现之日起：严重、高危 30 天，中危 90 天，低危 180 天；本期遭攻击者 4 天。"),
    ]
    if let began = contents.logBegan {
      lines.append(words("The posture log begins \(words.moment(began)).", "态势日志始于 \(words.moment(began))。"))
    }
    return lines
  }
}

/// Where a reference can be read; nil for what has no page of its own.
enum ReferenceLink {
  static func of(_ reference: String) -> SafeLink? {
    let words = reference.split(separator: " ")
    guard let first = words.first else { return nil }
    if words.count == 1, let number = digits(first, behind: "CWE-") {
      return SafeLink("https://cwe.mitre.org/data/definitions/\(number).html")
    }
    if words.count == 1, isCVE(first) { return SafeLink("https://nvd.nist.gov/vuln/detail/\(first)") }
    if first == "RFC", words.count > 1, let number = digits(words[1], behind: "") {
      return SafeLink("https://www.rfc-editor.org/rfc/rfc\(number)")
    }
    return words.count == 1 ? SafeLink(reference) : nil
  }

  private static func digits(_ word: Substring, behind prefix: String) -> Substring? {
    let rest = word.dropFirst(prefix.count)
    return word.hasPrefix(prefix) && !rest.isEmpty && rest.utf8.allSatisfy { (48...57).contains($0) } ? rest : nil
  }

  private static func isCVE(_ word: Substring) -> Bool {
    let parts = word.split(separator: "-", omittingEmptySubsequences: false)
    return parts.count == 3 && parts[0] == "CVE" && digits(parts[1], behind: "") != nil
      && digits(parts[2], behind: "") != nil
  }
}
