package import Wire

/// Decodes one packet after another. Owned by one worker; holds counters and settings only.
package struct Decoder: Sendable {
  package let configuration: DecoderConfiguration
  package internal(set) var counters = DecodeCounters()

  package init(_ configuration: DecoderConfiguration = DecoderConfiguration()) { self.configuration = configuration }

  /// Calls `body` once for each packet found: those inside tunnels first, innermost first, `bytes` itself last.
  /// The span handed to `body` is the packet that the offsets count from.
  package mutating func decode(
    _ bytes: RawSpan, _ header: PacketHeader, _ body: (borrowing DecodedPacket, RawSpan) -> Void
  ) {
    body(DecodedPacket(header), bytes)
  }

  /// A whole IP datagram that was put together from fragments. `template` is the fragment that completed it:
  /// time, number, interface, VLANs and tunnel are taken from it.
  package mutating func decodeDatagram(
    _ bytes: RawSpan, template: DecodedPacket, _ body: (borrowing DecodedPacket, RawSpan) -> Void
  ) {
    body(template, bytes)
  }
}

extension DecodedPacket {
  /// The addresses and ports of the packet that an ICMP error quotes, as that packet had them; nil without one.
  package func embeddedTuple(in bytes: RawSpan) -> FiveTuple? { nil }
}
