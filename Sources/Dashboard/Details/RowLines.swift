import ControlAPI
import Records
import Wire

/// A row of the queue with all that the hub has behind it: an alert's or a finding's.
struct RowLines {
  let detail: QueueDetail
  /// Nil: not answered yet.
  let indicators: [Indicator]?
  let site: Part<SiteDetail>
  let similar: Part<[QueueItem]>
  let offers: Part<[IncidentOffer]>
  let forms: DetailForms

  private var row: QueueRow { detail.item.row }
  private var language: Language { forms.language }

  var lines: [DetailLine] {
    let head = forms.line([
      Run(row.severity.letter, row.severity.role), Run(" \(row.title.text(language))", .title),
    ])
    let newest = detail.alerts.first.map { AlertLines(alert: $0, forms: forms) }
    let traffic = newest.map { $0.transaction + $0.flow + $0.packet(rows: 4) } ?? []
    let evidence = detail.finding.map { FindingLines(finding: $0, forms: forms).lines } ?? []
    let facets = detail.group.map { self.facets($0.facets) } ?? []
    let said = forms.section("comments", "备注", detail.comments.map(comment))
    return [head] + facts + explained + traffic + evidence + facets + siteLines + similarLines + cases + said + alerts
      + forms.section("history", "经过", detail.audit.map(audit))
  }

  // MARK: facts

  private var facts: [DetailLine] {
    let outcome = row.outcome.label?.text(language) ?? forms.words("not determined", "未判定")
    var lines = [
      forms.fact("severity", "级别", row.severity.label.text(language), row.severity.role),
      forms.fact("result", "结果", outcome, row.outcome.role), forms.fact("state", "状态", state),
      forms.fact("site", "站点", row.site ?? "-", to: row.site.map { .site($0) }),
    ]
    if let organisation = row.organisation {
      lines.append(forms.fact("organisation", "单位", organisation, to: .organisation(organisation)))
    }
    lines += [
      forms.fact("subject", "对象", row.subject),
      forms.fact("check", "检查项", "\(row.check) (\(row.wing.title.text(language)))"),
      forms.fact("seen", "次数", seen),
    ]
    return lines + standing
  }

  private var seen: String {
    let count = Figures.grouped(row.count)
    let (first, last) = (forms.moment(row.firstSeen), forms.moment(row.lastSeen))
    return forms.words("\(count) x, \(first) to \(last)", "\(count) 次，\(first) 至 \(last)")
  }

  /// What else must be known before one acts on it.
  private var standing: [DetailLine] {
    var lines: [DetailLine] = []
    if let id = row.incident { lines.append(forms.fact("case", "事件", id, to: .incident(id))) }
    if let why = row.triage.returned { lines.append(forms.fact("came back", "重新出现", why, .warning)) }
    if let word = row.triage.judged { lines.append(forms.fact("judged", "研判", "\(word.reason) (\(word.by))")) }
    if let gathering = row.gathering {
      let text = forms.words(
        "\(gathering.members) rows: filter under:\(row.id)", "\(gathering.members) 行：筛选 under:\(row.id)")
      lines.append(forms.fact("gathers", "归并", text))
    }
    if row.place == .own { lines.append(forms.fact("of", "归属", forms.words("our own scans", "本方扫描"), .dim)) }
    if let parent = row.parent { lines.append(forms.fact("folded under", "归入", "#\(parent)", to: .row(parent))) }
    lines +=
      row.place == .suppressed
      ? forms.known("hidden by", "抑制", row.hiddenBy) : forms.known("let through by", "抑制后放行", row.hiddenBy)
    return lines
  }

  private var state: [Run] {
    let triage = row.triage
    var runs = [Run(forms.state(row))]
    func add(_ en: String, _ zh: String, _ role: Role = .text) { runs.append(Run(forms.words(en, zh), role)) }
    if let until = triage.shelvedUntil { add(" until \(forms.moment(until))", "，至 \(forms.moment(until))") }
    if let who = triage.assignee { add(", \(who)", "，\(who)", .key) }
    if let by = triage.changedBy, let at = triage.changedAt {
      add(", by \(by) \(forms.moment(at))", "，\(by) \(forms.moment(at))", .dim)
    }
    if triage.state == .new, let due = detail.item.due {
      let cell = Value.due(due).cell(forms.now, forms.look)
      add(", due \(cell.text)", "，时限 \(cell.text)", cell.role)
    }
    return runs
  }

  // MARK: the rule

  /// What matched, what it means for the posture, and how it is mended.
  private var explained: [DetailLine] {
    let rule = detail.group.map { RuleLines(signature: $0.signature, rule: detail.rule, forms: forms) }
    var lines = rule?.explained ?? []
    if let group = detail.group {
      if let id = group.weakness {
        let text = forms.words("the very weakness is open: #\(id)", "对应隐患未整改：#\(id)")
        lines.append(forms.fact("weakness", "隐患", text, to: .row(id)))
      }
      lines += judgements(group)
    }
    lines += posture + (rule?.written ?? [])
    return forms.section("the rule explained", "规则说明", lines)
  }

