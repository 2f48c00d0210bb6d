/// BSD loopback: LINKTYPE_NULL in the capturing host's byte order, LINKTYPE_LOOP in network order.
@frozen public struct LoopbackView: ~Escapable {
  public let bytes: RawSpan

  @_lifetime(copy b)
  @inlinable @inline(__always) public init?(_ b: RawSpan) {
    guard b.byteCount >= 4 else { return nil }
    bytes = b
  }

  /// Read in whichever byte order makes it small: families are under 256.
  @inlinable @inline(__always) public var family: UInt32 {
    bytes.u32(0) > 0xffff ? bytes.u32(0).byteSwapped : bytes.u32(0)
  }
  /// AF_INET is 2 everywhere.
  @inlinable @inline(__always) public var isIPv4: Bool { family == 2 }
  /// AF_INET6 is 10 on Linux, 23 on Windows, 24 on NetBSD and OpenBSD, 28 on FreeBSD, 30 on Darwin.
  @inlinable @inline(__always) public var isIPv6: Bool {
    family == 10 || family == 23 || family == 24 || family == 28 || family == 30
  }
}
