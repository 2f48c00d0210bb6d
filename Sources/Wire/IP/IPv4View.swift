/// An IPv4 header (RFC 791 section 3.1), whole with its options; the payload may be cut, `totalLength` any number.
@frozen public struct IPv4View: ~Escapable {
  public let bytes: RawSpan

  @_lifetime(copy b)
  @inlinable @inline(__always) public init?(_ b: RawSpan) {
    guard b.byteCount >= 20, b.byte(0) >= 0x45, b.byte(0) <= 0x4f, Int(b.byte(0) & 15) &* 4 <= b.byteCount else {
      return nil
    }
    bytes = b
  }

  @inlinable @inline(__always) public var headerLength: Int { Int(bytes.byte(0) & 15) &* 4 }
  @inlinable @inline(__always) public var typeOfService: UInt8 { bytes.byte(1) }
  @inlinable @inline(__always) public var totalLength: Int { Int(bytes.u16(2)) }
  @inlinable @inline(__always) public var identification: UInt16 { bytes.u16(4) }
  /// Reserved, do not fragment, more fragments, then the offset in units of eight bytes.
  @inlinable @inline(__always) public var fragmentField: UInt16 { bytes.u16(6) }
  @inlinable @inline(__always) public var reservedBit: Bool { fragmentField & 0x8000 != 0 }
  @inlinable @inline(__always) public var dontFragment: Bool { fragmentField & 0x4000 != 0 }
  @inlinable @inline(__always) public var moreFragments: Bool { fragmentField & 0x2000 != 0 }
  /// In bytes.
  @inlinable @inline(__always) public var fragmentOffset: Int { Int(fragmentField & 0x1fff) &* 8 }
  @inlinable @inline(__always) public var isFragment: Bool { fragmentField & 0x3fff != 0 }
  @inlinable @inline(__always) public var ttl: UInt8 { bytes.byte(8) }
  @inlinable @inline(__always) public var transport: TransportProtocol { TransportProtocol(rawValue: bytes.byte(9)) }
  @inlinable @inline(__always) public var checksum: UInt16 { bytes.u16(10) }
  @inlinable @inline(__always) public var source: IPAddress { IPAddress(v4: bytes.u32(12)) }
  @inlinable @inline(__always) public var destination: IPAddress { IPAddress(v4: bytes.u32(16)) }

  public var payload: RawSpan {
    @_lifetime(copy self) @inlinable @inline(__always) get { bytes.clamped(headerLength, totalLength) }
  }
  public var options: RawSpan {
    @_lifetime(copy self) @inlinable @inline(__always) get {
      unsafe bytes.extracting(unchecked: 20..<headerLength)
    }
  }
  @inlinable public var isChecksumValid: Bool {
    InternetChecksum.isValid(unsafe bytes.extracting(unchecked: 0..<headerLength))
  }
}