  private func judgements(_ group: AlertGroup) -> [DetailLine] {
    forms.facts(
      "why", "判定依据",
      group.judgements.map { word in
        let inputs = word.inputs.map { "\($0.name) \($0.value)" }.joined(separator: ", ")
        return [
          Run(word.reason.text(language)), Run(inputs.isEmpty ? "" : " (\(inputs))", .dim),
          Run(" \(forms.moment(word.time))", .dim),
        ]
      })
  }

  private var posture: [DetailLine] {
    guard let indicators else { return [forms.fact("indicator", "指标", Label.waiting.text(language), .dim)] }
    let mine = indicators.filter { ($0.checks + $0.alerts + $0.attacks).contains(row.check) }
    if mine.isEmpty { return [forms.fact("indicator", "指标", forms.words("none has it", "无对应指标"), .dim)] }
    return mine.flatMap { indicator -> [DetailLine] in
      let isAttack = indicator.attacks.contains(row.check)
      let cost =
        isAttack
        ? forms.words("an attack on: ", "针对：")
        : forms.words("up to -\(indicator.weight): ", "最多扣 \(indicator.weight) 分：")
      return [forms.fact("indicator", "指标", [Run(cost, .dim), Run(indicator.title.text(language))])]
        + forms.known("remedy", "整改", indicator.remedy.text(language).isEmpty ? nil : indicator.remedy.text(language))
        + forms.known("see", "参考", indicator.references.isEmpty ? nil : indicator.references.joined(separator: ", "))
    }
  }

  // MARK: what stands around it

  private func facets(_ facets: AlertFacets) -> [DetailLine] {
    let named = [
      ("from", "来源", facets.sources), ("to", "目标", facets.targets), ("sensors", "探针", facets.sensors),
      ("urls", "网址", facets.urls),
    ]
    let lines = named.flatMap { en, zh, facet in
      forms.facts(
        en, zh,
        facet.top.prefix(10).map { entry in
          [Run("\(Figures.grouped(entry.count)) x ", .dim), Run(entry.value)]
        })
    }
    return forms.section("all that were folded into it", "归并明细", lines)
  }

  private var siteLines: [DetailLine] {
    guard let id = row.site else { return [] }
    return forms.section("the site", "站点情况", site) { site in
      let score = site.item.cell.score.map { "\($0) / 100" } ?? Label.neverTested.text(language)
      let head = [
        forms.fact("site", "站点", id, to: .site(id)), forms.fact("posture", "态势评分", score),
        forms.fact(
          "open", "未结",
          forms.words(
            "\(site.item.cell.openFindings) findings, \(site.item.cell.openAlerts) rows of alerts",
            "隐患 \(site.item.cell.openFindings)，告警 \(site.item.cell.openAlerts)")),
      ]
      return head + forms.table(site.findings.filter { $0.id != row.id }.prefix(10).map { forms.row($0.finding.row) })
    }
  }

  private var similarLines: [DetailLine] {
    let none = BilingualText(en: "no other row has it", zh: "无其他同类")
    return forms.section("the same elsewhere", "同类告警", similar, none: none) { rows in
      forms.table(rows.map { forms.row($0.row) })
    }
  }

  /// Cases that it may join, those with a reason first; of none nothing is said.
  private var cases: [DetailLine] {
    guard row.incident == nil, offers.problem != nil || offers.value?.isEmpty == false else { return [] }
    return forms.section("open cases that it may join", "可并入的事件", offers) { offers in
      forms.table(
        offers.prefix(8).map { offer in
          let why = offer.reasons.map { $0.title.text(language) }.joined(separator: forms.words(", ", "，"))
          return .init(
            [
              Run(offer.incident.id, .key), Run(offer.incident.state.title.text(language), .dim),
              Run(offer.incident.title + "  "), Run(why, .dim),
            ], to: .incident(offer.incident.id))
        })
    }
  }

  // MARK: what was said and done

  private func comment(_ comment: Comment) -> DetailLine {
    forms.line(
      [Run(forms.moment(comment.time) + " ", .dim), Run(comment.author + ": ", .key), Run(comment.text)], indent: 15)
  }

  private var alerts: [DetailLine] {
    let kept = detail.alertsKept ?? Int64(detail.alerts.count)
    let rows = detail.alerts.map { alert in
      let context = alert.context
      let place = alert.requestedHost.map { $0 + (context.url ?? "") } ?? context.url ?? context.queryName ?? ""
      let status = context.status.map { " \($0)" } ?? ""
      return DetailForms.Cells(
        [
          Run(forms.moment(alert.timestamp), .dim), Run(Feed.end(alert.source, alert.sourcePort)),
          Run([context.method, place].compactMap(\.self).joined(separator: " ") + status),
        ], to: .alert(row: row.id, AlertName(alert)))
    }
    let count = "\(Figures.grouped(rows.count)) / \(Figures.grouped(max(kept, Int64(rows.count))))"
    return forms.section("single alerts, \(count)", "单条告警 \(count)", forms.table(rows))
  }

  private func audit(_ entry: AuditEntry) -> DetailLine {
    let change = [entry.before, entry.after].compactMap(\.self).joined(separator: " -> ")
    return forms.line(
      [
        Run(forms.moment(entry.time) + " ", .dim), Run(entry.actor.name, .key),
        Run(" (\(entry.actor.origin)) \(entry.act)" + (change.isEmpty ? "" : ": \(change)")),
      ], indent: 15)
  }
}
