internal import Wire

/// Functions by name; each family has a file.
extension TemplateEvaluation {
  mutating func call(
    _ function: TemplateFunction, _ values: [TemplateValue], _ pattern: TemplatePattern?
  ) throws(EvaluationFailure) -> TemplateValue {
    let arguments = TemplateArguments(values)
    switch function {
    case .contains, .containsAll, .containsAny, .startsWith, .endsWith, .lineStartsWith, .lineEndsWith, .equalsAny,
      .regex, .regexAll, .regexAny:
      return .truth(try search(function, arguments, pattern))
    case .md5, .sha1, .sha256, .sha512, .hmac, .mmh3: return try TemplateDigests.call(function, arguments)
    case .base64, .base64Decode, .base64Py, .hexEncode, .hexDecode, .urlEncode, .urlDecode, .htmlEscape, .htmlUnescape,
      .jsonMinify:
      return .text(try TemplateCoding.call(function, arguments))
    case .randBase, .randChar, .randInt, .randTextAlpha, .randTextAlphanumeric, .randTextNumeric:
      return try draw(function, arguments)
    case .toNumber, .toString, .binToDec, .decToHex, .hexToDec, .octToDec: return try numbers(function, arguments)
    case .unixTime, .dateTime: return try time(function, arguments)
    case .compareVersions: return .truth(try TemplateVersion.compare(arguments))
    case .replaceRegex: return .text(try replaced(arguments, pattern))
    case .printDebug: return .truth(true)
    default: return try TemplateTexts.call(function, arguments)
    }
  }

  private func search(
    _ function: TemplateFunction, _ arguments: TemplateArguments, _ pattern: TemplatePattern?
  ) throws(EvaluationFailure) -> Bool {
    switch function {
    case .regex:
      let known = try known(pattern, try arguments.value(0))
      return try TemplateEvaluation.isFound(known, try arguments.value(1), matching)
    case .regexAll, .regexAny: return try regexes(arguments, needsAll: function == .regexAll)
    case .equalsAny:
      let text = try arguments.text(0)
      return try arguments.texts(from: 1).contains(text)
    default: return try TemplateTexts.search(function, arguments)
    }
  }

  private func known(
    _ pattern: TemplatePattern?, _ value: TemplateValue
  ) throws(EvaluationFailure) -> TemplatePattern {
    if let pattern { return pattern }
    return try matching.pattern(try TemplateEvaluation.text(value))
  }

  /// `regex_all(expression, text, ...)`.
  private func regexes(_ arguments: TemplateArguments, needsAll: Bool) throws(EvaluationFailure) -> Bool {
    let pattern = try matching.pattern(try arguments.text(0))
    for index in 1..<max(arguments.count, 1) {
      let isFound = try TemplateEvaluation.isFound(pattern, try arguments.value(index), matching)
      if isFound != needsAll { return isFound }
    }
    return needsAll
  }

  // MARK: - Replacing

  /// Replacements of one call: a page's worth of lines.
  private static let replacementLimit = 100_000

  /// `$1`, `${1}` and `$$` in the replacement, as in Go.
  private func replaced(
    _ arguments: TemplateArguments, _ given: TemplatePattern?
  ) throws(EvaluationFailure) -> [UInt8] {
    let source = try arguments.text(0)
    let pattern = try known(given, try arguments.value(1))
    let replacement = try arguments.text(2)
    var (result, place, count): ([UInt8], Int, Int) = ([], 0, 0)
    while place <= source.count, count < TemplateEvaluation.replacementLimit,
      let groups = try matching.first(pattern, in: source, from: place), let whole = groups.first ?? nil,
      whole.lowerBound >= place
    {
      count += 1
      result += source[place..<whole.lowerBound]
      result += TemplateEvaluation.expanded(replacement, groups, source)
      try TemplateEvaluation.check(result.count)
      place = whole.upperBound
      guard whole.isEmpty else { continue }
      if place < source.count { result.append(source[place]) }
      place += 1
    }
    return place < source.count ? result + source[place...] : result
  }

  private static func expanded(_ text: [UInt8], _ groups: [Range<Int>?], _ source: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    var rest = text[...]
    while let byte = rest.first {
      rest = rest.dropFirst()
      guard byte == UInt8(ascii: "$"), let next = rest.first else {
        result.append(byte)
        continue
      }
      if next == UInt8(ascii: "$") {
        result.append(next)
        rest = rest.dropFirst()
        continue
      }
      let braced = next == UInt8(ascii: "{")
      let digits = rest.dropFirst(braced ? 1 : 0).prefix { (0x30...0x39).contains($0) }
      guard !digits.isEmpty, digits.count <= 2, let number = Int(String(decoding: digits, as: UTF8.self)) else {
        result.append(byte)
        continue
      }
      if number < groups.count, let group = groups[number] { result += source[group] }
      rest = rest.dropFirst(digits.count + (braced ? 2 : 0))
    }
    return result
  }
}

/// The values of a call, asked for by kind. How many there are the parser has counted.
struct TemplateArguments {
  let values: [TemplateValue]
  init(_ values: [TemplateValue]) { self.values = values }

  var count: Int { values.count }

  func value(_ index: Int) throws(EvaluationFailure) -> TemplateValue {
    guard values.indices.contains(index) else { throw EvaluationFailure("a function lacks an argument") }
    return values[index]
  }
  func text(_ index: Int) throws(EvaluationFailure) -> [UInt8] { try TemplateEvaluation.text(try value(index)) }
  func number(_ index: Int) throws(EvaluationFailure) -> Double { try TemplateEvaluation.number(try value(index)) }
  func whole(_ index: Int, in range: ClosedRange<Int>) throws(EvaluationFailure) -> Int {
    try TemplateEvaluation.whole(try value(index), in: range)
  }
  /// The text of a scalar that is there, else nil.
  func optionalText(_ index: Int) throws(EvaluationFailure) -> [UInt8]? { index < count ? try text(index) : nil }

  /// The rest, lists laid out.
  func texts(from start: Int) throws(EvaluationFailure) -> [[UInt8]] {
    var result: [[UInt8]] = []
    for value in values.dropFirst(start) {
      if case .list(let values) = value {
        for value in values { result.append(try TemplateEvaluation.text(value)) }
      } else {
        result.append(try TemplateEvaluation.text(value))
      }
    }
    return result
  }
}
