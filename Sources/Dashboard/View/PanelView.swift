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
    if panel.kind == .feed { return FeedView(panel: self).draw(&canvas) }
    guard let overview = model.overview else {
      return say(Label.waiting.text(canvas.look.language), .dim, &canvas)
    }
    switch panel.kind {
    case .table: TableView(panel: self).draw(&canvas)
    case .sites: SitesView(panel: self).draw(&canvas)
    case .histogram: histogram(overview, &canvas)
    case .state: state(overview, &canvas)
    case .number: number(overview, &canvas)
    case .sparkline: sparkline(overview, &canvas)
    case .bars: bars(overview, &canvas)
    case .gauge: gauge(overview, &canvas)
    case .feed: break
    }
  }

  func say(_ text: String, _ role: Role, _ canvas: inout Canvas) {
    var y = area.y
    for row in Line(text, role).wrapped(area.columns, canvas.look) where y < area.y + area.rows {
      canvas.put(row: row, x: area.x, y: y, columns: area.columns)
      y += 1
    }
  }

  /// What an empty panel says.
  func empty(_ canvas: inout Canvas) {
    let language = canvas.look.language
    say(panel.empty?.text(language) ?? Label.nothing.text(language), .dim, &canvas)
  }

  private func histogram(_ overview: Overview, _ canvas: inout Canvas) {
    let lines = overview.severities.sorted { $0.severity > $1.severity }
    let graph = Graph(canvas.look.capabilities)
    let names = lines.map { canvas.look.columns($0.severity.label.text(canvas.look.language)) }.max() ?? 0
    let totals = lines.map { Figures.grouped($0.total).count }.max() ?? 1
    for (index, line) in lines.prefix(area.rows).enumerated() {
      let y = area.y + index
      let role = line.severity.role
      canvas.put(line.severity.letter, role, x: area.x, y: y, columns: 1)
      canvas.put(line.severity.label.text(canvas.look.language), x: area.x + 2, y: y, columns: names)
      canvas.put(
        right: Figures.grouped(line.total), line.total > 0 ? .title : .dim, x: area.x + 3 + names, y: y, columns: totals
      )
      let start = 5 + names + totals
      let room = max(area.columns - start, 0)
      let tint: Role = line.severity == .critical ? .error : role
      canvas.put(
        graph.sparkline(line.hours, columns: room), line.total > 0 ? tint : .dim, x: area.x + start, y: y, columns: room
      )
    }
  }

  private func state(_ overview: Overview, _ canvas: inout Canvas) {
    let lines =
      panel.source == .sensors
      ? StateLines.all(overview, canvas.look) : StateLines.scans(overview, canvas.look)
    var y = area.y
    for row in lines.flatMap({ $0.wrapped(area.columns, canvas.look) }) where y < area.y + area.rows {
      canvas.put(row: row, x: area.x, y: y, columns: area.columns)
      y += 1
    }
  }

  private func number(_ overview: Overview, _ canvas: inout Canvas) {
    let value = PanelFigures.value(panel, model, overview)
    let role = value.flatMap { value in panel.levels.last { Double(value) >= $0.from }?.role } ?? .title
    canvas.put(value.map { Figures.grouped($0) } ?? "-", role, x: area.x, y: area.y, columns: area.columns)
  }

  private func sparkline(_ overview: Overview, _ canvas: inout Canvas) {
    let sums = HistogramFigures.sums(overview.severities)
    let text = Graph(canvas.look.capabilities).sparkline(sums, columns: area.columns)
    canvas.put(text, .low, x: area.x, y: area.y, columns: area.columns)
  }

  private func bars(_ overview: Overview, _ canvas: inout Canvas) {
    let counts = PanelFigures.bySeverity(panel, overview)
    let top = counts.map(\.count).max() ?? 0
    let width = counts.map { Figures.grouped($0.count).count }.max() ?? 1
    let graph = Graph(canvas.look.capabilities)
    for (index, entry) in counts.prefix(area.rows).enumerated() {
      let y = area.y + index
      canvas.put(entry.severity.letter, entry.severity.role, x: area.x, y: y, columns: 1)
      canvas.put(right: Figures.grouped(entry.count), .text, x: area.x + 2, y: y, columns: width)
      let room = max(area.columns - width - 3, 0)
      let bar = graph.bar(entry.count, of: top, columns: room)
      canvas.put(
        bar, entry.severity == .critical ? .error : entry.severity.role, x: area.x + width + 3, y: y, columns: room)
    }
  }

  private func gauge(_ overview: Overview, _ canvas: inout Canvas) {
    guard let (value, top) = PanelFigures.gauge(panel, overview) else { return empty(&canvas) }
    let text = "\(Figures.grouped(value))/\(Figures.grouped(top)) "
    canvas.put(text, .title, x: area.x, y: area.y, columns: area.columns)
    let room = area.columns - text.count
    canvas.put(
      Graph(canvas.look.capabilities).bar(value, of: top, columns: room), .good, x: area.x + text.count, y: area.y,
      columns: room)
  }
}

enum HistogramFigures {
  /// All severities together, hour by hour.
  static func sums(_ severities: [SeverityHours]) -> [Int] {
    let hours = severities.map(\.hours.count).max() ?? 0
    return (0..<hours).map { hour in
      severities.reduce(0) { $0 + ($1.hours.indices.contains(hour) ? $1.hours[hour] : 0) }
    }
  }
}

/// The single figures that panels show.
enum PanelFigures {
  static func value(_ panel: Panel, _ model: Model, _ overview: Overview) -> Int? {
    switch panel.source {
    case .alerts, .findings: model.lists[model.key(panel)]?.total
    case .queue: overview.queue.new
    case .posture: overview.posture.score
    case .sites: overview.posture.cells.count
    case .scans: overview.scans.fresh
    case .severities, .sensors, .feed: nil
    }
  }

  static func bySeverity(_ panel: Panel, _ overview: Overview) -> [(severity: Severity, count: Int)] {
    if panel.source == .severities {
      return overview.severities.sorted { $0.severity > $1.severity }.map { ($0.severity, $0.total) }
    }
    return Severity.allCases.reversed().map { severity in
      let counts = overview.queue.bySeverity
      return (severity, counts.indices.contains(severity.rank) ? counts[severity.rank] : 0)
    }
  }

  static func gauge(_ panel: Panel, _ overview: Overview) -> (Int, Int)? {
    if panel.source == .scans { return overview.scans.sites > 0 ? (overview.scans.fresh, overview.scans.sites) : nil }
    return overview.posture.score.map { ($0, 100) }
  }
}
