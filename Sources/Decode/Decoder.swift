package import Wire

/// Decodes one packet after another. Owned by one worker; holds counters and settings only.
package struct Decoder: Sendable {
  typealias Body = (borrowing DecodedPacket, RawSpan) -> Void

  package let configuration: DecoderConfiguration
  package internal(set) var counters = DecodeCounters()
  /// Headers met in the packet at hand, its tunnels included: the limit on recursion and on loops.
  var layers = 0

  let tunnelPortFilter: UInt64

  package init(_ configuration: DecoderConfiguration = DecoderConfiguration()) {
    self.configuration = configuration
    tunnelPortFilter = configuration.tunnelPortFilter
  }

  /// Calls `body` once for each packet found: those inside tunnels first, innermost first, `bytes` itself last.
  /// The span handed to `body` is the packet that the offsets count from.
  package mutating func decode(
    _ bytes: RawSpan, _ header: PacketHeader, _ body: (borrowing DecodedPacket, RawSpan) -> Void
  ) {
    counters.packets &+= 1
    counters.bytes &+= UInt64(truncatingIfNeeded: bytes.byteCount)
    counters.maximumPacketSize = max(counters.maximumPacketSize, UInt64(truncatingIfNeeded: bytes.byteCount))
    layers = 0
    var packet = DecodedPacket(header)
    packet.capturedLength = bytes.byteCount
    if header.linkType == .ethernet {
      ethernet(bytes, 0, &packet, body)
    } else {
      link(bytes, &packet, body)
    }
    finish(packet, bytes, body)
  }

  /// A whole IP datagram that was put together from fragments. `template` is the fragment that completed it:
  /// time, number, interface, VLANs and tunnel are taken from it.
  package mutating func decodeDatagram(
    _ bytes: RawSpan, template: DecodedPacket, _ body: (borrowing DecodedPacket, RawSpan) -> Void
  ) {
    layers = 0
    var packet = DecodedPacket(within: template, byteCount: bytes.byteCount, linkType: .raw, origin: .defragmented)
    packet.etherType = template.etherType
    packet.vlanCount = template.vlanCount
    packet.vlanIDs = template.vlanIDs
    packet.tunnelDepth = template.tunnelDepth
    packet.copyOuter(of: template)
    rawIP(bytes, 0, &packet, body)
    finish(packet, bytes, body)
  }

  @inline(__always)
  private mutating func finish(_ packet: borrowing DecodedPacket, _ bytes: RawSpan, _ body: Body) {
    if packet.isInvalid { counters.invalid &+= 1 }
    body(packet, bytes)
  }

  // MARK: Events

  /// The packet stands, but something about it is worth telling.
  @inline(never)
  mutating func note(_ event: DecodeEvent, _ packet: inout DecodedPacket) {
    counters.events[Int(event.rawValue)] &+= 1
    packet.events.append(event)
  }

  /// The packet's structure is broken here; decoding goes no further.
  @inline(never)
  mutating func refuse(_ event: DecodeEvent, _ packet: inout DecodedPacket) {
    note(event, &packet)
    packet.isInvalid = true
  }

  /// Counts a header. False, with an event, when the packet has too many.
  @inline(__always)
  mutating func enterLayer(_ packet: inout DecodedPacket) -> Bool {
    layers &+= 1
    if layers <= configuration.maximumLayers { return true }
    counters.tooManyLayers &+= 1
    refuse(.tooManyLayers, &packet)
    return false
  }

  // MARK: Tunnels

  /// Decodes `start..<end` of `bytes` as a packet of its own inside `outer`, and hands it out.
  @inline(never)
  mutating func tunnel(
    _ bytes: RawSpan, _ start: Int, _ end: Int, _ outer: DecodedPacket, _ linkType: LinkType, _ origin: PacketOrigin,
    vlan: UInt16? = nil, _ body: Body
  ) {
    let inner = bytes.clamped(start, end)
    var packet = DecodedPacket(within: outer, byteCount: inner.byteCount, linkType: linkType, origin: origin)
    packet.tunnelDepth = outer.tunnelDepth &+ 1
    packet.outerSource = outer.source
    packet.outerDestination = outer.destination
    packet.outerSourcePort = outer.sourcePort
    packet.outerDestinationPort = outer.destinationPort
    packet.outerTransport = outer.transport
    if let vlan {
      packet.vlanCount = 1
      packet.vlanIDs.0 = vlan
    }
    if linkType == .raw {
      rawIP(inner, 0, &packet, body)
    } else {
      link(inner, &packet, body)
    }
    finish(packet, inner, body)
  }
}

extension DecodedPacket {
  /// A packet made out of another one: same moment, same number, nothing decoded yet.
  init(within outer: DecodedPacket, byteCount: Int, linkType: LinkType, origin: PacketOrigin) {
    self.init(
      PacketHeader(
        timestamp: outer.timestamp, capturedLength: byteCount, wireLength: byteCount, linkType: linkType,
        number: outer.number, interface: outer.interface))
    self.origin = origin
  }

  mutating func copyOuter(of template: DecodedPacket) {
    outerSource = template.outerSource
    outerDestination = template.outerDestination
    outerSourcePort = template.outerSourcePort
    outerDestinationPort = template.outerDestinationPort
    outerTransport = template.outerTransport
  }
}
