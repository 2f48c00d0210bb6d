/// A piece of a rule. Its indices are those of the whole logical line, so that each piece knows its column.
typealias Text = ArraySlice<UInt8>

enum ASCII {
  static let quote = UInt8(ascii: "\"")
  static let backslash = UInt8(ascii: "\\")
  static let semicolon = UInt8(ascii: ";")
  static let colon = UInt8(ascii: ":")
  static let comma = UInt8(ascii: ",")
  static let pipe = UInt8(ascii: "|")
  static let bang = UInt8(ascii: "!")
  static let slash = UInt8(ascii: "/")
  static let open = UInt8(ascii: "[")
  static let close = UInt8(ascii: "]")
  static let dash = UInt8(ascii: "-")
  static let newline = UInt8(ascii: "\n")
  static let hash = UInt8(ascii: "#")

  @inline(__always) static func isSpace(_ byte: UInt8) -> Bool { byte == 32 || (byte >= 9 && byte <= 13) }
  @inline(__always) static func isDigit(_ byte: UInt8) -> Bool { byte >= 48 && byte <= 57 }

  @inline(__always) static func hexValue(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 48...57: byte - 48
    case 65...70: byte - 55
    case 97...102: byte - 87
    default: nil
    }
  }
}

extension ArraySlice where Element == UInt8 {
  var string: String { String(decoding: self, as: UTF8.self) }

  /// For messages: what was written, cut where it is long.
  var quoted: String { count <= 60 ? "'\(string)'" : "'\(self.prefix(57).string)...'" }

  func trimmed() -> Text {
    var low = startIndex
    var high = endIndex
    while low < high, ASCII.isSpace(self[low]) { low += 1 }
    while high > low, ASCII.isSpace(self[high - 1]) { high -= 1 }
    return self[low..<high]
  }

  /// Whether it can be kept as a string without loss.
  var isText: Bool { allSatisfy { $0 < 0x80 } || string.utf8.elementsEqual(self) }

  func isEqual(_ text: String) -> Bool { text.utf8.count == count && elementsEqual(text.utf8) }

  func hasPrefix(_ text: String) -> Bool { starts(with: text.utf8) }

  /// The pieces between separators, trimmed; empty ones kept.
  func pieces(_ separator: UInt8) -> [Text] {
    var result: [Text] = []
    var start = startIndex
    for index in indices where self[index] == separator {
      result.append(self[start..<index].trimmed())
      start = index + 1
    }
    result.append(self[start..<endIndex].trimmed())
    return result
  }

  /// The first word and what follows it, both trimmed: `track by_src` -> (`track`, `by_src`).
  func wordAndRest() -> (word: Text, rest: Text) {
    let text = trimmed()
    let end = text.firstIndex(where: ASCII.isSpace) ?? text.endIndex
    return (text[text.startIndex..<end], text[end...].trimmed())
  }

  /// Decimal, or hexadecimal with `0x`; no sign; nil for anything else or above 64 bits.
  var number: UInt64? {
    if hasPrefix("0x") || hasPrefix("0X") {
      let digits = dropFirst(2)
      guard (1...16).contains(digits.count) else { return nil }
      var value: UInt64 = 0
      for byte in digits {
        guard let digit = ASCII.hexValue(byte) else { return nil }
        value = value << 4 | UInt64(digit)
      }
      return value
    }
    guard (1...20).contains(count) else { return nil }
    var value: UInt64 = 0
    for byte in self {
      guard ASCII.isDigit(byte) else { return nil }
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = product.addingReportingOverflow(UInt64(byte - 48))
      guard !overflow, !carry else { return nil }
      value = sum
    }
    return value
  }

  func number<T: FixedWidthInteger>(as type: T.Type) -> T? { number.flatMap { T(exactly: $0) } }

  /// As `number`, with an optional sign.
  var signedNumber: Int64? {
    guard let first else { return nil }
    if first == ASCII.dash { return dropFirst().number.flatMap { Int64(exactly: $0) }.map { -$0 } }
    if first == UInt8(ascii: "+") { return dropFirst().number.flatMap { Int64(exactly: $0) } }
    return number.flatMap { Int64(exactly: $0) }
  }

  /// Letters, digits, `_`, `.`, `-`: what names of bits, variables and datasets are made of.
  var isName: Bool {
    !isEmpty
      && allSatisfy { byte in
        ASCII.isDigit(byte) || (byte | 0x20 >= 97 && byte | 0x20 <= 122) || byte == 95 || byte == 46 || byte == 45
      }
  }
}
