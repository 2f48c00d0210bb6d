internal import Wire

/// What lies behind the IP headers.
extension Decoder {
  /// The header at `at`; the IP payload ends at `end`.
  @inline(__always)
  mutating func transport(
    _ bytes: RawSpan, _ at: Int, _ end: Int, _ packet: inout DecodedPacket, _ body: Body
  ) {
    switch packet.transport {
    case .tcp: tcp(bytes, at, end, &packet)
    case .udp: udp(bytes, at, end, &packet, body)
    default: otherTransport(bytes, at, end, &packet, body)
    }
  }

  @inline(never)
  private mutating func otherTransport(
    _ bytes: RawSpan, _ at: Int, _ end: Int, _ packet: inout DecodedPacket, _ body: Body
  ) {
    switch packet.transport {
    case .icmp: packet.ipVersion == 4 ? icmpv4(bytes, at, end, &packet) : refuse(.ipv6WithICMPv4, &packet)
    case .icmpv6: packet.ipVersion == 6 ? icmpv6(bytes, at, end, &packet) : refuse(.ipv4WithICMPv6, &packet)
    case .gre: gre(bytes, at, end, &packet, body)
    case .sctp: sctp(bytes, at, end, &packet)
    case .esp: esp(bytes, at, end, &packet)
    case .ipInIP: inner4(bytes, at, end, &packet, body)
    case .ipv6InIP: inner6(bytes, at, end, &packet, body)
    default:
      let isNone = packet.transport.rawValue == IPv6Extension.none.rawValue
      if packet.ipVersion == 6, !isNone, !TransportProtocol.knownInIPv6(packet.transport.rawValue) {
        note(.ipv6UnknownNextHeader, &packet)
      }
    }
  }

  // MARK: TCP

  @inline(__always)
  private mutating func tcp(_ bytes: RawSpan, _ at: Int, _ end: Int, _ packet: inout DecodedPacket) {
    counters.tcp &+= 1
    guard let header = TCPView(unsafe bytes.extracting(unchecked: at..<end)) else {
      return refuseTCP(bytes.clamped(at, end), &packet)
    }
    let headerLength = header.headerLength
    packet.sourcePort = header.sourcePort
    packet.destinationPort = header.destinationPort
    packet.transportOffset = at
    packet.transportHeaderLength = headerLength
    packet.payloadOffset = at &+ headerLength
    packet.payloadLength = end &- at &- headerLength
    packet.tcpSequence = header.sequence
    packet.tcpAcknowledgement = header.acknowledgement
    packet.tcpFlags = header.flags.rawValue
    packet.tcpWindow = header.window
    packet.tcpUrgentPointer = header.urgentPointer
    if headerLength == 32, header.bytes.u32(20) == 0x0101_080a {
      // What nearly every segment carries: two paddings and timestamps (RFC 7323 appendix A).
      packet.tcpOptions.hasTimestamps = true
      packet.tcpOptions.timestampValue = header.bytes.u32(24)
      packet.tcpOptions.timestampEcho = header.bytes.u32(28)
    } else if headerLength > 20 {
      tcpOptions(header.options, &packet)
    }
    if configuration.verifyChecksums { verifyTransport(header.bytes, &packet) }
  }

  @inline(never)
  private mutating func refuseTCP(_ segment: RawSpan, _ packet: inout DecodedPacket) {
    guard segment.byteCount >= 20 else { return refuse(.tcpPacketTooSmall, &packet) }
    refuse(segment.byte(12) < 0x50 ? .tcpHeaderTooSmall : .tcpInvalidOptionsLength, &packet)
  }

  // MARK: UDP, SCTP, ESP

  @inline(__always)
  private mutating func udp(
    _ bytes: RawSpan, _ at: Int, _ end: Int, _ packet: inout DecodedPacket, _ body: Body
  ) {
    counters.udp &+= 1
    guard let header = UDPView(unsafe bytes.extracting(unchecked: at..<end)) else {
      return refuse(.udpHeaderTooSmall, &packet)
    }
    // RFC 2675 section 4: a jumbogram's length is 0, the IP header's holds.
    let isJumbo = header.length == 0 && packet.ipVersion == 6 && end &- at > 0xffff
    let length = isJumbo ? end &- at : header.length
    guard at &+ length <= end else { return refuse(.udpPacketTooSmall, &packet) }
    guard length >= 8 else { return refuse(.udpLengthInvalid, &packet) }
    packet.sourcePort = header.sourcePort
    packet.destinationPort = header.destinationPort
    packet.transportOffset = at
    packet.transportHeaderLength = 8
    packet.payloadOffset = at &+ 8
    packet.payloadLength = length &- 8
    if configuration.verifyChecksums, header.checksum != 0 || packet.ipVersion == 6 {
      verifyTransport(unsafe bytes.extracting(unchecked: at..<(at &+ length)), &packet)
    }
    if isTunnelPort(packet.sourcePort, packet.destinationPort) {
      udpTunnel(bytes, at &+ 8, at &+ length, &packet, body)
    }
  }

  private mutating func sctp(_ bytes: RawSpan, _ at: Int, _ end: Int, _ packet: inout DecodedPacket) {
    counters.sctp &+= 1
    guard let header = SCTPView(bytes.clamped(at, end)) else { return refuse(.sctpPacketTooSmall, &packet) }
    packet.sourcePort = header.sourcePort
    packet.destinationPort = header.destinationPort
    packet.setTransport(at, headerLength: 12, end)
  }

  private mutating func esp(_ bytes: RawSpan, _ at: Int, _ end: Int, _ packet: inout DecodedPacket) {
    counters.esp &+= 1
    guard ESPView(bytes.clamped(at, end)) != nil else { return refuse(.espPacketTooSmall, &packet) }
    packet.setTransport(at, headerLength: 8, end)
  }

  /// Sums `segment` (header and payload) with its pseudo-header.
  @inline(never)
  mutating func verifyTransport(_ segment: RawSpan, _ packet: inout DecodedPacket) {
    var checksum = InternetChecksum()
    checksum.addPseudoHeader(
      source: packet.source, destination: packet.destination, transport: packet.transport, length: segment.byteCount)
    checksum.add(segment)
    packet.transportChecksum = checksum.value == 0 ? .valid : .invalid
    if packet.transportChecksum == .invalid { counters.invalidChecksums &+= 1 }
  }
}

extension DecodedPacket {
  mutating func setTransport(_ at: Int, headerLength: Int, _ end: Int) {
    transportOffset = at
    transportHeaderLength = headerLength
    payloadOffset = at &+ headerLength
    payloadLength = end &- at &- headerLength
  }
}

extension TransportProtocol {
  /// Protocols that may well follow IPv6 though nothing here reads them: EGP to VRRP, PIM, UDP-Lite, MPLS and such.
  static func knownInIPv6(_ number: UInt8) -> Bool {
    switch number {
    case 2, 8, 9, 27, 33, 46, 55, 88, 89, 94, 97, 98, 103, 108, 112, 115, 118, 124, 132, 136, 137, 138, 141, 142: true
    default: false
    }
  }
}
