import ControlAPI
import Records
import Wire

/// Rows under a head. Columns that have no room go, the least needed first; texts share what is left.
struct TableView {
  struct Cell {
    var text: String
    var role = Role.text
  }
  let panel: PanelView

  func draw(_ canvas: inout Canvas) {
    let area = panel.area
    if let problem = panel.model.lists[panel.model.key(panel.panel)]?.problem {
      return panel.say(problem, .error, &canvas)
    }
    let rows = self.rows(canvas.look)
    guard !rows.isEmpty else {
      let waits = panel.panel.listsQueue && panel.model.lists[panel.model.key(panel.panel)] == nil
      return waits ? panel.say(Label.waiting.text(canvas.look.language), .dim, &canvas) : panel.empty(&canvas)
    }
    let selected = panel.model.selection(panel.panel) ?? 0
    let room = max(area.rows - 1, 1)
    let top = TableView.top(selected: selected, count: rows.count, room: room)
    let visible = Array(rows[top..<min(top + room, rows.count)])
    let gutter = panel.model.marks.isEmpty || !panel.panel.listsQueue ? 0 : 2
    let plan = ColumnPlan(panel.panel.columns, visible, columns: area.columns - gutter, canvas.look)
    if area.rows > 1 { head(plan, area.x + gutter, area.y, &canvas) }
    for (index, row) in visible.enumerated() {
      let y = area.y + index + (area.rows > 1 ? 1 : 0)
      if gutter > 0, isMarked(top + index) { canvas.put("x", .key, x: area.x, y: y, columns: 1) }
      put(row, plan, area.x + gutter, y, &canvas)
      if panel.isFocused, top + index == selected { canvas.select(x: area.x, y: y, columns: area.columns) }
    }
  }

  /// The first row shown, so that the selected one is in sight: the middle, where there is more above and below.
  static func top(selected: Int, count: Int, room: Int) -> Int {
    max(min(selected - room / 2, count - room), 0)
  }

  private func isMarked(_ index: Int) -> Bool {
    panel.model.marks.contains(panel.model.items(panel.panel)[index].id)
  }

  private func head(_ plan: ColumnPlan, _ x: Int, _ y: Int, _ canvas: inout Canvas) {
    for slot in plan.slots {
      let text = slot.column.label.text(canvas.look.language)
      if slot.column.isRight {
        canvas.put(right: text, .dim, x: x + slot.x, y: y, columns: slot.width)
      } else {
        canvas.put(text, .dim, x: x + slot.x, y: y, columns: slot.width)
      }
    }
  }

  private func put(_ row: [Cell], _ plan: ColumnPlan, _ x: Int, _ y: Int, _ canvas: inout Canvas) {
    for slot in plan.slots {
      let cell = row[slot.index]
      if slot.column.isRight {
        canvas.put(right: cell.text, cell.role, x: x + slot.x, y: y, columns: slot.width)
      } else {
        canvas.put(cell.text, cell.role, x: x + slot.x, y: y, columns: slot.width)
      }
    }
  }

  private func rows(_ look: Look) -> [[Cell]] {
    let (model, columns) = (panel.model, panel.panel.columns)
    switch panel.panel.source {
    case .sites: return model.cells.map { cell in columns.map { TableCells.site(cell, $0, look) } }
    case .sensors:
      return (model.overview?.sensors ?? []).map { item in columns.map { TableCells.sensor(item, $0, look) } }
    default: return model.items(panel.panel).map { item in columns.map { TableCells.queue(item, $0, model.now, look) } }
    }
  }
}

/// What stands in a cell.
enum TableCells {
  static func queue(_ item: QueueItem, _ column: Column, _ now: Timestamp, _ look: Look) -> TableView.Cell {
    let row = item.row
    let calm: Role = row.triage.state == .new ? .text : .dim
    switch column {
    case .id: return .init(text: String(row.id), role: .dim)
    case .severity: return .init(text: row.severity.letter, role: row.severity.role)
    case .state: return .init(text: state(row.triage.state).text(look.language), role: calm)
    case .result:
      return .init(text: row.outcome.label?.text(look.language) ?? "-", role: row.outcome.role)
    case .due: return due(item, now, look)
    case .site: return .init(text: row.site ?? row.subject, role: calm)
    case .organisation: return .init(text: row.organisation ?? "-", role: calm)
    case .rule: return .init(text: row.title.text(look.language), role: calm)
    case .count: return .init(text: Figures.grouped(row.count), role: calm)
    case .first: return .init(text: Figures.short(row.firstSeen, now: now, look), role: .dim)
    case .last: return .init(text: Figures.short(row.lastSeen, now: now, look), role: calm)
    case .who: return .init(text: row.triage.assignee ?? "-", role: calm)
    default: return .init(text: "-")
    }
  }

  /// Time left; once somebody has it, what was decided.
  private static func due(_ item: QueueItem, _ now: Timestamp, _ look: Look) -> TableView.Cell {
    if item.row.triage.state != .new {
      return .init(text: String(state(item.row.triage.state).text(look.language).prefix(3)), role: .dim)
    }
    guard let due = item.due else { return .init(text: "-", role: .dim) }
    let seconds = due.nanoseconds(since: now) / 1_000_000_000
    return .init(text: TimeSpan.short(seconds: seconds), role: seconds < 0 ? .error : seconds < 120 ? .warning : .text)
  }

  static func state(_ state: TriageState) -> Label {
    switch state {
    case .new: .new
    case .acknowledged: .acknowledged
    case .escalated: .escalated
    case .shelved: .shelved
    case .closed: .closed
    }
  }

  static func site(_ cell: SiteCell, _ column: Column, _ look: Look) -> TableView.Cell {
    switch column {
    case .severity, .worst: .init(text: cell.worst?.letter ?? "-", role: cell.worst?.role ?? .good)
    case .site: .init(text: cell.site)
    case .organisation: .init(text: cell.organisation ?? "-", role: .dim)
    case .score: .init(text: cell.score.map(String.init) ?? "?", role: cell.score == nil ? .dim : .text)
    case .alerts: .init(text: Figures.grouped(cell.openAlerts))
    case .findings: .init(text: Figures.grouped(cell.openFindings))
    default: .init(text: "-")
    }
  }

  static func sensor(_ item: SensorItem, _ column: Column, _ look: Look) -> TableView.Cell {
    switch column {
    case .sensor: .init(text: item.status.sensor)
    case .state:
      .init(text: StateLines.label(item.state).text(look.language), role: item.state == .seeing ? .good : .error)
    case .interface: .init(text: item.status.interface)
    case .rate: .init(text: Figures.bits(item.bitsPerSecond))
    case .dropped: .init(text: Figures.grouped(item.dropped), role: item.dropped > 0 ? .warning : .text)
    case .rules: .init(text: Figures.grouped(item.status.rulesLoaded))
    case .reason: .init(text: item.reason ?? item.dropsInWords ?? "-", role: item.reason == nil ? .dim : .error)
    default: .init(text: "-")
    }
  }
}
