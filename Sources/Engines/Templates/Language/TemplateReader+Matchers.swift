internal import Documents

/// `matchers:`.
extension TemplateReader {
  private enum MatcherType: String, CaseIterable {
    case status, size, word, regex, binary, dsl, xpath

    /// The key of its values.
    var key: String {
      switch self {
      case .word: "words"
      default: rawValue
      }
    }
  }

  private static let matcherKeys = [
    "type", "name", "part", "condition", "negative", "internal", "case-insensitive", "encoding", "status", "size",
    "words", "regex", "binary", "dsl", "xpath", "match-all",
  ]
  /// Words or expressions of one matcher.
  static let valueLimit = 500

  func matchers(_ value: DocumentValue?) throws(DocumentError) -> [TemplateMatcher] {
    var result: [TemplateMatcher] = []
    let list = try value?.list() ?? []
    guard list.count <= TemplateReader.matcherLimit else {
      throw DocumentError(
        .tooManyValues, list[0].position, "more than \(TemplateReader.matcherLimit) matchers, the limit")
    }
    for value in list { result.append(try matcher(value)) }
    return result
  }

  private func matcher(_ map: DocumentValue) throws(DocumentError) -> TemplateMatcher {
    try TemplateKeys.check(map, known: TemplateReader.matcherKeys)
    let type = try map.required("type").choice(MatcherType.self)
    try checkKeys(map, type)
    return TemplateMatcher(
      test: try test(map, type), name: try map["name"]?.string(), part: try part(map["part"]),
      needsAll: try needsAll(map["condition"]), isNegative: try map["negative"]?.bool() ?? false,
      isInternal: try map["internal"]?.bool() ?? false, position: map.position)
  }

  /// A key of another type would be passed over, and the matcher ask for less than its author meant.
  private func checkKeys(_ map: DocumentValue, _ type: MatcherType) throws(DocumentError) {
    if type == .xpath { throw TemplateReader.noXPath(try map.required("type")) }
    var strange = MatcherType.allCases.filter { $0 != type }.map(\.key)
    if type != .word { strange += ["case-insensitive", "encoding"] }
    for entry in map.entries where strange.contains(entry.key) && !entry.value.isNull {
      let isCase = entry.key == "case-insensitive" && type == .regex
      throw DocumentError(
        .badValue, entry.keyPosition, "\"\(entry.key)\" says nothing in a matcher of type \(type.rawValue)",
        hint: isCase ? "begin the expression with (?i)" : "make a matcher of its own of it")
    }
  }

  static func noXPath(_ value: DocumentValue) -> DocumentError {
    DocumentError(
      .badValue, value.position, "xpath is not read here: pages are rarely well-formed", hint: "write it as regex")
  }

  private func test(_ map: DocumentValue, _ type: MatcherType) throws(DocumentError) -> TemplateMatcher.Test {
    let values = try TemplateReader.values(map.required(type.key))
    guard !values.isEmpty, values.count <= TemplateReader.valueLimit else {
      throw DocumentError(
        .badValue, map.position, "a matcher has 1 to \(TemplateReader.valueLimit) values, this \(values.count)")
    }
    switch type {
    case .status: return .status(try integers(values, in: 100...599))
    case .size: return .size(try integers(values, in: 0...Int(Int32.max)))
    case .word: return try words(map, values)
    case .regex: return .patterns(try TemplateReader.patterns(values))
    case .binary: return .bytes(try hexadecimal(values))
    case .dsl: return .expressions(try TemplateReader.expressions(values))
    case .xpath: throw TemplateReader.noXPath(map)
    }
  }

  private func integers(_ values: [DocumentValue], in range: ClosedRange<Int>) throws(DocumentError) -> [Int] {
    var result: [Int] = []
    for value in values { result.append(try value.int(in: range)) }
    return result
  }

  private func words(
    _ map: DocumentValue, _ values: [DocumentValue]
  ) throws(DocumentError) -> TemplateMatcher.Test {
    let ignoresCase = try map["case-insensitive"]?.bool() ?? false
    if let encoding = map["encoding"] {
      guard try encoding.string() == "hex", !ignoresCase else {
        throw DocumentError(.badValue, encoding.position, "words are text or hex", hint: "write hex, or take it out")
      }
      return .bytes(try hexadecimal(values))
    }
    var words: [TemplateText] = []
    for value in values {
      let text = try TemplateReader.text(value)
      guard text.literal != "" else { throw DocumentError(.badValue, value.position, "an empty word is everywhere") }
      words.append(text)
    }
    return .words(words, ignoresCase: ignoresCase)
  }

  private func hexadecimal(_ values: [DocumentValue]) throws(DocumentError) -> [[UInt8]] {
    var result: [[UInt8]] = []
    for value in values {
      guard let bytes = TemplateCoding.bytes(hex: Array(try value.string().utf8)), !bytes.isEmpty else {
        throw DocumentError(
          .badValue, value.position, "\(value.kind) is not hexadecimal", hint: "two digits a byte, no spaces")
      }
      result.append(bytes)
    }
    return result
  }

  static func patterns(_ values: [DocumentValue]) throws(DocumentError) -> [TemplatePattern] {
    var result: [TemplatePattern] = []
    for value in values {
      let text = try value.string()
      do throws(PatternProblem) {
        result.append(try TemplatePattern(text))
      } catch {
        throw DocumentError(.badValue, value.position, error.message, hint: error.hint)
      }
    }
    return result
  }

  static func expressions(_ values: [DocumentValue]) throws(DocumentError) -> [TemplateExpression] {
    var result: [TemplateExpression] = []
    for value in values {
      let text = try value.string()
      do throws(ExpressionError) {
        result.append(try ExpressionParser.parse(text))
      } catch {
        throw DocumentError(
          .badValue, value.position, "\(error.message) (character \(error.character))", hint: error.hint)
      }
    }
    return result
  }

  /// What answers have, else a value that something else gives: `TemplateNames` looks whether anything does.
  func part(_ value: DocumentValue?) throws(DocumentError) -> TemplatePart {
    guard let value else { return TemplatePart(.body) }
    let name = try value.string()
    if name == "request" {
      throw DocumentError(.badValue, value.position, "only answers are looked at, not requests")
    }
    return TemplatePart(name: name) ?? TemplatePart(.variable(name))
  }
}
