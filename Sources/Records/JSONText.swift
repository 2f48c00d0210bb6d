import Wire

/// Which bytes may stand in a JSON string as they are (RFC 8259 section 7), and whether a run of bytes is UTF-8.
enum JSONText {
  @inline(__always) static func isPlain(_ byte: UInt8) -> Bool {
    byte >= 0x20 && byte < 0x7f && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
  }

  /// Well-formed by table 3-7 of the Unicode standard: no overlong form, no surrogate, nothing past U+10FFFF.
  static func isUTF8(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var index = 0
    while index < bytes.count {
      let lead = unsafe bytes[index]
      index += 1
      if lead < 0x80 { continue }
      guard let (more, low, high) = continuation(after: lead), bytes.count - index >= more else { return false }
      guard unsafe (low...high).contains(bytes[index]) else { return false }
      for place in 1..<more where unsafe bytes[index + place] & 0xc0 != 0x80 { return false }
      index += more
    }
    return true
  }

  /// How many bytes follow `lead`, and the range of the first of them; nil for what cannot lead.
  private static func continuation(after lead: UInt8) -> (more: Int, low: UInt8, high: UInt8)? {
    switch lead {
    case 0xc2...0xdf: (1, 0x80, 0xbf)
    case 0xe0: (2, 0xa0, 0xbf)
    case 0xed: (2, 0x80, 0x9f)
    case 0xe1...0xef: (2, 0x80, 0xbf)
    case 0xf0: (3, 0x90, 0xbf)
    case 0xf1...0xf3: (3, 0x80, 0xbf)
    case 0xf4: (3, 0x80, 0x8f)
    default: nil
    }
  }
}

enum HexDigits {
  @inline(__always) static func lower(_ nibble: UInt8) -> UInt8 {
    nibble < 10 ? UInt8(ascii: "0") &+ nibble : UInt8(ascii: "a") &+ (nibble &- 10)
  }
}

enum DecimalDigits {
  /// Writes at most 20 digits to `target` and returns how many.
  @inline(__always) static func write(_ value: UInt64, to target: UnsafeMutablePointer<UInt8>) -> Int {
    if value < 10 {
      unsafe target[0] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: value)
      return 1
    }
    var digits = 1
    var bound: UInt64 = 10
    while digits < 20, value >= bound {
      digits &+= 1
      let (next, overflow) = bound.multipliedReportingOverflow(by: 10)
      if overflow { break }
      bound = next
    }
    var rest = value
    for place in stride(from: digits &- 1, through: 0, by: -1) {
      let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: 10)
      unsafe target[place] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: remainder)
      rest = quotient
    }
    return digits
  }
}

extension IPAddress {
  /// Writes EVE's text form (IPv6 in full, eight groups of four digits) to `target` and returns its length, at most 39.
  func write(to target: UnsafeMutablePointer<UInt8>) -> Int {
    var count = 0
    func put(_ byte: UInt8) {
      unsafe target[count] = byte
      count += 1
    }
    guard isV6 else {
      for shift in stride(from: UInt64(24), through: 0, by: -8) {
        unsafe count += DecimalDigits.write(low >> shift & 255, to: target + count)
        if shift > 0 { put(UInt8(ascii: ".")) }
      }
      return count
    }
    for group in 0..<8 {
      let value = (group < 4 ? high : low) >> UInt64(48 - 16 * (group % 4)) & 0xffff
      for shift in stride(from: UInt64(12), through: 0, by: -4) {
        put(HexDigits.lower(UInt8(truncatingIfNeeded: value >> shift & 15)))
      }
      if group < 7 { put(UInt8(ascii: ":")) }
    }
    return count
  }
}
