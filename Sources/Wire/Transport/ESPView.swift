/// The clear head of an encapsulating security payload (RFC 4303 section 2).
@frozen public struct ESPView: ~Escapable {
  public let bytes: RawSpan

  @_lifetime(copy b)
  @inlinable @inline(__always) public init?(_ b: RawSpan) {
    guard b.byteCount >= 8 else { return nil }
    bytes = b
  }

  @inlinable @inline(__always) public var securityParameters: UInt32 { bytes.u32(0) }
  @inlinable @inline(__always) public var sequence: UInt32 { bytes.u32(4) }
}
