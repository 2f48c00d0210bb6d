/// Cuts the text of an expression into words, each with its place.
struct ExpressionLexer {
  enum Word: Hashable {
    case number(Double)
    case text(String)
    case name(String)
    case symbol(String)
    case end
  }
  struct Token: Hashable {
    var word: Word
    var character: Int
  }

  private let scalars: [Unicode.Scalar]
  private var offset = 0

  init(_ text: String) { scalars = Array(text.unicodeScalars) }

  static func tokens(_ text: String) throws(ExpressionError) -> [Token] {
    var lexer = ExpressionLexer(text)
    var tokens: [Token] = []
    while true {
      let token = try lexer.next()
      tokens.append(token)
      if token.word == .end { return tokens }
    }
  }

  private var peek: Unicode.Scalar? { offset < scalars.count ? scalars[offset] : nil }

  private mutating func next() throws(ExpressionError) -> Token {
    while let scalar = peek, scalar.properties.isWhitespace { offset += 1 }
    let start = offset + 1
    guard let scalar = peek else { return Token(word: .end, character: start) }
    switch scalar {
    case "\"", "'", "`": return Token(word: .text(try text(until: scalar)), character: start)
    case "0"..."9": return Token(word: .number(try number()), character: start)
    case _ where ExpressionLexer.beginsName(scalar): return Token(word: .name(name()), character: start)
    default: return Token(word: .symbol(try symbol()), character: start)
    }
  }

  static func beginsName(_ scalar: Unicode.Scalar) -> Bool {
    ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || scalar == "_"
  }
  static func continuesName(_ scalar: Unicode.Scalar) -> Bool {
    beginsName(scalar) || ("0"..."9").contains(scalar)
  }

  private mutating func name() -> String {
    var result = String.UnicodeScalarView()
    while let scalar = peek, ExpressionLexer.continuesName(scalar) {
      result.append(scalar)
      offset += 1
    }
    return String(result)
  }

  private mutating func number() throws(ExpressionError) -> Double {
    let start = offset
    var digits = String.UnicodeScalarView()
    while let scalar = peek, ExpressionLexer.continuesName(scalar) || scalar == "." {
      digits.append(scalar)
      offset += 1
    }
    let text = String(digits)
    let value = text.hasPrefix("0x") ? UInt64(text.dropFirst(2), radix: 16).map { Double($0) } : Double(text)
    guard let value, value.isFinite else { throw ExpressionError(start + 1, "\"\(text.prefix(40))\" is no number") }
    return value
  }

  /// nuclei drops the backslash before any character, so that `\d` is `d`: only escapes that mean themselves are read.
  private mutating func text(until quote: Unicode.Scalar) throws(ExpressionError) -> String {
    let start = offset + 1
    offset += 1
    var result = String.UnicodeScalarView()
    while let scalar = peek {
      offset += 1
      if scalar == quote { return String(result) }
      guard scalar == "\\", quote != "`" else {
        result.append(scalar)
        continue
      }
      guard let escaped = peek else { break }
      guard !ExpressionLexer.continuesName(escaped) else {
        throw ExpressionError(
          offset, "\\\(escaped) means only \(escaped) here", hint: "write \\\\\(escaped) for a backslash and \(escaped)"
        )
      }
      result.append(escaped)
      offset += 1
    }
    throw ExpressionError(start, "the quote that opens here is never closed", hint: "add a \(quote)")
  }

  private static let pairs = ["||", "&&", "==", "!=", "<=", ">=", "=~", "!~", "{{", "}}"]
  private static let singles: [Unicode.Scalar] = ["<", ">", "+", "-", "*", "/", "%", "!", "(", ")", ","]
  private static let unread: [Unicode.Scalar: String] = [
    "?": "the choice a ? b : c is not read here", "&": "only && joins conditions here",
    "|": "only || joins conditions here", "=": "a comparison is written ==", "[": "lists in brackets are not read here",
    "^": "bits are not reckoned with here", "~": "bits are not reckoned with here",
  ]

  private mutating func symbol() throws(ExpressionError) -> String {
    let scalar = scalars[offset]
    if offset + 1 < scalars.count {
      let pair = String(String.UnicodeScalarView([scalar, scalars[offset + 1]]))
      if ExpressionLexer.pairs.contains(pair) {
        offset += 2
        return pair
      }
    }
    guard ExpressionLexer.singles.contains(scalar) else {
      let why = ExpressionLexer.unread[scalar] ?? "\(ExpressionLexer.shown(scalar)) has no meaning here"
      throw ExpressionError(offset + 1, why)
    }
    offset += 1
    return String(scalar)
  }

  private static func shown(_ scalar: Unicode.Scalar) -> String {
    scalar.value >= 0x20 && scalar.value != 0x7f
      ? "\"\(scalar)\"" : "the control character \(String(scalar.value, radix: 16))"
  }
}
