/// The internet checksum (RFC 1071), eight bytes at a time: one's complement sums do not mind the width of the words
/// nor the byte order, as long as both are kept.
@frozen public struct InternetChecksum: Sendable {
  /// A sum of 32-bit words in the machine's order; room for 2^32 of them.
  @usableFromInline var sum: UInt64 = 0

  @inlinable @inline(__always) public init() {}

  /// Adds `bytes`, which begin at an even offset of what is summed up. An odd last byte is padded with zero,
  /// so only the last piece may be odd.
  @inlinable public mutating func add(_ bytes: RawSpan) {
    let count = bytes.byteCount
    var offset = 0
    var low: UInt64 = 0
    var high: UInt64 = 0
    while offset &+ 16 <= count {
      let first = unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self)
      let second = unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset &+ 8, as: UInt64.self)
      low &+= (first & 0xffff_ffff) &+ (second & 0xffff_ffff)
      high &+= (first &>> 32) &+ (second &>> 32)
      offset &+= 16
    }
    while offset &+ 2 <= count {
      low &+= UInt64(unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt16.self))
      offset &+= 2
    }
    if offset < count { low &+= UInt64(UInt16(littleEndian: UInt16(bytes.byte(offset)))) }
    sum &+= (low & 0xffff_ffff) &+ (low &>> 32) &+ (high & 0xffff_ffff) &+ (high &>> 32)
  }

  /// Adds a 16-bit word given in host order.
  @inlinable @inline(__always) public mutating func add(_ value: UInt16) { sum &+= UInt64(value.bigEndian) }

  @inlinable public mutating func add(_ address: IPAddress) {
    guard address.isV6 else {
      sum &+= UInt64(UInt32(truncatingIfNeeded: address.low).bigEndian)
      return
    }
    let high = address.high.bigEndian
    let low = address.low.bigEndian
    sum &+= (high & 0xffff_ffff) &+ (high &>> 32) &+ (low & 0xffff_ffff) &+ (low &>> 32)
  }

  /// Adds the pseudo-header of `transport` over `length` bytes of header and payload (RFC 9293, RFC 8200 section 8.1).
  @inlinable public mutating func addPseudoHeader(
    source: IPAddress, destination: IPAddress, transport: TransportProtocol, length: Int
  ) {
    add(source)
    add(destination)
    add(UInt16(transport.rawValue))
    add(UInt16(truncatingIfNeeded: length))
    add(UInt16(truncatingIfNeeded: length &>> 16))
  }

  /// The checksum to be written, in host order. Of bytes that hold a right checksum it is 0.
  @inlinable public var value: UInt16 {
    var folded = (sum & 0xffff_ffff) &+ (sum &>> 32)
    folded = (folded & 0xffff_ffff) &+ (folded &>> 32)
    folded = (folded & 0xffff) &+ (folded &>> 16)
    folded = (folded & 0xffff) &+ (folded &>> 16)
    return ~UInt16(bigEndian: UInt16(truncatingIfNeeded: folded))
  }

  @inlinable public static func of(_ bytes: RawSpan) -> UInt16 {
    var checksum = InternetChecksum()
    checksum.add(bytes)
    return checksum.value
  }
  /// Whether bytes that hold their own checksum sum up right.
  @inlinable public static func isValid(_ bytes: RawSpan) -> Bool { of(bytes) == 0 }
}
