import ControlAPI
import Records
import Wire

/// Incidents as people read them.
enum IncidentLines {
  static func detail(_ detail: IncidentDetail, _ words: CommandWords) -> [String] {
    let (item, incident) = (detail.item, detail.item.incident)
    let drill = incident.isDrill ? words("  drill", "  演练") : ""
    var lines = [
      "\(incident.id)\(drill)  \(Table.harmless(incident.title))",
      "\(words(incident.state.title)), \(words(incident.kind.title)), "
        + words("opened \(incident.opened.text) by ", "立案 \(incident.opened.text)，")
        + Table.harmless(incident.openedBy),
    ]
    lines += grading(item, words)
    let people = ([incident.lead.map { words("lead ", "负责人 ") + $0 }] + incident.members.map(Optional.some))
      .compactMap(\.self)
    if !people.isEmpty { lines.append(Table.harmless(people.joined(separator: ", "))) }
    lines += item.clocks.map { clock($0, words) }
    if !detail.sites.isEmpty { lines.append(words("sites: ", "网站：") + detail.sites.joined(separator: ", ")) }
    lines += detail.rows.map { row in
      let gone = row.removed.map { words("  removed \($0.text)", "  已移出 \($0.text)") } ?? ""
      return "\(words("row", "行")) \(row.id)  \(QueueLines.letter(row.severity))  "
        + Table.harmless("\(words(row.title))  \(row.site ?? row.subject)") + gone
    }
    lines += detail.log.map { line in
      "\(line.time.text) \(Table.harmless(line.actor.name)) [\(words(line.kind.title))] \(Table.harmless(line.text))"
    }
    return lines
  }

  private static func grading(_ item: IncidentItem, _ words: CommandWords) -> [String] {
    let (incident, proposal) = (item.incident, item.proposal)
    var lines = [words("level proposed: ", "建议级别：") + words(proposal.level.title)]
    for reason in proposal.reasons {
      let check = reason.isVerified ? "" : words(", number not verified", "，数值未经核对")
      lines.append(
        "  \(words(reason.measure.title)) \(IncidentFact.plain(reason.value)) >= \(IncidentFact.plain(reason.from)) (\(reason.source)\(check))"
      )
    }
    for fact in proposal.inputs {
      lines.append(
        Table.harmless("  \(words(fact.measure.title)): \(IncidentFact.plain(fact.value)) (\(fact.by), \(fact.basis))"))
    }
    if !proposal.unknown.isEmpty {
      lines.append(
        words("  not known: ", "  未知：") + proposal.unknown.map { words($0.title) }.joined(separator: words(", ", "、")))
    }
    if let level = incident.levels.last {
      lines.append(
        Table.harmless(
          words("level set: ", "定级：") + "\(words(level.level.title)) (\(level.by), \(level.time.text): \(level.reason))"
        ))
    } else {
      lines.append(words("level not set", "尚未定级"))
    }
    lines += incident.awareness.map { known in
      Table.harmless(
        words("known since ", "获知时间 ") + "\(known.time.text) (\(known.by), \(known.recorded.text)"
          + (known.reason.isEmpty ? ")" : ": \(known.reason))"))
    }
    return lines
  }

  private static func clock(_ clock: IncidentClock, _ words: CommandWords) -> String {
    let due = clock.due.map { words("due ", "时限 ") + $0.text } ?? "-"
    let left = clock.state == .running || clock.state == .overdue ? clock.due.map { " (\(Moment.countdown($0)))" } : nil
    let note = clock.note.map { "; " + words($0) } ?? ""
    let check = clock.isVerified ? "" : words(", not verified", "，未经核对")
    return "\(words("clock", "时钟")) \(words(clock.title)): \(words(clock.state.title)), \(due)\(left ?? "")\(note)"
      + " (\(clock.source)\(check))"
  }
}
