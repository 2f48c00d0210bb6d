internal import ControlAPI
internal import Records
internal import Store
internal import Wire

/// A list's request, read: what the store is asked, as of which moment.
struct ListPlan: Sendable {
  let request: ListRequest
  let query: ListQuery
  /// The queue's newest row when the first page was asked for.
  let newest: Int64

  /// `usual`: what the filter has besides where it does not speak of it (a queue is of open rows).
  init(
    _ request: ListRequest, _ filter: Filter, sorts: [String], newest: @autoclosure () throws -> Int64, now: Timestamp,
    context: FilterContext, purview: Purview, isStanding: Bool = false
  ) throws {
    let cursor = try ListCursor(request)
    self.request = request
    self.newest = try cursor?.newest ?? newest()
    query = ListQuery(
      filter: filter.resolved(in: context), sort: try ListPlan.keys(request.sort, sorts), after: cursor?.place,
      limit: request.limit, offset: request.offset, now: cursor?.now ?? now, purview: purview,
      isStanding: isStanding)
  }

  /// `-severity,due`: a column, a leading `-` for the largest first.
  private static func keys(_ names: [String], _ known: [String]) throws(APIProblem) -> [SortKey] {
    var keys: [SortKey] = []
    for name in names.prefix(known.count) {
      let word = name.hasPrefix("-") ? String(name.dropFirst()) : name
      guard known.contains(word) else {
        let near = NearestWord.find(word, among: known).map { "did you mean \($0)?" }
        throw APIProblem(
          .badRequest, "the list cannot be sorted by \(word.prefix(64))",
          hint: near ?? "one of \(known.joined(separator: ", "))")
      }
      keys.append(SortKey(word, isDescending: name.hasPrefix("-")))
    }
    return keys
  }

  func page<Item: Codable & Sendable>(_ items: [Item], next: [SortPlace]?, count: ListCount?) -> Page<Item> {
    let cursor = next.map { ListCursor(request, now: query.now, newest: newest, place: $0).text }
    var page = Page(items: items, next: cursor)
    switch count {
    case .exactly(let count): page.total = count
    case .moreThan(let count): page.moreThan = count
    case nil: break
    }
    return page
  }

  /// Counted once, with the first page.
  var wantsCount: Bool { query.after == nil }
}

/// A filter of the queue, with what it has besides where it does not speak of it: open rows that stand by themselves.
struct QueueFilter {
  let filter: Filter
  /// Which those are depends on what else of the city who asks may see.
  let isStanding: Bool

  init(_ text: String, within purview: Purview) throws(FilterError) {
    let said = try Filter(text, .queue)
    isStanding = !purview.isAll && !said.mentions(Filter.places.union(Filter.owners))
    filter = (isStanding ? said : said.shownUnlessSaid).openUnlessSaid
  }
}

extension Filter {
  /// Fields that speak of where rows stand, and of whose they are.
  static let places: Set<String> = ["place", "own", "hidden", "under", "id"]
  static let owners: Set<String> = ["site", "organisation", "subject"]

  /// Of the queue: rows that are shown by themselves, unless the filter speaks of where rows stand. Who asks about a site
  /// wants its rows, also those of campaigns over many sites.
  fileprivate var shownUnlessSaid: Filter {
    guard !mentions(Filter.places) else { return self }
    let places: [RowPlace] = mentions(Filter.owners) ? [.shown, .member] : [.shown]
    let shown = Term.field(name: "place", comparison: .equal, values: places.map { .pattern($0.rawValue) })
    guard case .all(let terms) = conjunction else { return self }
    return Filter(.all(terms + [shown]))
  }

  /// Of the queue and of findings: open rows, unless the filter speaks of how rows stand.
  var openUnlessSaid: Filter {
    guard !mentions(["state", "open", "verdict", "life", "id"]) else { return self }
    let open = Term.field(name: "open", comparison: .equal, values: [.flag(true)])
    guard case .all(let terms) = conjunction else { return self }
    return Filter(.all(terms + [open]))
  }
}
