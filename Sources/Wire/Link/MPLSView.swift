/// One entry of an MPLS label stack (RFC 3032 section 2.1).
@frozen public struct MPLSView: ~Escapable {
  public let bytes: RawSpan

  @_lifetime(copy b)
  @inlinable @inline(__always) public init?(_ b: RawSpan) {
    guard b.byteCount >= 4 else { return nil }
    bytes = b
  }

  @inlinable @inline(__always) public var label: UInt32 { bytes.u32(0) &>> 12 }
  @inlinable @inline(__always) public var trafficClass: UInt8 { (bytes.byte(2) &>> 1) & 7 }
  @inlinable @inline(__always) public var isBottom: Bool { bytes.byte(2) & 1 == 1 }
  @inlinable @inline(__always) public var ttl: UInt8 { bytes.byte(3) }
}
