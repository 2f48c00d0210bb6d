/// Cisco HDLC: address, control, EtherType.
@frozen public struct CiscoHDLCView: ~Escapable {
  public let bytes: RawSpan

  @_lifetime(copy b)
  @inlinable @inline(__always) public init?(_ b: RawSpan) {
    guard b.byteCount >= 4 else { return nil }
    bytes = b
  }

  @inlinable @inline(__always) public var address: UInt8 { bytes.byte(0) }
  @inlinable @inline(__always) public var etherType: EtherType { EtherType(rawValue: bytes.u16(2)) }
}
