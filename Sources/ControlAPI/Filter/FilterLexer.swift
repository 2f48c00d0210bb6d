internal import Records

/// Filter text -> tokens with their columns. A word ends at a space, a parenthesis, a quote or a comparison.
struct FilterLexer {
  enum Token: Equatable {
    case word(String)
    case quoted(String)
    case comparison(Filter.Comparison)
    case comma
    case minus
    case open
    case close
  }
  struct Placed: Equatable {
    let token: Token
    let column: Int
    /// Whether a space or nothing stands before it: `a:b` is one term, `a b` are two.
    let afterSpace: Bool
  }

  private let characters: [Character]
  private var position = 0
  private var tokens: [Placed] = []
  private var afterSpace = true

  static func tokens(_ text: String) throws(FilterError) -> [Placed] {
    var lexer = FilterLexer(characters: Array(text))
    while lexer.position < lexer.characters.count { try lexer.next() }
    return lexer.tokens
  }

  private init(characters: [Character]) { self.characters = characters }

  private mutating func next() throws(FilterError) {
    let character = characters[position]
    let start = position
    switch character {
    case _ where character.isWhitespace:
      position += 1
      afterSpace = true
      return
    case "(": single(.open)
    case ")": single(.close)
    case ",": single(.comma)
    case "\"": try quoted()
    case "-" where afterSpace: single(.minus)
    default:
      if let comparison = comparison() { emit(.comparison(comparison), start) } else { word() }
    }
    afterSpace = character == "(" || character == "-" && tokens.last?.token == .minus
  }

  private mutating func single(_ token: Token) {
    emit(token, position)
    position += 1
  }

  private mutating func emit(_ token: Token, _ start: Int) {
    tokens.append(Placed(token: token, column: start + 1, afterSpace: afterSpace))
  }

  private mutating func comparison() -> Filter.Comparison? {
    let two = String(characters[position..<min(position + 2, characters.count)])
    for (text, value) in [(">=", Filter.Comparison.atLeast), ("<=", .atMost), ("!=", .unequal)] where two == text {
      position += 2
      return value
    }
    let found: Filter.Comparison? =
      switch characters[position] {
      case ":", "=": .equal
      case ">": .above
      case "<": .below
      default: nil
      }
    if found != nil { position += 1 }
    return found
  }

  private mutating func quoted() throws(FilterError) {
    let start = position
    var text = ""
    position += 1
    while position < characters.count, characters[position] != "\"" {
      if characters[position] == "\\", position + 1 < characters.count { position += 1 }
      text.append(characters[position])
      position += 1
    }
    guard position < characters.count else {
      throw FilterError(
        code: .openQuote, column: start + 1, sentence: "the quote opened here is never closed", hint: "add a \"")
    }
    position += 1
    emit(.quoted(text), start)
  }

  /// In a value (after a comparison) `:` belongs to the word, so that IPv6 addresses and times need no quotes.
  private mutating func word() {
    let start = position
    let isValue =
      switch tokens.last?.token {
      case .comparison: !afterSpace
      case .comma: true
      default: false
      }
    while position < characters.count {
      let character = characters[position]
      if character.isWhitespace || "(),\"".contains(character) { break }
      if !isValue, ":=<>!".contains(character), !(character == "!" && !isBeforeEquals(position)) { break }
      position += 1
    }
    if position == start { position += 1 }
    emit(.word(String(characters[start..<position])), start)
  }

  private func isBeforeEquals(_ index: Int) -> Bool {
    index + 1 < characters.count && characters[index + 1] == "="
  }
}
