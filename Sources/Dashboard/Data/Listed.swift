import ControlAPI
import Records
import Wire

/// One entry of a list that panels show, of whatever kind.
protocol Listed: Sendable {
  /// Names it among the others for as long as it is there: the selection stays on it.
  var key: String { get }
  func value(_ column: Column) -> Value
  /// The row of the queue that acts are on.
  var actRow: Int64? { get }
  /// What it leads to.
  var leadsTo: Model.Place? { get }
  /// Of a tree: the key of what it stands under.
  var branch: String? { get }
  /// What a panel that follows this one asks about.
  var subject: String { get }
}

extension Listed {
  var actRow: Int64? { nil }
  var leadsTo: Model.Place? { actRow.map { .row($0) } }
  var branch: String? { nil }
  var subject: String { key }
}

/// The entries of a list as far as they were fetched.
struct Listing: Sendable {
  var entries: [any Listed] = []
  /// All there are, where the hub says; nil: not known.
  var total: Int?
  /// There are more than `total`: counting stopped.
  var isMore = false
  /// Of a map of sites: what it draws of each entry, made once an answer.
  var sites: [SiteMark] = []

  init(_ entries: [any Listed], total: Int? = nil, isMore: Bool = false) {
    self.entries = entries
    self.total = total
    self.isMore = isMore
  }

  init<Item: Listed & Codable>(_ page: Page<Item>) {
    self.init(page.items, total: page.total ?? page.moreThan, isMore: page.moreThan != nil)
  }

  /// By the words of a definition: the first decides, the others where it cannot; else the order stays.
  mutating func sort(_ words: [SortWord]) {
    guard !words.isEmpty else { return }
    let ranked = entries.enumerated().map { (place: $0.offset, entry: $0.element, $0.element.values(words)) }
    entries = ranked.sorted { a, b in
      for (index, word) in words.enumerated() {
        if let isFirst = Value.isOrdered(a.2[index], b.2[index], descending: word.isDescending) { return isFirst }
      }
      return a.place < b.place
    }.map(\.entry)
  }

  /// Of a list that the hub gives whole: what a query leaves of it.
  mutating func keep(_ filter: Filter, columns: [Column], now: Timestamp) {
    guard !filter.isEverything else { return }
    entries = entries.filter { filter.matches(FilteredEntry(entry: $0, columns: columns), now: now) }
    total = entries.count
    isMore = false
  }
}

extension Listed {
  fileprivate func values(_ words: [SortWord]) -> [Value] { words.map { value($0.column) } }
}

/// An entry as a query in our own columns sees it.
struct FilteredEntry: FilterRow {
  let entry: any Listed
  let columns: [Column]

  func filterValues(_ field: String) -> [FilterValue] {
    guard let column = Column(rawValue: field) else { return [] }
    let values = entry.value(column).filterValues
    // `who:""` is nobody.
    return values.isEmpty && column.form.query == .text ? [.text("")] : values
  }
  var filterTexts: [String] {
    columns.flatMap { entry.value($0).filterValues }.compactMap { if case .text(let text) = $0 { text } else { nil } }
  }
}

/// A column to sort by.
struct SortWord: Sendable, Hashable {
  var column: Column
  var isDescending: Bool
  /// As a definition and the hub write it.
  var text: String { (isDescending ? "-" : "") + column.rawValue }
}
