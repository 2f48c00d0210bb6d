internal import Documents

/// The text of an expression -> `TemplateExpression`, by precedence climbing.
package struct ExpressionParser {
  /// The longest of the public collection has two thousand characters.
  package static let lengthLimit = 8192
  /// Parentheses and calls in one another: far from the stack's end.
  static let depthLimit = 32
  /// Values and operators of one expression; a chain of operators is as deep as it is long when it is worked out.
  static let nodeLimit = 600

  private var tokens: [ExpressionLexer.Token]
  private var offset = 0
  private var nodes = 0

  package static func parse(_ text: String) throws(ExpressionError) -> TemplateExpression {
    try parse(text, depth: 0)
  }

  /// `depth`: of the braces around it.
  static func parse(_ text: String, depth: Int) throws(ExpressionError) -> TemplateExpression {
    guard text.utf8.count <= lengthLimit else {
      throw ExpressionError(1, "the expression has more than \(lengthLimit) bytes, the limit")
    }
    var parser = ExpressionParser(tokens: try ExpressionLexer.tokens(text))
    guard parser.peek.word != .end else { throw ExpressionError(1, "the expression is empty") }
    let expression = try parser.expression(above: 0, depth: depth)
    guard parser.peek.word == .end else { throw parser.unexpected("an operator or the end is needed here") }
    return expression
  }

  private init(tokens: [ExpressionLexer.Token]) { self.tokens = tokens }

  private var peek: ExpressionLexer.Token { tokens[min(offset, tokens.count - 1)] }

  private mutating func next() -> ExpressionLexer.Token {
    defer { offset += 1 }
    return peek
  }

  private func unexpected(_ message: String) -> ExpressionError { ExpressionError(peek.character, message) }

  private mutating func count(_ depth: Int) throws(ExpressionError) {
    nodes += 1
    guard nodes <= ExpressionParser.nodeLimit else {
      throw unexpected("more than \(ExpressionParser.nodeLimit) values and operators, the limit")
    }
    guard depth <= ExpressionParser.depthLimit else {
      throw unexpected("nested deeper than \(ExpressionParser.depthLimit), the limit")
    }
  }

  private mutating func expression(above lowest: Int, depth: Int) throws(ExpressionError) -> TemplateExpression {
    try count(depth)
    var left = try operand(depth)
    while case .symbol(let text) = peek.word, let sign = TemplateOperator(rawValue: text), sign.precedence > lowest {
      offset += 1
      try count(depth)
      let place = peek.character
      let right = try expression(above: sign.precedence, depth: depth + 1)
      if sign == .matches || sign == .matchesNot { try check(pattern: right, at: place) }
      left = .binary(sign, left, right)
    }
    return left
  }

  private mutating func operand(_ depth: Int) throws(ExpressionError) -> TemplateExpression {
    try count(depth)
    let token = next()
    switch token.word {
    case .number(let value): return .literal(.number(value))
    case .text(let text): return try literal(text, token.character, depth)
    case .symbol("!"): return .not(try operand(depth + 1))
    case .symbol("-"): return .negated(try operand(depth + 1))
    case .symbol("("): return try enclosed("(", ")", token.character, depth)
    case .symbol("{{"): return try enclosed("{{", "}}", token.character, depth)
    case .name("true"): return .literal(.truth(true))
    case .name("false"): return .literal(.truth(false))
    case .name(let name): return peek.word == .symbol("(") ? try call(name, token.character, depth) : .name(name)
    case .symbol(let text): throw ExpressionError(token.character, "a value is needed here, not \"\(text)\"")
    case .end: throw ExpressionError(token.character, "the expression ends where a value is needed")
    }
  }

  /// Old templates write `md5({{name}})` for `md5(name)`.
  private mutating func enclosed(
    _ open: String, _ close: String, _ place: Int, _ depth: Int
  ) throws(ExpressionError) -> TemplateExpression {
    let inner = try expression(above: 0, depth: depth + 1)
    guard next().word == .symbol(close) else {
      throw ExpressionError(place, "the \(open) that opens here is never closed", hint: "add a \(close)")
    }
    return inner
  }

  /// A text may hold `{{name}}` itself: `base64('{{username}}:{{password}}')`.
  private func literal(_ text: String, _ place: Int, _ depth: Int) throws(ExpressionError) -> TemplateExpression {
    guard text.contains("{{") else { return .literal(TemplateValue(text)) }
    let pieces: [TemplateText.Piece]
    do throws(ExpressionError) {
      pieces = try TemplateText.pieces(text, depth: depth + 1)
    } catch {
      throw ExpressionError(place + error.character, error.message, hint: error.hint)
    }
    return .call(
      .concat,
      pieces.map { piece in
        switch piece {
        case .text(let text): .literal(TemplateValue(text))
        case .expression(let expression, source: _): expression
        }
      }, pattern: nil)
  }

  private mutating func call(_ name: String, _ place: Int, _ depth: Int) throws(ExpressionError) -> TemplateExpression {
    guard let function = TemplateFunction(name: name) else { throw ExpressionParser.unknown(name, place) }
    offset += 1
    var arguments: [TemplateExpression] = []
    var places: [Int] = []
    while peek.word != .symbol(")") {
      places.append(peek.character)
      arguments.append(try expression(above: 0, depth: depth + 1))
      if peek.word == .symbol(",") {
        offset += 1
        if peek.word == .symbol(")") { throw unexpected("a value is needed behind the comma") }
      } else if peek.word != .symbol(")") {
        throw unexpected("a , or ) is needed here")
      }
    }
    offset += 1
    guard function.arguments.contains(arguments.count) else {
      throw ExpressionError(place, "\(name) takes \(function.argumentsText), here are \(arguments.count)")
    }
    guard let index = function.patternArgument else { return .call(function, arguments, pattern: nil) }
    return .call(function, arguments, pattern: try check(pattern: arguments[index], at: places[index]))
  }

  private static func unknown(_ name: String, _ place: Int) -> ExpressionError {
    let shown = name.prefix(60)
    if let why = TemplateFunction.refused[name] {
      return ExpressionError(place, "the function \(shown) is not available: \(why)", hint: "take this part out")
    }
    let names = TemplateFunction.allCases.map(\.rawValue)
    return ExpressionError(
      place, "there is no function \(shown)", hint: DocumentError.suggestion(for: name, among: names))
  }

  /// A regular expression that is written out is compiled now, so that its mistake has a place.
  @discardableResult private func check(
    pattern expression: TemplateExpression, at place: Int
  ) throws(ExpressionError) -> TemplatePattern? {
    guard case .literal(.text(let bytes)) = expression else { return nil }
    do throws(PatternProblem) {
      return try TemplatePattern(String(decoding: bytes, as: UTF8.self))
    } catch {
      throw ExpressionError(place, error.message, hint: error.hint)
    }
  }
}

extension TemplateFunction {
  var argumentsText: String {
    let (low, high) = (arguments.lowerBound, arguments.upperBound)
    let noun = high == 1 ? "argument" : "arguments"
    return low == high ? "\(low) \(noun)" : "\(low) to \(high) \(noun)"
  }
}
