/// Bytes of a buffer to numbers, as `byte_test` and its siblings read them.
enum NumberReading {
  /// Binary, one to eight bytes; nil where they are not all there.
  static func binary(_ bytes: ByteView, at place: Int, count: Int, littleEndian: Bool) -> UInt64? {
    guard (1...8).contains(count), place >= 0, place <= bytes.count - count else { return nil }
    var value: UInt64 = 0
    for index in 0..<count {
      value = value << 8 | UInt64(bytes[littleEndian ? place + count - 1 - index : place + index])
    }
    return value
  }

  /// Digits of `base` as C's `strtoul` reads them: white space before, a sign, `0x`; stops at the first other byte.
  /// Nil where no digit stands or the number does not fit.
  static func digits(_ bytes: ByteView, at place: Int, count: Int, base: UInt64) -> UInt64? {
    guard (1...23).contains(count), place >= 0, place <= bytes.count - count else { return nil }
    var index = place
    let end = place + count
    while index < end, bytes[index] == 0x20 || (9...13).contains(bytes[index]) { index += 1 }
    let isNegative = index < end && bytes[index] == UInt8(ascii: "-")
    if index < end, isNegative || bytes[index] == UInt8(ascii: "+") { index += 1 }
    if base == 16, index + 2 < end, bytes[index] == UInt8(ascii: "0"), bytes[index + 1] | 0x20 == UInt8(ascii: "x"),
      digit(bytes[index + 2]) < 16
    {
      index += 2
    }
    var value: UInt64 = 0
    let first = index
    while index < end, digit(bytes[index]) < base {
      let (product, overflow) = value.multipliedReportingOverflow(by: base)
      let (sum, carry) = product.addingReportingOverflow(digit(bytes[index]))
      if overflow || carry { return nil }
      value = sum
      index += 1
    }
    guard index > first else { return nil }
    return isNegative ? 0 &- value : value
  }

  @inline(__always) private static func digit(_ byte: UInt8) -> UInt64 {
    switch byte {
    case 0x30...0x39: UInt64(byte - 0x30)
    case 0x41...0x5a: UInt64(byte - 0x37)
    case 0x61...0x7a: UInt64(byte - 0x57)
    default: 255
    }
  }

  /// The bits of `mask`, moved down to bit 0.
  @inline(__always) static func masked(_ value: UInt64, _ mask: UInt32) -> UInt64 {
    mask == 0 ? value : (value & UInt64(mask)) >> UInt64(mask.trailingZeroBitCount)
  }
}
