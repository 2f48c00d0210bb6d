import ControlAPI
import Records

/// Rows of the queue, findings with their engines, and rows by what they have in common.
extension Source {
  /// What the hub sorts rows by (`ListPlan`).
  private static let rowSorts = [
    "severity", "outcome", "due", "site", "rule", "count", "last", "first", "who", "state", "id",
  ]
  private static let rowColumns: [Column] = [
    .id, .severity, .state, .result, .due, .site, .organisation, .rule, .check, .wing, .subject, .count, .first, .last,
    .who, .comments, .incident, .life,
  ]

  static let queueSources = [
    Source(
      "queue", "rows of the queue, of both wings, worst first", columns: rowColumns,
      usual: [.severity, .result, .due, .site, .rule, .count, .last, .who],
      language: .hub(.queue, sorts: rowSorts), isStirred: true, asking: API.queue, { $0.list },
      listing: { Listing($0) }),
    Source(
      "findings", "weaknesses with what their engines say and where they stand",
      columns: rowColumns + [.engines, .confidence, .sites, .platform, .disagree],
      usual: [.severity, .life, .site, .rule, .confidence, .engines, .last],
      language: .hub(.findings, sorts: rowSorts), isStirred: true, asking: API.findings, { $0.list },
      listing: { Listing($0) }),
    Source(
      "groups", "how many rows of the queue each rule, site, person, severity, state or wing has (`group`)",
      columns: [.value, .title, .severity, .rows, .new, .count, .last], language: .hub(.queue, sorts: []),
      isStirred: true, asking: API.queueGroups,
      { GroupRequest(by: $0.by, filter: $0.filter, limit: $0.limit) }, listing: { Listing($0) }),
    Source(
      "feed", "alerts and findings as they come, by the stream", columns: [], language: .hub(.stream, sorts: []),
      question: { _ in nil }, listing: { _ in nil }),
  ]
}

extension QueueItem: Listed {
  var key: String { String(id) }
  var actRow: Int64? { id }

  func value(_ column: Column) -> Value {
    switch column {
    case .id: .count(id)
    case .severity: .severity(row.severity)
    case .state: row.triage.state.value()
    case .result: outcome
    case .due: clock
    case .site: .text(row.site ?? row.subject)
    case .organisation: .text(row.organisation)
    case .rule, .title: .words(row.title)
    case .check: .text(row.check)
    case .wing: row.wing.value()
    case .subject: .text(row.subject)
    case .count: .count(row.count)
    case .first: .time(row.firstSeen)
    case .last: .time(row.lastSeen)
    case .who: .text(row.triage.assignee)
    case .comments: .count(row.comments)
    case .incident: .text(row.incident)
    case .life: row.findingState.map { $0.value($0.isLive ? .text : .good) } ?? .none
    default: .none
    }
  }

  private var outcome: Value {
    guard let label = row.outcome.label else { return .none }
    return .name(
      NamedValue(name: row.outcome.rawValue, title: label.words, role: row.outcome.role, rank: row.outcome.rank))
  }

  /// Time left; once somebody has it, what was decided, in a word as short as a time.
  private var clock: Value {
    let state = row.triage.state
    if state == .new { return .due(due) }
    let short = BilingualText(en: String(state.title.en.prefix(3)), zh: state.title.zh)
    return .name(NamedValue(name: state.rawValue, title: short, role: .dim, rank: .max))
  }
}

extension FindingItem: Listed {
  var key: String { String(id) }
  var actRow: Int64? { id }

  func value(_ column: Column) -> Value {
    switch column {
    case .engines: .list(finding.engines.keys.sorted())
    case .confidence: .share(Double(confidence))
    case .sites: .count(finding.showing)
    case .platform: .text(finding.row.platform)
    case .disagree: .flag(disagrees)
    case .site: .text(finding.row.site ?? finding.row.platform ?? finding.row.subject)
    default: QueueItem(row: finding.row, due: nil).value(column)
    }
  }
}

extension QueueGroupItem: Listed {
  var key: String { value }

  func value(_ column: Column) -> Value {
    switch column {
    case .value: .text(value.isEmpty ? "-" : value)
    case .title: .words(title ?? BilingualText(value.isEmpty ? "-" : value))
    case .severity: .severity(worst)
    case .rows: .count(rows)
    case .new: .count(new)
    case .count: count.map { .count($0) } ?? .none
    case .last: .time(lastSeen)
    default: .none
    }
  }
}
