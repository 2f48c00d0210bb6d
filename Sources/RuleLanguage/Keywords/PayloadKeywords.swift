/// `content`, its modifiers, `pcre` and what else looks at payload bytes without making numbers of them.
enum PayloadKeywords {
  static let all: [Keyword] = [
    Keyword("content", .payload, .needed, "Bytes to find: `\"text|0d 0a|\"`, `!\"not this\"`.", .custom(content)),
    Keyword("nocase", .payload, .none, "The content before it matches upper and lower case.", .custom(nocase)),
    Keyword("depth", .payload, .needed, "The content lies within so many bytes of the offset.", .custom(depth)),
    Keyword("offset", .payload, .needed, "The content begins so far into the buffer.", .custom(offset)),
    Keyword("distance", .payload, .needed, "So many bytes after the match before it.", .custom(distance)),
    Keyword("within", .payload, .needed, "Ends within so many bytes of the match before it.", .custom(within)),
    Keyword("startswith", .payload, .none, "The content begins the buffer.", .custom(startsWith)),
    Keyword("endswith", .payload, .none, "The content ends the buffer.", .custom(endsWith)),
    Keyword("rawbytes", .payload, .none, "Accepted for old rules; buffers hold raw bytes.", .custom(rawBytes)),
    Keyword("fast_pattern", .payload, .optional, "The prefilter's literal; `only`; `offset,length`.", .custom(fast)),
    Keyword("prefilter", .payload, .none, "The option before it is to be the prefilter.", .custom(prefilter)),
    Keyword("uricontent", .payload, .needed, "Old form of http.uri with a content.", .custom(uriContent)),
    Keyword("pcre", .payload, .needed, "A regular expression: `\"/^a+/i\"`.", .custom(pcre)),
    Keyword("isdataat", .payload, .needed, "Bytes exist at a place: `[!]n[,relative]`.", .custom(isDataAt)),
    Keyword("bsize", .payload, .needed, "The size of the sticky buffer.", .custom(bufferSize)),
    Keyword("absent", .payload, .optional, "The sticky buffer is not there; `or_else`.", .custom(absent)),
    Keyword("entropy", .payload, .needed, "Shannon entropy: `value > 4.5, bytes 64`.", .custom(entropy)),
    Keyword("base64_decode", .payload, .optional, "Decodes for base64_data: `bytes 8, relative`.", .custom(base64)),
  ]

  @Sendable static func content(_ b: inout RuleBuilder, _ a: Argument) throws(RuleProblem) {
    b.addContent(try ContentSyntax.parse(a), a)
  }

  @Sendable static func uriContent(_ b: inout RuleBuilder, _ a: Argument) throws(RuleProblem) {
    b.addContent(try ContentSyntax.parse(a), a)
    try b.moveLastContent(to: "http.uri", a)
  }

  @Sendable static func nocase(_ b: inout RuleBuilder, _ a: Argument) throws(RuleProblem) {
    try flag(.nocase, &b, a)
  }
  @Sendable static func startsWith(_ b: inout RuleBuilder, _ a: Argument) throws(RuleProblem) {
    try flag(.startsWith, &b, a)
  }
  @Sendable static func endsWith(_ b: inout RuleBuilder, _ a: Argument) throws(RuleProblem) {
    try flag(.endsWith, &b, a)
  }
  @Sendable static func rawBytes(_ b: inout RuleBuilder, _ a: Argument) throws(RuleProblem) {
    try flag(.rawBytes, &b, a)
  }

  private static func flag(_ flag: ContentMatch.Flags, _ b: inout RuleBuilder, _ a: Argument) throws(RuleProblem) {
    try b.modifyLastContent(a) { (match) throws(RuleProblem) in
      guard match.flags.insert(flag).inserted else {
        throw RuleProblem(.repeatedOption, at: a.place, "'\(a.name)' stands twice behind one content")
      }
    }
  }

  @Sendable static func depth(_ b: inout RuleBuilder, _ a: Argument) throws(RuleProblem) {
    try place(\.depth, 1...65_535, &b, a)
  }
  @Sendable static func offset(_ b: inout RuleBuilder, _ a: Argument) throws(RuleProblem) {
    try place(\.offset, 0...65_535, &b, a)
  }
  @Sendable static func distance(_ b: inout RuleBuilder, _ a: Argument) throws(RuleProblem) {
    try place(\.distance, -1_048_576...1_048_576, &b, a)
  }
  @Sendable static func within(_ b: inout RuleBuilder, _ a: Argument) throws(RuleProblem) {
    try place(\.within, 1...1_048_576, &b, a)
  }

