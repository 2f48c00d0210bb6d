/// Rule text to rules and diagnostics.
package struct RuleParser: Sendable {
  package struct Configuration: Sendable {
    /// Application protocols that the sensor inspects; rules that need another are refused with a sentence.
    package var inspectedProtocols: Set<String> = ["http", "http1", "tls", "dns"]
    /// A rule of the public sets has up to 8 KiB; a line without an end must not fill the memory.
    package var maximumLineLength = 1 << 20

    package init() {}
  }

  package struct Result: Sendable {
    package var rules: [Rule] = []
    package var diagnostics: [RuleDiagnostic] = []
    /// Rules whose `requires` does not hold: neither loaded nor wrong.
    package var skipped = 0
    /// Lines that are rules behind a `#`.
    package var disabled = 0

    package var refused: Int { diagnostics.count { $0.severity == .error } }
  }

  package var configuration: Configuration

  package init(configuration: Configuration = Configuration()) { self.configuration = configuration }

  /// The rules of one file. Two rules of one gid and sid: the higher revision stays, of equals the first.
  package func parse(_ file: [UInt8], file name: String) -> Result {
    parse([(name, file)])
  }

  /// As above over several files that are loaded together.
  package func parse(_ files: [(name: String, bytes: [UInt8])]) -> Result {
    var result = Result()
    var places: [UInt64: Int] = [:]
    for (name, bytes) in files {
      LogicalLine.each(in: bytes) { line in
        do throws(RuleProblem) {
          guard let rule = try read(line, into: &result, file: name) else { return }
          keep(rule, line, file: name, &places, &result)
        } catch {
          result.diagnostics.append(RuleDiagnostic(error, line, file: name, sid: sid(in: line)))
        }
      }
    }
    return result
  }

  private func read(_ line: LogicalLine, into result: inout Result, file: String) throws(RuleProblem) -> Rule? {
    let text = line.bytes[...].trimmed()
    guard let first = text.first else { return nil }
    if first == ASCII.hash {
      if isDisabledRule(text) { result.disabled += 1 }
      return nil
    }
    guard text.count <= configuration.maximumLineLength else {
      throw RuleProblem(
        .limit, at: 0, "the line has \(text.count) bytes; the limit is \(configuration.maximumLineLength)")
    }
    var (rule, options) = try HeaderParser.parse(text)
    rule.file = file
    rule.line = line.position(text.startIndex).line
    rule.text = text.string
    let pairs = try OptionSplitter.split(options)
    if let requires = pairs.first(where: { $0.keyword.isEqual("requires") }), let missing = try unmet(requires) {
      result.skipped += 1
      result.diagnostics.append(
        RuleDiagnostic(
          severity: .warning, code: .unsupportedKeyword, file: file, line: rule.line,
          column: line.position(requires.keyword.startIndex).column, sid: sid(in: line),
          sentence: "the rule is skipped: it requires \(missing)"))
      return nil
    }
    var builder = RuleBuilder(rule: rule, line: line)
    for pair in pairs { try apply(pair, &builder) }
    try RuleValidation.check(&builder, options: options)
    try refuseUninspected(builder, text)
    return try builder.finish()
  }

  private func unmet(_ pair: OptionSplitter.Pair) throws(RuleProblem) -> String? {
    guard let keyword = KeywordRegistry.byName["requires"] else { return nil }
    let argument = Argument(
      keyword: keyword, place: pair.keyword.startIndex, end: pair.value.endIndex, value: pair.value)
    return Requirements.missing(try Requirements.parse(argument))
  }

  private func apply(_ pair: OptionSplitter.Pair, _ b: inout RuleBuilder) throws(RuleProblem) {
    guard let keyword = KeywordRegistry.byName[pair.keyword.string] else {
      throw RuleProblem(
        .unknownKeyword, at: pair.keyword.startIndex, "unknown keyword \(pair.keyword.quoted)",
        hint: Spelling.nearest(to: pair.keyword.prefix(64).string, in: KeywordRegistry.names)
          .map { "did you mean '\($0)'?" })
    }
    let a = Argument(keyword: keyword, place: pair.keyword.startIndex, end: pair.value.endIndex, value: pair.value)
    switch keyword.value {
    case .none:
      guard pair.value.isEmpty else { throw a.bad("takes no value", at: pair.value) }
    case .needed:
      guard !pair.value.isEmpty else { throw a.bad("needs a value") }
    case .optional: break
    }
    if case .needsProtocol(let proto) = keyword.support { b.needed.append((proto, keyword.name, a.place)) }
    if case .refused(let why) = keyword.support {
      throw RuleProblem(.unsupportedKeyword, at: a.place, "'\(keyword.name)' is refused: \(why)")
    }
    try perform(keyword, a, &b)
  }

  private func perform(_ keyword: Keyword, _ a: Argument, _ b: inout RuleBuilder) throws(RuleProblem) {
    switch keyword.reading {
    case .custom(let read): try read(&b, a)
    case .buffer(let name): try b.select(name, a)
    case .modifier(let buffer): try b.moveLastContent(to: buffer, a)
    case .transform: try b.transform(BufferTransform(keyword: keyword.name), a)
    case .generic: b.add(.generic(keyword: keyword.name, arguments: a.value.string), a)
    case .integer(let most, let names):
      let comma = a.value.firstIndex(of: ASCII.comma) ?? a.value.endIndex
      guard let comparison = IntegerSyntax.parse(a.value[..<comma], names: names) else {
        throw a.bad("needs a number or a comparison, not \(a.value.quoted)", at: a.value)
      }
      guard comparison.largest <= most else {
        throw a.bad("goes up to \(most), not \(a.value.quoted)", at: a.value)
      }
      let qualifier = comma < a.value.endIndex ? a.value[(comma + 1)...].trimmed().string : nil
      b.add(.integer(IntegerMatch(keyword: keyword.name, comparison: comparison, qualifier: qualifier)), a)
    }
  }

  private func refuseUninspected(_ b: RuleBuilder, _ text: Text) throws(RuleProblem) {
    let name = b.rule.proto.name
    guard RuleProtocols.packet.contains(name) || configuration.inspectedProtocols.contains(name) else {
      throw RuleProblem(
        .unsupportedProtocol, at: text.startIndex,
        "the rule is for the protocol \(name), which Vigil does not inspect yet")
    }
    for (proto, keyword, place) in b.needed where !configuration.inspectedProtocols.contains(proto) {
      throw RuleProblem(
        .unsupportedKeyword, at: place,
        "'\(keyword)' needs the protocol \(proto), which Vigil does not inspect yet")
    }
  }

  private func keep(
    _ rule: Rule, _ line: LogicalLine, file: String, _ places: inout [UInt64: Int], _ result: inout Result
  ) {
    let key = UInt64(rule.gid) << 32 | UInt64(rule.sid)
    guard let index = places[key] else {
      places[key] = result.rules.count
      result.rules.append(rule)
      return
    }
    let other = result.rules[index]
    let newer = rule.rev > other.rev
    result.diagnostics.append(
      RuleDiagnostic(
        severity: .warning, code: .duplicateRule, file: file, line: rule.line, column: 1, sid: rule.sid,
        sentence: "sid \(rule.sid) is there twice, on line \(other.line) with rev \(other.rev) and here with rev "
          + "\(rule.rev): \(newer ? "this one" : "the earlier one") stays"))
    if newer { result.rules[index] = rule }
  }

  /// The sid as far as it can be seen in a rule that does not parse.
  private func sid(in line: LogicalLine) -> UInt32 {
    let bytes = line.bytes
    let mark = Array("sid:".utf8)
    guard bytes.count > mark.count else { return 0 }
    for index in stride(from: bytes.count - mark.count, through: 0, by: -1)
    where bytes[index] == mark[0] && bytes[index...].starts(with: mark) {
      return bytes[(index + mark.count)...].trimmed().prefix(while: ASCII.isDigit).number(as: UInt32.self) ?? 0
    }
    return 0
  }

  private func isDisabledRule(_ text: Text) -> Bool {
    let rest = text.drop { $0 == ASCII.hash }.trimmed()
    return RuleAction(rawValue: rest.prefix(40).wordAndRest().word.string) != nil && rest.last == UInt8(ascii: ")")
  }
}

