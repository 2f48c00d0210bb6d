import ControlAPI
import Documents
import Records

/// One pane of a screen: what is asked, and how it is drawn.
struct Panel: Sendable, Equatable {
  /// A source with the query that it is asked by.
  struct Part: Sendable, Equatable {
    var source: Source
    var query = Template("")
  }
  struct Level: Sendable, Equatable {
    var from: Double
    var role: Role
  }
  /// What a gauge or bar is full at.
  enum Measure: Sendable, Equatable {
    case number(Double)
    case column(Column)
  }

  var name: String
  var kind: Kind
  /// One; of clocks any number.
  var parts: [Part]
  var title: BilingualText?
  var empty: BilingualText?
  var columns: [Column] = []
  var sort: [SortWord] = []
  var levels: [Level] = []
  /// What entries are put together by, or called.
  var by: Column?
  /// The figure.
  var value: Column?
  var full: Measure?
  /// When an entry happened.
  var time: Column?
  var window = Template("")
  var scope = Template("")
  var group = GroupRequest.By.rule
  /// The panel whose selected entry this one is about.
  var follow: String?
  var limit = Asked.rows
  /// Nil: the screen's.
  var refreshSeconds: Double?

  var source: Source? { parts.first?.source }
  /// Whether it shows rows of the queue one by one.
  var listsQueue: Bool { kind == .table && source?.name == "queue" }

  /// Whether what it lists is worked on: then a screen begins there.
  var listsWork: Bool { kind == .table && ["findings", "incidents", "notices"].contains(source?.name ?? "") }

  /// What `/` asks in; nil: nothing in it can be filtered.
  var schema: FilterSchema? {
    guard kind.isFiltered, parts.count == 1 else { return nil }
    return source?.schema
  }

  /// What one part asks with these variables; `filter` is the officer's own.
  func asked(_ part: Part, variables: [String: String], filter: String = "", subject: String? = nil) -> Asked {
    var asked = Asked(limit: countsOnly ? 1 : limit, by: group, subject: subject)
    if part.source.isFilteredByHub {
      asked.filter = Panel.combined(part.query.filled(variables), filter)
    }
    if part.source.isSortedByHub { asked.sort = hubSort(part.source) }
    if let seconds = Quantity.seconds(window.filled(variables)) { asked.seconds = seconds }
    let scope = scope.filled(variables)
    if !scope.isEmpty { asked.scope = scope }
    return asked
  }

  /// Of clocks the next to run out, whatever else the list would begin with.
  private func hubSort(_ source: Source) -> [String] {
    if kind == .clocks { return source.sorts.contains(.due) ? [Column.due.hubWord] : [] }
    return sort.map { ($0.isDescending ? "-" : "") + $0.column.hubWord }
  }

  /// A list of the hub's of which only the length is shown: it counts, and sends one row.
  private var countsOnly: Bool { kind == .number && value == nil && source?.isFilteredByHub == true }

  static func combined(_ query: String, _ filter: String) -> String {
    if query.isEmpty || filter.isEmpty { return query + filter }
    return "(\(query)) (\(filter))"
  }
}

extension Panel {
  /// Spans that a window may have.
  static let windows = 3600.0...400 * 86_400.0

  /// Why it cannot be asked with these values; nil: it can.
  func problem(with variables: [String: String]) -> String? {
    for part in parts {
      do {
        _ = try Filter(part.query.filled(variables), part.source.schema)
      } catch {
        return "in the query, \(error)"
      }
    }
    let scope = scope.filled(variables)
    if !scope.isEmpty, !Panel.isScope(scope) { return "\(scope) is no scope" }
    let window = window.filled(variables)
    if !window.isEmpty, !(Quantity.seconds(window).map(Panel.windows.contains) ?? false) {
      return "\(window) is no time from 1h to 400d"
    }
    return nil
  }

  /// `city`, `organisation/ID` or `site/ID`.
  static func isScope(_ text: String) -> Bool {
    let parts = text.split(separator: "/", maxSplits: 1)
    return text == "city" || parts.count == 2 && (parts[0] == "organisation" || parts[0] == "site")
  }
}
