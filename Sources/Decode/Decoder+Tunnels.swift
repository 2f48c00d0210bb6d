internal import Wire

/// Packets inside packets. Each is handed out before the packet that carries it.
extension Decoder {
  // MARK: IP in IP

  mutating func inner4(_ bytes: RawSpan, _ at: Int, _ end: Int, _ packet: inout DecodedPacket, _ body: Body) {
    if packet.ipVersion == 4 {
      counters.ipv4InIPv4 &+= 1
    } else {
      counters.ipv4InIPv6 &+= 1
      guard end &- at >= 20 else { return refuse(.ipv6InnerIPv4TooSmall, &packet) }
      guard bytes.byte(at) &>> 4 == 4 else { return refuse(.ipv6InnerIPv4WrongVersion, &packet) }
    }
    tunnel(bytes, at, end, packet, .raw, packet.ipVersion == 4 ? .ipv4Tunnel : .ipv6Tunnel, body)
  }

  mutating func inner6(_ bytes: RawSpan, _ at: Int, _ end: Int, _ packet: inout DecodedPacket, _ body: Body) {
    if packet.ipVersion == 4 {
      counters.ipv6InIPv4 &+= 1
    } else {
      counters.ipv6InIPv6 &+= 1
      guard end &- at >= 40 else { return refuse(.ipv6InnerIPv6TooSmall, &packet) }
      guard bytes.byte(at) &>> 4 == 6 else { return refuse(.ipv6InnerIPv6WrongVersion, &packet) }
    }
    tunnel(bytes, at, end, packet, .raw, packet.ipVersion == 4 ? .ipv4Tunnel : .ipv6Tunnel, body)
  }

  // MARK: GRE

  mutating func gre(_ bytes: RawSpan, _ at: Int, _ end: Int, _ packet: inout DecodedPacket, _ body: Body) {
    counters.gre &+= 1
    guard end &- at >= 4 else { return refuse(.grePacketTooSmall, &packet) }
    let version = bytes.u16(at) & 7
    guard version <= 1 else { return refuse(.greWrongVersion, &packet) }
    guard let header = GREView(bytes.clamped(at, end)) else {
      return refuse(version == 0 ? .greVersion0HeaderTooBig : .greVersion1HeaderTooBig, &packet)
    }
    if let event = header.fault { return refuse(event, &packet) }
    var offset = at &+ header.headerLength
    if header.hasRouting {
      guard let behind = sourceRoutes(bytes, offset, end) else {
        return refuse(.greVersion0MalformedSourceRoute, &packet)
      }
      offset = behind
    }
    packet.setTransport(at, headerLength: offset &- at, end)
    grePayload(header.networkProtocol, isSequenced: header.hasSequence, bytes, offset, end, &packet, body)
  }

  /// RFC 1701: address family, offset, length, routing; the list ends with family and length zero.
  private func sourceRoutes(_ bytes: RawSpan, _ start: Int, _ end: Int) -> Int? {
    var offset = start
    while offset &+ 4 <= end {
      let length = Int(bytes.byte(offset &+ 3))
      let isLast = bytes.u16(offset) == 0 && length == 0
      offset &+= 4 &+ length
      if isLast { return offset <= end ? offset : nil }
    }
    return nil
  }

  private mutating func grePayload(
    _ type: EtherType, isSequenced: Bool, _ bytes: RawSpan, _ at: Int, _ end: Int, _ packet: inout DecodedPacket,
    _ body: Body
  ) {
    switch type {
    case .ipv4, .ipv6: tunnel(bytes, at, end, packet, .raw, .gre, body)
    case .ppp: tunnel(bytes, at, end, packet, .ppp, .gre, body)
    case .transparentEthernet: tunnel(bytes, at, end, packet, .ethernet, .gre, body)
    case .erspan where !isSequenced:
      guard configuration.erspanTypeI else { return }
      counters.erspan &+= 1
      tunnel(bytes, at, end, packet, .ethernet, .erspan, body)
    case .erspan, .erspanIII: erspan(bytes, at, end, &packet, body)
    default: break
    }
  }

