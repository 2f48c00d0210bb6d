internal import Wire

/// Link layers, from the first byte of the packet to the network layer.
extension Decoder {
  mutating func link(_ bytes: RawSpan, _ packet: inout DecodedPacket, _ body: Body) {
    switch packet.linkType {
    case .ethernet: ethernet(bytes, 0, &packet, body)
    case .raw, .rawBSD, .rawOpenBSD, .ipv4, .ipv6:
      counters.raw &+= 1
      rawIP(bytes, 0, &packet, body)
    case .linuxCooked: linuxCooked(bytes, &packet, body)
    case .linuxCooked2: linuxCooked2(bytes, &packet, body)
    case .null, .loop: loopback(bytes, &packet, body)
    case .ppp, .pppHDLC: ppp(bytes, 0, bytes.byteCount, &packet, body)
    case .pppEthernet: pppoeSession(bytes, 0, &packet, body)
    case .ciscoHDLC: ciscoHDLC(bytes, &packet, body)
    default: note(.ethernetUnknownEtherType, &packet)
    }
  }

  @inline(__always)
  mutating func ethernet(_ bytes: RawSpan, _ at: Int, _ packet: inout DecodedPacket, _ body: Body) {
    counters.ethernet &+= 1
    guard enterLayer(&packet) else { return }
    guard let frame = EthernetView(bytes.from(at)) else { return refuse(.ethernetPacketTooSmall, &packet) }
    packet.etherOffset = at
    packet.etherType = frame.etherType.rawValue
    if frame.etherType == .ipv4 {
      ipv4(bytes, at &+ 14, bytes.byteCount, &packet, body)
    } else {
      network(frame.etherType, bytes, at &+ 14, &packet, body)
    }
  }

  /// What an EtherType announces at `at`.
  @inline(never)
  mutating func network(
    _ type: EtherType, _ bytes: RawSpan, _ at: Int, _ packet: inout DecodedPacket, _ body: Body
  ) {
    packet.etherType = type.rawValue
    switch type {
    case .ipv4: ipv4(bytes, at, bytes.byteCount, &packet, body)
    case .ipv6: ipv6(bytes, at, bytes.byteCount, &packet, body)
    case .arp: arp(bytes, at, &packet)
    case .vlan, .providerBridging, .oldQinQ: vlan(bytes, at, &packet, body)
    case .providerBackbone: backbone(bytes, at, &packet, body)
    case .vntag: vntag(bytes, at, &packet, body)
    case .mpls, .mplsMulticast: mpls(bytes, at, &packet, body)
    case .pppoeSession: pppoeSession(bytes, at, &packet, body)
    case .pppoeDiscovery: pppoeDiscovery(bytes, at, &packet)
    case .nsh: nsh(bytes, at, &packet, body)
    case .fabricPath: fabricPath(bytes, at, &packet, body)
    case .transparentEthernet: ethernet(bytes, at, &packet, body)
    default: otherEtherType(type, bytes, at, &packet, body)
    }
  }

  /// 802.3 with LLC and SNAP carries an EtherType further in; other LLC is spanning tree and the like.
  private mutating func otherEtherType(
    _ type: EtherType, _ bytes: RawSpan, _ at: Int, _ packet: inout DecodedPacket, _ body: Body
  ) {
    guard type.isLength else {
      counters.unknownEtherType &+= 1
      return note(.ethernetUnknownEtherType, &packet)
    }
    guard bytes.byteCount &- at >= 8, bytes.u32(at) == 0xaaaa_0300, bytes.u16(at &+ 4) == 0 else { return }
    let inner = EtherType(rawValue: bytes.u16(at &+ 6))
    guard !inner.isLength, enterLayer(&packet) else { return }
    network(inner, bytes, at &+ 8, &packet, body)
  }

  /// IP by its version nibble.
  mutating func rawIP(_ bytes: RawSpan, _ at: Int, _ packet: inout DecodedPacket, _ body: Body) {
    guard bytes.byteCount > at else { return refuse(.ipv4PacketTooSmall, &packet) }
    switch bytes.byte(at) &>> 4 {
    case 4: ipv4(bytes, at, bytes.byteCount, &packet, body)
    case 6: ipv6(bytes, at, bytes.byteCount, &packet, body)
    default: refuse(.ipRawInvalidVersion, &packet)
    }
  }

  // MARK: Tags

  private mutating func vlan(_ bytes: RawSpan, _ at: Int, _ packet: inout DecodedPacket, _ body: Body) {
    guard let tag = VLANTagView(bytes.from(at)) else { return refuse(.vlanHeaderTooSmall, &packet) }
    switch packet.vlanCount {
    case 0:
      counters.vlan &+= 1
      packet.vlanIDs.0 = tag.id
    case 1:
      counters.vlanQinQ &+= 1
      packet.vlanIDs.1 = tag.id
    case 2:
      counters.vlanQinQinQ &+= 1
      packet.vlanIDs.2 = tag.id
    default: return refuse(.vlanTooManyLayers, &packet)
    }
    packet.vlanCount &+= 1
    guard enterLayer(&packet) else { return }
    network(tag.etherType, bytes, at &+ 4, &packet, body)
  }

  private mutating func backbone(_ bytes: RawSpan, _ at: Int, _ packet: inout DecodedPacket, _ body: Body) {
    counters.ieee8021ah &+= 1
    guard let tag = BackboneTagView(bytes.from(at)) else { return refuse(.ieee8021ahHeaderTooSmall, &packet) }
    guard enterLayer(&packet) else { return }
    network(tag.etherType, bytes, at &+ 18, &packet, body)
  }

  private mutating func vntag(_ bytes: RawSpan, _ at: Int, _ packet: inout DecodedPacket, _ body: Body) {
    counters.vntag &+= 1
    guard let tag = VNTagView(bytes.from(at)) else { return refuse(.vntagHeaderTooSmall, &packet) }
    guard enterLayer(&packet) else { return }
    network(tag.etherType, bytes, at &+ 6, &packet, body)
  }

  /// Cisco FabricPath: two bytes of forwarding tag, then the whole inner frame.
  private mutating func fabricPath(_ bytes: RawSpan, _ at: Int, _ packet: inout DecodedPacket, _ body: Body) {
    guard bytes.byteCount &- at >= 2 else { return refuse(.dcePacketTooSmall, &packet) }
    ethernet(bytes, at &+ 2, &packet, body)
  }

  private mutating func arp(_ bytes: RawSpan, _ at: Int, _ packet: inout DecodedPacket) {
    counters.arp &+= 1
    guard let message = ARPView(bytes.from(at)) else { return refuse(.arpPacketTooSmall, &packet) }
    packet.arpOffset = at
    if message.hardwareType != 1 { return refuse(.arpUnsupportedHardware, &packet) }
    if message.protocolType != .ipv4 { return refuse(.arpUnsupportedProtocol, &packet) }
    if message.hardwareSize != 6 { return refuse(.arpInvalidHardwareSize, &packet) }
    if message.protocolSize != 4 { return refuse(.arpInvalidProtocolSize, &packet) }
    if !(1...10).contains(message.operation) { return refuse(.arpUnsupportedOpcode, &packet) }
  }
}
