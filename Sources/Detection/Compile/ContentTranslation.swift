internal import PatternMatching
internal import RuleLanguage

/// Turns the options that match in a buffer into steps. One per rule: variables belong to a rule.
struct ContentTranslation {
  private var variables: [String: Int16] = [:]
  private(set) var usesVariables = false

  mutating func step(_ option: RuleOption, _ tables: inout RuleTablesDraft) throws(RuleRefusal) -> MatchStep? {
    switch option {
    case .content(let content): try step(content, &tables)
    case .pcre(let match): try step(match, &tables)
    case .byteTest(let test): try step(test)
    case .byteJump(let jump): try step(jump)
    case .byteExtract(let extract): try step(extract)
    case .byteMath(let math): try step(math)
    case .isDataAt(let data):
      .isDataAt(
        IsDataAtStep(
          position: try operand(data.position), isNegated: data.isNegated, isRelative: data.isRelative))
    case .bufferSize(let comparison): .size(NumberTest(comparison))
    case .entropy(let match): .entropy(ContentTranslation.entropy(match))
    default: nil
    }
  }

  private mutating func operand(_ number: RuleNumber) throws(RuleRefusal) -> Operand {
    switch number {
    case .literal(let value): return Operand(value: Int64(value))
    case .variable(let name): return Operand(slot: try known(name))
    }
  }

  private mutating func operand(_ value: ByteValue) throws(RuleRefusal) -> Operand {
    switch value {
    case .literal(let value): return Operand(value: Int64(bitPattern: value))
    case .variable(let name): return Operand(slot: try known(name))
    }
  }

  private mutating func known(_ name: String) throws(RuleRefusal) -> Int16 {
    usesVariables = true
    guard let slot = variables[name] else {
      throw RuleRefusal(.badValue, "the variable '\(name)' is not set by an option before this one")
    }
    return slot
  }

  private mutating func new(_ name: String) throws(RuleRefusal) -> Int16 {
    if let slot = variables[name] { return slot }
    guard variables.count < BufferInspector.variableLimit else {
      throw RuleRefusal(.limit, "the rule has more than \(BufferInspector.variableLimit) variables")
    }
    variables[name] = Int16(variables.count)
    return Int16(variables.count - 1)
  }

  private mutating func step(_ content: ContentMatch, _ tables: inout RuleTablesDraft) throws(RuleRefusal) -> MatchStep
  {
    var step = ContentStep()
    let start = tables.patterns.count
    tables.patterns += content.isNocase ? content.pattern.map(LiteralSearch.lower) : content.pattern
    step.pattern = Part(start..<tables.patterns.count)
    step.isNegated = content.isNegated
    step.isNocase = content.isNocase
    step.startsWith = content.flags.contains(.startsWith)
    step.endsWith = content.flags.contains(.endsWith)
    if let depth = content.depth { (step.hasDepth, step.depth) = (true, try operand(depth)) }
    if let offset = content.offset { (step.hasOffset, step.offset) = (true, try operand(offset)) }
    if let distance = content.distance { (step.hasDistance, step.distance) = (true, try operand(distance)) }
    if let within = content.within { (step.hasWithin, step.within) = (true, try operand(within)) }
    return .content(step)
  }

  private func step(_ match: PCREMatch, _ tables: inout RuleTablesDraft) throws(RuleRefusal) -> MatchStep {
    var options: RegularExpression.Options = []
    let pairs: [(PCREMatch.Flags, RegularExpression.Options)] = [
      (.caseless, .caseless), (.multiline, .multiline), (.dotAll, .dotAll), (.extended, .extended),
      (.anchored, .anchored), (.dollarEndOnly, .dollarEndOnly), (.ungreedy, .ungreedy),
    ]
    for (flag, option) in pairs where match.flags.contains(flag) { options.insert(option) }
    do throws(PatternError) {
      let index = try tables.expression(match.expression, options)
      return .expression(ExpressionStep(expression: index, isNegated: match.isNegated, isRelative: match.isRelative))
    } catch {
      throw RuleRefusal(.badValue, "the expression cannot be compiled: \(error)")
    }
  }

  private mutating func reading(_ reading: ByteReading, _ count: RuleNumber) throws(RuleRefusal) -> ReadingStep {
    var step = ReadingStep()
    step.offset = try operand(reading.offset)
    step.count = try operand(count)
    step.isRelative = reading.isRelative
    guard reading.endian != .dce else {
      throw RuleRefusal(.unsupportedKeyword, "byte order 'dce' needs the DCERPC protocol, which is not inspected")
    }
    step.isLittleEndian = reading.endian == .little
    switch reading.string {
    case .hex: step.base = 16
    case .dec: step.base = 10
    case .oct: step.base = 8
    case nil: step.base = 0
    }
    step.mask = reading.bitmask ?? 0
    return step
  }

  private mutating func step(_ test: ByteTest) throws(RuleRefusal) -> MatchStep {
    .byteTest(
      ByteTestStep(
        reading: try reading(test.reading, test.count), comparison: test.comparison, isNegated: test.isNegated,
        value: try operand(test.value)))
  }

  private mutating func step(_ jump: ByteJump) throws(RuleRefusal) -> MatchStep {
    .byteJump(
      ByteJumpStep(
        reading: try reading(jump.reading, jump.count), multiplier: jump.multiplier, isAligned: jump.isAligned,
        origin: jump.origin, postOffset: try operand(jump.postOffset)))
  }

  private mutating func step(_ extract: ByteExtract) throws(RuleRefusal) -> MatchStep {
    let reading = try reading(extract.reading, .literal(Int32(extract.count)))
    return .byteExtract(
      ByteExtractStep(
        reading: reading, multiplier: extract.multiplier, alignment: extract.alignment, slot: try new(extract.name)))
  }

  private mutating func step(_ math: ByteMath) throws(RuleRefusal) -> MatchStep {
    let reading = try reading(math.reading, math.count)
    let operand = try operand(math.operand)
    return .byteMath(
      ByteMathStep(reading: reading, operation: math.operation, operand: operand, slot: try new(math.result)))
  }

  private static func entropy(_ match: EntropyMatch) -> EntropyStep {
    func step(_ low: UInt32, _ high: UInt32, _ negated: Bool = false) -> EntropyStep {
      EntropyStep(bytes: match.bytes, offset: match.offset, low: low, high: high, isNegated: negated)
    }
    return switch match.comparison {
    case .equal(let n): step(n, n)
    case .notEqual(let n): step(n, n, true)
    case .less(let n): n == 0 ? step(0, .max, true) : step(0, n - 1)
    case .lessOrEqual(let n): step(0, n)
    case .greater(let n): step(n == .max ? n : n + 1, .max)
    case .greaterOrEqual(let n): step(n, .max)
    case .between(let low, let high): step(low + 1, max(high, 1) - 1)
    }
  }
}
