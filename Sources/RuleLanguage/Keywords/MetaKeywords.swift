/// Keywords that describe the rule.
enum MetaKeywords {
  static let all: [Keyword] = [
    Keyword("msg", .meta, .needed, "The sentence of the alert, in quotes.", .custom(message)),
    Keyword("sid", .meta, .needed, "The rule's number; unique together with gid.", .custom(sid)),
    Keyword("gid", .meta, .needed, "The group of the rule's number; 1 unless given.", .custom(gid)),
    Keyword("rev", .meta, .needed, "The revision of the rule.", .custom(rev)),
    Keyword("classtype", .meta, .needed, "The class, from classification.config.", .custom(classtype)),
    Keyword("priority", .meta, .needed, "1 to 255, 1 the most urgent; overrides the class's.", .custom(priority)),
    Keyword("reference", .meta, .needed, "`system,value`: where to read more.", .custom(reference)),
    Keyword("metadata", .meta, .needed, "`key value, key value`: free facts about the rule.", .custom(metadata)),
    Keyword("target", .meta, .needed, "`src_ip` or `dest_ip`: which end is attacked.", .custom(target)),
    Keyword("noalert", .meta, .none, "Set bits and counters, raise no alert.", .custom(noAlert)),
    Keyword("requires", .meta, .needed, "Skip the rule where a feature or version is missing.", .custom(requires)),
  ]

  @Sendable static func message(_ b: inout RuleBuilder, _ a: Argument) throws(RuleProblem) {
    try b.once(a)
    let (text, negated) = try a.quotedText()
    guard !negated else { throw a.bad("cannot be negated") }
    b.rule.message = unescaped(text)
  }

