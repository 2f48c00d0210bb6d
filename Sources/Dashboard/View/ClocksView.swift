import Records
import Wire

/// Clocks that run down, the next first: time left, how much of it is gone, what it is about, who has it.
struct ClocksView {
  let panel: PanelView

  private static let barColumns = 10
  private static let columns: [Column] = [.subject, .title, .who]

  func draw(_ listing: Listing, _ canvas: inout Canvas) {
    let (area, now) = (panel.area, panel.model.now)
    let entries = listing.entries
    let selected = panel.model.selection(panel.panel, among: entries.count) ?? 0
    let top = panel.isFocused ? TableView.top(selected: selected, count: entries.count, room: area.rows) : 0
    let visible = Array(entries[top..<min(top + area.rows, entries.count)])
    let dues = visible.map { left($0, now) }
    let width = max(dues.map(\.text.count).max() ?? 0, 4)
    let bar = area.columns >= 48 ? ClocksView.barColumns + 1 : 0
    let cells = visible.map { entry in ClocksView.columns.map { entry.value($0).cell(now, canvas.look) } }
    let start = area.x + width + 1 + bar
    let plan = ColumnPlan(
      ClocksView.columns, cells, columns: max(area.x + area.columns - start, 0), heads: false, canvas.look)
    for (index, entry) in visible.enumerated() {
      let y = area.y + index
      canvas.put(right: dues[index].text, dues[index].role, x: area.x, y: y, columns: min(width, area.columns))
      if bar > 0 { elapsed(entry, dues[index].role, x: area.x + width + 1, y: y, &canvas) }
      TableView.put(cells[index], plan, start, y, &canvas)
      if panel.isFocused, top + index == selected { canvas.select(x: area.x, y: y, columns: area.columns) }
    }
    if top + visible.count < entries.count { panel.more(entries.count - top - visible.count, &canvas) }
  }

  /// A clock of weeks is not near its end two minutes before: the last tenth of it is.
  private func left(_ entry: any Listed, _ now: Timestamp) -> Value.Cell {
    guard let due = entry.value(.due).moment else { return Value.Cell("-", .dim) }
    var cell = Value.due(due).cell(now, ClocksView.plain)
    if cell.role == .text, let share = share(entry, due, now), share >= 0.9 { cell.role = .warning }
    return cell
  }
  private static let plain = Look(
    theme: Theme(name: .monochrome, depth: .none), capabilities: Capabilities(), language: .en)

  /// How much of its time is gone; nil: nobody says when it began.
  private func share(_ entry: any Listed, _ due: Timestamp, _ now: Timestamp) -> Double? {
    guard let begun = entry.value(.begun).moment else { return nil }
    let whole = Model.seconds(due, since: begun)
    guard whole > 0 else { return nil }
    return min(max(Model.seconds(now, since: begun) / whole, 0), 1)
  }

  private func elapsed(_ entry: any Listed, _ role: Role, x: Int, y: Int, _ canvas: inout Canvas) {
    guard let due = entry.value(.due).moment, let share = share(entry, due, panel.model.now) else { return }
    let graph = Graph(canvas.look.capabilities)
    canvas.put(
      graph.bar(share, of: 1, columns: ClocksView.barColumns), role == .text ? .low : role, x: x, y: y,
      columns: ClocksView.barColumns)
  }
}
