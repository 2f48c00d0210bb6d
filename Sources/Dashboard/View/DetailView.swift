import ControlAPI
import Records
import Wire

/// A row of the queue, or a site, with everything behind it, as lines that scroll.
enum DetailView {
  static func draw(_ model: Model, _ body: Area, _ canvas: inout Canvas) {
    let title: Line =
      switch model.place {
      case .row(let id): Line("\(Label.row.text(canvas.look.language)) \(id)", .title)
      case .site(let id): Line(id, .title)
      case .screen, .help: Line("")
      }
    let inner = Frame.draw(body, title: title, isFocused: true, &canvas)
    let rows = self.rows(model, inner.columns, canvas.look)
    let top = min(max(model.walk.scroll, 0), max(rows.count - inner.rows, 0))
    for (index, row) in rows.dropFirst(top).prefix(inner.rows).enumerated() {
      canvas.put(row: row, x: inner.x, y: inner.y + index, columns: inner.columns)
    }
    if rows.count > inner.rows {
      let place = " \(min(top + inner.rows, rows.count))/\(rows.count) "
      canvas.put(right: place, .dim, x: body.x, y: body.y, columns: body.columns - 2)
    }
    if model.link != .connected { canvas.fade(inner) }
  }

  /// The rows as they would stand on this screen, for the limits of scrolling.
  static func lines(_ model: Model) -> [[Line.Styled]] {
    let look = Look(theme: Theme(name: .monochrome, depth: .none), capabilities: Capabilities(), language: .en)
    let columns = model.size.columns < Frame.narrow ? model.size.columns : model.size.columns - 2
    return rows(model, columns, look)
  }

  private static func rows(_ model: Model, _ columns: Int, _ look: Look) -> [[Line.Styled]] {
    let lines: [Line] =
      switch model.place {
      case .row: model.row.map { RowDetail(detail: $0, now: model.now, look: look).lines } ?? waiting(look)
      case .site: model.site.map { SiteLines(detail: $0, now: model.now, look: look).lines } ?? waiting(look)
      case .screen, .help: []
      }
    return lines.flatMap { $0.wrapped(columns, look) }
  }

  private static func waiting(_ look: Look) -> [Line] { [Line(Label.waiting.text(look.language), .dim)] }
}

/// The lines of a row: what it is, who has it, its facets or evidence, what was said and done.
struct RowDetail {
  let detail: QueueDetail
  let now: Timestamp
  let look: Look

  var lines: [Line] {
    let row = detail.item.row
    var lines = [
      Line([Run(row.severity.letter, row.severity.role), Run(" " + row.title.text(look.language), .title)], indent: 2)
    ]
    lines += facts(row)
    if let group = detail.group { lines += facets(group) }
    if let finding = detail.finding { lines += evidence(finding) }
    lines += section("comments", detail.comments.map(comment))
    lines += section("last alerts", detail.alerts.flatMap(alert))
    lines += section("audit", detail.audit.map(audit))
    return lines
  }

  private func fact(_ name: String, _ value: String, _ role: Role = .text) -> Line {
    DetailWords.fact(name, value, role, look)
  }

  private func facts(_ row: QueueRow) -> [Line] {
    var lines = [
      fact("severity", row.severity.label.text(look.language), row.severity.role),
      fact(
        "result", row.outcome.label?.text(look.language) ?? DetailWords.text("not determined", look.language),
        row.outcome.role),
      fact("state", state(row)),
      fact("site", row.site ?? "-"),
      fact("subject", row.subject),
      fact("check", "\(row.check) (\(row.wing.rawValue))"),
      fact(
        "seen",
        "\(Figures.grouped(row.count)) x, \(Figures.moment(row.firstSeen, look)) to "
          + Figures.moment(row.lastSeen, look)),
    ]
    if let organisation = row.organisation { lines.insert(fact("organisation", organisation), at: 4) }
    if let why = row.triage.returned { lines.append(fact("came back", why, .warning)) }
    if let word = row.triage.judged { lines.append(fact("judged", "\(word.reason) (\(word.by))")) }
    if let why = detail.group?.judgements.last { lines.append(fact("why", why.reason.text(look.language))) }
    if let gathering = row.gathering { lines.append(fact("gathers", "\(gathering.members), under:\(row.id)")) }
    if let parent = row.parent { lines.append(fact("folded under", "\(parent)")) }
    return lines
  }

