/// A stretch of text with one meaning.
struct Run: Hashable, Sendable {
  var text: String
  var role: Role
  init(_ text: String, _ role: Role = .text) {
    self.text = text
    self.role = role
  }
}

/// A line of a pane before it is cut or wrapped to the pane's width.
struct Line: Hashable, Sendable {
  var runs: [Run]
  /// Columns that wrapped continuations are indented by.
  var indent = 0

  init(_ runs: [Run], indent: Int = 0) {
    self.runs = runs
    self.indent = indent
  }
  init(_ text: String, _ role: Role = .text, indent: Int = 0) { self.init([Run(text, role)], indent: indent) }
  static let blank = Line("")

  typealias Styled = (piece: HarmlessText.Piece, role: Role)

  func pieces(_ look: Look) -> [Styled] {
    runs.flatMap { run in
      HarmlessText.pieces(run.text, ambiguousIsWide: look.capabilities.ambiguousIsWide).map { ($0, run.role) }
    }
  }

  /// The line as rows of at most `columns`, broken at spaces where there are any.
  func wrapped(_ columns: Int, _ look: Look) -> [[Styled]] {
    guard columns > 0 else { return [] }
    var rows: [[Styled]] = []
    var row: [Styled] = []
    var used = 0
    var lastSpace: Int?
    let margin = indent < columns / 2 ? indent : 0
    for piece in pieces(look) {
      if used + piece.piece.columns > columns {
        let isSpace = piece.piece.text == " "
        let kept = isSpace ? [] : lastSpace.map { Array(row[($0 + 1)...]) } ?? []
        if let lastSpace, !isSpace { row.removeSubrange(lastSpace...) }
        rows.append(row)
        row = [Styled](repeating: (HarmlessText.Piece(text: " ", columns: 1), .text), count: margin) + kept
        used = row.reduce(0) { $0 + $1.piece.columns }
        lastSpace = nil
        if isSpace { continue }
      }
      if piece.piece.text == " ", used > margin { lastSpace = row.count }
      row.append(piece)
      used += piece.piece.columns
    }
    rows.append(row)
    return rows
  }
}
