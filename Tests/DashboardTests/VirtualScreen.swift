@testable import Dashboard

/// A terminal that knows only what the writer may send, counts columns by the same table, and stops at the margin.
struct VirtualScreen {
  private var cells: [[String]]
  private var styles: [[String]]
  private let size: Size
  private let ambiguousIsWide: Bool
  private var style = "0"
  private var x = 0
  private var y = 0
  private(set) var isConfused = false

  /// Begins with what was shown, where the size is the same.
  init(_ shown: Grid?, _ bytes: [UInt8], size: Size, ambiguousIsWide: Bool) {
    self.size = size
    self.ambiguousIsWide = ambiguousIsWide
    cells = [[String]](repeating: [String](repeating: " ", count: size.columns), count: size.rows)
    styles = [[String]](repeating: [String](repeating: "0", count: size.columns), count: size.rows)
    if let shown, shown.size == size {
      for row in 0..<size.rows {
        cells[row] = shown.row(row).map(\.text)
        styles[row] = shown.row(row).map(\.style.parameters)
      }
    }
    feed(String(decoding: bytes, as: UTF8.self))
  }

  /// What stands in a row, as this terminal drew it.
  func text(_ row: Int) -> String { cells[row].joined() }

  func matches(_ grid: Grid) -> Bool {
    !isConfused
      && (0..<size.rows).allSatisfy { row in
        cells[row] == grid.row(row).map(\.text) && styles[row] == grid.row(row).map(\.style.parameters)
      }
  }

  private mutating func feed(_ text: String) {
    var rest = Array(text.unicodeScalars)[...]
    while let scalar = rest.popFirst() {
      guard scalar == "\u{1b}" else {
        put(scalar)
        continue
      }
      guard rest.popFirst() == "[", let end = rest.firstIndex(where: { $0.value >= 0x40 && $0.value < 0x7f }) else {
        isConfused = true
        return
      }
      obey(String(String.UnicodeScalarView(rest[..<end])), rest[end])
      rest = rest[(end + 1)...]
    }
  }

  private mutating func obey(_ parameters: String, _ final: Unicode.Scalar) {
    switch final {
    case "m": style = parameters
    case "H":
      let place = parameters.split(separator: ";").compactMap { Int($0) }
      (y, x) = (place[0] - 1, place[1] - 1)
      if !(0..<size.rows).contains(y) || !(0..<size.columns).contains(x) { isConfused = true }
    case "J":
      for row in 0..<size.rows {
        cells[row] = cells[row].map { _ in " " }
        styles[row] = styles[row].map { _ in "0" }
      }
    case "h", "l": break
    default: isConfused = true
    }
  }

  private mutating func put(_ scalar: Unicode.Scalar) {
    let width = ScalarWidth(scalar).columns(ambiguousIsWide: ambiguousIsWide)
    if width == 0 {
      guard x > 0 else { return isConfused = true }
      let base = cells[y][x - 1].isEmpty ? x - 2 : x - 1
      cells[y][base].unicodeScalars.append(scalar)
      return
    }
    guard !isConfused, x + width <= size.columns, y < size.rows else { return isConfused = true }
    cells[y][x] = String(Character(scalar))
    styles[y][x] = style
    if width == 2 {
      cells[y][x + 1] = ""
      styles[y][x + 1] = style
    }
    x += width
  }
}
