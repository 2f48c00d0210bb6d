import Dashboard
import Engines
import Records
import Scanner
import Wire

/// A scan as a person reads it: a block a target, findings worst first, what was not determined folded by its reason.
struct ScanTable {
  enum Language: String, CaseIterable { case en, zh }

  let style: Ink
  /// Of the terminal; nil: lines are whole.
  let columns: Int?
  let language: Language
  let showsFacts: Bool

  func title(_ title: BilingualText) -> String { language == .zh ? title.zh : title.en }

  // MARK: a target

  func block(_ place: ScanPlan.Place, _ reports: [JobReport]) -> [String] {
    var addresses: [IPAddress] = []
    for address in reports.flatMap(\.counters.addresses) where !addresses.contains(address) {
      addresses.append(address)
    }
    let reached = addresses.isEmpty ? "no address was reached" : addresses.map(\.description).joined(separator: " ")
    var lines = ["\(style.strong(Table.harmless(place.name)))  \(reached)"]
    for report in reports { lines.append("  " + engine(report)) }
    lines += findings(reports.flatMap(\.observations))
    lines += openQuestions(reports.flatMap(\.observations))
    if showsFacts { lines += facts(reports) }
    return lines.map(fitted)
  }

  /// Never the painted ones, whose width is not their length.
  private func fitted(_ line: String) -> String {
    guard let columns, !line.contains("\u{1b}") else { return line }
    return style.cut(line, to: columns)
  }

  private func engine(_ report: JobReport) -> String {
    let outcome = report.outcome
    let grade = report.facts.first { $0.name == "grade" }.map { " grade \(Table.harmless($0.value))" } ?? ""
    let reason = outcome.reason.isEmpty ? "" : ": \(Table.harmless(outcome.reason))"
    return "\(outcome.engine)\(grade) \(outcome.status.rawValue)\(reason)"
  }

  private func findings(_ observations: [Observation]) -> [String] {
    let found = observations.filter { $0.answer == .yes }.sorted {
      ($1.severity, $0.check, $0.parameter ?? "") < ($0.severity, $1.check, $1.parameter ?? "")
    }
    let width = found.map { style.width($0.check) }.max() ?? 0
    return found.map { finding in
      let parameter = finding.parameter.map { " [\(Table.harmless($0))]" } ?? ""
      return row(
        finding.severity, finding.check, width: width, title(finding.title) + parameter,
        Table.harmless(finding.evidence))
    }
  }

  private func row(_ severity: Severity, _ check: String, width: Int, _ title: String, _ evidence: String) -> String {
    let fill = String(repeating: " ", count: max(width - style.width(check), 0))
    let text = "\(check)\(fill)  \(title)" + (evidence.isEmpty ? "" : ": \(evidence)")
    // Two before the letter, two behind it.
    let cut = columns.map { showsFacts ? text : style.cut(text, to: max($0 - 5, 20)) } ?? text
    return "  \(style.letter(severity))  \(cut)"
  }

  private func openQuestions(_ observations: [Observation]) -> [String] {
    var byReason: [(reason: String, checks: [String])] = []
    for observation in observations {
      guard case .notDetermined(let reason) = observation.answer else { continue }
      if let index = byReason.firstIndex(where: { $0.reason == reason }) {
        byReason[index].checks.append(observation.check)
      } else {
        byReason.append((reason, [observation.check]))
      }
    }
    return byReason.map { reason, checks in
      let shown = showsFacts ? checks[...] : checks.prefix(3)
      let rest = checks.count - shown.count
      return "  ?  \(checks.count) not determined: \(Table.harmless(reason)) (\(shown.joined(separator: ", "))"
        + (rest > 0 ? " and \(rest) more)" : ")")
    }
  }

  private func facts(_ reports: [JobReport]) -> [String] {
    reports.flatMap { report in
      report.facts.map { "  .  \(report.job.engine) \(Table.harmless($0.name)): \(Table.harmless($0.value))" }
    }
  }

  func difference(_ difference: AddressDifference) -> String {
    let values = difference.values.map { "\($0.value) at \($0.address)" }.joined(separator: ", ")
    return fitted("  \u{2260}  \(difference.name): \(Table.harmless(values))")
  }

  // MARK: a comparison

  func comparison(_ comparison: ScanComparison) -> [String] {
    changes(comparison.changes) + unknown(comparison.unknown)
  }

  /// What was there and cannot be said of now is named too: it is not gone.
  private func unknown(_ unknown: [FindingKey: String]) -> [String] {
    Dictionary(grouping: unknown.sorted { $0.key < $1.key }, by: \.key.target).sorted { $0.key < $1.key }.flatMap {
      target, entries in
      [style.strong(Table.harmless(target))]
        + entries.map { fitted("  ?  \(Table.harmless($0.key.check)) was there, now \(Table.harmless($0.value))") }
    }
  }

  private func changes(_ changes: [ScanChange]) -> [String] {
    let width = changes.map { style.width($0.key.check) }.max() ?? 0
    var lines: [String] = []
    for target in Set(changes.map(\.key.target)).sorted() {
      lines.append(style.strong(Table.harmless(target)))
      for change in changes where change.key.target == target {
        let parameter = change.key.parameter.map { " [\(Table.harmless($0))]" } ?? ""
        let evidence = (change.before.map { "\($0) -> " } ?? "") + change.evidence
        let kind = change.kind.rawValue + String(repeating: " ", count: max(7 - change.kind.rawValue.count, 0))
        lines.append(
          "  \(kind)"
            + row(
              change.severity, Table.harmless(change.key.check), width: width,
              title(CheckTable.title(change.key.check)) + parameter, Table.harmless(evidence)))
      }
    }
    return lines
  }
}
