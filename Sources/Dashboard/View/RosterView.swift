import Records
import Wire

/// Turns: those of now first, marked; gaps and overlaps in colour.
struct RosterView {
  let panel: PanelView

  func draw(_ listing: Listing, _ canvas: inout Canvas) {
    let (area, entries, look) = (panel.area, listing.entries, canvas.look)
    let selected = panel.model.selection(panel.panel, among: entries.count) ?? 0
    let top = panel.isFocused ? TableView.top(selected: selected, count: entries.count, room: area.rows) : 0
    let visible = Array(entries[top..<min(top + area.rows, entries.count)])
    let times = visible.map { stretch($0, look) }
    let width = times.map(look.columns).max() ?? 0
    let steps = visible.map { $0.value(.step).cell(panel.model.now, look).text }
    let step = steps.map(look.columns).max() ?? 0
    for (index, entry) in visible.enumerated() {
      let y = area.y + index
      let isNow = (entry.value(.from).moment ?? Timestamp(nanoseconds: .max)) <= panel.model.now
      let pad = String(repeating: " ", count: width - look.columns(times[index]))
      let gap = String(repeating: " ", count: step - look.columns(steps[index]))
      let runs = [
        Run(isNow ? "> " : "  ", .key), Run(times[index] + pad + "  ", .dim), Run(steps[index] + gap + "  "),
      ]
      canvas.put(Line(runs + people(entry, isNow, look)), x: area.x, y: y, columns: area.columns)
      if panel.isFocused, top + index == selected { canvas.select(x: area.x, y: y, columns: area.columns) }
    }
    if top + visible.count < entries.count { panel.more(entries.count - top - visible.count, &canvas) }
  }

  private func people(_ entry: any Listed, _ isNow: Bool, _ look: Look) -> [Run] {
    let cell = entry.value(.who).cell(panel.model.now, look)
    var runs = [Run(cell.text, cell.role == .text && isNow ? .title : cell.role)]
    let others = entry.value(.others)
    if others != .none { runs.append(Run("  + " + others.cell(panel.model.now, look).text, .warning)) }
    return runs
  }

  /// `10:04-18:04`; the day stands where it is not today, or not that of the beginning.
  private func stretch(_ entry: any Listed, _ look: Look) -> String {
    guard let from = entry.value(.from).moment, let until = entry.value(.until).moment else { return "-" }
    return Figures.minute(from, after: panel.model.now, look) + "-" + Figures.minute(until, after: from, look)
  }
}
