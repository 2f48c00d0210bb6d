/// A Teredo packet in UDP (RFC 4380 section 5.1.1): authentication and origin may come first, then IPv6.
@frozen public struct TeredoView: ~Escapable {
  public let bytes: RawSpan
  /// Where the IPv6 header begins.
  public let packetOffset: Int

  /// Nil unless a whole IPv6 header follows whose payload length is within what is there.
  @_lifetime(copy b)
  @inlinable public init?(_ b: RawSpan) {
    var offset = 0
    if b.byteCount >= 13, b.u16(0) == 1 { offset = 13 &+ Int(b.byte(2)) &+ Int(b.byte(3)) }
    if b.byteCount >= offset &+ 8, b.u16(offset) == 0 { offset &+= 8 }
    guard b.byteCount >= offset &+ 40, b.byte(offset) &>> 4 == 6 else { return nil }
    guard offset &+ 40 &+ Int(b.u16(offset &+ 4)) <= b.byteCount else { return nil }
    bytes = b
    packetOffset = offset
  }
}
