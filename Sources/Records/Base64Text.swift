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
