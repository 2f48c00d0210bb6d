/// Where each panel of a layout stands.
struct PanePlan {
  struct Pane: Equatable {
    var name: String
    var area: Area
  }
  /// A pane lower than this says nothing.
  static let leastRows = 3
  static let leastFirst = 7

  static func panes(_ layout: Layout, _ definition: Definition, in area: Area, focused: String?) -> [Pane] {
    switch layout.form {
    case .rows(let rows, let weights): rowed(rows, weights, area)
    case .stack(let names): stacked(names, definition, area, focused)
    }
  }

  private static func rowed(_ rows: [[String]], _ weights: [Int], _ area: Area) -> [Pane] {
    let fitting = min(rows.count, max(area.rows / leastRows, 1))
    let total = max(weights.prefix(fitting).reduce(0, +), 1)
    var heights = weights.prefix(fitting).map { max(area.rows * $0 / total, leastRows) }
    // What rounding left over, or took too much, is the highest row's.
    if let highest = heights.indices.max(by: { heights[$0] < heights[$1] }) {
      heights[highest] += area.rows - heights.reduce(0, +)
    }
    var result: [Pane] = []
    var y = area.y
    for (row, height) in zip(rows, heights) where height > 0 {
      result += side(row, Area(x: area.x, y: y, columns: area.columns, rows: height))
      y += height
    }
    return result
  }

  private static func side(_ names: [String], _ area: Area) -> [Pane] {
    var shares: [(name: String, count: Int)] = []
    for name in names {
      if shares.last?.name == name { shares[shares.count - 1].count += 1 } else { shares.append((name, 1)) }
    }
    var result: [Pane] = []
    var done = 0
    for share in shares {
      let start = area.columns * done / names.count
      done += share.count
      let end = area.columns * done / names.count
      result.append(
        Pane(name: share.name, area: Area(x: area.x + start, y: area.y, columns: end - start, rows: area.rows)))
    }
    return result
  }

  private static func stacked(_ names: [String], _ definition: Definition, _ area: Area, _ focused: String?) -> [Pane] {
    guard let first = names.first, area.rows > 0 else { return [] }
    var shown = [(first, 0)]
    var left = area.rows - min(leastFirst, area.rows)
    for name in names.dropFirst() {
      let wanted = definition.panel(name).map(height) ?? leastRows
      guard left >= leastRows + 1 else { break }
      shown.append((name, min(wanted, left)))
      left -= min(wanted, left)
    }
    if let focused, names.contains(focused), !shown.contains(where: { $0.0 == focused }) {
      if shown.count == 1 { shown = [(focused, 0)] } else { shown[shown.count - 1].0 = focused }
    }
    shown[0].1 = area.rows - shown.dropFirst().reduce(0) { $0 + $1.1 }
    var y = area.y
    return shown.map { name, rows in
      defer { y += rows }
      return Pane(name: name, area: Area(x: area.x, y: y, columns: area.columns, rows: rows))
    }
  }

  /// What a panel likes to have when it is not the first.
  private static func height(_ panel: Panel) -> Int {
    switch panel.kind {
    case .number, .sparkline, .gauge: 3
    case .state, .sites: 5
    case .histogram, .bars, .roster, .clocks: 7
    case .table, .feed, .tree: 8
    }
  }
}
