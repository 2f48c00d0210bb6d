internal import Records
internal import Wire

/// Chance, numbers and time.
extension TemplateEvaluation {
  /// A drawn word: longer ones are no test of a site but a load.
  private static let wordLimit = 4096

  mutating func draw(
    _ function: TemplateFunction, _ arguments: TemplateArguments
  ) throws(EvaluationFailure) -> TemplateValue {
    switch function {
    case .randInt:
      let low = arguments.count > 0 ? try arguments.whole(0, in: 0...Int(Int32.max)) : 0
      let high = arguments.count > 1 ? try arguments.whole(1, in: low...Int(Int32.max)) : Int(Int32.max)
      guard low <= high else { throw EvaluationFailure("rand_int has its limits the wrong way round") }
      return TemplateValue(Int.random(in: low...high, using: &chance))
    case .randChar: return .text(chance.word(1, of: try alphabet(arguments, 0)))
    default:
      let count = try arguments.whole(0, in: 0...TemplateEvaluation.wordLimit)
      return .text(chance.word(count, of: try alphabet(function, arguments)))
    }
  }

  private func alphabet(
    _ function: TemplateFunction, _ arguments: TemplateArguments
  ) throws(EvaluationFailure) -> [UInt8] {
    guard function != .randBase else { return try alphabet(arguments, 1) }
    let all: [UInt8] =
      switch function {
      case .randTextAlpha: TemplateChance.letters
      case .randTextNumeric: TemplateChance.digits
      default: TemplateChance.letters + TemplateChance.digits
      }
    let bad = try arguments.optionalText(1) ?? []
    let rest = all.filter { !bad.contains($0) }
    guard !rest.isEmpty else { throw EvaluationFailure("no character is left to draw from") }
    return rest
  }

  private func alphabet(_ arguments: TemplateArguments, _ index: Int) throws(EvaluationFailure) -> [UInt8] {
    guard let given = try arguments.optionalText(index), !given.isEmpty else {
      return TemplateChance.letters + TemplateChance.digits
    }
    guard given.allSatisfy({ $0 < 0x80 }) else { throw EvaluationFailure("characters to draw from are ASCII") }
    return given
  }

  // MARK: - Numbers

  func numbers(
    _ function: TemplateFunction, _ arguments: TemplateArguments
  ) throws(EvaluationFailure) -> TemplateValue {
    switch function {
    case .toNumber: return .number(try arguments.number(0))
    case .toString: return .text(try arguments.text(0))
    case .binToDec: return try read(arguments, radix: 2, prefix: "0b")
    case .octToDec: return try read(arguments, radix: 8, prefix: "0o")
    case .hexToDec: return try read(arguments, radix: 16, prefix: "0x")
    default: return TemplateValue(String(try arguments.whole(0, in: 0...(1 << 53)), radix: 16))
    }
  }

  private func read(_ arguments: TemplateArguments, radix: Int, prefix: String) throws(EvaluationFailure)
    -> TemplateValue
  {
    let text = String(decoding: TemplateTexts.lower(try arguments.text(0)), as: UTF8.self)
    let digits = text.hasPrefix(prefix) ? text.dropFirst(prefix.count) : text[...]
    guard let value = Int(digits, radix: radix), (0...(1 << 53)).contains(value) else {
      throw EvaluationFailure("a text is no number to the base \(radix)")
    }
    return TemplateValue(value)
  }

  // MARK: - Time

  func time(_ function: TemplateFunction, _ arguments: TemplateArguments) throws(EvaluationFailure) -> TemplateValue {
    let year = 366 * 86_400
    if function == .unixTime {
      let offset = arguments.count > 0 ? try arguments.whole(0, in: (-100 * year)...(100 * year)) : 0
      return TemplateValue(Int(clamping: now.seconds) + offset)
    }
    let moment =
      arguments.count > 1
      ? Timestamp(seconds: Int64(try arguments.whole(1, in: 0...(8000 * year))), nanoseconds: 0) : now
    return .text(try dated(try arguments.text(0), moment))
  }

  /// nuclei's simple form: `%Y %M %D` for the date, `%H %m %S` for the time, in UTC.
  private func dated(_ layout: [UInt8], _ moment: Timestamp) throws(EvaluationFailure) -> [UInt8] {
    let stamp = Array(moment.secondText.utf8)
    guard stamp.count == 19, layout.count <= 256 else { throw EvaluationFailure("date_time has no such form") }
    let places: [UInt8: Range<Int>] = [
      UInt8(ascii: "Y"): 0..<4, UInt8(ascii: "M"): 5..<7, UInt8(ascii: "D"): 8..<10, UInt8(ascii: "H"): 11..<13,
      UInt8(ascii: "m"): 14..<16, UInt8(ascii: "S"): 17..<19,
    ]
    var result: [UInt8] = []
    var rest = layout[...]
    var isDated = false
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        result.append(byte)
        continue
      }
      guard let letter = rest.popFirst(), let place = places[letter] else {
        throw EvaluationFailure("date_time knows %Y %M %D %H %m %S")
      }
      isDated = true
      result += stamp[place]
    }
    guard isDated else { throw EvaluationFailure("date_time knows %Y %M %D %H %m %S") }
    return result
  }
}
