/// An Ethernet II header (IEEE 802.3 clause 3.2).
@frozen public struct EthernetView: ~Escapable {
  public let bytes: RawSpan

  @_lifetime(copy b)
  @inlinable @inline(__always) public init?(_ b: RawSpan) {
    guard b.byteCount >= 14 else { return nil }
    bytes = b
  }

  @inlinable @inline(__always) public var destination: MACAddress { bytes.mac(0) }
  @inlinable @inline(__always) public var source: MACAddress { bytes.mac(6) }
  @inlinable @inline(__always) public var etherType: EtherType { EtherType(rawValue: bytes.u16(12)) }

  public var payload: RawSpan {
    @_lifetime(copy self) @inlinable @inline(__always) get { unsafe bytes.extracting(unchecked: 14..<bytes.byteCount) }
  }
}
