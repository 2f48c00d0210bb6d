internal import Wire

/// Bytes as base64 (RFC 4648 section 4), with padding.
package enum Base64Text {
  private static let alphabet: StaticString = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

  package static func of(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    unsafe write(bytes.span.bytes) { text.append($0) }
    return String(decoding: text, as: UTF8.self)
  }

  /// Back into bytes; nil of anything that `of` does not write.
  package static func bytes(of text: String) -> [UInt8]? {
    var digits = Array(text.utf8)
    guard digits.count % 4 == 0 else { return nil }
    let padding = digits.reversed().prefix { $0 == UInt8(ascii: "=") }.count
    guard padding <= 2 else { return nil }
    digits.removeLast(padding)
    var (result, word, bits): ([UInt8], UInt32, Int) = ([], 0, 0)
    result.reserveCapacity(digits.count * 3 / 4)
    for digit in digits {
      guard let value = value(digit) else { return nil }
      word = word << 6 | value
      bits += 6
      guard bits >= 8 else { continue }
      bits -= 8
      result.append(UInt8(truncatingIfNeeded: word >> UInt32(bits)))
      word &= (1 << UInt32(bits)) - 1
    }
    return word == 0 ? result : nil
  }

  private static func value(_ digit: UInt8) -> UInt32? {
    switch digit {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(digit - UInt8(ascii: "A"))
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(digit - UInt8(ascii: "a") + 26)
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(digit - UInt8(ascii: "0") + 52)
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }

  /// Hands over four characters for each three bytes.
  @inline(__always)
  static func write(_ value: RawSpan, _ put: (UInt8) -> Void) {
    var offset = 0
    while offset < value.byteCount {
      let left = value.byteCount &- offset
      let word =
        UInt32(value.byte(offset)) << 16 | (left > 1 ? UInt32(value.byte(offset &+ 1)) << 8 : 0)
        | (left > 2 ? UInt32(value.byte(offset &+ 2)) : 0)
      for place in 0..<4 {
        let digit = Int(word >> UInt32(18 - 6 * place) & 63)
        put(place > left ? UInt8(ascii: "=") : unsafe alphabet.utf8Start[digit])
      }
      offset &+= 3
    }
  }
}
