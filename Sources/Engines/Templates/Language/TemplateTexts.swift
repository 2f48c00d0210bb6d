/// Functions that look into texts and cut them. Letters are ASCII letters: what HTTP and markup are written in.
enum TemplateTexts {
  // MARK: - Looking

  static func search(_ function: TemplateFunction, _ arguments: TemplateArguments) throws(EvaluationFailure) -> Bool {
    let words = try arguments.texts(from: 1)
    var reason: String?
    let bytes: [UInt8]
    if case .partial(let first, let why) = try arguments.value(0) {
      (bytes, reason) = (first, why)
    } else {
      bytes = try arguments.text(0)
    }
    let isThere = isThere(function, words, bytes, isWhole: reason == nil)
    if let reason, isThere != true { throw EvaluationFailure(reason) }
    return isThere == true
  }

  /// Nil where only the rest of a cut text could tell.
  private static func isThere(
    _ function: TemplateFunction, _ words: [[UInt8]], _ bytes: [UInt8], isWhole: Bool
  ) -> Bool? {
    switch function {
    case .startsWith: return words.contains { bytes.starts(with: $0) }
    case .endsWith: return isWhole ? words.contains { ends(bytes[...], $0) } : nil
    case .lineStartsWith: return lines(bytes).contains { line in words.contains { line.starts(with: $0) } }
    case .lineEndsWith:
      let lines = lines(bytes)
      return (isWhole ? lines : lines.dropLast()).contains { line in words.contains { ends(line, $0) } }
    case .containsAny: return words.contains { TemplateMatching.place(of: $0, in: bytes) != nil }
    default: return words.allSatisfy { TemplateMatching.place(of: $0, in: bytes) != nil }
    }
  }

  private static func ends(_ bytes: ArraySlice<UInt8>, _ word: [UInt8]) -> Bool {
    bytes.suffix(word.count) == word[...]
  }

  private static func lines(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
    bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map {
      $0.last == UInt8(ascii: "\r") ? $0.dropLast() : $0
    }
  }

  // MARK: - Cutting and joining

  static func call(
    _ function: TemplateFunction, _ arguments: TemplateArguments
  ) throws(EvaluationFailure) -> TemplateValue {
    switch function {
    case .len: return try length(arguments)
    case .toLower, .toUpper: return try cased(function, try arguments.value(0))
    case .split: return try split(arguments)
    case .index: return try element(arguments)
    default: return .text(try changed(function, arguments))
    }
  }

  private static func changed(
    _ function: TemplateFunction, _ arguments: TemplateArguments
  ) throws(EvaluationFailure) -> [UInt8] {
    if function == .join { return try joined(try arguments.texts(from: 1), try arguments.text(0)) }
    if function == .concat { return try joined(try arguments.texts(from: 0), []) }
    let text = try arguments.text(0)
    switch function {
    case .trim: return Array(trimmed(text, Set(try arguments.text(1)), left: true, right: true))
    case .trimLeft: return Array(trimmed(text, Set(try arguments.text(1)), left: true, right: false))
    case .trimRight: return Array(trimmed(text, Set(try arguments.text(1)), left: false, right: true))
    case .trimSpace: return Array(trimmed(text, [0x20, 0x09, 0x0a, 0x0b, 0x0c, 0x0d], left: true, right: true))
    case .trimPrefix:
      let prefix = try arguments.text(1)
      return text.starts(with: prefix) ? Array(text.dropFirst(prefix.count)) : text
    case .trimSuffix:
      let suffix = try arguments.text(1)
      return ends(text[...], suffix) ? Array(text.dropLast(suffix.count)) : text
    case .replace: return try replaced(text, try arguments.text(1), try arguments.text(2))
    case .removeBadChars:
      let bad = Set(try arguments.text(1))
      return text.filter { !bad.contains($0) }
    case .reverse: return reversed(text)
    case .repeated:
      let count = try arguments.whole(1, in: 0...TemplateEvaluation.textLimit)
      let (size, overflow) = text.count.multipliedReportingOverflow(by: count)
      try TemplateEvaluation.check(overflow ? .max : size)
      return Array(repeatElement(text, count: count).joined())
    case .substr:
      let start = try arguments.whole(1, in: 0...text.count)
      return Array(text[start..<(arguments.count > 2 ? try arguments.whole(2, in: start...text.count) : text.count)])
    default: throw EvaluationFailure("the function \(function.rawValue) cuts no text")
    }
  }

