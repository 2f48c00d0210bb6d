import ControlAPI
import Dashboard
import Records

/// Findings as people read them.
enum FindingLines {
  static func diff(_ diff: FindingDiff) -> Table {
    var table = Table([
      .init("CHANGE"), .init("S"), .init("ID", isRight: true), .init("WHERE"), .init("CHECK"),
      .init("WHAT", yields: true),
    ])
    for line in diff.lines {
      table.add([
        .init(word(line)), .init(line.severity.letter, severity: line.severity),
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
