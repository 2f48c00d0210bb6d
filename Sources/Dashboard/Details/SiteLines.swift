import ControlAPI
import Records
import Wire

/// A site: its score with what took points off, findings with their engines side by side, what was seen and when, page
/// changes, permissions, and its line of time.
struct SiteLines {
  let detail: SiteDetail
  let posture: Part<PostureReport>
  let trail: Part<[TrailLine]>
  let scans: ScanOverview?
  let forms: DetailForms

  private var item: SiteItem { detail.item }
  private var language: Language { forms.language }

  var lines: [DetailLine] {
    let mark = SiteMark(item.cell)
    let head = forms.line([Run(mark.letter, mark.role), Run(" \(item.site.url)", .title)])
    return [head] + facts + score + findings + changes + scanned + coverage + alerts + permissions + history
  }

  private var facts: [DetailLine] {
    let name = item.organisation?.text(language) ?? item.site.organisation ?? "-"
    var lines = [
      forms.fact("organisation", "单位", name, to: item.site.organisation.map { .organisation($0) }),
      forms.fact("criticality", "重要性", item.site.criticality.title.text(language)),
      forms.fact("last tested", "上次检测", item.lastTested.map(forms.moment) ?? Label.neverTested.text(language)),
      forms.fact(
        "permitted", "授权", item.isAuthorised ? Label.yes.text(language) : Label.notAuthorised.text(language),
        item.isAuthorised ? .text : .error),
    ]
    lines += forms.known("platform", "平台", item.site.platform)
    lines += forms.known(
      "host", "主机名", HostName.isInternational(item.site.host) ? HostName.bothForms(item.site.host) : nil)
    lines += forms.facts("left alone", "维护时段", item.site.maintenance.map { [Run("\($0)")] })
    lines += forms.known("tags", "标签", item.site.tags.isEmpty ? nil : item.site.tags.joined(separator: ", "))
    lines += forms.known(
      "addresses", "地址",
      item.site.addresses.isEmpty ? nil : item.site.addresses.map { "\($0)" }.joined(separator: ", "))
    return lines
  }

  // MARK: score

  private var score: [DetailLine] {
    let total = item.cell.score.map { "\($0) / 100" } ?? Label.neverTested.text(language)
    var lines = [forms.fact("score", "评分", total, .title)]
    lines += forms.lines(posture) { PostureLines(report: $0, forms: forms).figures }
    lines += detail.deductions.flatMap(deduction)
    return forms.section("posture", "态势评分", lines)
  }

  private func deduction(_ entry: SiteDetail.Deduction) -> [DetailLine] {
    let remedy = posture.value?.deductions.first { $0.title == entry.title }?.remedy.text(language) ?? ""
    let line = forms.line(
      [Run("-\(entry.points) ", .warning), Run(forms.failed(entry.title)), Run("  #\(entry.finding)", .key)],
      indent: 4, to: .row(entry.finding))
    return [line] + (remedy.isEmpty ? [] : [DetailLine(Line([Run("    \(remedy)", .dim)], indent: 4))])
  }

  // MARK: findings

  private var findings: [DetailLine] {
    let none = BilingualText(en: "no weakness is known", zh: "未发现隐患")
    return forms.section(
      "findings, engine by engine", "隐患与各引擎结论", EngineMatrix(findings: detail.findings, forms: forms).lines, none: none)
  }

  /// The evidence of what was altered on pages: the pages themselves are not kept.
  private var changes: [DetailLine] {
    let pages = detail.findings.filter { $0.finding.weakness.hasPrefix("content.") }
    let lines = pages.flatMap { item -> [DetailLine] in
      let row = item.finding.row
      let head = forms.line(
        [
          Run(forms.moment(row.firstSeen) + " ", .dim), Run(row.severity.letter, row.severity.role),
          Run(" \(row.title.text(language))"), Run("  #\(row.id)", .key),
        ], to: .row(row.id))
      let evidence = item.finding.evidence.split(separator: "\n").prefix(4)
      return [head] + evidence.map { DetailLine(Line("    \($0)", .dim, indent: 4)) }
    }
    return forms.section(
      "page changes", "页面变化", lines, none: BilingualText(en: "none is known; pages are not kept", zh: "未发现；不保存页面"))
  }

  // MARK: scans

  private var scanned: [DetailLine] {
    let running = (scans?.jobs ?? []).filter { $0.site == item.id }.map { job in
      forms.line([Run(job.engine, .key), Run("  \(job.scanner)  "), Run(forms.words("runs", "进行中"), .good)])
    }
    let stops = (scans?.stops ?? []).filter { $0.site == nil || $0.site == item.id }.map { stop in
      forms.line([
        Run(Label.scansStopped.text(language), .error), Run("  \(stop.by) \(forms.moment(stop.since))", .dim),
      ])
    }
    return forms.section("scans now", "当前扫描", stops + running, none: BilingualText(en: "none runs", zh: "无"))
  }

  /// A line an engine, and one a check that is open.
  private var coverage: [DetailLine] {
    let checks = Dictionary(grouping: detail.coverage.filter { $0.check != "*" }, by: \.engine)
    let rows = detail.coverage.filter { $0.check == "*" }.flatMap { whole -> [DetailForms.Cells] in
      let all = checks[whole.engine] ?? []
      let tested = all.count { $0.status == .tested }
      let share = all.isEmpty ? "" : forms.words("\(tested) of \(all.count) checks", "检查项 \(tested)/\(all.count)")
      return [covered(whole, share)] + all.filter { $0.status != .tested }.map { covered($0, $0.check) }
    }
    return forms.section(
      "coverage", "覆盖", forms.table(rows), none: BilingualText(en: "no engine was there yet", zh: "尚未检测"))
  }