/// The text between the parentheses, cut at semicolons that no backslash escapes.
enum OptionSplitter {
  struct Pair {
    var keyword: Text
    var value: Text
  }

  static func split(_ text: Text) throws(RuleProblem) -> [Pair] {
    var pairs: [Pair] = []
    var start = text.startIndex
    var index = start
    var colon: Int?
    while index < text.endIndex {
      let byte = text[index]
      if byte == ASCII.backslash {
        index += 2
        continue
      }
      if byte == ASCII.colon, colon == nil { colon = index }
      if byte == ASCII.semicolon {
        if let pair = pair(text[start..<index], colon) { pairs.append(pair) }
        guard pairs.count <= RuleBuilder.maximumOptions else {
          throw RuleProblem(.limit, at: index, "the rule has more than \(RuleBuilder.maximumOptions) options")
        }
        start = index + 1
        colon = nil
      }
      index += 1
    }
    let rest = text[min(start, text.endIndex)...].trimmed()
    guard rest.isEmpty else {
      throw RuleProblem(.badOption, at: rest.startIndex, "the option \(rest.quoted) has no ';' at its end")
    }
    return pairs
  }

  /// Nil for nothing between two semicolons.
  private static func pair(_ text: Text, _ colon: Int?) -> Pair? {
    guard let colon else {
      let keyword = text.trimmed()
      return keyword.isEmpty ? nil : Pair(keyword: keyword, value: keyword[keyword.endIndex...])
    }
    return Pair(keyword: text[..<colon].trimmed(), value: text[(colon + 1)...].trimmed())
  }
}
