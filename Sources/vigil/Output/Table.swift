import Dashboard
import Records

/// Rows under a head on a terminal; tab-separated lines without a head in a pipe.
struct Table {
  struct Column {
    let title: String
    /// The column that gives way when the terminal is narrow.
    var yields = false
    var isRight = false
    init(_ title: String, yields: Bool = false, isRight: Bool = false) {
      self.title = title
      self.yields = yields
      self.isRight = isRight
    }
  }
  struct Cell {
    let text: String
    /// Its colour, where colours are shown.
    var severity: Severity?
    init(_ text: String, severity: Severity? = nil) {
      self.text = Table.harmless(text)
      self.severity = severity
    }
  }

  let columns: [Column]
  var rows: [[Cell]] = []

  init(_ columns: [Column]) { self.columns = columns }

  mutating func add(_ cells: [Cell]) { rows.append(cells) }
  mutating func add(_ texts: [String]) { rows.append(texts.map { Cell($0) }) }

  /// Control characters and directional marks come from traffic; none of them reaches a terminal.
  static func harmless(_ text: String) -> String { Ink.harmless(text) }

  func lines(style: Ink, width: Int?) -> [String] {
    guard let width else { return rows.map { $0.map(\.text).joined(separator: "\t") } }
    var widths = columns.indices.map { index in
      max(style.width(columns[index].title), rows.map { style.width($0[index].text) }.max() ?? 0)
    }
    let over = widths.reduce(0, +) + 2 * (widths.count - 1) - width
    if over > 0, let yielding = columns.firstIndex(where: \.yields) {
      widths[yielding] = max(widths[yielding] - over, 8)
    }
    let head = line(columns.map { Cell($0.title) }, widths, style, isHead: true)
    return [head] + rows.map { line($0, widths, style) }
  }

  private func line(_ cells: [Cell], _ widths: [Int], _ style: Ink, isHead: Bool = false) -> String {
    var parts: [String] = []
    for (index, cell) in cells.enumerated() {
      let text = style.cut(cell.text, to: widths[index])
      let fill = String(repeating: " ", count: max(widths[index] - style.width(text), 0))
      let painted = isHead ? style.strong(text) : cell.severity.map { style.paint(text, $0) } ?? text
      let isLast = index == cells.count - 1
      parts.append(columns[index].isRight ? fill + painted : isLast ? painted : painted + fill)
    }
    return parts.joined(separator: "  ")
  }

  func print(_ style: Ink, _ console: Console = .out) {
    for line in lines(style: style, width: console.columns) { console.line(line) }
  }
}
