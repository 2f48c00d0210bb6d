internal import ControlAPI
internal import Records
internal import Store
internal import Wire

/// A list of the queue by a filter: what the store's index can do is asked of it, the rest is filtered here.
struct QueueList {
  /// Rows looked at for one answer: a filter that the index cannot help with stays bounded.
  static let mostRows = 20_000
  private static let chunk = 1000

  let store: Store
  let item: @Sendable (QueueRow) -> QueueItem
  let now: Timestamp
  let purview: Purview

  func page(_ request: ListRequest, wing: Wing? = nil) throws -> Page<QueueItem> {
    let filter = try Filter(request.filter, .queue)
    var query = QueueList.query(filter, now)
    query.purview = purview
    if let wing { query.wing = wing }
    if !filter.mentions(["state", "open", "verdict", "life", "id"]) {
      query.states = [.new, .acknowledged, .escalated, .shelved]
    }
    if !filter.mentions(["place", "own", "hidden", "under", "id"]) {
      // Who asks about a site wants its rows, also those of campaigns over many sites.
      query.places = filter.mentions(["site", "organisation", "subject"]) ? [.shown, .member] : [.shown]
    }
    let sort = try QueueSort(request.sort)
    let wanted = sort.isStoreOrder ? request.offset + request.limit : QueueList.mostRows
    var found = try matching(query, filter, wanted)
    if !sort.isStoreOrder { found.sort(by: sort.precedes) }
    let items = found.dropFirst(request.offset).prefix(request.limit)
    return Page(items: Array(items), total: found.count < wanted ? found.count : nil)
  }

  private func matching(_ query: QueueQuery, _ filter: Filter, _ wanted: Int) throws -> [QueueItem] {
    var query = query
    query.limit = filter.isEverything ? min(wanted, QueueList.mostRows) : QueueList.chunk
    var found: [QueueItem] = []
    while found.count < wanted, query.offset < QueueList.mostRows {
      let rows = try store.rows(query)
      for row in rows {
        let candidate = item(row)
        if filter.matches(candidate.at(now), now: now) { found.append(candidate) }
      }
      guard rows.count == query.limit else { break }
      query.offset += query.limit
    }
    return Array(found.prefix(wanted))
  }

  /// The terms that must all hold and that the store knows. Leaving one out costs time, never truth.
  static func query(_ filter: Filter, _ now: Timestamp) -> QueueQuery {
    var query = QueueQuery()
    guard case .all(let terms) = filter.conjunction else { return query }
    for case .field(let name, let comparison, let values) in terms {
      let single = values.count == 1 ? values[0] : nil
      switch (name, comparison, single) {
      case ("severity", .atLeast, .rank(let rank)?): query.minimumSeverity = Severity(rank: rank)
      case ("severity", .equal, _):
        let ranks = values.compactMap { if case .rank(let rank) = $0 { rank } else { nil } }
        query.minimumSeverity = ranks.min().map { Severity(rank: $0) }
      case ("state", .equal, _):
        let states = values.compactMap { if case .pattern(let text) = $0 { TriageState(rawValue: text) } else { nil } }
        if states.count == values.count { query.states = Set(states) }
      case ("since", .equal, .ago(let span)?): query.since = Timestamp(nanoseconds: now.nanoseconds &- span)
      case ("since", .equal, .time(let time)?): query.since = time
      case ("place", .equal, _):
        let places = values.compactMap { if case .pattern(let text) = $0 { RowPlace(rawValue: text) } else { nil } }
        if places.count == values.count { query.places = Set(places) }
      case ("own", .equal, .flag(true)?): query.places = [.own]
      case ("under", .equal, .number(let number)?): query.parent = Int64(exactly: number)
      case ("wing", .equal, .pattern(let text)?): query.wing = Wing(rawValue: text)
      default: break
      }
    }
    return query
  }
}

/// `-severity,due`: a column, a leading `-` for the largest first.
struct QueueSort {
  static let columns = ["severity", "outcome", "due", "site", "rule", "count", "last", "first", "who", "state", "id"]
  private let keys: [(column: String, isDescending: Bool)]

  init(_ names: [String]) throws(APIProblem) {
    var keys: [(String, Bool)] = []
    for name in names {
      let column = name.hasPrefix("-") ? String(name.dropFirst()) : name
      guard QueueSort.columns.contains(column) else {
        let near = NearestWord.find(column, among: QueueSort.columns).map { "did you mean \($0)?" }
        throw APIProblem(
          .badRequest, "the queue cannot be sorted by \(column.prefix(64))",
          hint: near ?? "one of \(QueueSort.columns.joined(separator: ", "))")
      }
      keys.append((column, name.hasPrefix("-")))
    }
    self.keys = keys
  }

  /// The store's own order is the worst first.
  var isStoreOrder: Bool { keys.isEmpty }

  func precedes(_ a: QueueItem, _ b: QueueItem) -> Bool {
    for key in keys {
      let order = QueueSort.compare(a, b, key.column)
      if order != 0 { return key.isDescending ? order > 0 : order < 0 }
    }
    return a.row.id < b.row.id
  }

  private static func compare(_ a: QueueItem, _ b: QueueItem, _ column: String) -> Int {
    switch column {
    case "severity": order(a.row.severity.rank, b.row.severity.rank)
    case "outcome": order(a.row.outcome.rank, b.row.outcome.rank)
    case "due": order(a.due?.nanoseconds ?? .max, b.due?.nanoseconds ?? .max)
    case "site": order(a.row.site ?? a.row.subject, b.row.site ?? b.row.subject)
    case "rule": order(a.row.title.en, b.row.title.en)
    case "count": order(a.row.count, b.row.count)
    case "last": order(a.row.lastSeen, b.row.lastSeen)
    case "first": order(a.row.firstSeen, b.row.firstSeen)
    case "who": order(a.row.triage.assignee ?? "", b.row.triage.assignee ?? "")
    case "state": order(a.row.triage.state.rawValue, b.row.triage.state.rawValue)
    default: order(a.row.id, b.row.id)
    }
  }

  private static func order<T: Comparable>(_ a: T, _ b: T) -> Int { a < b ? -1 : a > b ? 1 : 0 }
}
