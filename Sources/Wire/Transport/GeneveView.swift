/// A Geneve header (RFC 8926 section 3.4), whole with its options.
@frozen public struct GeneveView: ~Escapable {
  public let bytes: RawSpan

  @_lifetime(copy b)
  @inlinable @inline(__always) public init?(_ b: RawSpan) {
    guard b.byteCount >= 8, 8 &+ Int(b.byte(0) & 0x3f) &* 4 <= b.byteCount else { return nil }
    bytes = b
  }

  @inlinable @inline(__always) public var version: UInt8 { bytes.byte(0) &>> 6 }
  @inlinable @inline(__always) public var headerLength: Int { 8 &+ Int(bytes.byte(0) & 0x3f) &* 4 }
  @inlinable @inline(__always) public var isControl: Bool { bytes.byte(1) & 0x80 != 0 }
  @inlinable @inline(__always) public var hasCriticalOptions: Bool { bytes.byte(1) & 0x40 != 0 }
  @inlinable @inline(__always) public var reserved: UInt8 { (bytes.byte(1) & 0x3f) | bytes.byte(7) }
  @inlinable @inline(__always) public var networkProtocol: EtherType { EtherType(rawValue: bytes.u16(2)) }
  @inlinable @inline(__always) public var network: UInt32 { bytes.u24(4) }

  public var payload: RawSpan {
    @_lifetime(copy self) @inlinable @inline(__always) get {
      unsafe bytes.extracting(unchecked: headerLength..<bytes.byteCount)
    }
  }
}
