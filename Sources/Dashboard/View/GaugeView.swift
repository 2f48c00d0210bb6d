import Records

/// How much of a whole each entry has: figure, whole and a bar.
struct GaugeView {
  let panel: PanelView
  private static let leastBar = 10

  func draw(_ listing: Listing, _ canvas: inout Canvas) {
    let (area, look) = (panel.area, canvas.look)
    let shown = listing.entries.prefix(area.rows)
    let labels = shown.map { entry in panel.panel.by.map { entry.value($0).cell(panel.model.now, look).text } ?? "" }
    let texts = shown.map { text($0, look) }
    let width = texts.map(look.columns).max() ?? 0
    // The name before the length of its bar.
    let most = max(area.columns - width - 2 - GaugeView.leastBar, area.columns / 2)
    let named = min(labels.map(look.columns).max() ?? 0, most)
    let start = named + (named > 0 ? 1 : 0)
    for (index, entry) in shown.enumerated() {
      let y = area.y + index
      let value = panel.panel.value.flatMap { entry.value($0).figure }
      canvas.put(labels[index], .text, x: area.x, y: y, columns: named)
      canvas.put(right: texts[index], .title, x: area.x + start, y: y, columns: min(width, area.columns - start))
      let room = max(area.columns - start - width - 1, 0)
      guard let value, let full = full(entry) else { continue }
      let bar = Graph(look.capabilities).bar(value, of: full, columns: room)
      canvas.put(bar, panel.role(value, usual: .good), x: area.x + start + width + 1, y: y, columns: room)
    }
    if listing.entries.count > area.rows { panel.more(listing.entries.count - area.rows, &canvas) }
  }

  private func full(_ entry: any Listed) -> Double? {
    switch panel.panel.full {
    case .number(let number): number
    case .column(let column): entry.value(column).figure
    case nil: nil
    }
  }

  private func text(_ entry: any Listed, _ look: Look) -> String {
    let value = panel.panel.value.map { entry.value($0).cell(panel.model.now, look).text } ?? "-"
    return full(entry).map { "\(value)/\(Figures.plain($0))" } ?? value
  }
}
