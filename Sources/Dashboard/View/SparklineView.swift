import Records

/// The last figure, the least and the most, and how they went.
struct SparklineView {
  let panel: PanelView

  func draw(_ listing: Listing, _ canvas: inout Canvas) {
    guard let column = panel.panel.value else { return }
    let figures = listing.entries.map { $0.value(column).figure }
    let known = figures.compactMap(\.self)
    guard let last = known.last, let least = known.min(), let most = known.max() else { return panel.empty(&canvas) }
    let area = panel.area
    let range = "\(Figures.plain(least))-\(Figures.plain(most)) "
    let line = Line([Run(Figures.plain(last) + " ", .title), Run(range, .dim)])
    let used = canvas.put(line, x: area.x, y: area.y, columns: area.columns)
    let (x, room) = area.rows > 1 ? (area.x, area.columns) : (area.x + used, area.columns - used)
    let graph = Graph(canvas.look.capabilities).line(figures, columns: room)
    canvas.put(graph, .low, x: x, y: area.y + (area.rows > 1 ? 1 : 0), columns: room)
  }
}
