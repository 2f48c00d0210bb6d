import ControlAPI
import Records
import Wire

/// The lines of a site: its score with what took points off, findings, alerts, coverage, authorisations.
struct SiteLines {
  let detail: SiteDetail
  let now: Timestamp
  let look: Look

  var lines: [Line] {
    let item = detail.item
    var lines = [
      Line([
        Run(item.cell.worst?.letter ?? ".", SiteMark(item.cell).role), Run(" " + item.site.url, .title),
      ]),
      fact("organisation", item.organisation?.text(look.language) ?? item.site.organisation ?? "-"),
      fact("criticality", item.site.criticality.rawValue),
      fact("posture", item.cell.score.map { "\($0) / 100" } ?? Label.neverTested.text(look.language)),
      fact("last tested", item.lastTested.map { Figures.moment($0, look) } ?? "never"),
      fact(
        "authorised", item.isAuthorised ? "yes" : Label.notAuthorised.text(look.language),
        item.isAuthorised ? .text : .error),
    ]
    lines += section("deductions", detail.deductions.map(deduction))
    lines += section("findings", detail.findings.map(finding))
    lines += section("alerts", detail.alerts.map(alert))
    lines += section("coverage", detail.coverage.map(coverage))
    lines += section("authorisations", detail.authorisations.map(authorisation))
    return lines
  }

  private func fact(_ name: String, _ value: String, _ role: Role = .text) -> Line {
    DetailWords.fact(name, value, role, look)
  }

  private func section(_ title: String, _ lines: [Line]) -> [Line] {
    lines.isEmpty ? [] : [.blank, Line("\(DetailWords.text(title, look.language)) (\(lines.count))", .title)] + lines
  }

  private func deduction(_ entry: SiteDetail.Deduction) -> Line {
    Line(
      [Run("-\(entry.points) ", .warning), Run("\(entry.title.text(look.language)) (row \(entry.finding))")], indent: 4)
  }

  private func finding(_ entry: FindingItem) -> Line {
    let row = entry.finding.row
    return Line(
      [
        Run(row.severity.letter, row.severity.role), Run(" \(row.title.text(look.language))"),
        Run("  row \(row.id), \(entry.finding.state.rawValue), \(entry.confidence) %", .dim),
      ], indent: 2)
  }

  private func alert(_ item: QueueItem) -> Line {
    Line(
      [
        Run(item.row.severity.letter, item.row.severity.role), Run(" \(item.row.title.text(look.language))"),
        Run("  row \(item.id), \(Figures.grouped(item.row.count)) x, \(Figures.moment(item.row.lastSeen, look))", .dim),
      ], indent: 2)
  }

  private func coverage(_ entry: CoverageEntry) -> Line {
    let reason = entry.reason.isEmpty ? "" : ": \(entry.reason)"
    let role: Role = entry.status == .tested ? .text : .warning
    return Line(
      [
        Run("\(entry.engine) \(entry.check == "*" ? "" : entry.check + " ")"), Run(entry.status.rawValue, role),
        Run("\(reason)  \(Figures.moment(entry.time, look))", .dim),
      ], indent: 2)
  }

  private func authorisation(_ entry: Authorisation) -> Line {
    let isOver = entry.until < now
    return Line(
      [
        Run("\(entry.id) \(entry.grantedBy): \(entry.document), up to \(entry.upTo.rawValue), until "),
        Run(String(entry.until.text.prefix(10)), isOver ? .error : .text),
      ], indent: 2)
  }
}
