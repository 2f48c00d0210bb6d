/// The protocol field of PPP (RFC 1661); unknown ones are kept.
@frozen public struct PPPProtocol: RawRepresentable, Hashable, Sendable {
  public var rawValue: UInt16
  @inlinable @inline(__always) public init(rawValue: UInt16) { self.rawValue = rawValue }

  @inlinable public static var ipv4: Self { Self(rawValue: 0x0021) }
  @inlinable public static var vanJacobsonCompressed: Self { Self(rawValue: 0x002d) }
  @inlinable public static var vanJacobsonUncompressed: Self { Self(rawValue: 0x002f) }
  @inlinable public static var ipv6: Self { Self(rawValue: 0x0057) }
  @inlinable public static var mpls: Self { Self(rawValue: 0x0281) }

  /// In a range that IANA has assigned from, though nothing here reads inside: LCP, IPCP, CHAP and other networks.
  public var isAssigned: Bool {
    switch rawValue {
    case 0x0021...0x005b, 0x00cf, 0x00fb, 0x00fd, 0x0201...0x0287, 0x8021...0x805b, 0x80cf, 0x80fb, 0x80fd,
      0x8201...0x8287, 0xc021...0xc02d, 0xc05b, 0xc081, 0xc123, 0xc223...0xc229, 0xc26f, 0xc281:
      true
    default: false
    }
  }
}

/// A PPP frame with or without HDLC's address and control bytes, the protocol field whole or compressed to one byte
/// (RFC 1661 sections 6.5 and 6.6).
@frozen public struct PPPView: ~Escapable {
  public let bytes: RawSpan
  /// Where the protocol field begins: 2 behind address and control, else 0.
  public let protocolOffset: Int
  public let headerLength: Int

  @_lifetime(copy b)
  @inlinable @inline(__always) public init?(_ b: RawSpan) {
    guard b.byteCount >= 2 else { return nil }
    let offset = b.u16(0) == 0xff03 ? 2 : 0
    guard b.byteCount > offset else { return nil }
    let width = b.byte(offset) & 1 == 1 ? 1 : 2
    guard b.byteCount >= offset + width else { return nil }
    bytes = b
    protocolOffset = offset
    headerLength = offset + width
  }

  @inlinable @inline(__always) public var networkProtocol: PPPProtocol {
    let isShort = headerLength &- protocolOffset == 1
    return PPPProtocol(rawValue: isShort ? UInt16(bytes.byte(protocolOffset)) : bytes.u16(protocolOffset))
  }
}