  static func unescaped(_ text: Text) -> String {
    guard text.contains(ASCII.backslash) else { return text.string }
    var result: [UInt8] = []
    var index = text.startIndex
    while index < text.endIndex {
      let next = index + 1
      let byte = text[index]
      if byte == ASCII.backslash, next < text.endIndex, "\";:\\".utf8.contains(text[next]) {
        result.append(text[next])
        index += 2
      } else {
        result.append(byte)
        index += 1
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  @Sendable static func sid(_ b: inout RuleBuilder, _ a: Argument) throws(RuleProblem) {
    try b.once(a)
    b.rule.sid = try a.number(a.value)
    guard b.rule.sid > 0 else { throw a.bad("begins at 1") }
    b.hasSID = true
  }

  @Sendable static func gid(_ b: inout RuleBuilder, _ a: Argument) throws(RuleProblem) {
    try b.once(a)
    b.rule.gid = try a.number(a.value)
  }

  @Sendable static func rev(_ b: inout RuleBuilder, _ a: Argument) throws(RuleProblem) {
    try b.once(a)
    b.rule.rev = try a.number(a.value)
  }

  @Sendable static func classtype(_ b: inout RuleBuilder, _ a: Argument) throws(RuleProblem) {
    try b.once(a)
    b.rule.classtype = try a.identifier(a.value)
  }

  @Sendable static func priority(_ b: inout RuleBuilder, _ a: Argument) throws(RuleProblem) {
    try b.once(a)
    let priority: UInt8 = try a.number(a.value)
    guard priority > 0 else { throw a.bad("begins at 1") }
    b.rule.priority = priority
  }

  @Sendable static func reference(_ b: inout RuleBuilder, _ a: Argument) throws(RuleProblem) {
    guard let comma = a.value.firstIndex(of: ASCII.comma) else {
      throw a.bad("needs a system and a value: url,example.org/page", at: a.value)
    }
    let system = a.value[..<comma].trimmed()
    let value = a.value[(comma + 1)...].trimmed()
    guard !system.isEmpty, !value.isEmpty else {
      throw a.bad("needs a system and a value: url,example.org/page", at: a.value)
    }
    b.rule.references.append(RuleReference(system: system.string, value: unescaped(value)))
  }

  @Sendable static func metadata(_ b: inout RuleBuilder, _ a: Argument) throws(RuleProblem) {
    for piece in a.value.pieces(ASCII.comma) where !piece.isEmpty {
      let (key, value) = piece.wordAndRest()
      b.rule.metadata.append(RuleMetadata(key: key.string, value: unescaped(value)))
    }
  }

  @Sendable static func target(_ b: inout RuleBuilder, _ a: Argument) throws(RuleProblem) {
    let target = try a.raw(a.value, as: RuleTarget.self, expected: "'src_ip' and 'dest_ip'")
    guard b.rule.target == nil || b.rule.target == target else {
      throw RuleProblem(.contradiction, at: a.place, "'target' names both ends")
    }
    b.rule.target = target
  }

  @Sendable static func noAlert(_ b: inout RuleBuilder, _ a: Argument) throws(RuleProblem) { b.rule.noAlert = true }

  @Sendable static func requires(_ b: inout RuleBuilder, _ a: Argument) throws(RuleProblem) {
    b.rule.requirements = try Requirements.parse(a)
  }
}

extension Keyword {
  /// Without aliases.
  convenience init(_ name: String, _ family: Family, _ value: Value, _ summary: String, _ reading: Reading) {
    self.init(name, [], family, value, summary, reading)
  }
}

/// `requires`: what it asks for and whether this program has it.
enum Requirements {
  static let version: [UInt64] = [8, 0, 0]
  static let features: Set<String> = ["true_packet_inspection"]

  static func parse(_ a: Argument) throws(RuleProblem) -> RuleRequirements {
    var result = RuleRequirements()
    for piece in a.value.pieces(ASCII.comma) {
      let (word, rest) = piece.wordAndRest()
      switch word.string {
      case "feature": result.features.append(rest.string)
      case "keyword": result.keywords.append(rest.string)
      case "version" where result.versions == nil: result.versions = rest.string
      default:
        if word.hasPrefix("version"), result.versions == nil {
          result.versions = piece.dropFirst(7).trimmed().string
        } else {
          throw a.bad("knows 'feature', 'keyword' and one 'version', not \(word.quoted)", at: word)
        }
      }
    }
    return result
  }

  /// What is missing, as a sentence; nil when all is there.
  static func missing(_ requirements: RuleRequirements) -> String? {
    for feature in requirements.features where !features.contains(feature) { return "the feature '\(feature)'" }
    for name in requirements.keywords where KeywordRegistry.byName[name] == nil { return "the keyword '\(name)'" }
    guard let versions = requirements.versions, !holds(versions) else { return nil }
    return "version \(versions)"
  }

  /// `>=7.0.3 < 8 | >= 8.0.1`: alternatives of comparisons that must all hold.
  static func holds(_ text: String) -> Bool {
    Array(text.utf8)[...].pieces(ASCII.pipe).contains { alternative in
      var rest = alternative
      var holds = true
      while let first = rest.first, holds {
        var sign = [first]
        rest = rest.dropFirst()
        if rest.first == UInt8(ascii: "=") {
          sign.append(UInt8(ascii: "="))
          rest = rest.dropFirst()
        }
        rest = rest.trimmed()
        let end = rest.firstIndex { !ASCII.isDigit($0) && $0 != 46 } ?? rest.endIndex
        let asked = rest[..<end].pieces(46).map { $0.number ?? 0 }
        rest = rest[end...].trimmed()
        let padded = asked + Array(repeating: 0, count: max(0, 3 - asked.count))
        switch String(decoding: sign, as: UTF8.self) {
        case ">=": holds = !version.lexicographicallyPrecedes(padded)
        case ">": holds = padded.lexicographicallyPrecedes(version)
        case "<": holds = version.lexicographicallyPrecedes(padded)
        case "<=": holds = !padded.lexicographicallyPrecedes(version)
        default: holds = false
        }
      }
      return holds && !alternative.isEmpty
    }
  }
}
