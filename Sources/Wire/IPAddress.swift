/// An IPv4 or IPv6 address as a value of 17 bytes, compared as unsigned integers, IPv4 before IPv6.
///
/// An IPv4 address keeps its 32 bits in the low half. `::ffff:a.b.c.d` stays IPv6: who must see through it
/// says so (`unmapped`).
@frozen public struct IPAddress: Hashable, Comparable, Sendable {
  public var high: UInt64
  public var low: UInt64
  public var isV6: Bool

  @inlinable @inline(__always) public init(v4: UInt32) {
    high = 0
    low = UInt64(v4)
    isV6 = false
  }
  @inlinable @inline(__always) public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
    isV6 = true
  }

  @inlinable public var width: Int { isV6 ? 128 : 32 }
  @inlinable public var v4: UInt32? { isV6 ? nil : UInt32(truncatingIfNeeded: low) }

  @inlinable public static func < (a: IPAddress, b: IPAddress) -> Bool {
    if a.isV6 != b.isV6 { return !a.isV6 }
    return a.high == b.high ? a.low < b.low : a.high < b.high
  }

  /// The IPv4 address inside `::ffff:0:0/96`, else `self`.
  @inlinable public var unmapped: IPAddress {
    guard isV6, high == 0, low >> 32 == 0xffff else { return self }
    return IPAddress(v4: UInt32(truncatingIfNeeded: low))
  }

  /// 4 or 16 bytes in network order.
  public var bytes: [UInt8] {
    func octets(_ word: UInt64) -> [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(56 - 8 * $0)) } }
    return isV6 ? octets(high) + octets(low) : Array(octets(low).suffix(4))
  }

  /// From 4 or 16 bytes in network order; nil for any other count.
  public init?(bytes: some Collection<UInt8>) {
    func fold(_ part: some Collection<UInt8>) -> UInt64 { part.reduce(0) { $0 << 8 | UInt64($1) } }
    switch bytes.count {
    case 4: self.init(v4: UInt32(truncatingIfNeeded: fold(bytes)))
    case 16: self.init(high: fold(bytes.prefix(8)), low: fold(bytes.suffix(8)))
    default: return nil
    }
  }
}

/// A network: an address and the number of its leading bits that count.
@frozen public struct IPPrefix: Hashable, Sendable {
  public let address: IPAddress
  public let length: Int

  /// Nil when `length` is not within the address's width. Bits behind the prefix are cleared.
  @inlinable public init?(_ address: IPAddress, length: Int) {
    guard (0...address.width).contains(length) else { return nil }
    self.length = length
    self.address = IPPrefix.masked(address, length)
  }

  @inlinable public func contains(_ other: IPAddress) -> Bool {
    other.isV6 == address.isV6 && IPPrefix.masked(other, length) == address
  }

  /// The first and the last address of the network.
  @inlinable public var bounds: ClosedRange<IPAddress> {
    guard address.isV6 else {
      let host: UInt32 = length == 0 ? .max : length == 32 ? 0 : UInt32.max >> UInt32(length)
      return address...IPAddress(v4: UInt32(truncatingIfNeeded: address.low) | host)
    }
    let high: UInt64 = length >= 64 ? 0 : UInt64.max >> UInt64(length)
    let low: UInt64 = length == 128 ? 0 : length <= 64 ? .max : UInt64.max >> UInt64(length - 64)
    return address...IPAddress(high: address.high | high, low: address.low | low)
  }

  @usableFromInline static func masked(_ a: IPAddress, _ length: Int) -> IPAddress {
    func top(_ bits: Int, of width: Int) -> UInt64 {
      bits <= 0 ? 0 : bits >= width ? .max : ~(UInt64.max >> UInt64(bits))
    }
    guard a.isV6 else {
      let mask: UInt32 = length == 0 ? 0 : UInt32.max << UInt32(32 - length)
      return IPAddress(v4: UInt32(truncatingIfNeeded: a.low) & mask)
    }
    return IPAddress(high: a.high & top(length, of: 64), low: a.low & top(length - 64, of: 64))
  }
}
