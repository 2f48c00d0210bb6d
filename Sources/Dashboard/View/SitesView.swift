import Records

/// One cell a site, grouped by organisation, worst first: the letter of the worst open row, `.` for none, `?` for
/// never tested.
struct SitesView {
  let panel: PanelView

  func draw(_ listing: Listing, _ canvas: inout Canvas) {
    let (area, sites) = (panel.area, listing.sites)
    canvas.put(summary(sites, canvas.look), x: area.x, y: area.y, columns: area.columns)
    let room = area.rows - SitesPlan.summaryRows
    guard room > 0 else { return }
    let selected = panel.isFocused ? panel.model.selection(panel.panel, among: sites.count) ?? 0 : 0
    let rows = SitesPlan(sites, area).rows
    let current = rows.firstIndex { $0.cells.contains(selected) } ?? 0
    let top = TableView.top(selected: current, count: rows.count, room: room)
    for (index, row) in rows[top..<min(top + room, rows.count)].enumerated() {
      draw(row, sites, selected, y: area.y + SitesPlan.summaryRows + index, &canvas)
    }
    let below = rows.dropFirst(top + room).reduce(0) { $0 + $1.cells.count }
    if below > 0 { panel.more(below, &canvas) }
  }

  private func draw(_ row: SitesPlan.Row, _ sites: [SiteMark], _ selected: Int, y: Int, _ canvas: inout Canvas) {
    let area = panel.area
    let labels = row.label == nil ? 0 : min(SitesPlan.labelColumns, area.columns)
    if let label = row.label { canvas.put(label, .dim, x: area.x, y: y, columns: labels - 1) }
    let pieces = row.cells.map { place in
      (HarmlessText.Piece(text: sites[place].letter, columns: 1), sites[place].role)
    }
    canvas.put(row: pieces, x: area.x + labels, y: y, columns: area.columns - labels)
    if panel.isFocused, row.cells.contains(selected) {
      canvas.select(x: area.x + labels + selected - row.cells.lowerBound, y: y, columns: 1)
    }
  }

  /// How many sites stand how: true also where not every cell has room.
  private func summary(_ sites: [SiteMark], _ look: Look) -> Line {
    var runs: [Run] = []
    var (bySeverity, calm, untested) = ([Int](repeating: 0, count: Severity.allCases.count), 0, 0)
    for site in sites {
      if let worst = site.worst {
        bySeverity[worst.rank] += 1
      } else if site.isTested {
        calm += 1
      } else {
        untested += 1
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
