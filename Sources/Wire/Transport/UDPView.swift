/// A UDP header (RFC 768).
@frozen public struct UDPView: ~Escapable {
  public let bytes: RawSpan

  @_lifetime(copy b)
  @inlinable @inline(__always) public init?(_ b: RawSpan) {
    guard b.byteCount >= 8 else { return nil }
    bytes = b
  }

  @inlinable @inline(__always) public var sourcePort: UInt16 { bytes.u16(0) }
  @inlinable @inline(__always) public var destinationPort: UInt16 { bytes.u16(2) }
  /// Header and payload; may be any number.
  @inlinable @inline(__always) public var length: Int { Int(bytes.u16(4)) }
  @inlinable @inline(__always) public var checksum: UInt16 { bytes.u16(6) }

  public var payload: RawSpan {
    @_lifetime(copy self) @inlinable @inline(__always) get { bytes.clamped(8, length) }
  }
}
