internal import Records

/// The course of the score, severities, ranking, sites.
extension PageWriter {
  var course: ReportPage.Section {
    .init(id: "course", title: words("Score", "得分走势"), blocks: [.chart(dayChart), .chart(dimensionChart)])
  }

  private var dayChart: ReportPage.Chart {
    let title = words("Score by day", "每日得分")
    let chart = ScoreChart(days: contents.days.map { ($0.day, $0.score) })
    return .init(
      title: title, description: dayWords, svg: chart.drawing(id: "days", title: title, description: dayWords))
  }

  private var dayWords: String {
    let known = contents.days.compactMap { day in day.score.map { (day: day.day, score: $0) } }
    let missing = contents.days.count - known.count
    guard let first = known.first, let last = known.last, let low = known.min(by: { $0.score < $1.score }),
      let high = known.max(by: { $0.score < $1.score })
    else {
      return words(
        "No day of the period has a score: not determined.", "本期内没有任何一天有得分，尚不确定。")
    }
    let gaps =
      missing == 0
      ? ""
      : words(
        " No score on \(missing) of \(contents.days.count) days: the line has gaps there.",
        "\(contents.days.count) 天中有 \(missing) 天无得分，曲线在此处断开。")
    return words(
      "\(first.score) on \(first.day), \(last.score) on \(last.day); lowest \(low.score) on \(low.day), highest \(high.score) on \(high.day).\(gaps)",
      "\(first.day) 为 \(first.score) 分，\(last.day) 为 \(last.score) 分；最低 \(low.score) 分（\(low.day)），最高 \(high.score) 分（\(high.day)）。\(gaps)"
    )
  }

  private var dimensionChart: ReportPage.Chart {
    let title = words("Score by dimension", "各维度得分")
    let bars = contents.dimensions.map { dimension in
      BarChart.Bar(
        label: words(dimension.title), stretches: dimension.score.map { [.init(style: .score, value: $0)] } ?? [],
        note: words.score(dimension.score))
    }
    let text = contents.dimensions.map {
      words("\($0.title.en) \(words.score($0.score))", "\($0.title.zh) \(words.score($0.score))")
    }
    .joined(separator: words(", ", "，"))
    return .init(
      title: title, description: text,
      svg: BarChart(bars: bars, whole: 100).drawing(id: "dimensions", title: title, description: text))
  }

  var severities: ReportPage.Section {
    let title = words("Open findings by severity", "未消除问题按级别")
    let bars = contents.severities.map { line in
      BarChart.Bar(
        label: words.name(line.severity), stretches: [.init(style: Self.style(line.severity), value: line.open)],
        note: "\(line.open)")
    }
    let text = contents.severities.map { "\(words.name($0.severity)) \($0.open)" }.joined(separator: words(", ", "，"))
    let rows = contents.severities.map { line -> [ReportPage.Cell] in
      [severity(line.severity), .number(line.open), .number(line.opened), .number(line.gone)]
    }
    return .init(
      id: "severities", title: words("Findings in numbers", "问题数量"),
      blocks: [
        .chart(
          .init(
            title: title, description: text,
            svg: BarChart(bars: bars).drawing(id: "severities-chart", title: title, description: text))),
        .table(
          .init(
            caption: words("Findings by severity", "各级别问题数"),
            head: [
              .init(words("Severity", "级别")), .init(words("Open at the end", "期末未消除"), isNumber: true),
              .init(words("New in the period", "本期新增"), isNumber: true),
              .init(words("Gone in the period", "本期消除"), isNumber: true),
            ], rows: rows)),
      ])
  }

  private static func style(_ severity: Severity) -> DrawingStyle {
    switch severity {
    case .critical: .critical
    case .high: .high
    case .medium: .medium
    case .low: .low
    case .info: .info
    }
  }

  var ranking: ReportPage.Section? {
    guard contents.kind == .city else { return nil }
    let rows = contents.ranking.map { entry -> [ReportPage.Cell] in
      let line = entry.line
      return [
        .number(line.place > 0 ? "\(line.place)" : "-"), .init(words(entry.name)),
        .number(words.score(line.posture.score)),
        .number("\(line.posture.tested)/\(line.posture.sites)"), .number(line.found), .number(line.verified),
        .number(line.closureRate.map { "\($0) %" } ?? "-"),
      ]
    }
    let table = ReportPage.Table(
      caption: words(
        "Organisations by score, then by the share of found weaknesses that is gone", "各单位按得分、再按问题消除率排名"),
      head: [
        .init(words("Place", "名次"), isNumber: true), .init(words("Organisation", "单位")),
        .init(words("Score", "得分"), isNumber: true), .init(words("Tested/sites", "已检测/网站"), isNumber: true),
        .init(words("Found", "问题数"), isNumber: true), .init(words("Gone", "已消除"), isNumber: true),
        .init(words("Closed", "消除率"), isNumber: true),
      ], rows: rows)
    return .init(
      id: "ranking", title: words("Ranking of organisations", "单位排名"),
      blocks: rows.isEmpty ? [.paragraph(words("No organisation has a site.", "没有登记网站的单位。"))] : [.table(table)])
  }

  var sites: ReportPage.Section? {
    guard contents.kind != .site else { return nil }
    let rows = contents.sites.map { line -> [ReportPage.Cell] in
      [
        .number(words.score(line.score)), .init([url(line.url)]), .init(line.organisation.map { words($0) } ?? "-"),
        .short(words.name(line.criticality)), .init(line.worst.map { .init(text: words($0)) }),
      ]
    }
    let table = ReportPage.Table(
      caption: words("Sites, the worst first; without a score those not tested", "网站按得分由低到高，未检测者无得分"),
      head: [
        .init(words("Score", "得分"), isNumber: true), .init(words("Site", "网站")),
        .init(words("Organisation", "单位")), .init(words("Weight", "重要程度")),
        .init(words("Costs most", "主要扣分项")),
      ], rows: rows)
    return .init(
      id: "sites", title: contents.kind == .city ? words("Worst sites", "得分最低的网站") : words("Sites", "所属网站"),
      blocks: rows.isEmpty
        ? [.paragraph(words("There is no site.", "没有网站。"))] : [.table(table)] + cut(.sites))
  }
}