  private func covered(_ entry: CoverageEntry, _ what: String) -> DetailForms.Cells {
    let before = entry.status == .tested ? nil : entry.tested
    let tested = before.map { forms.words("tested \(forms.moment($0))", "检测于 \(forms.moment($0))") }
    return .init([
      Run(entry.engine, .key), Run(entry.status.title.text(language), entry.status == .tested ? .good : .warning),
      Run(forms.moment(entry.time), .dim), Run(what),
      Run([entry.reason.isEmpty ? nil : entry.reason, tested].compactMap(\.self).joined(separator: ", ")),
    ])
  }

  // MARK: rows, papers, time

  private var alerts: [DetailLine] {
    forms.section(
      "alerts", "告警", forms.table(detail.alerts.map { forms.row($0.row) }),
      none: BilingualText(en: "no open row", zh: "无未结告警"))
  }

  private var permissions: [DetailLine] {
    let lines = detail.authorisations.map { entry in
      let isOver = entry.until < forms.now
      return forms.line([
        Run("\(entry.id) ", .key), Run("\(entry.grantedBy): \(entry.document), \(entry.upTo.title.text(language)), "),
        Run(forms.words("until ", "至 ") + entry.until.text.prefix(10), isOver ? .error : .text),
      ])
    }
    return forms.section("permissions", "授权文件", lines, none: BilingualText(en: "none", zh: "无"))
  }

  private var history: [DetailLine] {
    forms.section(
      "history: before, during, after", "经过：事前、事中、事后", trail, none: BilingualText(en: "nothing yet", zh: "暂无")
    ) { trail in
      forms.table(
        trail.map { line in
          .init(
            [
              Run(forms.moment(line.time), .dim), Run(line.phase.title.text(language), .dim),
              Run(line.kind.title.text(language)), Run(line.severity?.letter ?? " ", line.severity?.role ?? .dim),
              Run(line.text.text(language)),
            ], to: line.row.map { .row($0) })
        })
    }
  }
}

/// Findings against engines: a column each where they have room, else a line a finding.
struct EngineMatrix {
  let findings: [FindingItem]
  let forms: DetailForms

  private static let column = 13
  private static let titled = 24
  private static let mostTitled = 56

  var lines: [DetailLine] {
    let engines = Set(findings.flatMap { $0.finding.engines.keys + $0.finding.answers.map(\.engine) }).sorted()
    let room = forms.columns - EngineMatrix.titled - 2
    let hasRoom = !engines.isEmpty && engines.count * EngineMatrix.column <= room && !findings.isEmpty
    if !hasRoom { return findings.map { listed($0) } }
    let titled = min(forms.columns - engines.count * EngineMatrix.column - 2, EngineMatrix.mostTitled)
    let head = engines.map { padded($0, EngineMatrix.column, .title) }.flatMap(\.self)
    let space = Run(String(repeating: " ", count: titled + 2))
    return [DetailLine(Line([space] + head))] + findings.map { row($0, engines, titled) }
  }

  private func row(_ item: FindingItem, _ engines: [String], _ titled: Int) -> DetailLine {
    let row = item.finding.row
    var runs = [Run(row.severity.letter, row.severity.role), Run(" ")] + padded(name(item), titled, .text)
    for engine in engines { runs += padded(word(item, engine).text, EngineMatrix.column, word(item, engine).role) }
    return DetailLine(Line(runs), to: .row(row.id))
  }

  private func name(_ item: FindingItem) -> String {
    "#\(item.id) \(item.finding.row.title.text(forms.language))"
  }

  private func listed(_ item: FindingItem) -> DetailLine {
    let row = item.finding.row
    var runs = [Run(row.severity.letter, row.severity.role), Run(" \(name(item))"), Run("  \(item.confidence) %")]
    for engine in item.finding.engines.keys.sorted() {
      let word = word(item, engine)
      runs += [Run("  \(engine) ", .dim), Run(word.text, word.role)]
    }
    return forms.line(runs, to: .row(row.id))
  }

  /// What an engine says of a finding: yes with its confidence, no, or `?` where it could not tell.
  private func word(_ item: FindingItem, _ engine: String) -> Value.Cell {
    guard let answer = item.finding.answers.first(where: { $0.engine == engine }) else {
      return item.finding.engines[engine].map { Value.Cell("\($0) %") } ?? Value.Cell("-", .dim)
    }
    switch answer.answer {
    case .yes: return Value.Cell(forms.words("yes \(answer.confidence) %", "是 \(answer.confidence) %"), .error)
    case .no: return Value.Cell(forms.words("no", "否"), .good)
    case .notDetermined: return Value.Cell("?", .dim)
    }
  }

  /// Cut or filled to so many columns, one of them a gap.
  private func padded(_ text: String, _ columns: Int, _ role: Role) -> [Run] {
    let pieces = Line(text).pieces(forms.look)
    var (kept, used) = ("", 0)
    for piece in pieces where used + piece.piece.columns < columns {
      kept += piece.piece.text
      used += piece.piece.columns
      if used == columns - 1 { break }
    }
    return [Run(kept, role), Run(String(repeating: " ", count: max(columns - used, 0)))]
  }
}
