import ControlAPI
import Records

/// What people decided, and how right engines and rules were.
extension Source {
  static let ledgerSources = [
    Source(
      "suppressions", "suppressions and thresholds, those in force first, with what they hid",
      columns: [.id, .rule, .site, .organisation, .reason, .who, .due, .holds, .alerts, .rows],
      usual: [.holds, .due, .rule, .site, .reason, .who, .alerts], asking: API.suppressions, { _ in Nothing() },
      listing: { Listing($0) }),
    Source(
      "precision", "how often engines and rules were right, by analysts' verdicts",
      columns: [.engine, .check, .verdicts, .least, .most], asking: API.precision, { _ in Nothing() },
      listing: { Listing($0) }),
    Source(
      "audit", "who did what, the newest first (leads see it)",
      columns: [.id, .time, .who, .act, .on, .before, .after],
      usual: [.time, .who, .act, .on, .after], language: .hub(.audit, sorts: []), asking: API.audit, { $0.list },
      listing: { Listing($0) }),
  ]
}

extension SuppressionItem: Listed {
  var key: String { suppression.id }

  func value(_ column: Column) -> Value {
    switch column {
    case .id: .text(suppression.id)
    case .rule, .subject: .text(suppression.rule ?? suppression.filter)
    case .site: .text(suppression.site)
    case .organisation: .text(suppression.organisation)
    case .reason, .title: .text(suppression.reason)
    case .who: .text(suppression.author)
    case .due: holds ? .due(suppression.until) : .none
    case .begun: .time(suppression.created)
    case .holds: .flag(holds)
    case .alerts: .count(alerts)
    case .rows: .count(rows)
    default: .none
    }
  }
}

extension PrecisionLine: Listed {
  var key: String { "\(measured.engine ?? "") \(measured.check)" }

  func value(_ column: Column) -> Value {
    switch column {
    case .engine: .text(measured.engine ?? "sensor")
    case .check: .text(measured.check)
    case .verdicts: .count(verdicts)
    case .least: low.map { .share($0) } ?? .none
    case .most: high.map { .share($0) } ?? .none
    default: .none
    }
  }
}

extension AuditEntry: Listed {
  var key: String { String(id) }
  var leadsTo: Model.Place? { Model.Place(subject: subject) }

  func value(_ column: Column) -> Value {
    switch column {
    case .id: .count(id)
    case .time: .time(time)
    case .who: .text(actor.name)
    case .act: .text(act)
    case .on: .text(subject)
    case .before: .text(before)
    case .after: .text(after)
    default: .none
    }
  }
}
