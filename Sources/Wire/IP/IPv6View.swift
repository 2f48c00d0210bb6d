/// An IPv6 header (RFC 8200 section 3).
@frozen public struct IPv6View: ~Escapable {
  public let bytes: RawSpan

  @_lifetime(copy b)
  @inlinable @inline(__always) public init?(_ b: RawSpan) {
    guard b.byteCount >= 40, b.byte(0) &>> 4 == 6 else { return nil }
    bytes = b
  }

  @inlinable @inline(__always) public var trafficClass: UInt8 { UInt8(truncatingIfNeeded: bytes.u16(0) &>> 4) }
  @inlinable @inline(__always) public var flowLabel: UInt32 { bytes.u32(0) & 0xf_ffff }
  /// Of everything behind these 40 bytes; 0 for a jumbogram.
  @inlinable @inline(__always) public var payloadLength: Int { Int(bytes.u16(4)) }
  @inlinable @inline(__always) public var nextHeader: UInt8 { bytes.byte(6) }
  @inlinable @inline(__always) public var hopLimit: UInt8 { bytes.byte(7) }
  @inlinable @inline(__always) public var source: IPAddress { IPAddress(high: bytes.u64(8), low: bytes.u64(16)) }
  @inlinable @inline(__always) public var destination: IPAddress { IPAddress(high: bytes.u64(24), low: bytes.u64(32)) }

  public var payload: RawSpan {
    @_lifetime(copy self) @inlinable @inline(__always) get { bytes.clamped(40, 40 &+ payloadLength) }
  }
}
