struct Size: Hashable, Sendable {
  var columns: Int
  var rows: Int
}

/// A rectangle of the grid.
struct Area: Hashable, Sendable {
  var x: Int
  var y: Int
  var columns: Int
  var rows: Int

  /// Inside a border.
  var inner: Area { Area(x: x + 1, y: y + 1, columns: max(columns - 2, 0), rows: max(rows - 2, 0)) }
}

/// One column of the screen; a wide character is a cell of width 2 followed by one of width 0.
struct Cell: Hashable, Sendable {
  var text = " "
  var width: UInt8 = 1
  var isUncertain = false
  var style = Style.plain

  static let blank = Cell()
}

/// The screen as cells. Invariant, kept by `put`: widths of a row add up to its columns, no wide character is halved.
struct Grid: Equatable, Sendable {
  let size: Size
  private(set) var cells: [Cell]

  init(_ size: Size) {
    self.size = Size(columns: max(size.columns, 0), rows: max(size.rows, 0))
    cells = [Cell](repeating: .blank, count: self.size.columns * self.size.rows)
  }

  subscript(x: Int, y: Int) -> Cell { cells[y * size.columns + x] }

  func row(_ y: Int) -> ArraySlice<Cell> { cells[y * size.columns..<(y + 1) * size.columns] }

  /// A row as people see it, trailing blanks cut.
  func text(_ y: Int) -> String {
    let line = row(y).filter { $0.width > 0 }.map(\.text).joined()
    return String(line.reversed().drop { $0 == " " }.reversed())
  }

  private mutating func put(_ cell: Cell, _ x: Int, _ y: Int) {
    guard x >= 0, y >= 0, y < size.rows, x + Int(cell.width) <= size.columns else { return }
    unlink(x, y)
    if cell.width == 2 { unlink(x + 1, y) }
    cells[y * size.columns + x] = cell
    if cell.width == 2 {
      cells[y * size.columns + x + 1] = Cell(text: "", width: 0, isUncertain: false, style: cell.style)
    }
  }

  /// What shares a character with this column becomes blank before the column is written.
  private mutating func unlink(_ x: Int, _ y: Int) {
    let index = y * size.columns + x
    if cells[index].width == 0, x > 0 {
      cells[index - 1] = Cell(style: cells[index - 1].style)
      cells[index] = Cell(style: cells[index].style)
    } else if cells[index].width == 2 {
      cells[index] = Cell(style: cells[index].style)
      cells[index + 1] = Cell(style: cells[index + 1].style)
    }
  }

  /// Writes pieces from (x, y) on within `limit` columns; returns the columns used.
  @discardableResult
  mutating func write(_ pieces: some Sequence<HarmlessText.Piece>, x: Int, y: Int, limit: Int, _ style: Style) -> Int {
    guard y >= 0, y < size.rows else { return 0 }
    var used = 0
    for piece in pieces {
      guard used + piece.columns <= limit else { break }
      put(
        Cell(text: piece.text, width: UInt8(piece.columns), isUncertain: piece.isUncertain, style: style), x + used, y)
      used += piece.columns
    }
    return used
  }

  mutating func fill(_ area: Area, _ style: Style = .plain) {
    for y in area.y..<max(area.y, area.y + area.rows) {
      for x in area.x..<max(area.x, area.x + area.columns) { put(Cell(style: style), x, y) }
    }
  }

  /// Turns the style of a stretch of a row, as a selection does.
  mutating func restyle(x: Int, y: Int, columns: Int, _ change: (inout Style) -> Void) {
    guard y >= 0, y < size.rows else { return }
    for column in max(x, 0)..<max(max(x, 0), min(x + columns, size.columns)) {
      change(&cells[y * size.columns + column].style)
    }
  }
}
