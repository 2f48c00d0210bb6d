/// PPP over Ethernet (RFC 2516 section 4).
@frozen public struct PPPoEView: ~Escapable {
  public let bytes: RawSpan

  @_lifetime(copy b)
  @inlinable @inline(__always) public init?(_ b: RawSpan) {
    guard b.byteCount >= 6 else { return nil }
    bytes = b
  }

  @inlinable @inline(__always) public var version: UInt8 { bytes.byte(0) &>> 4 }
  @inlinable @inline(__always) public var type: UInt8 { bytes.byte(0) & 15 }
  @inlinable @inline(__always) public var code: UInt8 { bytes.byte(1) }
  @inlinable @inline(__always) public var session: UInt16 { bytes.u16(2) }
  /// Of what follows these six bytes; may be more than is there.
  @inlinable @inline(__always) public var length: Int { Int(bytes.u16(4)) }
}
