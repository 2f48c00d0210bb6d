internal import Records

/// How far was looked, the trail, and what runs out.
extension PageWriter {
  var coverage: ReportPage.Section {
    let title = words("Coverage", "检测覆盖")
    guard !contents.coverage.isEmpty else {
      return .init(
        id: "coverage", title: title,
        blocks: [.paragraph(words("No engine has said anything yet: nothing is covered.", "尚无任何引擎的检测记录，即未覆盖。"))])
    }
    var blocks: [ReportPage.Block] = [.chart(coverageChart), .table(coverageTable)]
    if contents.kind == .site {
      blocks += contents.gaps.isEmpty ? [] : [.table(gapTable)] + cut(.gaps)
    }
    return .init(id: "coverage", title: title, blocks: blocks)
  }

  private var coverageChart: ReportPage.Chart {
    let title = words("Sites tested in the period, by engine", "本期各引擎已检测网站")
    let bars = contents.coverage.map { line in
      let all = line.tested + line.earlier + line.notDetermined + line.never
      return BarChart.Bar(
        label: line.engine,
        stretches: [
          .init(style: .covered, value: line.tested), .init(style: .unsure, value: line.notDetermined),
          .init(style: .stale, value: line.earlier),
        ], note: "\(line.tested)/\(all)")
    }
    let legend = words(
      "Filled: tested in the period; lighter: cannot be said; grey: last tested before; empty: never.",
      "深色：本期已检测；浅色：无法判定；灰色：仅在此前检测；空白：从未检测。")
    let numbers = contents.coverage.map { line in
      "\(line.engine) \(line.tested)/\(line.tested + line.earlier + line.notDetermined + line.never)"
    }.joined(separator: words(", ", "，"))
    return .init(
      title: title, description: numbers,
      svg: BarChart(bars: bars).drawing(id: "coverage-chart", title: title, description: numbers), legend: legend)
  }

  private var coverageTable: ReportPage.Table {
    let rows = contents.coverage.map { line -> [ReportPage.Cell] in
      let reasons = line.reasons.map { reason in
        ReportPage.Part(
          text: "\(reason.sites): \(words.name(reason.status))" + (reason.reason.isEmpty ? "" : ", \(reason.reason)"))
      }
      return [
        .code(line.engine), .number(line.tested), .number(line.earlier), .number(line.notDetermined),
        .number(line.never), .init(reasons),
      ]
    }
    return .init(
      caption: words("Sites by when an engine last tested them", "各引擎检测网站的时间分布"),
      head: [
        .init(words("Engine", "引擎")), .init(words("In the period", "本期"), isNumber: true),
        .init(words("Before it", "此前"), isNumber: true),
        .init(words("Cannot be said", "无法判定"), isNumber: true), .init(words("Never", "从未"), isNumber: true),
        .init(words("Why not", "原因")),
      ], rows: rows)
  }

  private var gapTable: ReportPage.Table {
    let rows = contents.gaps.map { entry -> [ReportPage.Cell] in
      [
        .code(entry.engine), entry.check == "*" ? .init(words("all", "全部")) : .code(entry.check),
        .init(words.name(entry.status)), .init(entry.reason),
        entry.tested.map(moment) ?? .init(words("never", "从未")),
      ]
    }
    return .init(
      caption: words("What was not tested, and why", "未检测项及原因"),
      head: [
        .init(words("Engine", "引擎")), .init(words("Check", "检查项")), .init(words("State", "状态")),
        .init(words("Why", "原因")), .init(words("Last tested", "上次检测")),
      ], rows: rows)
  }

  var trail: ReportPage.Section? {
    guard contents.kind == .site else { return nil }
    let rows = contents.trail.map { line -> [ReportPage.Cell] in
      [
        moment(line.time), .init(words(line.phase.title)), .init(words(line.kind.title)),
        line.severity.map(severity) ?? .init("-"), .init(words(line.text)),
      ]
    }
    let table = ReportPage.Table(
      caption: words("Before the first alert, during, and after the last", "首次告警之前、期间、末次告警之后"),
      head: [
        .init(words("Time", "时间")), .init(words("Phase", "阶段")), .init(words("What", "事件")),
        .init(words("Severity", "级别")), .init(words("About", "内容")),
      ], rows: rows)
    return .init(
      id: "trail", title: words("Trail", "事件轨迹"),
      blocks: rows.isEmpty
        ? [.paragraph(words("Nothing happened in the period.", "本期内无事件。"))] : [.table(table)] + cut(.trail))
  }

  var authorisations: ReportPage.Section? {
    guard !contents.authorisations.isEmpty else { return nil }
    let rows = contents.authorisations.map { line -> [ReportPage.Cell] in
      let until = ReportPage.Part(text: words.day(line.until))
      let ended = ReportPage.Part(text: words("ended", "已到期"))
      return [
        line.until <= contents.made ? .init([until, ended], style: "overdue short") : day(line.until),
        .init(line.document), .init(line.grantedBy), .init(words.name(line.upTo)), .number(line.sites), .code(line.id),
      ]
    }
    return .init(
      id: "authorisations", title: words("Authorisations that run out", "即将到期的授权"),
      blocks: [
        .table(
          .init(
            caption: words("Without a valid one no packet is sent", "无有效授权则不发送任何数据包"),
            head: [
              .init(words("Until", "有效期至")), .init(words("Document", "授权文件")), .init(words("Granted by", "授权方")),
              .init(words("Up to", "级别")), .init(words("Sites", "网站数"), isNumber: true), .init(words("Id", "编号")),
            ], rows: rows))
      ] + cut(.authorisations))
  }
}
