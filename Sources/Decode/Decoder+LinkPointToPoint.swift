internal import Wire

/// Cooked captures, loopback, HDLC, PPP and PPPoE, MPLS, NSH.
extension Decoder {
  mutating func linuxCooked(_ bytes: RawSpan, _ packet: inout DecodedPacket, _ body: Body) {
    counters.sll &+= 1
    guard let header = LinuxCookedView(bytes) else { return refuse(.sllPacketTooSmall, &packet) }
    guard enterLayer(&packet) else { return }
    network(header.etherType, bytes, 16, &packet, body)
  }

  mutating func linuxCooked2(_ bytes: RawSpan, _ packet: inout DecodedPacket, _ body: Body) {
    counters.sll2 &+= 1
    guard let header = LinuxCooked2View(bytes) else { return refuse(.sll2PacketTooSmall, &packet) }
    guard enterLayer(&packet) else { return }
    network(header.etherType, bytes, 20, &packet, body)
  }

  mutating func loopback(_ bytes: RawSpan, _ packet: inout DecodedPacket, _ body: Body) {
    counters.null &+= 1
    guard let header = LoopbackView(bytes) else { return refuse(.loopbackPacketTooSmall, &packet) }
    guard enterLayer(&packet) else { return }
    if header.isIPv4 { return ipv4(bytes, 4, bytes.byteCount, &packet, body) }
    if header.isIPv6 { return ipv6(bytes, 4, bytes.byteCount, &packet, body) }
    refuse(.loopbackUnsupportedType, &packet)
  }

  mutating func ciscoHDLC(_ bytes: RawSpan, _ packet: inout DecodedPacket, _ body: Body) {
    counters.chdlc &+= 1
    guard let header = CiscoHDLCView(bytes) else { return refuse(.chdlcPacketTooSmall, &packet) }
    guard enterLayer(&packet) else { return }
    network(header.etherType, bytes, 4, &packet, body)
  }

  mutating func ppp(
    _ bytes: RawSpan, _ at: Int, _ end: Int, _ packet: inout DecodedPacket, _ body: Body
  ) {
    counters.ppp &+= 1
    guard let frame = PPPView(bytes.clamped(at, end)) else { return refuse(.pppPacketTooSmall, &packet) }
    guard enterLayer(&packet) else { return }
    pppPayload(frame.networkProtocol, bytes, at &+ frame.headerLength, end, &packet, body)
  }

  private mutating func pppPayload(
    _ type: PPPProtocol, _ bytes: RawSpan, _ at: Int, _ end: Int, _ packet: inout DecodedPacket, _ body: Body
  ) {
    switch type {
    case .ipv4:
      guard end &- at >= 20 else { return refuse(.pppIPv4TooSmall, &packet) }
      ipv4(bytes, at, end, &packet, body)
    case .ipv6:
      guard end &- at >= 40 else { return refuse(.pppIPv6TooSmall, &packet) }
      ipv6(bytes, at, end, &packet, body)
    case .vanJacobsonUncompressed:
      // An IPv4 header whose protocol field holds a slot number: RFC 1144 section 3.2.3. Always TCP.
      guard end &- at >= 20 else { return refuse(.pppVJUncompressedTooSmall, &packet) }
      if bytes.byte(at) &>> 4 == 4 { ipv4(bytes, at, end, &packet, body, always: .tcp) }
    case .mpls: mpls(bytes, at, &packet, body)
    default: type.isAssigned ? note(.pppUnsupportedProtocol, &packet) : refuse(.pppWrongType, &packet)
    }
  }

  mutating func pppoeSession(_ bytes: RawSpan, _ at: Int, _ packet: inout DecodedPacket, _ body: Body) {
    counters.pppoe &+= 1
    guard let header = PPPoEView(bytes.from(at)), bytes.byteCount &- at >= 8 else {
      return refuse(.pppoePacketTooSmall, &packet)
    }
    guard header.code == 0 else { return refuse(.pppoeWrongCode, &packet) }
    guard enterLayer(&packet) else { return }
    ppp(bytes, at &+ 6, min(bytes.byteCount, at &+ 6 &+ header.length), &packet, body)
  }

