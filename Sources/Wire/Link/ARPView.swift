/// An ARP message (RFC 826) as long as one of Ethernet and IPv4; its addresses mean something where `isEthernetIPv4`.
@frozen public struct ARPView: ~Escapable {
  public let bytes: RawSpan

  @_lifetime(copy b)
  @inlinable @inline(__always) public init?(_ b: RawSpan) {
    guard b.byteCount >= 28 else { return nil }
    bytes = b
  }

  @inlinable @inline(__always) public var hardwareType: UInt16 { bytes.u16(0) }
  @inlinable @inline(__always) public var protocolType: EtherType { EtherType(rawValue: bytes.u16(2)) }
  @inlinable @inline(__always) public var hardwareSize: UInt8 { bytes.byte(4) }
  @inlinable @inline(__always) public var protocolSize: UInt8 { bytes.byte(5) }
  @inlinable @inline(__always) public var operation: UInt16 { bytes.u16(6) }
  @inlinable @inline(__always) public var isEthernetIPv4: Bool { bytes.u32(0) == 0x0001_0800 && bytes.u16(4) == 0x0604 }
  @inlinable @inline(__always) public var senderHardware: MACAddress { bytes.mac(8) }
  @inlinable @inline(__always) public var sender: IPAddress { IPAddress(v4: bytes.u32(14)) }
  @inlinable @inline(__always) public var targetHardware: MACAddress { bytes.mac(18) }
  @inlinable @inline(__always) public var target: IPAddress { IPAddress(v4: bytes.u32(24)) }
}
