package import Records

extension FilterSchema {
  package static let incidents = FilterSchema([
    Field("id", .text, "the number, as 2026-0007"),
    Field("state", .choice(IncidentState.allCases.map(\.rawValue)), "where it stands"),
    Field("open", .flag, "not closed"),
    Field("level", .ordered(IncidentLevel.allCases.reversed().map(\.rawValue)), "as set by a lead, else as proposed"),
    Field("graded", .flag, "a lead has set the level"),
    Field("kind", .choice(IncidentKind.allCases.map(\.rawValue)), "what happened"),
    Field("lead", .text, "who leads it; empty text for nobody"),
    Field("who", .text, "its lead or one of its members"),
    Field("site", .text, "one of its sites"),
    Field("drill", .flag, "an exercise"),
    Field("overdue", .flag, "a clock has run out"),
    Field("since", .time, "opened not before"),
  ])
}

extension IncidentItem: FilterRow {
  package func filterValues(_ field: String) -> [FilterValue] {
    switch field {
    case "id": [.text(id)]
    case "state": [.text(incident.state.rawValue)]
    case "open": [.flag(incident.isOpen)]
    case "level": [.rank((incident.level ?? proposal.level).rank - 1)]
    case "graded": [.flag(incident.level != nil)]
    case "kind": [.text(incident.kind.rawValue)]
    case "lead": [.text(incident.lead ?? "")]
    case "who": ([incident.lead].compactMap(\.self) + incident.members).map(FilterValue.text)
    case "site": sites.map(FilterValue.text)
    case "drill": [.flag(incident.isDrill)]
    case "overdue": [.flag(isOverdue)]
    case "since": [.time(incident.opened)]
    default: []
    }
  }
  package var filterTexts: [String] { [id, incident.title] + sites }
}
