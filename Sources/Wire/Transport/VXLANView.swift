/// A VXLAN header (RFC 7348 section 5).
@frozen public struct VXLANView: ~Escapable {
  public let bytes: RawSpan

  @_lifetime(copy b)
  @inlinable @inline(__always) public init?(_ b: RawSpan) {
    guard b.byteCount >= 8 else { return nil }
    bytes = b
  }

  /// The network identifier is said to be valid, and every reserved bit is zero.
  @inlinable @inline(__always) public var isPlain: Bool { bytes.u32(0) == 0x0800_0000 && bytes.byte(7) == 0 }
  @inlinable @inline(__always) public var network: UInt32 { bytes.u24(4) }

  public var payload: RawSpan {
    @_lifetime(copy self) @inlinable @inline(__always) get { unsafe bytes.extracting(unchecked: 8..<bytes.byteCount) }
  }
}