  private func state(_ row: QueueRow) -> String {
    var text = row.triage.state.title.text(look.language)
    if let verdict = row.triage.verdict { text += " (\(verdict.rawValue))" }
    if let until = row.triage.shelvedUntil { text += " until \(Figures.moment(until, look))" }
    if let who = row.triage.assignee { text += ", \(who)" }
    if let by = row.triage.changedBy, let at = row.triage.changedAt { text += ", by \(by) \(Figures.moment(at, look))" }
    if row.triage.state == .new, let due = detail.item.due {
      text += ", due \(TimeSpan.short(seconds: due.nanoseconds(since: now) / 1_000_000_000))"
    }
    if let life = row.findingState { text += ", finding \(life.rawValue)" }
    return text
  }

  private func facets(_ group: AlertGroup) -> [Line] {
    let named = [
      ("from", group.facets.sources), ("to", group.facets.targets), ("sensors", group.facets.sensors),
      ("urls", group.facets.urls),
    ]
    var lines = [Line.blank]
    if !group.signature.category.isEmpty { lines.append(fact("class", group.signature.category)) }
    lines.append(fact("rule", "\(group.signature.id) rev \(group.signature.rev): \(group.signature.message)"))
    for (name, facet) in named where !facet.entries.isEmpty {
      lines += facet.top.prefix(10).enumerated().map { index, entry in
        fact(index == 0 ? name : "", "\(Figures.grouped(entry.count)) x \(entry.value)")
      }
    }
    return lines
  }

  /// All engines of a site's finding; of a hosting's, the first of its sites.
  private static let answersShown = 12

  private func evidence(_ finding: Finding) -> [Line] {
    let engines = finding.engines.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value) %" }.joined(separator: ", ")
    var lines = [
      Line.blank, fact("target", finding.target.url),
      fact("confidence", "\(finding.confidence) % (\(engines))"),
    ]
    if finding.disagrees { lines.append(fact("engines", "they disagree")) }
    lines += finding.answers.prefix(Self.answersShown).map { answer in
      let place = finding.row.platform == nil ? "" : " at \(answer.place)"
      return fact(
        answer.engine, "\(answer.answer.text), \(answer.confidence) %, since \(answer.since.secondText)\(place)")
    }
    let texts = finding.evidence.split(separator: "\n", omittingEmptySubsequences: false)
    lines += texts.enumerated().map { fact($0.offset == 0 ? "evidence" : "", String($0.element)) }
    return lines
  }

  private func section(_ title: String, _ lines: [Line]) -> [Line] {
    lines.isEmpty ? [] : [.blank, Line(DetailWords.text(title, look.language), .title)] + lines
  }

  private func comment(_ comment: Comment) -> Line {
    Line(
      [Run(Figures.moment(comment.time, look) + " ", .dim), Run(comment.author + ": ", .key), Run(comment.text)],
      indent: 15)
  }

  private func alert(_ alert: AlertRecord) -> [Line] {
    let context = alert.context
    let request =
      [context.method, alert.requestedHost.map { $0 + (context.url ?? "") } ?? context.url, context.queryName]
      .compactMap(\.self) + (context.status.map { ["-> \($0)"] } ?? [])
    var lines = [
      Line(
        [
          Run(Figures.moment(alert.timestamp, look) + " ", .dim),
          Run(alert.signature.severity.letter, alert.signature.severity.role),
          Run(" \(Feed.ends(alert)) \(alert.transport) \(alert.appProtocol ?? "")"),
        ], indent: 15)
    ]
    if !request.isEmpty { lines.append(Line("               " + request.joined(separator: " "), .text, indent: 15)) }
    if let agent = context.userAgent { lines.append(Line("               \(agent)", .dim, indent: 15)) }
    return lines
  }

  private func audit(_ entry: AuditEntry) -> Line {
    let change = [entry.before, entry.after].compactMap(\.self).joined(separator: " -> ")
    return Line(
      [
        Run(Figures.moment(entry.time, look) + " ", .dim), Run(entry.actor.name, .key),
        Run(" (\(entry.actor.origin)) \(entry.act)" + (change.isEmpty ? "" : ": \(change)")),
      ], indent: 15)
  }
}
