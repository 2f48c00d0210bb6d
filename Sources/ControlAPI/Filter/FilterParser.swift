package import Records

extension Filter {
  /// Longer text is refused: a person does not type it, and the hub parses what any client sends.
  package static let longest = 4096
  /// Nesting beyond this is refused, since evaluation recurses.
  package static let deepest = 32

  /// Empty text is the filter that every row passes.
  package init(_ text: String, _ schema: FilterSchema) throws(FilterError) {
    guard text.utf8.count <= Filter.longest else {
      throw FilterError(
        code: .tooLong, column: 1, sentence: "the filter has \(text.utf8.count) bytes, more than \(Filter.longest)",
        hint: nil)
    }
    var parser = FilterParser(tokens: try FilterLexer.tokens(text), schema: schema, end: text.count + 1)
    self.init(try parser.whole())
  }
}

/// Recursive descent: `any := all ("or" all)*`, `all := one+`, `one := ("not" | "-") one | "(" any ")" | term`.
struct FilterParser {
  private let tokens: [FilterLexer.Placed]
  private let schema: FilterSchema
  private let end: Int
  private var index = 0
  private var depth = 0

  init(tokens: [FilterLexer.Placed], schema: FilterSchema, end: Int) {
    self.tokens = tokens
    self.schema = schema
    self.end = end
  }

  private var current: FilterLexer.Placed? { index < tokens.count ? tokens[index] : nil }
  private var column: Int { current?.column ?? end }

  mutating func whole() throws(FilterError) -> Filter.Term {
    if tokens.isEmpty { return .all([]) }
    let term = try any()
    if current?.token == .close {
      throw fail(.strayParenthesis, "this parenthesis closes nothing", "remove it")
    }
    return term
  }

  private mutating func any() throws(FilterError) -> Filter.Term {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Filter.deepest else {
      throw fail(.tooDeep, "parentheses are nested deeper than \(Filter.deepest)", nil)
    }
    var terms = [try all()]
    while isWord("or") {
      index += 1
      terms.append(try all())
    }
    return terms.count == 1 ? terms[0] : .any(terms)
  }

  private mutating func all() throws(FilterError) -> Filter.Term {
    var terms: [Filter.Term] = []
    while let token = current?.token, token != .close, !isWord("or") {
      if isWord("and") {
        index += 1
        continue
      }
      terms.append(try one())
    }
    guard !terms.isEmpty else {
      throw fail(.missingValue, "a term is missing here", "for example severity>=high")
    }
    return terms.count == 1 ? terms[0] : .all(terms)
  }

  private mutating func one() throws(FilterError) -> Filter.Term {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Filter.deepest else { throw fail(.tooDeep, "terms are nested deeper than \(Filter.deepest)", nil) }
    guard let placed = current else { throw fail(.missingValue, "a term is missing here", nil) }
    if placed.token == .minus || isWord("not") {
      index += 1
      return .not(try one())
    }
    switch placed.token {
    case .open: return try group(openedAt: placed.column)
    case .quoted(let text):
      index += 1
      return .text(Wildcard.folded(text))
    case .word(let word): return try term(word, placed)
    default: throw fail(.strayWord, "a field or a text is expected here", "for example site:tax*")
    }
  }

  private mutating func group(openedAt opening: Int) throws(FilterError) -> Filter.Term {
    index += 1
    let inner = try any()
    guard current?.token == .close else {
      throw FilterError(
        code: .openParenthesis, column: opening, sentence: "the parenthesis opened here is never closed",
        hint: "add a )")
    }
    index += 1
    return inner
  }

  private mutating func term(_ word: String, _ placed: FilterLexer.Placed) throws(FilterError) -> Filter.Term {
    index += 1
    guard case .comparison(let comparison)? = current?.token, current?.afterSpace == false else {
      return .text(Wildcard.folded(word))
    }
    index += 1
    guard let field = schema.field(word.lowercased()) else { throw unknown(word, placed.column) }
    let values = try values(of: field, comparison)
    guard comparison == .equal || comparison == .unequal || field.form.isOrdered else {
      throw FilterError(
        code: .badComparison, column: placed.column,
        sentence: "\(field.name) has no order, so \(comparison.rawValue) "
          + "says nothing", hint: "use \(field.name):")
    }
    return .field(name: field.name, comparison: comparison, values: values)
  }

  private mutating func values(
    of field: FilterSchema.Field, _ comparison: Filter.Comparison
  ) throws(FilterError) -> [Filter.Value] {
    var values: [Filter.Value] = []
    repeat {
      if !values.isEmpty { index += 1 }
      let place = column
      let text: String
      switch current?.token {
      case .word(let word)?: text = word
      case .quoted(let quoted)?: text = quoted
      default: throw fail(.missingValue, "\(field.name) wants a value here", "for example \(field.form.example)")
      }
      guard values.isEmpty || comparison == .equal || comparison == .unequal else {
        throw fail(.badComparison, "\(comparison.rawValue) takes one value", nil)
      }
      guard let value = field.form.value(text) else {
        throw FilterError(
          code: .badValue, column: place, sentence: "\(field.name) cannot be \"\(text)\"",
          hint: field.form.hint(near: text))
      }
      values.append(value)
      index += 1
    } while current?.token == .comma
    return values
  }

  private func isWord(_ text: String) -> Bool {
    guard case .word(let word)? = current?.token, word.lowercased() == text else { return false }
    guard index + 1 < tokens.count, case .comparison = tokens[index + 1].token else { return true }
    return tokens[index + 1].afterSpace
  }

  private func unknown(_ word: String, _ column: Int) -> FilterError {
    let names = schema.fields.map(\.name)
    let hint =
      NearestWord.find(word.lowercased(), among: names).map { "did you mean \($0)?" }
      ?? "the fields are \(names.joined(separator: ", "))"
    return FilterError(code: .unknownField, column: column, sentence: "no field is called \(word)", hint: hint)
  }

  private func fail(_ code: FilterError.Code, _ sentence: String, _ hint: String?) -> FilterError {
    FilterError(code: code, column: column, sentence: sentence, hint: hint)
  }
}
