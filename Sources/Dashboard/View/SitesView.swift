import ControlAPI
import Records

/// One cell a site, grouped by organisation: the letter of the worst open row, `.` for none, `?` for never tested.
struct SitesView {
  let panel: PanelView

  private struct Row {
    var label: String?
    /// Places in the model's cells.
    var cells: Range<Int>
  }

  func draw(_ canvas: inout Canvas) {
    let (area, cells) = (panel.area, panel.model.cells)
    guard !cells.isEmpty else { return panel.empty(&canvas) }
    canvas.put(summary(cells, canvas.look), x: area.x, y: area.y, columns: area.columns)
    let room = area.rows - 1
    guard room > 0 else { return }
    let selected = panel.isFocused ? panel.model.selection(panel.panel) ?? 0 : 0
    let labelled = rows(cells, columns: area.columns, labels: true)
    let rows = labelled.count <= room ? labelled : self.rows(cells, columns: area.columns, labels: false)
    let current = rows.firstIndex { $0.cells.contains(selected) } ?? 0
    let top = TableView.top(selected: current, count: rows.count, room: room)
    for (index, row) in rows[top..<min(top + room, rows.count)].enumerated() {
      draw(row, cells, selected, y: area.y + 1 + index, &canvas)
    }
  }

  private func draw(_ row: Row, _ cells: [SiteCell], _ selected: Int, y: Int, _ canvas: inout Canvas) {
    let area = panel.area
    let labels = row.label == nil ? 0 : SitesView.labelColumns
    if let label = row.label { canvas.put(label, .dim, x: area.x, y: y, columns: labels - 1) }
    let pieces = row.cells.map { place in
      let cell = cells[place]
      return (HarmlessText.Piece(text: SitesView.letter(cell), columns: 1), SitesView.role(cell))
    }
    canvas.put(row: pieces, x: area.x + labels, y: y, columns: area.columns - labels)
    if panel.isFocused, row.cells.contains(selected) {
      canvas.select(x: area.x + labels + selected - row.cells.lowerBound, y: y, columns: 1)
    }
  }

  static let labelColumns = 16

  static func letter(_ cell: SiteCell) -> String { cell.worst?.letter ?? (cell.score == nil ? "?" : ".") }
  static func role(_ cell: SiteCell) -> Role { cell.worst?.role ?? (cell.score == nil ? .dim : .good) }

  /// Organisations begin a line of their own with labels; without, they follow one another.
  private func rows(_ cells: [SiteCell], columns: Int, labels: Bool) -> [Row] {
    let width = max(columns - (labels ? SitesView.labelColumns : 0), 1)
    var result: [Row] = []
    var start = 0
    while start < cells.count {
      var end = start + 1
      while end < cells.count, !labels || cells[end].organisation == cells[start].organisation { end += 1 }
      for first in stride(from: start, to: end, by: width) {
        let label = first == start ? cells[start].organisation ?? "-" : ""
        result.append(Row(label: labels ? label : nil, cells: first..<min(first + width, end)))
      }
      start = end
    }
    return result
  }

  /// How many sites stand how: true also where not every cell has room.
  private func summary(_ cells: [SiteCell], _ look: Look) -> Line {
    var runs: [Run] = []
    var (bySeverity, calm, untested) = ([Int](repeating: 0, count: 5), 0, 0)
    for cell in cells {
      if let worst = cell.worst {
        bySeverity[worst.rank] += 1
      } else if cell.score == nil {
        untested += 1
      } else {
        calm += 1
      }
    }
    for severity in Severity.allCases.reversed() where bySeverity[severity.rank] > 0 {
      runs += [Run(severity.letter, severity.role), Run(" \(Figures.grouped(bySeverity[severity.rank]))  ")]
    }
    if calm > 0 { runs += [Run(".", .good), Run(" \(Figures.grouped(calm))  ")] }
    if untested > 0 {
      runs += [Run("?", .dim), Run(" \(Figures.grouped(untested)) \(Label.neverTested.text(look.language))")]
    }
    return Line(runs)
  }
}
