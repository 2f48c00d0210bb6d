import ControlAPI
import Records
import Wire

/// Rows under a head. Columns that have no room go, the least needed first; texts share what is left.
struct TableView {
  let panel: PanelView

  func draw(_ listing: Listing, _ canvas: inout Canvas) {
    let (area, entries, look) = (panel.area, listing.entries, canvas.look)
    let selected = panel.model.selection(panel.panel, among: entries.count) ?? 0
    let head = area.rows > 1 ? 1 : 0
    let room = max(area.rows - head, 1)
    let top = TableView.top(selected: selected, count: entries.count, room: room)
    let visible = entries[top..<min(top + room, entries.count)]
    let cells = visible.map { self.cells($0, look) }
    let marks = panel.model.marks(in: panel.panel)
    let gutter = marks.isEmpty ? 0 : 2
    let plan = ColumnPlan(panel.panel.columns, cells, columns: max(area.columns - gutter, 0), look)
    if head > 0 { TableView.head(plan, area.x + gutter, area.y, &canvas) }
    for (index, entry) in visible.enumerated() {
      let y = area.y + index + head
      if gutter > 0, let id = entry.actRow, marks.contains(id) {
        canvas.put("x", .key, x: area.x, y: y, columns: 1)
      }
      TableView.put(cells[index], plan, area.x + gutter, y, &canvas)
      if panel.isFocused, top + index == selected { canvas.select(x: area.x, y: y, columns: area.columns) }
    }
  }

  /// The first row shown, so that the selected one is in sight: the middle, where there is more above and below.
  static func top(selected: Int, count: Int, room: Int) -> Int {
    max(min(selected - room / 2, count - room), 0)
  }

  private func cells(_ entry: any Listed, _ look: Look) -> [Value.Cell] {
    // Somebody has it: it asks for nothing now.
    let isCalm = (entry as? QueueItem).map { $0.row.triage.state != .new } ?? false
    return panel.panel.columns.map { column in
      var cell = entry.value(column).cell(panel.model.now, look)
      if isCalm, cell.role == .text { cell.role = .dim }
      return cell
    }
  }

  private static func head(_ plan: ColumnPlan, _ x: Int, _ y: Int, _ canvas: inout Canvas) {
    for slot in plan.slots {
      let form = slot.column.form
      put(Value.Cell(form.label.text(canvas.look.language), .dim), form.isRight, x + slot.x, y, slot.width, &canvas)
    }
  }

  static func put(_ row: [Value.Cell], _ plan: ColumnPlan, _ x: Int, _ y: Int, _ canvas: inout Canvas) {
    for slot in plan.slots { put(row[slot.index], slot.column.form.isRight, x + slot.x, y, slot.width, &canvas) }
  }

  private static func put(
    _ cell: Value.Cell, _ isRight: Bool, _ x: Int, _ y: Int, _ width: Int, _ canvas: inout Canvas
  ) {
    if isRight {
      canvas.put(right: cell.text, cell.role, x: x, y: y, columns: width)
    } else {
      canvas.put(cell.text, cell.role, x: x, y: y, columns: width)
    }
  }
}