  private mutating func erspan(
    _ bytes: RawSpan, _ at: Int, _ end: Int, _ packet: inout DecodedPacket, _ body: Body
  ) {
    counters.erspan &+= 1
    guard let header = ERSPANView(bytes.clamped(at, end)) else { return refuse(.erspanHeaderTooSmall, &packet) }
    var length = 8
    if header.version == 2 {
      // Type III: twelve bytes, and a platform header of eight where the last bit says so.
      guard end &- at >= 12 else { return refuse(.erspanHeaderTooSmall, &packet) }
      length = bytes.byte(at &+ 11) & 1 == 1 ? 20 : 12
    }
    guard header.version == 1 || header.version == 2 else { return refuse(.erspanUnsupportedVersion, &packet) }
    guard end &- at >= length else { return refuse(.erspanHeaderTooSmall, &packet) }
    tunnel(bytes, at &+ length, end, packet, .ethernet, .erspan, vlan: header.vlan == 0 ? nil : header.vlan, body)
  }

  // MARK: In UDP

  @inline(__always)
  func isTunnelPort(_ source: UInt16, _ destination: UInt16) -> Bool {
    (tunnelPortFilter &>> UInt64(destination) | tunnelPortFilter &>> UInt64(source)) & 1 == 1
  }

  @inline(never)
  mutating func udpTunnel(
    _ bytes: RawSpan, _ at: Int, _ end: Int, _ packet: inout DecodedPacket, _ body: Body
  ) {
    func isOne(of ports: PortChoice) -> Bool {
      ports.contains(packet.destinationPort) || ports.contains(packet.sourcePort)
    }
    if isOne(of: configuration.vxlanPorts), let header = VXLANView(bytes.clamped(at, end)), header.isPlain {
      return vxlan(bytes, at &+ 8, end, &packet, body)
    }
    if isOne(of: configuration.genevePorts), let header = GeneveView(bytes.clamped(at, end)),
      header.version == 0, header.reserved == 0
    {
      return geneve(header.networkProtocol, bytes, at &+ header.headerLength, end, &packet, body)
    }
    if isOne(of: configuration.teredoPorts), let header = TeredoView(bytes.clamped(at, end)) {
      counters.teredo &+= 1
      tunnel(bytes, at &+ header.packetOffset, end, packet, .raw, .teredo, body)
    }
  }

  private mutating func vxlan(
    _ bytes: RawSpan, _ at: Int, _ end: Int, _ packet: inout DecodedPacket, _ body: Body
  ) {
    counters.vxlan &+= 1
    guard let frame = EthernetView(bytes.clamped(at, end)) else { return }
    if frame.etherType.isInsideOverlay {
      tunnel(bytes, at, end, packet, .ethernet, .vxlan, body)
    } else {
      note(.vxlanUnknownPayloadType, &packet)
    }
  }

  private mutating func geneve(
    _ type: EtherType, _ bytes: RawSpan, _ at: Int, _ end: Int, _ packet: inout DecodedPacket, _ body: Body
  ) {
    counters.geneve &+= 1
    switch type {
    case .transparentEthernet: tunnel(bytes, at, end, packet, .ethernet, .geneve, body)
    case .ipv4, .ipv6: tunnel(bytes, at, end, packet, .raw, .geneve, body)
    default: note(.geneveUnknownPayloadType, &packet)
    }
  }
}

extension EtherType {
  /// What an overlay's inner frame may well carry.
  var isInsideOverlay: Bool {
    switch self {
    case .ipv4, .ipv6, .arp, .vlan, .providerBridging, .oldQinQ, .providerBackbone, .mpls, .mplsMulticast,
      .pppoeSession, .pppoeDiscovery:
      true
    default: false
    }
  }
}

extension GREView {
  /// What the flags of the version forbid.
  var fault: DecodeEvent? {
    if version == 0 {
      if recursionControl != 0 { return .greVersion0Recursion }
      return reservedFlags != 0 ? .greVersion0Flags : nil
    }
    if hasChecksum { return .greVersion1Checksum }
    if hasRouting { return .greVersion1Routing }
    if hasStrictSourceRoute { return .greVersion1StrictSourceRoute }
    if recursionControl != 0 { return .greVersion1Recursion }
    if reservedFlags != 0 { return .greVersion1Flags }
    if networkProtocol != .ppp { return .greVersion1WrongProtocol }
    return hasKey ? nil : .greVersion1NoKey
  }
}
