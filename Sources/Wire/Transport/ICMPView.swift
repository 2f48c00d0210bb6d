/// An ICMP message, version 4 (RFC 792) or 6 (RFC 4443): the two share the layout of their first eight bytes.
@frozen public struct ICMPView: ~Escapable {
  public let bytes: RawSpan

  @_lifetime(copy b)
  @inlinable @inline(__always) public init?(_ b: RawSpan) {
    guard b.byteCount >= 8 else { return nil }
    bytes = b
  }

  @inlinable @inline(__always) public var type: UInt8 { bytes.byte(0) }
  @inlinable @inline(__always) public var code: UInt8 { bytes.byte(1) }
  @inlinable @inline(__always) public var checksum: UInt16 { bytes.u16(2) }
  /// Of echo, timestamp and the like.
  @inlinable @inline(__always) public var identifier: UInt16 { bytes.u16(4) }
  @inlinable @inline(__always) public var sequence: UInt16 { bytes.u16(6) }
  /// The second word as one number: ICMPv6's MTU (packet too big) or pointer (parameter problem).
  @inlinable @inline(__always) public var parameter: UInt32 { bytes.u32(4) }

  public var payload: RawSpan {
    @_lifetime(copy self) @inlinable @inline(__always) get { unsafe bytes.extracting(unchecked: 8..<bytes.byteCount) }
  }
}
