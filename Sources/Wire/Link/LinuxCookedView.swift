/// Linux "cooked" capture, version 1 (LINKTYPE_LINUX_SLL).
@frozen public struct LinuxCookedView: ~Escapable {
  public let bytes: RawSpan

  @_lifetime(copy b)
  @inlinable @inline(__always) public init?(_ b: RawSpan) {
    guard b.byteCount >= 16 else { return nil }
    bytes = b
  }

  @inlinable @inline(__always) public var packetType: UInt16 { bytes.u16(0) }
  @inlinable @inline(__always) public var hardwareType: UInt16 { bytes.u16(2) }
  @inlinable @inline(__always) public var etherType: EtherType { EtherType(rawValue: bytes.u16(14)) }
}

/// Linux "cooked" capture, version 2 (LINKTYPE_LINUX_SLL2).
@frozen public struct LinuxCooked2View: ~Escapable {
  public let bytes: RawSpan

  @_lifetime(copy b)
  @inlinable @inline(__always) public init?(_ b: RawSpan) {
    guard b.byteCount >= 20 else { return nil }
    bytes = b
  }

  @inlinable @inline(__always) public var etherType: EtherType { EtherType(rawValue: bytes.u16(0)) }
  @inlinable @inline(__always) public var interfaceIndex: UInt32 { bytes.u32(4) }
  @inlinable @inline(__always) public var hardwareType: UInt16 { bytes.u16(8) }
  @inlinable @inline(__always) public var packetType: UInt8 { bytes.byte(10) }
}
