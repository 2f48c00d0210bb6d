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
    /// An SGR code, used where colours are shown.
    var code: String?
    init(_ text: String, code: String? = nil) {
      self.text = Table.harmless(text)
      self.code = code
    }
  }

  let columns: [Column]
  var rows: [[Cell]] = []

  init(_ columns: [Column]) { self.columns = columns }

  mutating func add(_ cells: [Cell]) { rows.append(cells) }
  mutating func add(_ texts: [String]) { rows.append(texts.map { Cell($0) }) }

  /// Control characters and directional marks come from traffic; none of them reaches a terminal.
  static func harmless(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isHarmful) else { return text }
    return String(String.UnicodeScalarView(text.unicodeScalars.map { isHarmful($0) ? "\u{fffd}" : $0 }))
  }
  private static func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7f..<0xa0, 0x200b...0x200f, 0x202a...0x202e, 0x2060...0x206f, 0xfeff: true
    default: false
    }
  }

  func lines(style: Style, width: Int?) -> [String] {
    guard let width else { return rows.map { $0.map(\.text).joined(separator: "\t") } }
    var widths = columns.indices.map { index in
      max(Width.of(columns[index].title), rows.map { Width.of($0[index].text) }.max() ?? 0)
    }
    let over = widths.reduce(0, +) + 2 * (widths.count - 1) - width
    if over > 0, let yielding = columns.firstIndex(where: \.yields) {
      widths[yielding] = max(widths[yielding] - over, 8)
    }
    let head = line(columns.map { Cell($0.title, code: "1") }, widths, style)
    return [head] + rows.map { line($0, widths, style) }
  }

  private func line(_ cells: [Cell], _ widths: [Int], _ style: Style) -> String {
    var parts: [String] = []
    for (index, cell) in cells.enumerated() {
      let text = Width.cut(cell.text, to: widths[index])
      let fill = String(repeating: " ", count: max(widths[index] - Width.of(text), 0))
      let painted = cell.code.map { style.paint(text, $0) } ?? text
      let isLast = index == cells.count - 1
      parts.append(columns[index].isRight ? fill + painted : isLast ? painted : painted + fill)
    }
    return parts.joined(separator: "  ")
  }

  func print(_ style: Style, _ console: Console = .out) {
    for line in lines(style: style, width: console.columns) { console.line(line) }
  }
}

/// Columns that a text takes on a terminal: two for wide East Asian characters, none for combining marks.
enum Width {
  static func of(_ text: String) -> Int { text.unicodeScalars.reduce(0) { $0 + of($1) } }

  static func of(_ scalar: Unicode.Scalar) -> Int {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    switch scalar.value {
    case 0x1100...0x115f, 0x2e80...0x303e, 0x3041...0x33ff, 0x3400...0x4dbf, 0x4e00...0x9fff, 0xa000...0xa4cf,
      0xac00...0xd7a3, 0xf900...0xfaff, 0xfe30...0xfe4f, 0xff00...0xff60, 0xffe0...0xffe6, 0x1f300...0x1faff,
      0x20000...0x3fffd:
      return 2
    default: return 1
    }
  }

  static func cut(_ text: String, to width: Int) -> String {
    guard of(text) > width else { return text }
    var result = String.UnicodeScalarView()
    var used = 0
    for scalar in text.unicodeScalars {
      let next = of(scalar)
      if used + next > width - 1 { break }
      result.append(scalar)
      used += next
    }
    return String(result) + "…"
  }
}
