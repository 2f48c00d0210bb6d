/// Numbers and comparisons, in words.
extension IntegerComparison {
  var meaning: RuleWords {
    switch self {
    case .equal(let n): RuleWords("is \(n)", "等于 \(n)")
    case .notEqual(let n): RuleWords("is not \(n)", "不等于 \(n)")
    case .less(let n): RuleWords("is below \(n)", "小于 \(n)")
    case .lessOrEqual(let n): RuleWords("is at most \(n)", "不大于 \(n)")
    case .greater(let n): RuleWords("is above \(n)", "大于 \(n)")
    case .greaterOrEqual(let n): RuleWords("is at least \(n)", "不小于 \(n)")
    case .between(let low, let high): RuleWords("is above \(low) and below \(high)", "大于 \(low) 且小于 \(high)")
    case .notBetween(let low, let high):
      RuleWords("is at most \(low) or at least \(high)", "不大于 \(low) 或不小于 \(high)")
    case .masked(let mask, let value):
      RuleWords("has \(hex(value)) in the bits \(hex(mask))", "在位 \(hex(mask)) 上等于 \(hex(value))")
    case .notMasked(let mask, let value):
      RuleWords("has not \(hex(value)) in the bits \(hex(mask))", "在位 \(hex(mask)) 上不等于 \(hex(value))")
    }
  }

  /// Of seconds since 1970.
  var dateWords: RuleWords {
    switch self {
    case .less(let n): RuleWords("before \(Dates.text(n))", "早于 \(Dates.text(n))")
    case .greater(let n): RuleWords("after \(Dates.text(n))", "晚于 \(Dates.text(n))")
    case .between(let low, let high):
      RuleWords("between \(Dates.text(low)) and \(Dates.text(high))", "在 \(Dates.text(low)) 与 \(Dates.text(high)) 之间")
    default: RuleWords("at \(dateText)", "为 \(dateText)")
    }
  }

  private func hex(_ value: UInt64) -> String { "0x" + String(value, radix: 16) }
}

extension IntegerMatch {
  var meaning: RuleWords {
    let of = qualifier.map { RuleWords(" (\($0))", "（\($0)）") } ?? RuleWords("")
    return FieldNames.number(keyword) + of + RuleWords(" ", "") + comparison.meaning
  }
}

extension ByteReading {
  /// "the number in 2 bytes at 4 behind the match before it, least significant byte first".
  func meaning(_ count: RuleNumber) -> RuleWords {
    var said = RuleWords("the number in \(count.text) bytes", "\(count.text) 字节的数")
    said = said + RuleWords(" at \(offset.text)", "（偏移 \(offset.text)")
    if isRelative { said = said + RuleWords(" behind the match before it", "，自前一匹配起") }
    if let string { said = said + RuleWords(", written in \(string.name.en) digits", "，\(string.name.zh)数字") }
    if endian == .little { said = said + RuleWords(", least significant byte first", "，小端") }
    if endian == .dce { said = said + RuleWords(", in DCE's byte order", "，DCE 字节序") }
    if let bitmask {
      let mask = "0x" + String(bitmask, radix: 16)
      said = said + RuleWords(", its bits \(mask)", "，取位 \(mask)")
    }
    return said + RuleWords("", "）")
  }
}

extension ByteReading.Base {
  fileprivate var name: RuleWords {
    switch self {
    case .hex: RuleWords("hexadecimal", "十六进制")
    case .dec: RuleWords("decimal", "十进制")
    case .oct: RuleWords("octal", "八进制")
    }
  }
}

extension ByteTest {
  var meaning: RuleWords { reading.meaning(count) + verb + RuleWords(value.text) }

  private var verb: RuleWords {
    switch (comparison, isNegated) {
    case (.less, false), (.greaterOrEqual, true): RuleWords(" is below ", "小于 ")
    case (.greater, false), (.lessOrEqual, true): RuleWords(" is above ", "大于 ")
    case (.equal, false): RuleWords(" is ", "等于 ")
    case (.equal, true): RuleWords(" is not ", "不等于 ")
    case (.lessOrEqual, false), (.greater, true): RuleWords(" is at most ", "不大于 ")
    case (.greaterOrEqual, false), (.less, true): RuleWords(" is at least ", "不小于 ")
    case (.and, false): RuleWords(" has bits of ", "含有以下位：")
    case (.and, true): RuleWords(" has no bit of ", "不含以下位：")
    case (.xor, false): RuleWords(" differs in a bit from ", "按位异于 ")
    case (.xor, true): RuleWords(" differs in no bit from ", "按位同于 ")
    }
  }
}

extension ByteJump {
  var meaning: RuleWords {
    var said = RuleWords("moves on by ", "跳过") + reading.meaning(count)
    if multiplier != 1 { said = said + RuleWords(" times \(multiplier)", "乘以 \(multiplier)") }
    if isAligned { said = said + RuleWords(", rounded up to 4", "，按 4 对齐") }
    switch origin {
    case .current: break
    case .beginning: said = said + RuleWords(", from the beginning", "，自开头")
    case .end: said = said + RuleWords(", from the end", "，自结尾")
    }
    if postOffset != .literal(0) {
      said = said + RuleWords(", and by \(postOffset.text) more", "，再移 \(postOffset.text)")
    }
    return said
  }
}

extension ByteExtract {
  var meaning: RuleWords {
    var said = RuleWords("keeps ", "取") + reading.meaning(.literal(Int32(count)))
    if multiplier != 1 { said = said + RuleWords(" times \(multiplier)", "乘以 \(multiplier)") }
    if alignment > 0 { said = said + RuleWords(", rounded up to \(alignment)", "，按 \(alignment) 对齐") }
    return said + RuleWords(" as \(name)", "，记为 \(name)")
  }
}

extension ByteMath {
  var meaning: RuleWords {
    RuleWords("keeps ", "取") + reading.meaning(count) + RuleWords(" \(operation.rawValue) \(operand.text)")
      + RuleWords(" as \(result)", "，记为 \(result)")
  }
}
