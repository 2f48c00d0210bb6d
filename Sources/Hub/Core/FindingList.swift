internal import ControlAPI
internal import Records
internal import Store
internal import Wire

/// A list of findings by a filter, the worst first. As in `QueueList`, the store's index narrows what is looked at.
struct FindingList {
  private static let chunk = 500

  let store: Store
  let item: @Sendable (QueueRow) -> QueueItem
  let now: Timestamp
  let purview: Purview

  func page(_ request: ListRequest) throws -> Page<FindingItem> {
    let filter = try Filter(request.filter, .findings)
    let sort = try QueueSort(request.sort)
    var query = QueueList.query(filter, now)
    (query.wing, query.purview) = (.scanner, purview)
    if !filter.mentions(["state", "open", "verdict", "life", "id"]) {
      query.states = [.new, .acknowledged, .escalated, .shelved]
    }
    query.limit = FindingList.chunk
    let wanted = sort.isStoreOrder ? request.offset + request.limit : QueueList.mostRows
    var found: [Found] = []
    var isWhole = false
    while !isWhole, found.count < wanted, query.offset < QueueList.mostRows {
      let rows = try store.rows(query)
      found += try matching(rows, filter)
      isWhole = rows.count < query.limit
      query.offset += query.limit
    }
    if !sort.isStoreOrder { found.sort { sort.precedes($0.row, $1.row) } }
    return Page(
      items: found.dropFirst(request.offset).prefix(request.limit).map(\.finding), total: isWhole ? found.count : nil)
  }

  private struct Found {
    var row: QueueItem
    var finding: FindingItem
  }

  private func matching(_ rows: [QueueRow], _ filter: Filter) throws -> [Found] {
    // A hosting's finding shows at more sites than a person is shown: who asks for one is answered from all.
    let limit = filter.mentions(["site", "engine"]) ? Int.max : Finding.answersShown
    let kept = Dictionary(
      try store.findings(rows.map(\.id), answers: limit).map { ($0.row.id, $0) }, uniquingKeysWith: { a, _ in a })
    return rows.compactMap { row in
      guard let finding = kept[row.id].map(FindingItem.init) else { return nil }
      var found = Found(row: item(row), finding: finding)
      guard filter.matches(TimedFinding(finding, found.row.at(now)), now: now) else { return nil }
      found.finding.finding.answers = Array(finding.finding.answers.prefix(Finding.answersShown))
      return found
    }
  }
}
