/// Numbers of IPv6 extension headers (IANA); unknown ones are kept.
@frozen public struct IPv6Extension: RawRepresentable, Hashable, Sendable {
  public var rawValue: UInt8
  @inlinable @inline(__always) public init(rawValue: UInt8) { self.rawValue = rawValue }

  @inlinable public static var hopByHop: Self { Self(rawValue: 0) }
  @inlinable public static var routing: Self { Self(rawValue: 43) }
  @inlinable public static var fragment: Self { Self(rawValue: 44) }
  @inlinable public static var encapsulatingSecurity: Self { Self(rawValue: 50) }
  @inlinable public static var authentication: Self { Self(rawValue: 51) }
  @inlinable public static var none: Self { Self(rawValue: 59) }
  @inlinable public static var destination: Self { Self(rawValue: 60) }
  @inlinable public static var mobility: Self { Self(rawValue: 135) }
  @inlinable public static var hostIdentity: Self { Self(rawValue: 139) }
  @inlinable public static var shim6: Self { Self(rawValue: 140) }
}

/// A hop-by-hop, routing, destination, mobility, host identity or shim6 header (RFC 8200 section 4, RFC 6564): whole.
@frozen public struct IPv6ExtensionView: ~Escapable {
  public let bytes: RawSpan

  @_lifetime(copy b)
  @inlinable @inline(__always) public init?(_ b: RawSpan) {
    guard b.byteCount >= 8, (Int(b.byte(1)) &+ 1) &* 8 <= b.byteCount else { return nil }
    bytes = b
  }

  @inlinable @inline(__always) public var nextHeader: UInt8 { bytes.byte(0) }
  @inlinable @inline(__always) public var headerLength: Int { (Int(bytes.byte(1)) &+ 1) &* 8 }
  @inlinable @inline(__always) public var routingType: UInt8 { bytes.byte(2) }
  @inlinable @inline(__always) public var segmentsLeft: UInt8 { bytes.byte(3) }

  /// Behind the two common bytes: the options of hop-by-hop and destination headers.
  public var content: RawSpan {
    @_lifetime(copy self) @inlinable @inline(__always) get { unsafe bytes.extracting(unchecked: 2..<headerLength) }
  }
}

/// A fragment header (RFC 8200 section 4.5).
@frozen public struct IPv6FragmentView: ~Escapable {
  public let bytes: RawSpan

  @_lifetime(copy b)
  @inlinable @inline(__always) public init?(_ b: RawSpan) {
    guard b.byteCount >= 8 else { return nil }
    bytes = b
  }

  @inlinable @inline(__always) public var nextHeader: UInt8 { bytes.byte(0) }
  /// The reserved byte and the two reserved bits.
  @inlinable @inline(__always) public var reserved: UInt8 { bytes.byte(1) | (bytes.byte(3) & 6) }
  /// In bytes.
  @inlinable @inline(__always) public var offset: Int { Int(bytes.u16(2) & 0xfff8) }
  @inlinable @inline(__always) public var moreFragments: Bool { bytes.byte(3) & 1 != 0 }
  @inlinable @inline(__always) public var identification: UInt32 { bytes.u32(4) }
  /// First and last fragment in one (RFC 6946).
  @inlinable @inline(__always) public var isAtomic: Bool { bytes.u16(2) & 0xfff9 == 0 }
}

/// An authentication header (RFC 4302 section 2): whole.
@frozen public struct AuthenticationHeaderView: ~Escapable {
  public let bytes: RawSpan

  @_lifetime(copy b)
  @inlinable @inline(__always) public init?(_ b: RawSpan) {
    guard b.byteCount >= 12, b.byte(1) >= 1, (Int(b.byte(1)) &+ 2) &* 4 <= b.byteCount else { return nil }
    bytes = b
  }

  @inlinable @inline(__always) public var nextHeader: UInt8 { bytes.byte(0) }
  @inlinable @inline(__always) public var headerLength: Int { (Int(bytes.byte(1)) &+ 2) &* 4 }
  @inlinable @inline(__always) public var reserved: UInt16 { bytes.u16(2) }
  @inlinable @inline(__always) public var securityParameters: UInt32 { bytes.u32(4) }
  @inlinable @inline(__always) public var sequence: UInt32 { bytes.u32(8) }
}
