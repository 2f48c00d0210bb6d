/// A network service header (RFC 8300 section 2): base and service path; all of `headerLength` may not be there.
@frozen public struct NSHView: ~Escapable {
  public let bytes: RawSpan

  @_lifetime(copy b)
  @inlinable @inline(__always) public init?(_ b: RawSpan) {
    guard b.byteCount >= 8 else { return nil }
    bytes = b
  }

  @inlinable @inline(__always) public var version: UInt8 { bytes.byte(0) &>> 6 }
  @inlinable @inline(__always) public var isOAM: Bool { bytes.byte(0) & 0x20 != 0 }
  @inlinable @inline(__always) public var headerLength: Int { Int(bytes.byte(1) & 0x3f) &* 4 }
  @inlinable @inline(__always) public var metadataType: UInt8 { bytes.byte(2) & 15 }
  @inlinable @inline(__always) public var nextProtocol: UInt8 { bytes.byte(3) }
  @inlinable @inline(__always) public var servicePath: UInt32 { bytes.u24(4) }
  @inlinable @inline(__always) public var serviceIndex: UInt8 { bytes.byte(7) }
}
