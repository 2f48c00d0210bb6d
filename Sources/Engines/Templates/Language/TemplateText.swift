package import Documents

/// A text of a template with its `{{expressions}}` parsed.
package struct TemplateText: Sendable, Hashable {
  package enum Piece: Sendable, Hashable {
    case text(String)
    /// `source`: what stood between the braces.
    case expression(TemplateExpression, source: String)
  }

  package var pieces: [Piece]
  package var position: SourcePosition

  package init(_ pieces: [Piece], at position: SourcePosition) {
    self.pieces = pieces
    self.position = position
  }

  init(_ text: String, at position: SourcePosition) throws(DocumentError) {
    do throws(ExpressionError) {
      self.init(try TemplateText.pieces(text, depth: 0), at: position)
    } catch {
      throw DocumentError(.badValue, position, error.message + " (character \(error.character))", hint: error.hint)
    }
  }

  /// As written.
  package var source: String {
    pieces.map { piece in
      switch piece {
      case .text(let text): text
      case .expression(_, source: let source): "{{\(source)}}"
      }
    }.joined()
  }

  /// The text itself where nothing in it is an expression.
  var literal: String? {
    var result = ""
    for piece in pieces {
      guard case .text(let text) = piece else { return nil }
      result += text
    }
    return result
  }

  // MARK: - Cutting

  /// Pieces of one text: a page's worth of a raw request.
  static let pieceLimit = 200

  static func pieces(_ text: String, depth: Int) throws(ExpressionError) -> [Piece] {
    guard text.contains("{{") else { return text.isEmpty ? [] : [.text(text)] }
    var pieces: [Piece] = []
    let scalars = Array(text.unicodeScalars)
    var (offset, plain) = (0, 0)
    func add(until end: Int) {
      if plain < end { pieces.append(.text(string(scalars[plain..<end]))) }
    }
    while offset + 1 < scalars.count {
      guard scalars[offset] == "{", scalars[offset + 1] == "{" else {
        offset += 1
        continue
      }
      add(until: offset)
      guard let end = close(scalars, offset) else {
        throw ExpressionError(offset + 1, "the {{ that opens here is never closed", hint: "add }}")
      }
      let inner = string(scalars[(offset + 2)..<end])
      pieces.append(.expression(try expression(inner, offset + 2, depth), source: inner))
      guard pieces.count <= pieceLimit else {
        throw ExpressionError(offset + 1, "more than \(pieceLimit) pieces in one text, the limit")
      }
      (offset, plain) = (end + 2, end + 2)
    }
    add(until: scalars.count)
    return pieces
  }

  /// Where the `}}` stands that belongs to the `{{` at `start`.
  private static func close(_ scalars: [Unicode.Scalar], _ start: Int) -> Int? {
    var (offset, depth) = (start, 0)
    while offset + 1 < scalars.count {
      let pair = (scalars[offset], scalars[offset + 1])
      if pair == ("{", "{") {
        (offset, depth) = (offset + 2, depth + 1)
      } else if pair == ("}", "}") {
        depth -= 1
        if depth == 0 { return offset }
        offset += 2
      } else {
        offset += 1
      }
    }
    return nil
  }

  /// `interactsh-url` and payloads may have a hyphen in their name.
  private static func expression(
    _ text: String, _ offset: Int, _ depth: Int
  ) throws(ExpressionError) -> TemplateExpression {
    let name = text.unicodeScalars.filter { !$0.properties.isWhitespace }
    if name.contains("-"), let first = name.first, ExpressionLexer.beginsName(first),
      name.allSatisfy({ ExpressionLexer.continuesName($0) || $0 == "-" })
    {
      return .name(string(name))
    }
    do throws(ExpressionError) {
      return try ExpressionParser.parse(text, depth: depth)
    } catch {
      throw ExpressionError(offset + error.character, error.message, hint: error.hint)
    }
  }

  private static func string(_ scalars: some Sequence<Unicode.Scalar>) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }
}
