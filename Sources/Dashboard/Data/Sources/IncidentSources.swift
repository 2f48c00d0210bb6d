import ControlAPI
import Records
import Wire

/// Cases, their clocks one by one, and the log of the one that is selected.
extension Source {
  static let incidentSources = [
    Source(
      "incidents", "cases with level, lead and what falls due next, the newest first",
      columns: [
        .id, .level, .proposed, .kind, .state, .title, .lead, .members, .sites, .due, .overdue, .opened, .known,
        .operatorKind, .drill,
      ], usual: [.level, .id, .state, .kind, .title, .lead, .due, .sites, .opened],
      language: .hub(.incidents, sorts: []), asking: API.incidents, { $0.list }, listing: { Listing($0) }),
    Source(
      "incidentClocks", "the clocks of cases one by one; `query` is of cases",
      columns: [.incident, .level, .clock, .state, .due, .note, .lead, .kind],
      usual: [.due, .incident, .level, .clock, .state, .lead], language: .hub(.incidents, sorts: []),
      asking: API.incidents, { $0.list },
      listing: { page in
        Listing(page.items.flatMap { item in item.clocks.map { IncidentClockEntry(item: item, clock: $0) } })
      }),
    Source(
      "incidentLog", "the log of the case that is selected in the panel that `follow` names, the newest line first",
      columns: [.time, .kind, .who, .text],
      question: { asked in asked.subject.map { Question(API.incident, id: $0, Nothing()) } },
      listing: { ($0 as? IncidentDetail).map { Listing($0.log.reversed()) } }),
  ]
}

extension IncidentLevel: Titled {
  var role: Role {
    switch self {
    case .one: .critical
    case .two: .high
    case .three: .medium
    case .four: .low
    }
  }
  /// The numeral alone: the column has no room for more.
  var short: Value {
    .name(NamedValue(name: rawValue, title: BilingualText(rawValue), role: role, rank: rank))
  }
}

extension IncidentItem: Listed {
  var key: String { id }
  var leadsTo: Model.Place? { .incident(id) }

  func value(_ column: Column) -> Value {
    switch column {
    case .id, .subject: .text(id)
    case .level: incident.level?.short ?? .none
    case .proposed: proposal.level.short
    case .kind: incident.kind.value()
    case .state: incident.state.value(incident.isOpen ? .text : .dim)
    case .title: .text(incident.title)
    case .lead, .who: .text(incident.lead)
    case .members: .list(incident.members)
    case .sites: .count(siteCount)
    case .due: .due(due)
    case .overdue: .flag(isOverdue)
    case .opened, .begun: .time(incident.opened)
    case .known: .time(incident.knownSince)
    case .operatorKind: incident.operatorKind?.value() ?? .none
    case .drill: .flag(incident.isDrill)
    default: .none
    }
  }
}

/// One clock of one case.
struct IncidentClockEntry: Listed {
  var item: IncidentItem
  var clock: IncidentClock

  var key: String { "\(item.id)/\(clock.id)" }
  var subject: String { item.id }
  var leadsTo: Model.Place? { .incident(item.id) }

  func value(_ column: Column) -> Value {
    switch column {
    case .incident, .subject: .text(item.id)
    case .clock, .title: .words(clock.title)
    case .state: clock.state.value(clock.state == .overdue ? .error : clock.state == .late ? .warning : .text)
    // What was done needs no clock any more.
    case .due: isRunning ? .due(clock.due) : .none
    case .note: .words(clock.note)
    default: item.value(column)
    }
  }

  private var isRunning: Bool { clock.state == .running || clock.state == .overdue }
}

extension IncidentLine: Listed {
  var key: String { String(id) }
  var leadsTo: Model.Place? { .incident(incident) }

  func value(_ column: Column) -> Value {
    switch column {
    case .time: .time(time)
    case .kind: kind.value()
    case .who: .text(actor.name)
    case .text: .text(text)
    default: .none
    }
  }
}
