import ControlAPI
import Records
import Wire

/// One panel's inside, by its kind.
struct PanelView {
  let panel: Panel
  let model: Model
  let area: Area
  let isFocused: Bool

  func draw(_ canvas: inout Canvas) {
    guard area.columns > 0, area.rows > 0 else { return }
    switch panel.kind {
    case .feed: FeedView(panel: self).draw(&canvas)
    case .state: StateView(panel: self).draw(&canvas)
    default: listed(&canvas)
    }
    guard let problem = model.problem(panel), model.listing(panel) != nil else { return }
    canvas.fill(Area(x: area.x, y: area.y + area.rows - 1, columns: area.columns, rows: 1), .text)
    canvas.put(
      "! \(problem.text(canvas.look.language))", .error, x: area.x, y: area.y + area.rows - 1, columns: area.columns)
  }

  private func listed(_ canvas: inout Canvas) {
    guard let listing = model.listing(panel) else { return missing(&canvas) }
    if panel.kind == .number { return NumberView(panel: self).draw(listing, &canvas) }
    guard !listing.entries.isEmpty else { return empty(&canvas) }
    switch panel.kind {
    case .table: TableView(panel: self).draw(listing, &canvas)
    case .sites: SitesView(panel: self).draw(listing, &canvas)
    case .histogram: HistogramView(panel: self).draw(listing, &canvas)
    case .sparkline: SparklineView(panel: self).draw(listing, &canvas)
    case .bars: BarsView(panel: self).draw(listing, &canvas)
    case .gauge: GaugeView(panel: self).draw(listing, &canvas)
    case .tree: TreeView(panel: self).draw(listing, &canvas)
    case .clocks: ClocksView(panel: self).draw(listing, &canvas)
    case .roster: RosterView(panel: self).draw(listing, &canvas)
    case .number, .feed, .state: break
    }
  }

  /// Nothing was answered yet, and why.
  func missing(_ canvas: inout Canvas) {
    let language = canvas.look.language
    if let problem = model.problem(panel) { return say(problem.text(language), .error, &canvas) }
    let isAsked = panel.parts.contains { model.question($0, of: panel) != nil }
    say((isAsked ? Label.waiting : .selectFirst).text(language), .dim, &canvas)
  }

  func say(_ text: String, _ role: Role, _ canvas: inout Canvas) { put([Line(text, role)], &canvas) }

  /// Lines, wrapped; how many have no room is said on the last row.
  func put(_ lines: [Line], _ canvas: inout Canvas) {
    let rows = lines.flatMap { $0.wrapped(area.columns, canvas.look) }
    for (index, row) in rows.prefix(area.rows).enumerated() {
      canvas.put(row: row, x: area.x, y: area.y + index, columns: area.columns)
    }
    if rows.count > area.rows, area.rows > 1 { more(rows.count - area.rows + 1, &canvas) }
  }

  /// What an empty panel says.
  func empty(_ canvas: inout Canvas) {
    let language = canvas.look.language
    say(panel.empty?.text(language) ?? Label.nothing.text(language), .dim, &canvas)
  }

  /// So many more have no room: at the right end of the last row.
  func more(_ count: Int, _ canvas: inout Canvas) {
    let text = " +\(Figures.grouped(count)) "
    canvas.put(right: text, .dim, x: area.x, y: area.y + area.rows - 1, columns: area.columns)
  }

  /// The role of the last level that the figure has reached.
  func role(_ figure: Double?, usual: Role) -> Role {
    figure.flatMap { figure in panel.levels.last { figure >= $0.from }?.role } ?? usual
  }
}
