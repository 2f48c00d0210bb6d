import Documents
import Records
import Wire

/// How often over time, a line each: the columns of a series, or a list's entries by what they have in common.
struct HistogramView {
  let panel: PanelView

  private struct Series {
    var label: Value.Cell
    var letter: String?
    var counts: [Int]
    var tint: Role
    var total: Int { counts.reduce(0, &+) }
  }
  /// Buckets of a list's window; they fold where there is less room.
  private static let buckets = 48

  func draw(_ listing: Listing, _ canvas: inout Canvas) {
    let (area, look) = (panel.area, canvas.look)
    let all = panel.panel.columns.isEmpty ? counted(listing, look) : columns(listing, look)
    let series = all.prefix(area.rows)
    let graph = Graph(look.capabilities)
    let letters = series.contains { $0.letter != nil } ? 2 : 0
    let named = min(series.map { look.columns($0.label.text) }.max() ?? 0, max(area.columns / 2, 1))
    let totals = series.map { Figures.grouped($0.total).count }.max() ?? 1
    for (index, line) in series.enumerated() {
      let y = area.y + index
      line.letter.map { canvas.put($0, line.label.role, x: area.x, y: y, columns: 1) }
      canvas.put(line.label.text, letters > 0 ? .text : line.label.role, x: area.x + letters, y: y, columns: named)
      let figure = area.x + letters + named + 1
      let isCalm = line.total == 0
      canvas.put(right: Figures.grouped(line.total), isCalm ? .dim : .title, x: figure, y: y, columns: totals)
      let room = max(area.x + area.columns - figure - totals - 2, 0)
      canvas.put(
        graph.sparkline(line.counts, columns: room), isCalm ? .dim : line.tint, x: figure + totals + 2, y: y,
        columns: room)
    }
    if all.count > area.rows { panel.more(all.count - area.rows, &canvas) }
  }

  /// A series of hours: an entry a moment, a column a line.
  private func columns(_ listing: Listing, _ look: Look) -> [Series] {
    panel.panel.columns.map { column in
      let counts = listing.entries.map { Int(exactly: ($0.value(column).figure ?? 0).rounded()) ?? 0 }
      guard let severity = Column.severity(column) else {
        return Series(
          label: Value.Cell(column.form.label.text(look.language)), letter: nil, counts: counts, tint: .low)
      }
      return Series(
        label: Value.Cell(severity.label.text(look.language), severity.role), letter: severity.letter, counts: counts,
        tint: severity == .critical ? .error : severity.role)
    }
  }

  /// A list: each entry at its time.
  private func counted(_ listing: Listing, _ look: Look) -> [Series] {
    let panel = panel.panel
    guard let time = panel.time else { return [] }
    let seconds = Quantity.seconds(panel.window.filled(self.panel.model.variables)) ?? Asked.day
    var lines: [String: (value: Value, counts: [Int])] = [:]
    for entry in listing.entries {
      guard let moment = entry.value(time).moment, let bucket = bucket(moment, seconds) else { continue }
      let value = panel.by.map { entry.value($0) } ?? .none
      lines[value.groupKey, default: (value, [Int](repeating: 0, count: HistogramView.buckets))].counts[bucket] += 1
    }
    let all = lines.values.map { series($0.value, $0.counts, look) }
    return all.sorted { a, b in a.total != b.total ? a.total > b.total : a.label.text < b.label.text }
  }

  private func bucket(_ moment: Timestamp, _ seconds: Double) -> Int? {
    let age = Model.seconds(panel.model.now, since: moment)
    guard age >= 0, age < seconds else { return nil }
    return min(Int((seconds - age) / seconds * Double(HistogramView.buckets)), HistogramView.buckets - 1)
  }

  private func series(_ value: Value, _ counts: [Int], _ look: Look) -> Series {
    if case .severity(let severity) = value {
      return Series(
        label: Value.Cell(severity.label.text(look.language), severity.role), letter: severity.letter, counts: counts,
        tint: severity == .critical ? .error : severity.role)
    }
    let label = value == .none ? Value.Cell("") : value.cell(panel.model.now, look)
    return Series(label: label, letter: nil, counts: counts, tint: .low)
  }
}
