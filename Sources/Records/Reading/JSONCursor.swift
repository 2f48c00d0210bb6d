/// Walks one JSON object of a line without building a tree: members are handed out in order, their values read or
/// skipped. Bounded in depth; a line that is not JSON ends the walk with `isBroken`.
struct JSONCursor {
  private static let depthLimit = 64
  private let text: ByteText
  private(set) var place = 0
  private(set) var isBroken = false

  init(_ text: ByteText) { self.text = text }

  /// Calls `member` with the name of each member of the object that begins here, the cursor before its value. A
  /// value that `member` did not read is skipped.
  mutating func object(_ member: (inout JSONCursor, ByteText) -> Void) {
    guard take("{") else { return fail() }
    if take("}") { return }
    repeat {
      guard let name = stringRange(), take(":") else { return fail() }
      blank()
      let before = place
      member(&self, text[name])
      if place == before { skip(depth: 0) }
      if isBroken { return }
    } while take(",")
    if !take("}") { fail() }
  }

  /// The elements of the array that begins here; not more than `limit` are handed out.
  mutating func array(limit: Int = .max, _ element: (inout JSONCursor) -> Void) {
    guard take("[") else { return fail() }
    if take("]") { return }
    var count = 0
    repeat {
      blank()
      let before = place
      if count < limit { element(&self) }
      count += 1
      if place == before { skip(depth: 0) }
      if isBroken { return }
    } while take(",")
    if !take("]") { fail() }
  }

  var isObject: Bool { next == UInt8(ascii: "{") }
  var isArray: Bool { next == UInt8(ascii: "[") }
  private var next: UInt8? { place < text.count ? text[place] : nil }

  /// A string's value, cut at `limit` bytes; nil (and nothing read) where another kind of value stands.
  mutating func string(limit: Int = 4096) -> String? {
    blank()
    guard next == UInt8(ascii: "\""), let range = stringRange() else { return nil }
    let bytes = text[range]
    guard bytes.contains(UInt8(ascii: "\\")) || range.count > limit else { return bytes.text }
    return String(decoding: JSONString.unescaped(bytes).prefix(limit), as: UTF8.self)
  }

  /// An integer, also one in quotes; nil (and nothing read) where none stands.
  mutating func integer() -> Int64? {
    blank()
    let start = place
    let quoted = take("\"")
    let isNegative = take("-")
    var value: UInt64 = 0
    var digits = 0
    while let byte = next, let digit = PersonalNumbers.digit(byte) {
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = product.addingReportingOverflow(UInt64(digit))
      guard !overflow, !carry else { break }
      value = sum
      digits += 1
      place += 1
    }
    if quoted, !take("\"") { digits = 0 }
    guard digits > 0, next != UInt8(ascii: "."), value <= UInt64(Int64.max) else {
      place = start
      return nil
    }
    return isNegative ? -Int64(value) : Int64(value)
  }

  /// Anything up to 2^64-1: flow ids.
  mutating func unsigned() -> UInt64? {
    blank()
    var value: UInt64 = 0
    let start = place
    while let byte = next, let digit = PersonalNumbers.digit(byte) {
      value = value &* 10 &+ UInt64(digit)
      place += 1
    }
    return place > start ? value : nil
  }

  private mutating func skip(depth: Int) {
    guard depth < JSONCursor.depthLimit, let byte = next else { return fail() }
    switch byte {
    case UInt8(ascii: "\""): if stringRange() == nil { fail() }
    case UInt8(ascii: "{"), UInt8(ascii: "["): skipContainer(depth: depth)
    default:
      let start = place
      while let byte = next, !isDelimiter(byte) { place += 1 }
      if place == start { fail() }
    }
  }

  private mutating func skipContainer(depth: Int) {
    let isObject = next == UInt8(ascii: "{")
    place += 1
    let close: Unicode.Scalar = isObject ? "}" : "]"
    if take(close) { return }
    repeat {
      blank()
      if isObject {
        guard stringRange() != nil, take(":") else { return fail() }
        blank()
      }
      skip(depth: depth + 1)
      if isBroken { return }
    } while take(",")
    if !take(close) { fail() }
  }

  private func isDelimiter(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ",") || byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") || byte <= 0x20
  }

  private mutating func stringRange() -> Range<Int>? {
    guard take("\"") else { return nil }
    let start = place
    while let byte = next {
      if byte == UInt8(ascii: "\"") {
        place += 1
        return start..<place - 1
      }
      place += byte == UInt8(ascii: "\\") ? 2 : 1
    }
    place = text.count
    return nil
  }

  private mutating func blank() {
    while let byte = next, byte <= 0x20 { place += 1 }
  }
  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    blank()
    guard next == UInt8(ascii: character) else { return false }
    place += 1
    return true
  }
  private mutating func fail() {
    isBroken = true
    place = text.count
  }
}
