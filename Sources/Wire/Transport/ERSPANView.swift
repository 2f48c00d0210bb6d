/// The header of ERSPAN type II (version 1) or III (version 2) behind GRE (draft-foschiano-erspan).
@frozen public struct ERSPANView: ~Escapable {
  public let bytes: RawSpan

  @_lifetime(copy b)
  @inlinable @inline(__always) public init?(_ b: RawSpan) {
    guard b.byteCount >= 8 else { return nil }
    bytes = b
  }

  @inlinable @inline(__always) public var version: UInt8 { bytes.byte(0) &>> 4 }
  @inlinable @inline(__always) public var vlan: UInt16 { bytes.u16(0) & 0x0fff }
  @inlinable @inline(__always) public var classOfService: UInt8 { bytes.byte(2) &>> 5 }
  @inlinable @inline(__always) public var session: UInt16 { bytes.u16(2) & 0x03ff }
}