  /// Discovery: only whether code and tags are well formed.
  mutating func pppoeDiscovery(_ bytes: RawSpan, _ at: Int, _ packet: inout DecodedPacket) {
    counters.pppoe &+= 1
    guard let header = PPPoEView(bytes.from(at)) else { return refuse(.pppoePacketTooSmall, &packet) }
    switch header.code {
    case 0x07, 0x09, 0x19, 0x65, 0xa7: break
    default: return refuse(.pppoeWrongCode, &packet)
    }
    var offset = at &+ 6
    let end = offset &+ header.length
    guard end <= bytes.byteCount else { return refuse(.pppoePacketTooSmall, &packet) }
    while offset < end {
      guard offset &+ 4 <= end, offset &+ 4 &+ Int(bytes.u16(offset &+ 2)) <= end else {
        return refuse(.pppoeMalformedTags, &packet)
      }
      offset &+= 4 &+ Int(bytes.u16(offset &+ 2))
    }
  }

  // MARK: Label switching and service chains

  mutating func mpls(_ bytes: RawSpan, _ at: Int, _ packet: inout DecodedPacket, _ body: Body) {
    counters.mpls &+= 1
    var offset = at
    while true {
      guard let entry = MPLSView(bytes.from(offset)) else { return refuse(.mplsHeaderTooSmall, &packet) }
      guard enterLayer(&packet) else { return }
      offset &+= 4
      guard entry.isBottom else { continue }
      return mplsPayload(entry.label, bytes, offset, &packet, body)
    }
  }

  /// RFC 3032 section 2.1 reserves labels 0 to 15; else the first nibble tells (RFC 4928, RFC 4385).
  private mutating func mplsPayload(
    _ label: UInt32, _ bytes: RawSpan, _ at: Int, _ packet: inout DecodedPacket, _ body: Body
  ) {
    switch label {
    case 0: return ipv4(bytes, at, bytes.byteCount, &packet, body)
    case 1: return refuse(.mplsBadLabelRouterAlert, &packet)
    case 2: return ipv6(bytes, at, bytes.byteCount, &packet, body)
    case 3: return refuse(.mplsBadLabelImplicitNull, &packet)
    case 4...15: return refuse(.mplsBadLabelReserved, &packet)
    default: break
    }
    guard bytes.byteCount > at else { return refuse(.mplsPacketTooSmall, &packet) }
    switch bytes.byte(at) &>> 4 {
    case 4: ipv4(bytes, at, bytes.byteCount, &packet, body)
    case 6: ipv6(bytes, at, bytes.byteCount, &packet, body)
    case 0: ethernet(bytes, at &+ 4, &packet, body)
    default: refuse(.mplsUnknownPayloadType, &packet)
    }
  }

  mutating func nsh(_ bytes: RawSpan, _ at: Int, _ packet: inout DecodedPacket, _ body: Body) {
    counters.nsh &+= 1
    guard let header = NSHView(bytes.from(at)) else { return refuse(.nshHeaderTooSmall, &packet) }
    guard header.version == 0 else { return refuse(.nshUnsupportedVersion, &packet) }
    let length = header.headerLength
    guard length >= 8, at &+ length <= bytes.byteCount else { return refuse(.nshBadHeaderLength, &packet) }
    switch header.metadataType {
    case 0: return refuse(.nshReservedType, &packet)
    case 1: guard length == 24 else { return refuse(.nshBadHeaderLength, &packet) }
    case 2: break
    default: return refuse(.nshUnsupportedType, &packet)
    }
    guard enterLayer(&packet) else { return }
    switch header.nextProtocol {
    case 1: ipv4(bytes, at &+ length, bytes.byteCount, &packet, body)
    case 2: ipv6(bytes, at &+ length, bytes.byteCount, &packet, body)
    case 3: ethernet(bytes, at &+ length, &packet, body)
    case 4: nsh(bytes, at &+ length, &packet, body)
    case 5: mpls(bytes, at &+ length, &packet, body)
    default: refuse(.nshUnknownPayload, &packet)
    }
  }
}
