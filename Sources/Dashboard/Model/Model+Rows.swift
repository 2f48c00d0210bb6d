import ControlAPI
import Records
import Wire

/// Rows that can be selected, and the selection, which follows its row and not its place.
extension Model {
  /// The keys of a panel's rows in the order shown.
  func rowKeys(_ panel: Panel) -> [String] {
    switch panel.kind {
    case .table where panel.listsQueue: items(panel).map { String($0.id) }
    case .table where panel.source == .sites, .sites: cells.map(\.site)
    case .table where panel.source == .sensors: (overview?.sensors ?? []).map(\.status.sensor)
    case .feed: feed.entries.indices.map(String.init)
    default: []
    }
  }

  /// How many, without making the keys: drawing asks often.
  func rowCount(_ panel: Panel) -> Int {
    switch panel.kind {
    case .table where panel.listsQueue: items(panel).count
    case .table where panel.source == .sites, .sites: cells.count
    case .table where panel.source == .sensors: overview?.sensors.count ?? 0
    case .feed: feed.entries.count
    default: 0
    }
  }

  func items(_ panel: Panel) -> [QueueItem] { lists[key(panel)]?.items ?? [] }

  /// Sites by organisation as the hub sorts them.
  var cells: [SiteCell] { overview?.posture.cells ?? [] }

  func selection(_ panel: Panel) -> Int? {
    let count = rowCount(panel)
    guard count > 0 else { return nil }
    return min(max(panes[key(panel)]?.index ?? 0, 0), count - 1)
  }

  mutating func select(_ index: Int, in panel: Panel) {
    let keys = rowKeys(panel)
    guard !keys.isEmpty else { return }
    let place = min(max(index, 0), keys.count - 1)
    panes[key(panel)] = Pane(key: panel.kind == .feed ? nil : keys[place], index: place)
  }

  /// After rows came or went: the same row stays selected; where it is gone, its place.
  mutating func keepSelections() {
    guard let definition, let layout else { return }
    for name in layout.panelNames {
      guard let panel = definition.panel(name), panel.kind != .feed else { continue }
      let keys = rowKeys(panel)
      guard !keys.isEmpty else { continue }
      let old = panes[key(panel)] ?? Pane()
      let place = old.key.flatMap { keys.firstIndex(of: $0) } ?? min(old.index, keys.count - 1)
      panes[key(panel)] = Pane(key: keys[place], index: place)
    }
  }

  /// The row of the queue that an act is on when nothing is marked.
  var currentRow: Int64? {
    switch place {
    case .row(let id): return id
    case .site, .help: return nil
    case .screen: break
    }
    guard let panel = focusedPanel, let index = selection(panel) else { return nil }
    if panel.listsQueue { return items(panel)[index].id }
    if panel.kind == .feed { return feed.entries[index].row }
    return nil
  }

  /// Marked rows, or the current one.
  var targets: [Int64] {
    if case .screen = place, !marks.isEmpty { return marks.sorted() }
    return currentRow.map { [$0] } ?? []
  }

  /// Rows of every list on screen with the same rule as the current one.
  func rowsOfSameRule() -> [Int64] {
    guard let panel = focusedPanel, panel.listsQueue, let index = selection(panel) else { return [] }
    let check = items(panel)[index].row.check
    return items(panel).filter { $0.row.check == check }.map(\.id)
  }

  /// Replaces rows by what the hub says they are now.
  mutating func replace(_ changed: [QueueItem]) {
    let byID = Dictionary(changed.map { ($0.id, $0) }, uniquingKeysWith: { _, last in last })
    for key in lists.keys {
      guard var list = lists[key] else { continue }
      list.items = list.items.map { byID[$0.id] ?? $0 }
      lists[key] = list
    }
    if let open = row, let now = byID[open.item.id] { row?.item = now }
  }
}
