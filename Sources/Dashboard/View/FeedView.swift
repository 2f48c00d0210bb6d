import Records
import Wire

/// Alerts and findings as they came, the newest first.
struct FeedView {
  let panel: PanelView

  func draw(_ canvas: inout Canvas) {
    let (area, model) = (panel.area, panel.model)
    let entries = model.feed.entries(
      of: panel.panel, variables: model.variables, filter: model.filter(panel.panel), now: model.now)
    guard !entries.isEmpty else { return panel.empty(&canvas) }
    let selected = model.selection(panel.panel, among: entries.count) ?? 0
    let top = panel.isFocused ? TableView.top(selected: selected, count: entries.count, room: area.rows) : 0
    for (index, entry) in entries[top..<min(top + area.rows, entries.count)].enumerated() {
      let y = area.y + index
      canvas.put(line(entry, canvas.look), x: area.x, y: y, columns: area.columns)
      if panel.isFocused, top + index == selected { canvas.select(x: area.x, y: y, columns: area.columns) }
    }
  }

  private func line(_ entry: Feed.Entry, _ look: Look) -> Line {
    let time =
      panel.area.columns < Frame.narrow
      ? Figures.short(entry.time, now: panel.model.now, look) : Figures.clock(entry.time, look)
    var runs = [
      Run(time + " ", .dim), Run(entry.severity.letter, entry.severity.role),
      Run(" " + entry.title.text(look.language)),
    ]
    if !entry.subject.isEmpty { runs.append(Run("  " + entry.subject, .key)) }
    if let ends = entry.ends { runs.append(Run("  " + ends, .dim)) }
    return Line(runs)
  }
}
