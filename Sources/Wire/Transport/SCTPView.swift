/// The common header of SCTP (RFC 9260 section 3.1).
@frozen public struct SCTPView: ~Escapable {
  public let bytes: RawSpan

  @_lifetime(copy b)
  @inlinable @inline(__always) public init?(_ b: RawSpan) {
    guard b.byteCount >= 12 else { return nil }
    bytes = b
  }

  @inlinable @inline(__always) public var sourcePort: UInt16 { bytes.u16(0) }
  @inlinable @inline(__always) public var destinationPort: UInt16 { bytes.u16(2) }
  @inlinable @inline(__always) public var verificationTag: UInt32 { bytes.u32(4) }
  @inlinable @inline(__always) public var checksum: UInt32 { bytes.u32(8) }

  public var payload: RawSpan {
    @_lifetime(copy self) @inlinable @inline(__always) get { unsafe bytes.extracting(unchecked: 12..<bytes.byteCount) }
  }
}
