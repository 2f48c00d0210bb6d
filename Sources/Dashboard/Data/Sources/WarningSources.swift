import ControlAPI
import Records

/// Notices, what must be done for them, what came to us.
extension Source {
  static let warningSources = [
    Source(
      "notices", "notices and early warnings to organisations, the newest first",
      columns: [
        .id, .number, .kind, .colour, .severity, .urgency, .organisation, .title, .state, .due, .overdue, .begun, .who,
        .approver, .created, .sent, .supervision, .sites, .findings, .drill,
      ], usual: [.severity, .due, .state, .number, .organisation, .title, .supervision, .who],
      language: .hub(.notices, sorts: []), asking: API.notices, { $0.list }, listing: { Listing($0) }),
    Source(
      "tasks", "what people of the watch must do for notices and intake",
      columns: [.id, .kind, .subject, .text, .created, .due, .who], usual: [.due, .kind, .subject, .text],
      asking: API.tasks, { _ in Nothing() }, listing: { Listing($0) }),
    Source(
      "intake", "what came to us from above, the public or by telephone",
      columns: [
        .id, .source, .sender, .number, .title, .site, .organisation, .received, .due, .who, .state, .rating, .drill,
      ], usual: [.due, .state, .source, .sender, .title, .who], language: .hub(.intake, sorts: []),
      asking: API.intakes, { $0.list }, listing: { Listing($0) }),
  ]
}

extension Notice: Listed {
  var key: String { String(id) }
  var leadsTo: Model.Place? { .notice(id) }

  func value(_ column: Column) -> Value {
    switch column {
    case .id: .count(id)
    case .number: .text(number)
    case .kind: kind.value()
    case .colour: colour?.value() ?? .none
    case .severity: .severity(severity)
    case .urgency: urgency.value(urgency == .urgent ? .warning : .text)
    case .organisation, .subject: .text(organisation)
    case .title: .words(title)
    case .state: state.value(state.isOpen ? .text : .dim)
    case .due: .due(due)
    case .overdue: .flag(overdueSince != nil)
    case .begun: .time(begun)
    case .who: .text(author)
    case .approver: .text(approver)
    case .created: .time(created)
    case .sent: .time(sent)
    case .supervision: .count(supervision)
    case .sites: .count(sites.count)
    case .findings: .count(findings.count)
    case .drill: .flag(isDrill)
    default: .none
    }
  }
}

extension DutyTask: Listed {
  var key: String { String(id) }
  var leadsTo: Model.Place? { Model.Place(subject: subject) }

  func value(_ column: Column) -> Value {
    switch column {
    case .id: .count(id)
    case .kind: kind.value()
    case .subject: .text(subject)
    case .text, .title: .words(text)
    case .created, .begun: .time(created)
    case .due: .due(due)
    case .who: .text(doneBy)
    default: .none
    }
  }
}

extension Intake: Listed {
  var key: String { String(id) }

  func value(_ column: Column) -> Value {
    switch column {
    case .id: .count(id)
    case .source: source.value()
    case .sender, .subject: .text(sender)
    case .number: .text(senderNumber)
    case .title: .text(title)
    case .site: .text(site)
    case .organisation: .text(organisation)
    case .received, .begun: .time(received)
    // Once it is answered, no clock runs.
    case .due: state == .open ? .due(due) : .none
    case .who: .text(assignee)
    case .state: state.value(state == .open ? .text : .dim)
    case .rating: rating?.value() ?? .none
    case .drill: .flag(isDrill)
    default: .none
    }
  }
}
