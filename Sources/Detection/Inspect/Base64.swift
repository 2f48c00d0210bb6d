/// Base64 text to bytes, as rules read it (`base64_decode`, RFC 2045): white space and line ends are passed over, and
/// decoding ends at padding or at the first byte of another alphabet.
enum Base64 {
  /// Decodes into `output`, at most `limit` bytes; the number of bytes written.
  static func decode(_ bytes: ByteView, into output: UnsafeMutablePointer<UInt8>, limit: Int) -> Int {
    var written = 0
    var bits: UInt32 = 0
    var filled = 0
    for index in 0..<bytes.count {
      let byte = bytes[index]
      if byte == 0x20 || (9...13).contains(byte) { continue }
      guard let six = value(byte) else { break }
      bits = bits << 6 | UInt32(six)
      filled += 6
      guard filled >= 8 else { continue }
      guard written < limit else { break }
      filled -= 8
      unsafe output[written] = UInt8(truncatingIfNeeded: bits >> UInt32(filled))
      written += 1
    }
    return written
  }

  @inline(__always) private static func value(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte - 0x41
    case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - 0x61 + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - 0x30 + 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}
