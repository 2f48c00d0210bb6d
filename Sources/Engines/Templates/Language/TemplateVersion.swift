/// Versions as products write them: numbers between dots, then perhaps `-rc1` or `+build`.
struct TemplateVersion: Hashable, Comparable {
  /// Without zeros at the end, so that 1.0 is 1.
  var numbers: [Int]
  /// `rc1` of `1.2-rc1`; comes before the version without it.
  var preview: [String]

  /// A product that counts further writes a date.
  private static let numberLimit = 12
  /// A longer text is no version, whatever it begins with.
  private static let lengthLimit = 64

  init?(_ text: some StringProtocol) {
    guard text.utf8.count <= TemplateVersion.lengthLimit else { return nil }
    var text = String(text)
    while text.hasPrefix(" ") { text.removeFirst() }
    while text.hasSuffix(" ") { text.removeLast() }
    if text.hasPrefix("v") || text.hasPrefix("V") { text.removeFirst() }
    let core = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    let rest = text.dropFirst(core.count)
    let parts = core.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count <= TemplateVersion.numberLimit else { return nil }
    numbers = []
    for part in parts {
      guard let number = Int(part) else { return nil }
      numbers.append(number)
    }
    while numbers.last == 0, numbers.count > 1 { numbers.removeLast() }
    guard rest.isEmpty || rest.hasPrefix("-") || rest.hasPrefix("+") || rest.first?.isLetter == true else { return nil }
    let words = rest.prefix { $0 != "+" }
    preview = (words.hasPrefix("-") ? words.dropFirst() : words).split(separator: ".").map(String.init)
  }

  static func < (a: TemplateVersion, b: TemplateVersion) -> Bool {
    for index in 0..<max(a.numbers.count, b.numbers.count) {
      let (left, right) = (a.number(index), b.number(index))
      if left != right { return left < right }
    }
    if a.preview.isEmpty || b.preview.isEmpty { return !a.preview.isEmpty && b.preview.isEmpty }
    for (left, right) in zip(a.preview, b.preview) where left != right { return isBefore(left, right) }
    return a.preview.count < b.preview.count
  }

  private func number(_ index: Int) -> Int { index < numbers.count ? numbers[index] : 0 }

  /// SemVer section 11: numbers by size and before words.
  private static func isBefore(_ left: String, _ right: String) -> Bool {
    switch (Int(left), Int(right)) {
    case (let first?, let second?): first < second
    case (nil, nil): left < right
    case (let first, _): first != nil
    }
  }

  // MARK: - compare_versions

  private static let signs: [(text: String, holds: @Sendable (TemplateVersion, TemplateVersion) -> Bool)] = [
    (">=", { !($0 < $1) }), ("<=", { !($1 < $0) }), ("!=", { $0 < $1 || $1 < $0 }), ("==", { !($0 < $1 || $1 < $0) }),
    (">", { $1 < $0 }), ("<", { $0 < $1 }), ("=", { !($0 < $1 || $1 < $0) }),
  ]

  /// `compare_versions(version, '>= 1.2', '< 1.4')`: all of them; several in one text stand between commas.
  static func compare(_ arguments: TemplateArguments) throws(EvaluationFailure) -> Bool {
    guard let version = TemplateVersion(String(decoding: try arguments.text(0), as: UTF8.self)) else {
      throw EvaluationFailure("what was found is no version")
    }
    var holds = true
    for text in try arguments.texts(from: 1) {
      for part in String(decoding: text, as: UTF8.self).split(separator: ",") {
        holds = try satisfies(version, part.drop { $0 == " " }) && holds
      }
    }
    return holds
  }

  private static func satisfies(_ version: TemplateVersion, _ part: Substring) throws(EvaluationFailure) -> Bool {
    let sign = signs.first { part.hasPrefix($0.text) }
    guard let limit = TemplateVersion(part.dropFirst(sign?.text.count ?? 0)) else {
      throw EvaluationFailure("compare_versions has a limit that is no version")
    }
    return sign?.holds(version, limit) ?? !(version < limit || limit < version)
  }
}
