/// A TCP header (RFC 9293 section 3.1), whole with its options.
@frozen public struct TCPView: ~Escapable {
  public let bytes: RawSpan

  @_lifetime(copy b)
  @inlinable @inline(__always) public init?(_ b: RawSpan) {
    guard b.byteCount >= 20, b.byte(12) >= 0x50, Int(b.byte(12) &>> 4) &* 4 <= b.byteCount else { return nil }
    bytes = b
  }

  @inlinable @inline(__always) public var sourcePort: UInt16 { bytes.u16(0) }
  @inlinable @inline(__always) public var destinationPort: UInt16 { bytes.u16(2) }
  @inlinable @inline(__always) public var sequence: UInt32 { bytes.u32(4) }
  @inlinable @inline(__always) public var acknowledgement: UInt32 { bytes.u32(8) }
  @inlinable @inline(__always) public var headerLength: Int { Int(bytes.byte(12) &>> 4) &* 4 }
  @inlinable @inline(__always) public var flags: TCPFlags { TCPFlags(rawValue: bytes.byte(13)) }
  @inlinable @inline(__always) public var window: UInt16 { bytes.u16(14) }
  @inlinable @inline(__always) public var checksum: UInt16 { bytes.u16(16) }
  @inlinable @inline(__always) public var urgentPointer: UInt16 { bytes.u16(18) }

  public var payload: RawSpan {
    @_lifetime(copy self) @inlinable @inline(__always) get {
      unsafe bytes.extracting(unchecked: headerLength..<bytes.byteCount)
    }
  }
  public var options: RawSpan {
    @_lifetime(copy self) @inlinable @inline(__always) get {
      unsafe bytes.extracting(unchecked: 20..<headerLength)
    }
  }
}

/// The flag byte of TCP.
@frozen public struct TCPFlags: OptionSet, Hashable, Sendable {
  public var rawValue: UInt8
  @inlinable @inline(__always) public init(rawValue: UInt8) { self.rawValue = rawValue }

  @inlinable public static var fin: Self { Self(rawValue: 0x01) }
  @inlinable public static var syn: Self { Self(rawValue: 0x02) }
  @inlinable public static var rst: Self { Self(rawValue: 0x04) }
  @inlinable public static var psh: Self { Self(rawValue: 0x08) }
  @inlinable public static var ack: Self { Self(rawValue: 0x10) }
  @inlinable public static var urg: Self { Self(rawValue: 0x20) }
  @inlinable public static var ece: Self { Self(rawValue: 0x40) }
  @inlinable public static var cwr: Self { Self(rawValue: 0x80) }
}
