import Wire

/// The heads of a packet in words: link, network, transport. What it does not know it names and stops.
enum PacketHeads {
  struct Head: Equatable {
    var layer: String
    var text: String
  }
  /// Tags one in another: more is an attack on whoever counts them.
  private static let mostTags = 8

  static func lines(_ bytes: [UInt8], link: LinkType) -> [Head] {
    var heads: [Head] = []
    let span = unsafe bytes.span.bytes
    switch link {
    case .ethernet: ethernet(span, &heads)
    case .raw, .rawBSD, .rawOpenBSD, .ipv4, .ipv6: network(span, &heads)
    default: heads.append(Head(layer: "link", text: link.name ?? "type \(link.rawValue)"))
    }
    return heads
  }

  private static func ethernet(_ span: RawSpan, _ heads: inout [Head]) {
    guard let frame = EthernetView(span) else { return cut("ethernet", &heads) }
    heads.append(Head(layer: "ethernet", text: "\(frame.source) > \(frame.destination)"))
    var (type, offset) = (frame.etherType, 14)
    for _ in 0..<mostTags where type == .vlan || type == .providerBridging {
      guard span.byteCount >= offset + 4 else { return cut("vlan", &heads) }
      heads.append(Head(layer: "vlan", text: "\(span.u16(offset) & 0xfff)"))
      type = EtherType(rawValue: span.u16(offset + 2))
      offset += 4
    }
    guard type == .ipv4 || type == .ipv6 else {
      return heads.append(Head(layer: "type", text: "0x" + String(type.rawValue, radix: 16)))
    }
    network(span.from(offset), &heads)
  }

  private static func network(_ span: RawSpan, _ heads: inout [Head]) {
    guard span.byteCount > 0 else { return cut("ip", &heads) }
    if span.byte(0) >> 4 == 6 { return version6(span, &heads) }
    guard let packet = IPv4View(span) else { return cut("ipv4", &heads) }
    var text = "\(packet.source) > \(packet.destination), ttl \(packet.ttl), id \(packet.identification)"
    text += ", \(packet.totalLength) bytes"
    if packet.isFragment {
      text += ", fragment at \(packet.fragmentOffset)" + (packet.moreFragments ? ", more follow" : "")
    }
    heads.append(Head(layer: "ipv4", text: text))
    if packet.fragmentOffset == 0 { transport(packet.transport, packet.payload, &heads) }
  }

  private static func version6(_ span: RawSpan, _ heads: inout [Head]) {
    guard let packet = IPv6View(span) else { return cut("ipv6", &heads) }
    heads.append(
      Head(
        layer: "ipv6",
        text: "\(packet.source) > \(packet.destination), hop limit \(packet.hopLimit), \(packet.payloadLength) bytes"))
    transport(TransportProtocol(rawValue: packet.nextHeader), packet.payload, &heads)
  }

  private static func transport(_ kind: TransportProtocol, _ span: RawSpan, _ heads: inout [Head]) {
    switch kind {
    case .tcp:
      guard let segment = TCPView(span) else { return cut("tcp", &heads) }
      let text =
        "\(segment.sourcePort) > \(segment.destinationPort), \(names(segment.flags)), seq \(segment.sequence), "
        + "ack \(segment.acknowledgement), window \(segment.window), \(segment.payload.byteCount) bytes of data"
      heads.append(Head(layer: "tcp", text: text))
    case .udp:
      guard let datagram = UDPView(span) else { return cut("udp", &heads) }
      heads.append(
        Head(
          layer: "udp",
          text: "\(datagram.sourcePort) > \(datagram.destinationPort), \(datagram.payload.byteCount) bytes of data"))
    case .icmp where span.byteCount >= 2:
      heads.append(Head(layer: "icmp", text: "type \(span.byte(0)), code \(span.byte(1))"))
    default: heads.append(Head(layer: "protocol", text: "\(kind.rawValue)"))
    }
  }

  private static func names(_ flags: TCPFlags) -> String {
    let all: [(TCPFlags, String)] = [
      (.syn, "SYN"), (.ack, "ACK"), (.psh, "PSH"), (.fin, "FIN"), (.rst, "RST"), (.urg, "URG"), (.ece, "ECE"),
      (.cwr, "CWR"),
    ]
    let set = all.filter { flags.contains($0.0) }.map(\.1)
    return set.isEmpty ? "no flag" : set.joined(separator: " ")
  }

  private static func cut(_ layer: String, _ heads: inout [Head]) { heads.append(Head(layer: layer, text: "cut off")) }
}
