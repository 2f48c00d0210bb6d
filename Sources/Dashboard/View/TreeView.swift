import Records

/// The indicator tree: what a dimension scores, and what its classes and indicators cost, costliest first.
struct TreeView {
  let panel: PanelView
  private static let barColumns = 12

  func draw(_ listing: Listing, _ canvas: inout Canvas) {
    let area = panel.area
    let nodes = panel.model.entries(panel.panel)
    let selected = panel.model.selection(panel.panel, among: nodes.count) ?? 0
    let top = panel.isFocused ? TableView.top(selected: selected, count: nodes.count, room: area.rows) : 0
    let most = listing.entries.filter { TreePlan.depth($0) > 0 }.compactMap { $0.value(.points).figure }.max() ?? 0
    for (index, node) in nodes[top..<min(top + area.rows, nodes.count)].enumerated() {
      draw(node, listing, most, y: area.y + index, &canvas)
      if panel.isFocused, top + index == selected {
        canvas.select(x: area.x, y: area.y + index, columns: area.columns)
      }
    }
  }

  private func draw(_ node: any Listed, _ listing: Listing, _ most: Double, y: Int, _ canvas: inout Canvas) {
    let (area, look, depth) = (panel.area, canvas.look, TreePlan.depth(node))
    let figures = figures(node, look)
    let width = min(look.columns(figures), area.columns)
    canvas.put(right: figures, depth == 0 ? .title : .text, x: area.x, y: y, columns: area.columns)
    var room = area.columns - width - 1
    if room > 4 * TreeView.barColumns, depth > 0 {
      let bar = Graph(look.capabilities).bar(
        node.value(.points).figure ?? 0, of: most, columns: TreeView.barColumns)
      canvas.put(bar, .warning, x: area.x + room - TreeView.barColumns, y: y, columns: TreeView.barColumns)
      room -= TreeView.barColumns + 1
    }
    let turned = panel.model.panes[panel.model.key(panel.panel)]?.turned ?? []
    let hasBelow = listing.entries.contains { $0.branch == node.key }
    let mark = hasBelow ? (TreePlan.isOpen(node, turned: turned) ? "- " : "+ ") : "  "
    let title = node.value(.title).cell(panel.model.now, look).text
    let line = Line([
      Run(String(repeating: "  ", count: depth) + mark, .dim), Run(title, depth == 0 ? .title : .text),
    ])
    canvas.put(line, x: area.x, y: y, columns: max(room, 0))
  }

  /// `81` of a dimension; `-120 (14 sites)` of what costs.
  private func figures(_ node: any Listed, _ look: Look) -> String {
    if TreePlan.depth(node) == 0 { return node.value(.score).cell(panel.model.now, look).text }
    let points = node.value(.points).figure.map { "-" + Figures.plain($0) } ?? ""
    guard let sites = node.value(.sites).figure else { return points }
    return "\(points) (\(Figures.plain(sites)) \(Label.sites.text(look.language)))"
  }
}
