/// A grid being drawn on, with the look that it is drawn in.
struct Canvas {
  private(set) var grid: Grid
  let look: Look

  init(_ size: Size, _ look: Look) {
    grid = Grid(size)
    self.look = look
  }

  private var ellipsis: HarmlessText.Piece {
    let plain = look.capabilities.ambiguousIsWide || !look.capabilities.isUTF8
    return HarmlessText.Piece(text: plain ? "~" : "\u{2026}", columns: 1, isUncertain: !plain)
  }

  /// One line within `columns`, cut with an ellipsis; returns the columns used.
  @discardableResult
  mutating func put(_ line: Line, x: Int, y: Int, columns: Int) -> Int {
    var pieces = line.pieces(look)
    if pieces.reduce(0, { $0 + $1.piece.columns }) > columns {
      var used = 0
      let kept = pieces.prefix { piece in
        used += piece.piece.columns
        return used <= columns - 1
      }
      pieces = columns > 0 ? kept + [(ellipsis, kept.last?.role ?? .text)] : []
    }
    return put(row: pieces, x: x, y: y, columns: columns)
  }

  @discardableResult
  mutating func put(row: [Line.Styled], x: Int, y: Int, columns: Int) -> Int {
    var used = 0
    var start = 0
    while start < row.count {
      var end = start
      while end < row.count, row[end].role == row[start].role { end += 1 }
      let wanted = row[start..<end].map(\.piece)
      used += grid.write(wanted, x: x + used, y: y, limit: columns - used, look.style(row[start].role))
      start = end
    }
    return used
  }

  mutating func put(_ text: String, _ role: Role = .text, x: Int, y: Int, columns: Int) {
    let pieces = HarmlessText.pieces(text, ambiguousIsWide: look.capabilities.ambiguousIsWide)
    if pieces.reduce(0, { $0 + $1.columns }) > columns {
      put(Line(text, role), x: x, y: y, columns: columns)
    } else {
      // Most texts fit, and a frame has thousands.
      grid.write(pieces, x: x, y: y, limit: columns, look.style(role))
    }
  }

  /// Text at the right end of the room.
  mutating func put(right text: String, _ role: Role, x: Int, y: Int, columns: Int) {
    let width = min(look.columns(text), columns)
    put(text, role, x: x + columns - width, y: y, columns: width)
  }

  /// The reverse of a stretch: what is selected.
  mutating func select(x: Int, y: Int, columns: Int) {
    grid.restyle(x: x, y: y, columns: columns) { $0.reverse = true }
  }

  /// Everything in the area as of old: one dim style, selection kept.
  mutating func fade(_ area: Area) {
    let dim = look.style(.dim)
    for y in area.y..<(area.y + area.rows) {
      grid.restyle(x: area.x, y: y, columns: area.columns) { style in
        let reverse = style.reverse
        style = dim
        style.reverse = reverse
      }
    }
  }

  mutating func fill(_ area: Area, _ role: Role) { grid.fill(area, look.style(role)) }
}
