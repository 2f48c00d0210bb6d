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
    let plan = SitesPlan(sites, area)
    let selected = panel.isFocused ? panel.model.selection(panel.panel, among: sites.count) : nil
    let current = selected.flatMap { plan.find($0) }
    let top = TableView.top(selected: current?.row ?? 0, count: plan.rows.count, room: room)
    for (index, row) in plan.rows[top..<min(top + room, plan.rows.count)].enumerated() {
      let y = area.y + SitesPlan.summaryRows + index
      let x = draw(row, sites, y: y, &canvas)
      if let current, current.row == top + index { canvas.select(x: x + current.column, y: y, columns: 1) }
    }
    let below = plan.rows.dropFirst(top + room).reduce(0) { $0 + $1.cells.count { $0 != nil } }
    if below > 0 { panel.more(below, &canvas) }
  }

  /// The column of its first cell.
  private func draw(_ row: SitesPlan.Row, _ sites: [SiteMark], y: Int, _ canvas: inout Canvas) -> Int {
    let area = panel.area
    let labels = row.label == nil ? 0 : min(SitesPlan.labelColumns, area.columns)
    if let label = row.label { canvas.put(label, .dim, x: area.x, y: y, columns: labels - 1) }
    let pieces = row.cells.map { place -> Line.Styled in
      guard let place else { return (SitesView.gap, .text) }
      return (HarmlessText.Piece(text: sites[place].letter, columns: 1), sites[place].role)
    }
    canvas.put(row: pieces, x: area.x + labels, y: y, columns: area.columns - labels)
    return area.x + labels
  }

  private static let gap = HarmlessText.Piece(text: " ", columns: 1)

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
