/// The bytes that turn the screen from one frame into the next: only what changed, in one write.
enum FrameWriter {
  /// `from` nil, or of another size: everything, after clearing. Without `isUTF8` nothing beyond ASCII is written.
  static func bytes(from old: Grid?, to new: Grid, isUTF8: Bool = true) -> [UInt8] {
    let old = old?.size == new.size ? old : nil
    if let old, old == new { return [] }
    var pen = Pen(isUTF8: isUTF8)
    pen.raw("\u{1b}[?2026h\u{1b}[?25l")
    if old == nil { pen.raw("\u{1b}[0m\u{1b}[2J") }
    for y in 0..<new.size.rows {
      if let old, old.row(y).elementsEqual(new.row(y)) { continue }
      row(y, old, new, &pen)
    }
    pen.raw("\u{1b}[0m\u{1b}[?2026l")
    return pen.bytes
  }

  private static func row(_ y: Int, _ old: Grid?, _ new: Grid, _ pen: inout Pen) {
    // What follows a cell that the terminal may draw wider than we count.
    var isOverdrawn = false
    for x in 0..<new.size.columns {
      let cell = new[x, y]
      guard cell.width > 0 else { continue }
      let halfChanged = cell.width == 2 && old.map { $0[x + 1, y] != new[x + 1, y] } ?? true
      if let old, !isOverdrawn, old[x, y] == cell, !(cell.width == 2 && halfChanged) { continue }
      pen.put(cell, x, y)
      isOverdrawn = cell.isUncertain
    }
  }

  /// Lines with styles and without cursor movement, for `--once`.
  static func lines(_ grid: Grid, isColored: Bool, isUTF8: Bool = true) -> String {
    var result = ""
    for y in 0..<grid.size.rows {
      var style = Style.plain
      let cells = grid.row(y)
      let end = (cells.lastIndex { $0.text != " " || $0.style != .plain }).map { $0 + 1 } ?? cells.startIndex
      for cell in cells[..<end] where cell.width > 0 {
        if isColored, cell.style != style {
          result += "\u{1b}[\(cell.style.parameters)m"
          style = cell.style
        }
        result += Pen.shown(cell, isUTF8)
      }
      if !isColored { while result.last == " " { result.removeLast() } }
      result += (style == .plain ? "" : "\u{1b}[0m") + "\n"
    }
    return result
  }

  /// Where the cursor is and how it writes.
  private struct Pen {
    let isUTF8: Bool
    var bytes: [UInt8] = []
    private var style = Style.plain
    /// Nil where the terminal may have counted other columns than we.
    private var place: (x: Int, y: Int)?

    init(isUTF8: Bool) { self.isUTF8 = isUTF8 }

    mutating func raw(_ text: String) { bytes += Array(text.utf8) }

    mutating func put(_ cell: Cell, _ x: Int, _ y: Int) {
      if place.map({ $0 != (x, y) }) ?? true { raw("\u{1b}[\(y + 1);\(x + 1)H") }
      if cell.style != style {
        raw("\u{1b}[\(cell.style.parameters)m")
        style = cell.style
      }
      if cell.isUncertain, cell.width == 2 {
        // Where the terminal draws it in one column, the other keeps no glyph of before.
        raw("  \u{1b}[\(y + 1);\(x + 1)H")
      }
      raw(Pen.shown(cell, isUTF8))
      place = cell.isUncertain ? nil : (x + Int(cell.width), y)
    }

    static func shown(_ cell: Cell, _ isUTF8: Bool) -> String {
      isUTF8 || cell.text.utf8.allSatisfy { $0 < 0x80 } ? cell.text : String(repeating: "?", count: Int(cell.width))
    }
  }
}
