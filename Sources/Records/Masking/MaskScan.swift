/// One pass over free text that looks for secrets at the bytes where one can begin.
struct MaskScan {
  static let prefix = Array("[masked:".utf8)

  let text: ByteText
  let masking: Masking
  private var copied = 0

  init(text: ByteText, masking: Masking) {
    self.text = text
    self.masking = masking
  }

  enum Step {
    case skip(to: Int)
    case mask(Range<Int>)
  }

  mutating func run(into output: inout [UInt8]) -> Bool {
    var place = 0
    while place < text.count {
      switch step(at: place) {
      case .skip(let next): place = max(next, place + 1)
      case .mask(let range):
        text[copied..<range.lowerBound].append(to: &output)
        masking.appendMask(of: text[range], to: &output)
        copied = range.upperBound
        place = max(range.upperBound, place + 1)
      }
    }
    guard copied > 0 else { return false }
    text[copied..<text.count].append(to: &output)
    return true
  }

  private func step(at place: Int) -> Step {
    let found: Step?
    switch text[place] {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): return number(at: place)
    case UInt8(ascii: "="): found = named(separator: place..<place + 1, strict: true)
    case UInt8(ascii: ":"): found = userInfo(at: place) ?? named(separator: place..<place + 1, strict: false)
    case UInt8(ascii: "%"): found = isWord("%3d", at: place) ? named(separator: place..<place + 3, strict: true) : nil
    case UInt8(ascii: "["): found = MaskScan.isMask(text, at: place) ? .skip(to: end(ofMask: place)) : nil
    case UInt8(ascii: "B"), UInt8(ascii: "b"): found = scheme(at: place)
    case UInt8(ascii: "e"): found = webToken(at: place)
    case UInt8(ascii: "-"): found = privateKey(at: place)
    case UInt8(ascii: "A"): found = accessKey(at: place)
    case UInt8(ascii: "P"): found = passCommand(at: place)
    default: found = nil
    }
    return found ?? .skip(to: place + 1)
  }

  // MARK: marks made before

  static func isMask(_ text: ByteText, at place: Int) -> Bool {
    guard text.count - place >= prefix.count else { return false }
    for index in 0..<prefix.count where text[place + index] != prefix[index] { return false }
    return true
  }
  private func end(ofMask place: Int) -> Int {
    var end = place
    while end < text.count, text[end] != UInt8(ascii: "]") { end += 1 }
    return min(end + 1, text.count)
  }

  // MARK: name and value

  private func named(separator: Range<Int>, strict: Bool) -> Step? {
    var end = separator.lowerBound
    while end > 0, isBlank(end - 1) { end -= 1 }
    let isSpaced = end < separator.lowerBound
    if end > 0, isQuote(end - 1) { end -= 1 }
    if end > 0, text[end - 1] == UInt8(ascii: "\\") { end -= 1 }
    var start = end
    while start > 0, end - start < SecretNames.lengthLimit, isNameByte(start - 1) { start -= 1 }
    // An escape in front of the name (`%26password=`) is no part of it.
    if start > 0, text[start - 1] == UInt8(ascii: "%"), end - start > 2 { start += 2 }
    guard end - start >= 3 else { return nil }
    let name = text[start..<end]
    guard SecretNames.isSecret(name, strict: strict) else { return nil }
    let isHeader = !strict && SecretNames.isHeader(name)
    return value(from: separator.upperBound, isHeader: isHeader, skipsBlanks: !strict || isSpaced)
  }

  private func value(from place: Int, isHeader: Bool, skipsBlanks: Bool) -> Step? {
    var start = place
    while skipsBlanks, start < text.count, isBlank(start) { start += 1 }
    guard start < text.count else { return nil }
    var quote: UInt8?
    if text[start] == UInt8(ascii: "\\"), start + 1 < text.count, isQuote(start + 1) { start += 1 }
    if isQuote(start) {
      quote = text[start]
      start += 1
    }
    if MaskScan.isMask(text, at: start) { return .skip(to: end(ofMask: start)) }
    var end = start
    while end < text.count, !isEnd(end, quote: quote, isHeader: isHeader) { end += 1 }
    return end > start ? .mask(start..<end) : nil
  }

  private func isEnd(_ place: Int, quote: UInt8?, isHeader: Bool) -> Bool {
    let byte = text[place]
    if let quote {
      return byte == quote || (byte == UInt8(ascii: "\\") && place + 1 < text.count && isQuote(place + 1))
    }
    if byte == UInt8(ascii: "\r") || byte == UInt8(ascii: "\n") || byte == 0 { return true }
    if isHeader { return false }
    switch byte {
    case UInt8(ascii: "&"), UInt8(ascii: ";"), UInt8(ascii: ","), UInt8(ascii: " "), UInt8(ascii: "\t"),
      UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "}"), UInt8(ascii: "#"):
      return true
    case UInt8(ascii: "%"): return isWord("%26", at: place) || isWord("%3b", at: place)
    default: return false
    }
  }

  /// `://user:password@`: what stands before the last `@` of the authority.
  private func userInfo(at place: Int) -> Step? {
    guard isWord("://", at: place) else { return nil }
    let start = place + 3
    var end = start
    var at: Int?
    scan: while end < text.count {
      switch text[end] {
      case UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#"), UInt8(ascii: "\""), UInt8(ascii: "<"), 0...0x20:
        break scan
      case UInt8(ascii: "@"): at = end
      default: break
      }
      end += 1
    }
    guard let at, at > start else { return .skip(to: start) }
    return MaskScan.isMask(text, at: start) ? .skip(to: at) : .mask(start..<at)
  }

  // MARK: forms

  /// `Bearer ...`, `Basic ...` with at least eight characters of a token behind.
  private func scheme(at place: Int) -> Step? {
    guard isBoundary(before: place) else { return nil }
    let length = isWord("bearer ", at: place) ? 7 : isWord("basic ", at: place) ? 6 : 0
    guard length > 0 else { return nil }
    let end = endOfToken(place + length)
    // "basic authentication" is prose: a credential has a digit, a capital or padding in it.
    guard end - place - length >= 8, (place + length..<end).contains(where: { isTelling($0) }) else { return nil }
    return .mask(place + length..<end)
  }

  /// A JSON Web Token: `eyJ`, two dots.
  private func webToken(at place: Int) -> Step? {
    guard isWord("eyj", at: place), text[place + 2] == UInt8(ascii: "J"), isBoundary(before: place) else { return nil }
    let end = endOfToken(place)
    let dots = (place..<end).count { text[$0] == UInt8(ascii: ".") }
    return dots == 2 && end - place >= 24 ? .mask(place..<end) : nil
  }

  /// A PEM private key, to its end line or the end of the text.
  private func privateKey(at place: Int) -> Step? {
    guard isWord("-----begin ", at: place) else { return nil }
    var head = place + 11
    while head < text.count, head < place + 48, text[head] != UInt8(ascii: "-") { head += 1 }
    guard head - 11 >= place + 11, isWord("private key", at: head - 11) else { return nil }
    var end = head + 5
    while end < text.count, !isWord("-----end", at: end) { end += 1 }
    let start = min(head + 5, text.count)
    return end > start && !MaskScan.isMask(text, at: start) ? .mask(start..<end) : nil
  }

  private func accessKey(at place: Int) -> Step? {
    guard isWord("akia", at: place), text[place + 1] == UInt8(ascii: "K"), isBoundary(before: place) else { return nil }
    let end = endOfToken(place)
    return end - place == 20 ? .mask(place..<end) : nil
  }

  /// FTP's and POP3's `PASS secret` at the start of a line.
  private func passCommand(at place: Int) -> Step? {
    guard isWord("pass ", at: place), place == 0 || text[place - 1] == UInt8(ascii: "\n") else { return nil }
    return value(from: place + 5, isHeader: true, skipsBlanks: true)
  }

  // MARK: numbers

  private func number(at place: Int) -> Step {
    // `%2013812345678`: two of the digits belong to an escape.
    let start = place > 0 && text[place - 1] == UInt8(ascii: "%") ? min(place + 2, text.count) : place
    var end = start
    while end < text.count, PersonalNumbers.digit(text[end]) != nil { end += 1 }
    guard end > start, isNumberBoundary(before: start) else { return .skip(to: end) }
    if end - start == 17, end < text.count, text[end] | 0x20 == UInt8(ascii: "x") { end += 1 }
    if isPersonal(start, end) { return .mask(start..<end) }
    if let grouped = groupedNumber(at: start, firstEnd: end) { return .mask(start..<grouped) }
    return .skip(to: end)
  }

  private func isPersonal(_ start: Int, _ end: Int) -> Bool {
    guard (11...19).contains(end - start), !isLetterOrDigit(end) else { return false }
    if PersonalNumbers.isIdentity(text[start..<end]) { return true }
    let digits = digits(start..<end)
    let isPrefixed = digits.count == 13 && digits[0] == 8 && digits[1] == 6
    return PersonalNumbers.isMobile(isPrefixed ? Array(digits.dropFirst(2)) : digits) || PersonalNumbers.isCard(digits)
  }

  /// `138-1234-5678`, `6222 0212 3456 7890`: groups with one blank or hyphen between.
  private func groupedNumber(at start: Int, firstEnd: Int) -> Int? {
    guard firstEnd - start == 3 || firstEnd - start == 4 else { return nil }
    var end = firstEnd
    var groups = 1
    while groups < 5, end + 1 < text.count, isGroupSeparator(end) {
      var next = end + 1
      while next < text.count, PersonalNumbers.digit(text[next]) != nil { next += 1 }
      guard (3...4).contains(next - end - 1) else { break }
      end = next
      groups += 1
      let digits = digits(start..<end)
      let isWhole = !isLetterOrDigit(end) && !(isGroupSeparator(end) && isDigit(end + 1))
      if isWhole,
        (digits.count == 11 && firstEnd - start == 3 && PersonalNumbers.isMobile(digits))
          || PersonalNumbers.isCard(digits)
      {
        return end
      }
    }
    return nil
  }

  private func digits(_ range: Range<Int>) -> [UInt8] {
    range.compactMap { PersonalNumbers.digit(text[$0]).map { UInt8($0) } }
  }

  // MARK: bytes

  private func isWord(_ word: StaticString, at place: Int) -> Bool {
    guard place >= 0, text.count - place >= word.utf8CodeUnitCount else { return false }
    for index in 0..<word.utf8CodeUnitCount {
      let byte = text[place + index]
      let lower = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
      if unsafe lower != word.utf8Start[index] { return false }
    }
    return true
  }
  private func isBlank(_ place: Int) -> Bool {
    text[place] == UInt8(ascii: " ") || text[place] == UInt8(ascii: "\t")
  }
  private func isQuote(_ place: Int) -> Bool {
    text[place] == UInt8(ascii: "\"") || text[place] == UInt8(ascii: "'")
  }
  private func isGroupSeparator(_ place: Int) -> Bool {
    place < text.count && (text[place] == UInt8(ascii: " ") || text[place] == UInt8(ascii: "-"))
  }
  private func isDigit(_ place: Int) -> Bool {
    place < text.count && (PersonalNumbers.digit(text[place]) != nil)
  }
  private func isLetterOrDigit(_ place: Int) -> Bool {
    guard place >= 0, place < text.count else { return false }
    return isDigit(place) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(text[place] | 0x20)
  }
  private func isNameByte(_ place: Int) -> Bool {
    isLetterOrDigit(place) || (text[place] == UInt8(ascii: "_")) || (text[place] == UInt8(ascii: "-"))
      || (text[place] >= 0x80)
  }
  private func isBoundary(before place: Int) -> Bool { !isLetterOrDigit(place - 1) || isEscape(before: place) }
  /// No letter or digit, and no point of a decimal fraction, stands before; an escape (`%3D`) may.
  private func isNumberBoundary(before place: Int) -> Bool {
    if isEscape(before: place) { return true }
    if isLetterOrDigit(place - 1) { return false }
    return !(place >= 2 && (text[place - 1] == UInt8(ascii: ".")) && isDigit(place - 2))
  }
  private func isEscape(before place: Int) -> Bool { place >= 3 && (text[place - 3] == UInt8(ascii: "%")) }
  private func isTelling(_ place: Int) -> Bool {
    let byte = text[place]
    return isDigit(place) || byte == UInt8(ascii: "=") || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
  }
  private func endOfToken(_ place: Int) -> Int {
    var end = place
    scan: while end < text.count {
      switch text[end] {
      case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "/"),
        UInt8(ascii: "="), UInt8(ascii: "~"):
        end += 1
      default:
        guard isLetterOrDigit(end) else { break scan }
        end += 1
      }
    }
    return end
  }
}
