/// Keywords that read bytes as numbers.
enum ByteKeywords {
  static let all: [Keyword] = [
    Keyword("byte_test", .bytes, .needed, "`count,operator,value,offset`: compares a number.", .custom(test)),
    Keyword("byte_jump", .bytes, .needed, "`count,offset`: moves on by a number.", .custom(jump)),
    Keyword("byte_extract", .bytes, .needed, "`count,offset,name`: keeps a number.", .custom(extract)),
    Keyword("byte_math", .bytes, .needed, "`bytes 4, offset 0, oper +, rvalue 1, result x`.", .custom(math)),
  ]

  @Sendable static func test(_ b: inout RuleBuilder, _ a: Argument) throws(RuleProblem) {
    let parts = a.value.pieces(ASCII.comma)
    guard parts.count >= 4 else { throw a.bad("needs count, operator, value and offset", at: a.value) }
    var sign = parts[1]
    let negated = sign.first == ASCII.bang
    if negated { sign = sign.dropFirst().trimmed() }
    let comparison: ByteTest.Operator =
      sign.isEmpty && negated ? .equal : try a.raw(sign, expected: "< > = <= >= & ^")
    var test = ByteTest(
      count: try b.number(parts[0], a, in: 0...23), comparison: comparison, isNegated: negated,
      value: try value(parts[2], &b, a))
    test.reading.offset = try b.number(parts[3], a)
    for part in parts.dropFirst(4) where try !common(part, &test.reading, a) {
      throw a.bad("does not know \(part.quoted)", at: part)
    }
    try check(test.count, test.reading, a)
    b.addMatch(.byteTest(test), relative: test.reading.isRelative, a)
  }

  @Sendable static func jump(_ b: inout RuleBuilder, _ a: Argument) throws(RuleProblem) {
    let parts = a.value.pieces(ASCII.comma)
    guard parts.count >= 2 else { throw a.bad("needs count and offset", at: a.value) }
    var jump = ByteJump(count: try b.number(parts[0], a, in: 0...23))
    jump.reading.offset = try b.number(parts[1], a)
    for part in parts.dropFirst(2) where try !common(part, &jump.reading, a) {
      let (word, rest) = part.wordAndRest()
      switch word.string {
      case "align": jump.isAligned = true
      case "from_beginning": jump.origin = .beginning
      case "from_end": jump.origin = .end
      case "multiplier": jump.multiplier = try multiplier(rest, a)
      case "post_offset": jump.postOffset = try b.number(rest, a)
      default: throw a.bad("does not know \(part.quoted)", at: part)
      }
    }
    try check(jump.count, jump.reading, a)
    b.addMatch(.byteJump(jump), relative: jump.reading.isRelative, a)
  }

  @Sendable static func extract(_ b: inout RuleBuilder, _ a: Argument) throws(RuleProblem) {
    let parts = a.value.pieces(ASCII.comma)
    guard parts.count >= 3 else { throw a.bad("needs count, offset and a name", at: a.value) }
    var extract = ByteExtract(count: try a.number(parts[0]), name: try a.identifier(parts[2]))
    extract.reading.offset = try b.number(parts[1], a)
    for part in parts.dropFirst(3) where try !common(part, &extract.reading, a) {
      let (word, rest) = part.wordAndRest()
      switch word.string {
      case "align":
        extract.alignment = try a.number(rest)
        guard [2, 4].contains(extract.alignment) else { throw a.bad("aligns to 2 or 4, not \(rest.quoted)", at: rest) }
      case "multiplier": extract.multiplier = try multiplier(rest, a)
      default: throw a.bad("does not know \(part.quoted)", at: part)
      }
    }
    try check(.literal(Int32(extract.count)), extract.reading, a)
    b.addMatch(.byteExtract(extract), relative: extract.reading.isRelative, a)
    b.variables.append(extract.name)
  }

  @Sendable static func math(_ b: inout RuleBuilder, _ a: Argument) throws(RuleProblem) {
    var fields: [String: Text] = [:]
    var reading = ByteReading()
    for part in a.value.pieces(ASCII.comma) where try !common(part, &reading, a) {
      let (word, rest) = part.wordAndRest()
      guard ["bytes", "offset", "oper", "rvalue", "result"].contains(word.string), !rest.isEmpty else {
        throw a.bad("does not know \(part.quoted)", at: part)
      }
      fields[word.string] = rest
    }
    guard let bytes = fields["bytes"], let offset = fields["offset"], let oper = fields["oper"],
      let operand = fields["rvalue"], let result = fields["result"]
    else { throw a.bad("needs bytes, offset, oper, rvalue and result", at: a.value) }
    reading.offset = try b.number(offset, a)
    let math = ByteMath(
      count: try b.number(bytes, a, in: 1...10), operation: try a.raw(oper, expected: "+ - * / << >>"),
      operand: try value(operand, &b, a), result: try a.identifier(result), reading: reading)
    if case .literal(0) = math.operand, math.operation == .divide { throw a.bad("divides by zero", at: operand) }
    try check(math.count, reading, a)
    b.addMatch(.byteMath(math), relative: reading.isRelative, a)
    b.variables.append(math.result)
  }

  private static func value(_ text: Text, _ b: inout RuleBuilder, _ a: Argument) throws(RuleProblem) -> ByteValue {
    if let number = text.number { return .literal(number) }
    return .variable(try b.variable(text, a))
  }

  private static func multiplier(_ text: Text, _ a: Argument) throws(RuleProblem) -> UInt32 {
    let value: UInt32 = try a.number(text)
    guard (1...65_535).contains(value) else { throw a.bad("multiplies by 1 to 65535, not \(text.quoted)", at: text) }
    return value
  }

  /// What all four share; false when `part` is something else.
  private static func common(_ part: Text, _ reading: inout ByteReading, _ a: Argument) throws(RuleProblem) -> Bool {
    let (word, rest) = part.wordAndRest()
    switch word.string {
    case "relative" where rest.isEmpty: reading.isRelative = true
    case "big", "little", "dce": reading.endian = ByteReading.Endian(rawValue: word.string) ?? .big
    case "endian": reading.endian = try a.raw(rest, expected: "'big' and 'little'")
    case "string":
      if rest.isEmpty {
        reading.string = reading.string ?? .dec
      } else {
        reading.string = try a.raw(rest, expected: "hex, dec and oct")
      }
    case "hex", "dec", "oct": reading.string = ByteReading.Base(rawValue: word.string)
    case "bitmask":
      let digits = rest.hasPrefix("0x") ? rest : Array("0x".utf8)[...] + rest
      guard let mask = Array(digits)[...].number(as: UInt32.self), mask > 0 else {
        throw a.bad("needs a bitmask of up to four bytes in hex, not \(rest.quoted)", at: rest)
      }
      reading.bitmask = mask
    default: return false
    }
    return true
  }

  private static func check(_ count: RuleNumber, _ reading: ByteReading, _ a: Argument) throws(RuleProblem) {
    guard case .literal(let count) = count else { return }
    guard reading.string != nil || (0...8).contains(count) else {
      throw a.bad("reads 1 to 8 bytes, not \(count)", at: a.value)
    }
  }
}
