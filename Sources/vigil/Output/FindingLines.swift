import ControlAPI
import Dashboard
import Records

/// Findings as people read them.
enum FindingLines {
  private static func sites(_ count: Int) -> String { count == 1 ? "1 site" : "\(count) sites" }

  /// What stands in `alerts show` and `findings show`: the sum, and a line for each engine and place.
  static func detail(_ finding: Finding, _ style: Ink) -> [String] {
    var lines = [
      "\(Table.harmless(finding.target.url)), confidence \(finding.confidence)"
        + (finding.disagrees ? ", engines disagree" : "")
    ]
    if !finding.evidence.isEmpty { lines.append(Table.harmless(finding.evidence)) }
    if finding.row.platform != nil {
      let sites = FindingItem.sites(of: finding)
      let rest = finding.showing > sites.count ? " and \(finding.showing - sites.count) more" : ""
      lines.append("shows at \(Self.sites(finding.showing)): \(Table.harmless(sites.joined(separator: ", ")))\(rest)")
    }
    return lines + answers(finding).lines(style: style, width: Console.out.isTerminal ? 120 : nil)
  }

  private static func answers(_ finding: Finding) -> Table {
    var table = Table([
      .init("ENGINE"), .init("ANSWER", yields: true), .init("SINCE"), .init("LAST"), .init("SURE", isRight: true),
      .init("VERSION"), .init("SITE"), .init("EVIDENCE"),
    ])
    for answer in finding.answers {
      table.add([
        answer.engine, answer.answer.text, answer.since.secondText, answer.time.secondText, "\(answer.confidence)",
        answer.version.isEmpty ? "-" : answer.version, answer.place, String(answer.evidence.prefix(80)),
      ])
    }
    return table
  }

  // MARK: differences

  static func diff(_ diff: FindingDiff) -> Table {
    var table = Table([
      .init("CHANGE"), .init("S"), .init("ID", isRight: true), .init("WHERE"), .init("CHECK"),
      .init("WHAT", yields: true),
    ])
    for line in diff.lines {
      table.add([
        .init(word(line)), .init(QueueLines.letter(line.severity), severity: line.severity),
        .init("\(line.id)"),
        .init(line.platform.map { "platform:\($0)" } ?? line.site ?? "-"), .init(line.check), .init(text(line)),
      ])
    }
    return table
  }

  private static func word(_ line: FindingDiff.Line) -> String {
    line.change?.rawValue ?? (line.notCovered != nil ? "not covered" : "settled")
  }

  private static func text(_ line: FindingDiff.Line) -> String {
    if let reason = line.notCovered { return reason }
    if let settled = line.settled { return settled.rawValue }
    guard line.change == .changed else { return line.title.en }
    let severity = line.severityBefore.map {
      $0 == line.severity ? "" : "\($0.rawValue) -> \(line.severity.rawValue), "
    }
    return (severity ?? "") + "\(line.evidenceBefore ?? "") -> \(line.evidence)"
  }

  static func sum(_ diff: FindingDiff) -> String {
    let counts = diff.counts
    let begins = diff.begins.map { "; the log begins at \($0.text), what was there before counts as new" } ?? ""
    return
      "\(counts.new) new, \(counts.back) back, \(counts.changed) changed, \(counts.gone) gone, \(counts.same) the same, "
      + "\(counts.notCovered) not covered, \(counts.settled) settled, \(counts.passing) came and went" + begins
  }
}
