/// A GRE header, version 0 (RFC 2784, 2890; routing by RFC 1701) or 1 (RFC 2637, PPTP): the fields that its flags
/// promise are there, source routes excepted.
@frozen public struct GREView: ~Escapable {
  public let bytes: RawSpan

  @_lifetime(copy b)
  @inlinable @inline(__always) public init?(_ b: RawSpan) {
    guard b.byteCount >= 4, GREView.fixedLength(b.u16(0)) <= b.byteCount else { return nil }
    bytes = b
  }

  @inlinable @inline(__always) public var flags: UInt16 { bytes.u16(0) }
  @inlinable @inline(__always) public var hasChecksum: Bool { flags & 0x8000 != 0 }
  @inlinable @inline(__always) public var hasRouting: Bool { flags & 0x4000 != 0 }
  @inlinable @inline(__always) public var hasKey: Bool { flags & 0x2000 != 0 }
  @inlinable @inline(__always) public var hasSequence: Bool { flags & 0x1000 != 0 }
  @inlinable @inline(__always) public var hasStrictSourceRoute: Bool { flags & 0x0800 != 0 }
  @inlinable @inline(__always) public var recursionControl: UInt16 { (flags &>> 8) & 7 }
  @inlinable @inline(__always) public var version: UInt16 { flags & 7 }
  /// Flag bits that the version leaves zero.
  @inlinable @inline(__always) public var reservedFlags: UInt16 { flags & (version == 1 ? 0x0078 : 0x00f8) }
  @inlinable @inline(__always) public var networkProtocol: EtherType { EtherType(rawValue: bytes.u16(2)) }
  /// Up to the source routes, where `hasRouting`.
  @inlinable @inline(__always) public var headerLength: Int { GREView.fixedLength(flags) }

  @inlinable @inline(__always) static func fixedLength(_ flags: UInt16) -> Int {
    let isVersion1 = flags & 7 == 1
    var length = 4
    if isVersion1 ? flags & 0x0080 != 0 : flags & 0xc000 != 0 { length &+= 4 }
    if flags & 0x2000 != 0 { length &+= 4 }
    if flags & 0x1000 != 0 { length &+= 4 }
    return length
  }
}