  private static func length(_ arguments: TemplateArguments) throws(EvaluationFailure) -> TemplateValue {
    if case .list(let values) = try arguments.value(0) { return TemplateValue(values.count) }
    return TemplateValue(try arguments.text(0).count)
  }

  /// A text that was cut stays cut.
  private static func cased(
    _ function: TemplateFunction, _ value: TemplateValue
  ) throws(EvaluationFailure) -> TemplateValue {
    let change = function == .toLower ? lower : upper
    if case .partial(let bytes, let reason) = value { return .partial(change(bytes), reason: reason) }
    return .text(change(try TemplateEvaluation.text(value)))
  }

  static func lower(_ bytes: [UInt8]) -> [UInt8] { bytes.map { (0x41...0x5a).contains($0) ? $0 | 0x20 : $0 } }
  private static func upper(_ bytes: [UInt8]) -> [UInt8] { bytes.map { (0x61...0x7a).contains($0) ? $0 & 0xdf : $0 } }

  private static func joined(_ parts: [[UInt8]], _ separator: [UInt8]) throws(EvaluationFailure) -> [UInt8] {
    try TemplateEvaluation.check(parts.reduce(0) { $0 + $1.count + separator.count })
    return Array(parts.joined(separator: separator))
  }

  private static func trimmed(_ text: [UInt8], _ bad: Set<UInt8>, left: Bool, right: Bool) -> ArraySlice<UInt8> {
    var rest = text[...]
    if left { rest = rest.drop { bad.contains($0) } }
    if right { while let last = rest.last, bad.contains(last) { rest = rest.dropLast() } }
    return rest
  }

  /// Characters where it is UTF-8, else bytes.
  private static func reversed(_ text: [UInt8]) -> [UInt8] {
    guard let valid = String(validating: text, as: UTF8.self) else { return text.reversed() }
    var view = String.UnicodeScalarView()
    view.append(contentsOf: valid.unicodeScalars.reversed())
    return Array(String(view).utf8)
  }

  private static func replaced(_ text: [UInt8], _ old: [UInt8], _ new: [UInt8]) throws(EvaluationFailure) -> [UInt8] {
    guard !old.isEmpty else { return text }
    var (result, place): ([UInt8], Int) = ([], 0)
    while let found = TemplateMatching.place(of: old, in: text, from: place) {
      result += text[place..<found] + new
      try TemplateEvaluation.check(result.count)
      place = found + old.count
    }
    return result + text[place...]
  }

  /// `split(text, separator[, most])`; an empty separator would make a list of every byte.
  private static func split(_ arguments: TemplateArguments) throws(EvaluationFailure) -> TemplateValue {
    let (text, separator) = (try arguments.text(0), try arguments.text(1))
    guard !separator.isEmpty else { throw EvaluationFailure("split has an empty separator") }
    let most = arguments.count > 2 ? try arguments.whole(2, in: 1...100_000) : 100_000
    var (parts, place): ([TemplateValue], Int) = ([], 0)
    while parts.count + 1 < most, let found = TemplateMatching.place(of: separator, in: text, from: place) {
      parts.append(.text(Array(text[place..<found])))
      place = found + separator.count
    }
    return .list(parts + [.text(Array(text[place...]))])
  }

  private static func element(_ arguments: TemplateArguments) throws(EvaluationFailure) -> TemplateValue {
    if case .list(let values) = try arguments.value(0) {
      guard !values.isEmpty else { throw EvaluationFailure("index of an empty list") }
      return values[try arguments.whole(1, in: 0...(values.count - 1))]
    }
    let text = try arguments.text(0)
    guard !text.isEmpty else { throw EvaluationFailure("index of an empty text") }
    return .text([text[try arguments.whole(1, in: 0...(text.count - 1))]])
  }
}
