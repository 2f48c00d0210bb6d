import ControlAPI
import Records
import Wire

/// Entries that can be selected, and the selection, which follows its entry and not its place.
extension Model {
  /// The entries of a panel in the order shown.
  func entries(_ panel: Panel) -> [any Listed] {
    switch panel.kind {
    case .feed: feed.entries(of: panel, variables: variables, filter: filter(panel), now: now)
    case .tree: TreePlan.visible(listing(panel)?.entries ?? [], turned: panes[key(panel)]?.turned ?? [])
    case .table, .sites, .clocks, .roster: listing(panel)?.entries ?? []
    case .number, .sparkline, .bars, .histogram, .gauge, .state: []
    }
  }

  func selection(_ panel: Panel) -> Int? { selection(panel, among: entries(panel).count) }

  func selection(_ panel: Panel, among count: Int) -> Int? {
    count > 0 ? min(max(panes[key(panel)]?.index ?? 0, 0), count - 1) : nil
  }

  func selectedEntry(_ panel: Panel) -> (any Listed)? {
    let all = entries(panel)
    return selection(panel, among: all.count).map { all[$0] }
  }

  mutating func select(_ index: Int, in panel: Panel) {
    let all = entries(panel)
    guard !all.isEmpty else { return }
    let place = min(max(index, 0), all.count - 1)
    panes[key(panel), default: Pane()].index = place
    panes[key(panel), default: Pane()].key = all[place].key
    relistFollowers(of: panel)
  }

  private mutating func relistFollowers(of panel: Panel) {
    guard definition?.panels.contains(where: { $0.follow == panel.name }) == true else { return }
    relist { _ in false }
  }

  /// After entries came or went: the same one stays selected; where it is gone, its place.
  mutating func keepSelection(_ panel: Panel) {
    let all = entries(panel)
    guard !all.isEmpty else { return }
    let old = panes[key(panel)] ?? Pane()
    let index = old.key.flatMap { wanted in all.firstIndex { $0.key == wanted } }
    let place = index ?? min(max(old.index, 0), all.count - 1)
    panes[key(panel), default: Pane()].index = place
    panes[key(panel), default: Pane()].key = all[place].key
  }

  /// The feed's newest comes above: in the pane where one stands the selection stays on its entry. Elsewhere the tail runs.
  mutating func changeFeed(_ change: (inout Feed) -> Void) {
    let feeds = definition?.panels.filter { $0.kind == .feed } ?? []
    for panel in feeds where panel == focusedPanel && panes[key(panel)]?.key == nil { keepSelection(panel) }
    change(&feed)
    for panel in feeds where panes[key(panel)]?.key != nil { keepSelection(panel) }
  }

  /// The row of the queue that an act is on when nothing is marked.
  var currentRow: Int64? {
    switch place {
    case .row(let id), .alert(row: let id, _): id
    case .site, .organisation, .incident, .notice, .shift, .help: nil
    case .screen: focusedPanel.flatMap { selectedEntry($0)?.actRow }
    }
  }

  /// Rows that are marked in the pane where one stands.
  var marks: Set<Int64> {
    get { focusedPanel.map { marks(in: $0) } ?? [] }
    set { if let panel = focusedPanel { marked[key(panel)] = newValue.isEmpty ? nil : newValue } }
  }
  func marks(in panel: Panel) -> Set<Int64> { marked[key(panel)] ?? [] }

  /// Rows that are on its list no more are not acted on.
  mutating func keepMarks(_ panel: Panel) {
    guard let marks = marked[key(panel)] else { return }
    let kept = marks.intersection(entries(panel).compactMap(\.actRow))
    marked[key(panel)] = kept.isEmpty ? nil : kept
  }

  /// Marked rows, or the current one.
  var targets: [Int64] {
    if case .screen = place, !marks.isEmpty { return marks.sorted() }
    return currentRow.map { [$0] } ?? []
  }

  /// Rows of the focused list with the same rule as the current one.
  func rowsOfSameRule() -> [Int64] {
    guard let panel = focusedPanel, let check = selectedEntry(panel)?.value(.check), check != .none else { return [] }
    return entries(panel).filter { $0.value(.check) == check }.compactMap(\.actRow)
  }

  /// All rows of the focused list, as far as they were fetched.
  func rowsListed() -> [Int64] { focusedPanel.map { entries($0).compactMap(\.actRow) } ?? [] }

  /// Puts rows in the place of what they were, wherever they are shown.
  mutating func replace(_ changed: [QueueItem]) {
    guard !changed.isEmpty else { return }
    let byID = Dictionary(changed.map { ($0.id, $0) }, uniquingKeysWith: { _, last in last })
    for (question, answer) in answers {
      guard var page = answer.value as? Page<QueueItem>, page.items.contains(where: { byID[$0.id] != nil })
      else { continue }
      page.items = page.items.map { byID[$0.id] ?? $0 }
      answers[question]?.value = page
      relist { $0 == question }
    }
    for id in byID.keys {
      guard var detail = answers[.row(id)]?.value as? QueueDetail, let now = byID[id] else { continue }
      detail.item = now
      answers[.row(id)]?.value = detail
    }
  }
}
