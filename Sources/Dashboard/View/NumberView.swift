import Records

/// One figure: the length of a list, or what its first entry has in a column.
struct NumberView {
  let panel: PanelView

  func draw(_ listing: Listing, _ canvas: inout Canvas) {
    let (text, figure) = shown(listing, canvas.look)
    let area = panel.area
    canvas.put(text, panel.role(figure, usual: .title), x: area.x, y: area.y, columns: area.columns)
  }

  private func shown(_ listing: Listing, _ look: Look) -> (String, Double?) {
    guard let column = panel.panel.value else {
      let count = listing.total ?? listing.entries.count
      return (Figures.grouped(count) + (listing.isMore ? "+" : ""), Double(count))
    }
    guard let value = listing.entries.first?.value(column) else { return ("-", nil) }
    return (value.cell(panel.model.now, look).text, value.figure)
  }
}