  private static func place(
    _ field: WritableKeyPath<ContentMatch, RuleNumber?>, _ range: ClosedRange<Int64>, _ b: inout RuleBuilder,
    _ a: Argument
  ) throws(RuleProblem) {
    let number = try b.number(a.value, a, in: range)
    try b.modifyLastContent(a) { (match) throws(RuleProblem) in
      guard match[keyPath: field] == nil else {
        throw RuleProblem(.repeatedOption, at: a.place, "'\(a.name)' stands twice behind one content")
      }
      match[keyPath: field] = number
    }
  }

  @Sendable static func fast(_ b: inout RuleBuilder, _ a: Argument) throws(RuleProblem) {
    let pattern: ContentMatch.FastPattern
    if a.value.isEmpty {
      pattern = .whole
    } else if a.value.isEqual("only") {
      pattern = .only
    } else {
      let parts = a.value.pieces(ASCII.comma)
      guard parts.count == 2 else { throw a.bad("takes 'only' or 'offset,length', not \(a.value.quoted)", at: a.value) }
      pattern = .chop(offset: try a.number(parts[0]), length: try a.number(parts[1]))
    }
    try b.modifyLastContent(a) { (match) throws(RuleProblem) in
      guard match.fastPattern == nil else {
        throw RuleProblem(.repeatedOption, at: a.place, "'fast_pattern' stands twice behind one content")
      }
      match.fastPattern = pattern
    }
  }

  @Sendable static func prefilter(_ b: inout RuleBuilder, _ a: Argument) throws(RuleProblem) {
    guard !b.items.isEmpty else { throw a.misplaced("needs an option before it") }
    b.add(.prefilter, a)
  }

  @Sendable static func pcre(_ b: inout RuleBuilder, _ a: Argument) throws(RuleProblem) {
    let (match, buffer) = try PCRESyntax.parse(a)
    if let buffer {
      let selection = b.legacySelection(buffer, a)
      b.addMatch(.pcre(match), in: selection, a)
    } else {
      b.addMatch(.pcre(match), relative: match.isRelative, a)
    }
  }

  @Sendable static func isDataAt(_ b: inout RuleBuilder, _ a: Argument) throws(RuleProblem) {
    let parts = a.value.pieces(ASCII.comma)
    var first = parts[0]
    let negated = first.first == ASCII.bang
    if negated { first = first.dropFirst().trimmed() }
    var match = IsDataAt(position: try b.number(first, a, in: 0...65_535), isNegated: negated)
    for part in parts.dropFirst() {
      switch part.string {
      case "relative": match.isRelative = true
      case "rawbytes": match.isRawBytes = true
      default: throw a.bad("knows 'relative' and 'rawbytes', not \(part.quoted)", at: part)
      }
    }
    b.addMatch(.isDataAt(match), relative: match.isRelative, a)
  }

  @Sendable static func bufferSize(_ b: inout RuleBuilder, _ a: Argument) throws(RuleProblem) {
    guard b.sticky != nil else {
      throw a.misplaced("needs a sticky buffer before it", hint: "dsize is for the payload")
    }
    guard let comparison = IntegerSyntax.parse(a.value) else {
      throw a.bad("needs a number or a comparison, not \(a.value.quoted)", at: a.value)
    }
    b.addMatch(.bufferSize(comparison), a)
  }

  @Sendable static func absent(_ b: inout RuleBuilder, _ a: Argument) throws(RuleProblem) {
    guard let sticky = b.sticky, sticky > 0 else { throw a.misplaced("needs a sticky buffer before it") }
    guard a.value.isEmpty || a.value.isEqual("or_else") else {
      throw a.bad("takes 'or_else' or nothing, not \(a.value.quoted)", at: a.value)
    }
    b.addMatch(.absent(orElse: !a.value.isEmpty), a)
  }

  @Sendable static func entropy(_ b: inout RuleBuilder, _ a: Argument) throws(RuleProblem) {
    b.addMatch(.entropy(try EntropySyntax.parse(a)), a)
  }

  @Sendable static func base64(_ b: inout RuleBuilder, _ a: Argument) throws(RuleProblem) {
    var decode = Base64Decode()
    for part in a.value.pieces(ASCII.comma) where !part.isEmpty {
      let (word, rest) = part.wordAndRest()
      switch word.string {
      case "bytes": decode.bytes = try a.number(rest)
      case "offset": decode.offset = try a.number(rest)
      case "relative" where rest.isEmpty: decode.isRelative = true
      default: throw a.bad("knows 'bytes', 'offset' and 'relative', not \(part.quoted)", at: part)
      }
    }
    b.addMatch(.base64Decode(decode), relative: decode.isRelative, a)
  }
}
