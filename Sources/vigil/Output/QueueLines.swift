import ControlAPI
import Dashboard
import Records
import Wire

/// One row of the queue as people read it, with everything behind it.
enum QueueLines {
  static func letter(_ severity: Severity) -> String { severity.rawValue.prefix(1).uppercased() }

  static func detail(_ detail: QueueDetail, _ style: Ink) -> [String] {
    let row = detail.item.row
    var lines = [
      "\(style.letter(row.severity)) \(Table.harmless(row.title.en))",
      "row \(row.id), \(row.wing.rawValue), \(Table.harmless(row.check)), \(row.triage.state.rawValue)"
        + (row.findingState.map { ", finding \($0.rawValue)" } ?? ""),
      "\(Table.harmless(row.site ?? row.subject)), seen \(row.count) times from \(row.firstSeen.text) to \(row.lastSeen.text)",
    ]
    if let kept = detail.alertsKept, kept < row.count { lines.append("\(kept) of its \(row.count) alerts are kept") }
    if let who = row.triage.assignee { lines.append("assigned to \(Table.harmless(who))") }
    if let verdict = row.triage.verdict { lines.append("verdict \(verdict.rawValue)") }
    if let why = row.triage.returned { lines.append("came back: \(Table.harmless(why))") }
    lines += meaning(detail)
    if let finding = detail.finding { lines += FindingLines.detail(finding, style) }
    if let group = detail.group { lines += facets(group) }
    lines += detail.comments.map { "\($0.time.text) \(Table.harmless($0.author)): \(Table.harmless($0.text))" }
    lines += detail.alerts.prefix(10).map { alert($0) }
    lines += detail.audit.map {
      "\($0.time.text) \(Table.harmless($0.actor.name)) (\(Table.harmless($0.actor.origin))) \(Table.harmless($0.act))"
    }
    return lines
  }

  /// What came of it and why, and where the row stands.
  private static func meaning(_ detail: QueueDetail) -> [String] {
    let row = detail.item.row
    var lines: [String] = []
    if let word = row.triage.judged {
      lines.append("judged \(word.outcome.rawValue) by \(Table.harmless(word.by)): \(Table.harmless(word.reason))")
    }
    for judgement in (detail.group?.judgements ?? []).suffix(3).reversed() {
      let inputs = judgement.inputs.map { "\($0.name) \($0.value)" }.joined(separator: ", ")
      lines.append("\(judgement.outcome.rawValue): \(Table.harmless(judgement.reason.en)) (\(Table.harmless(inputs)))")
    }
    if let gathering = row.gathering {
      lines.append("gathers \(gathering.members) rows by \(gathering.axis.rawValue): vigil alerts list under:\(row.id)")
    }
    if let parent = row.parent { lines.append("folded under row \(parent)") }
    if row.place == .own { lines.append("of our own scans") }
    if let id = row.hiddenBy {
      lines.append("\(row.place == .suppressed ? "hidden" : "let through") by suppression \(Table.harmless(id))")
    }
    return lines
  }

  private static func facets(_ group: AlertGroup) -> [String] {
    let named = [
      ("from", group.facets.sources), ("to", group.facets.targets), ("sensors", group.facets.sensors),
      ("urls", group.facets.urls),
    ]
    return named.filter { !$0.1.entries.isEmpty }.map { name, facet in
      "\(name) " + facet.top.prefix(5).map { "\(Table.harmless($0.value)) (\($0.count))" }.joined(separator: ", ")
    }
  }

  /// One alert as a line of `vigil tail`.
  static func alert(_ alert: AlertRecord) -> String {
    func end(_ address: IPAddress?, _ port: UInt16) -> String {
      guard let address else { return "?" }
      return address.isV6 ? "[\(address)]:\(port)" : "\(address):\(port)"
    }
    let place =
      (alert.requestedHost.map { " " + Table.harmless($0) } ?? "") + (alert.client.map { " for \($0)" } ?? "")
    return "\(alert.timestamp.text) \(letter(alert.signature.severity)) [\(alert.signature.id)] "
      + "\(Table.harmless(alert.signature.message)) \(end(alert.source, alert.sourcePort)) -> "
      + "\(end(alert.destination, alert.destinationPort))\(place)"
  }
}
