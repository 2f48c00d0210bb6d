import Records
import Wire

/// Turns: those of now first, marked; gaps and overlaps in colour.
struct RosterView {
  let panel: PanelView
  private static let gap = 2

  func draw(_ listing: Listing, _ canvas: inout Canvas) {
    let (area, entries, look) = (panel.area, listing.entries, canvas.look)
    let selected = panel.model.selection(panel.panel, among: entries.count) ?? 0
    let top = panel.isFocused ? TableView.top(selected: selected, count: entries.count, room: area.rows) : 0
    let visible = Array(entries[top..<min(top + area.rows, entries.count)])
    let steps = padded(visible.map { $0.value(.step).cell(panel.model.now, look).text }, look)
    let named = visible.map { people($0, look) }
    let widths = named.map { runs in runs.reduce(0) { $0 + look.columns($1.text) } }
    let width = widths.max() ?? 0
    for (index, entry) in visible.enumerated() {
      let y = area.y + index
      let isNow = (entry.value(.from).moment ?? Timestamp(nanoseconds: .max)) <= panel.model.now
      let runs = [Run(isNow ? "> " : "  ", .key), Run(steps[index] + "  ")] + named[index]
      let room = area.columns - runs.reduce(0) { $0 + look.columns($1.text) }
      let time = stretch(entry, room: room - RosterView.gap, look)
      // Under one another, or as far to the left as the whole of it needs.
      let most = room - look.columns(time)
      let gap = max(min(width - widths[index] + RosterView.gap, most), min(RosterView.gap, room), 0)
      let spaces = String(repeating: " ", count: gap)
      canvas.put(Line(runs + [Run(spaces + time, .dim)]), x: area.x, y: y, columns: area.columns)
      if panel.isFocused, top + index == selected { canvas.select(x: area.x, y: y, columns: area.columns) }
    }
    if top + visible.count < entries.count { panel.more(entries.count - top - visible.count, &canvas) }
  }

  private func padded(_ texts: [String], _ look: Look) -> [String] {
    let width = texts.map(look.columns).max() ?? 0
    return texts.map { $0 + String(repeating: " ", count: width - look.columns($0)) }
  }

  /// Who: before the times, since a narrow pane cuts those first.
  private func people(_ entry: any Listed, _ look: Look) -> [Run] {
    let cell = entry.value(.who).cell(panel.model.now, look)
    var runs = [Run(cell.text, cell.role == .text ? .title : cell.role)]
    let others = entry.value(.others)
    if others != .none { runs.append(Run(" + " + others.cell(panel.model.now, look).text, .warning)) }
    return runs
  }

  /// `10:04-18:04`; the day stands where it is not today, or not that of the beginning. Of an end on another day the day
  /// alone where there is no room for more.
  private func stretch(_ entry: any Listed, room: Int, _ look: Look) -> String {
    guard let from = entry.value(.from).moment, let until = entry.value(.until).moment else { return "-" }
    let (begin, end) = (Figures.minute(from, after: panel.model.now, look), Figures.minute(until, after: from, look))
    let whole = begin + "-" + end
    if look.columns(whole) <= room { return whole }
    return begin + "-" + end.prefix { $0 != " " }
  }
}
