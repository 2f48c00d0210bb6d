/// What follows the EtherType of an 802.1Q or 802.1ad tag: control information, then the next EtherType.
@frozen public struct VLANTagView: ~Escapable {
  public let bytes: RawSpan

  @_lifetime(copy b)
  @inlinable @inline(__always) public init?(_ b: RawSpan) {
    guard b.byteCount >= 4 else { return nil }
    bytes = b
  }

  @inlinable @inline(__always) public var priority: UInt8 { bytes.byte(0) &>> 5 }
  @inlinable @inline(__always) public var dropEligible: Bool { bytes.byte(0) & 0x10 != 0 }
  @inlinable @inline(__always) public var id: UInt16 { bytes.u16(0) & 0x0fff }
  @inlinable @inline(__always) public var etherType: EtherType { EtherType(rawValue: bytes.u16(2)) }
}

/// The I-TAG of 802.1ah (MAC in MAC) behind its EtherType: a service, then a whole customer header.
@frozen public struct BackboneTagView: ~Escapable {
  public let bytes: RawSpan

  @_lifetime(copy b)
  @inlinable @inline(__always) public init?(_ b: RawSpan) {
    guard b.byteCount >= 18 else { return nil }
    bytes = b
  }

  @inlinable @inline(__always) public var priority: UInt8 { bytes.byte(0) &>> 5 }
  @inlinable @inline(__always) public var service: UInt32 { bytes.u24(1) }
  @inlinable @inline(__always) public var destination: MACAddress { bytes.mac(4) }
  @inlinable @inline(__always) public var source: MACAddress { bytes.mac(10) }
  @inlinable @inline(__always) public var etherType: EtherType { EtherType(rawValue: bytes.u16(16)) }
}

/// Cisco's VN-Tag behind its EtherType.
@frozen public struct VNTagView: ~Escapable {
  public let bytes: RawSpan

  @_lifetime(copy b)
  @inlinable @inline(__always) public init?(_ b: RawSpan) {
    guard b.byteCount >= 6 else { return nil }
    bytes = b
  }

  @inlinable @inline(__always) public var destination: UInt16 { bytes.u16(0) & 0x3fff }
  @inlinable @inline(__always) public var source: UInt16 { bytes.u16(2) & 0x0fff }
  @inlinable @inline(__always) public var etherType: EtherType { EtherType(rawValue: bytes.u16(4)) }
}
