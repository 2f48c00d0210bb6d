package import Wire

/// ICMP of both versions: type and code known or not, identifiers, the packet that an error quotes.
extension Decoder {
  mutating func icmpv4(_ bytes: RawSpan, _ at: Int, _ end: Int, _ packet: inout DecodedPacket) {
    counters.icmpv4 &+= 1
    guard let message = ICMPView(bytes.clamped(at, end)) else { return refuse(.icmpv4PacketTooSmall, &packet) }
    take(message, at, end, &packet)
    if configuration.verifyChecksums {
      packet.transportChecksum = InternetChecksum.isValid(message.bytes) ? .valid : .invalid
      if packet.transportChecksum == .invalid { counters.invalidChecksums &+= 1 }
    }
    switch ICMPKind(v4Type: message.type) {
    case .unknown: note(.icmpv4UnknownType, &packet)
    case .error(let codes):
      // Of an unknown code nobody can say what it quotes.
      if message.code >= codes { return note(.icmpv4UnknownCode, &packet) }
      embedded(message.payload, version: 4, &packet)
    case .query(let codes):
      if message.code >= codes { note(.icmpv4UnknownCode, &packet) }
      packet.icmpID = message.identifier
      packet.icmpSequence = message.sequence
    case .other(let codes): if message.code >= codes { note(.icmpv4UnknownCode, &packet) }
    case .unassigned, .experiment, .listener: break
    }
  }

  mutating func icmpv6(_ bytes: RawSpan, _ at: Int, _ end: Int, _ packet: inout DecodedPacket) {
    counters.icmpv6 &+= 1
    guard let message = ICMPView(bytes.clamped(at, end)) else { return refuse(.icmpv6PacketTooSmall, &packet) }
    take(message, at, end, &packet)
    if configuration.verifyChecksums { verifyTransport(message.bytes, &packet) }
    switch ICMPKind(v6Type: message.type) {
    case .unknown: note(.icmpv6UnknownType, &packet)
    case .unassigned: note(.icmpv6UnassignedType, &packet)
    case .experiment: note(.icmpv6ExperimentationType, &packet)
    case .error(let codes):
      if message.code >= codes { return note(.icmpv6UnknownCode, &packet) }
      embedded(message.payload, version: 6, &packet)
    case .query(let codes):
      if message.code >= codes { note(.icmpv6UnknownCode, &packet) }
      packet.icmpID = message.identifier
      packet.icmpSequence = message.sequence
    case .listener:
      // RFC 2710 section 3: such messages do not leave the link.
      if message.code != 0 { note(.icmpv6UnknownCode, &packet) }
      if packet.ttl != 1 { note(.icmpv6MLDWithInvalidHopLimit, &packet) }
    case .other(let codes): if message.code >= codes { note(.icmpv6UnknownCode, &packet) }
    }
  }

  private func take(_ message: borrowing ICMPView, _ at: Int, _ end: Int, _ packet: inout DecodedPacket) {
    packet.setTransport(at, headerLength: 8, end)
    packet.icmpType = message.type
    packet.icmpCode = message.code
  }

  /// The quoted packet begins where the message's payload does; an empty one is not held against the sender.
  private mutating func embedded(_ quoted: RawSpan, version: UInt8, _ packet: inout DecodedPacket) {
    guard !quoted.isEmpty else { return }
    guard quoted.byteCount >= (version == 4 ? 20 : 40) else {
      return note(version == 4 ? .icmpv4EmbeddedTruncated : .icmpv6EmbeddedTruncated, &packet)
    }
    guard quoted.byte(0) &>> 4 == version else {
      return note(version == 4 ? .icmpv4EmbeddedUnknownVersion : .icmpv6EmbeddedUnknownVersion, &packet)
    }
    packet.embeddedOffset = packet.payloadOffset
  }
}

/// What a type of ICMP is, and how many codes it has from 0 on.
enum ICMPKind {
  case error(UInt8)
  case query(UInt8)
  case other(UInt8)
  /// Multicast listener discovery.
  case listener
  case unassigned, experiment, unknown

  /// IANA "ICMP Type Numbers"; deprecated ones that were once in use are known.
  init(v4Type type: UInt8) {
    switch type {
    case 0, 8, 13, 14, 15, 16, 17, 18: self = .query(1)
    case 3: self = .error(16)
    case 4: self = .error(1)
    case 5: self = .error(4)
    case 11: self = .error(2)
    case 12: self = .error(3)
    case 9: self = .other(17)
    case 10: self = .other(1)
    default: self = .unknown
    }
  }

  /// IANA "ICMPv6 Parameters".
  init(v6Type type: UInt8) {
    switch type {
    case 1: self = .error(9)
    case 2: self = .error(1)
    case 3: self = .error(2)
    case 4: self = .error(4)
    case 128, 129: self = .query(1)
    case 130, 131, 132: self = .listener
    case 133...137, 141...154, 158: self = .other(1)
    case 138: self = .other(255)
    case 139: self = .other(3)
    case 140: self = .other(3)
    case 155, 157: self = .other(255)
    case 160, 161: self = .other(5)
    case 100, 101, 200, 201: self = .experiment
    case 0, 127, 255: self = .unknown
    default: self = .unassigned
    }
  }
}

extension DecodedPacket {
  /// The addresses and ports of the packet that an ICMP error quotes, as that packet had them; nil without one.
  /// Ports are 0 where the quotation is too short or the protocol has none.
  package func embeddedTuple(in bytes: RawSpan) -> FiveTuple? {
    guard embeddedOffset >= 0 else { return nil }
    let quoted = bytes.clamped(embeddedOffset, payloadOffset &+ payloadLength)
    if let header = IPv4View(quoted) {
      let isFirst = header.fragmentOffset == 0
      return FiveTuple(
        source: header.source, destination: header.destination,
        transportBytes: quoted.from(isFirst ? header.headerLength : quoted.byteCount), transport: header.transport)
    }
    guard let header = IPv6View(quoted) else { return nil }
    return FiveTuple(
      source: header.source, destination: header.destination, transportBytes: quoted.from(40),
      transport: TransportProtocol(rawValue: header.nextHeader))
  }
}

extension FiveTuple {
  fileprivate init(
    source: IPAddress, destination: IPAddress, transportBytes: RawSpan, transport: TransportProtocol
  ) {
    let hasPorts = transport == .tcp || transport == .udp || transport == .sctp
    let isWhole = hasPorts && transportBytes.byteCount >= 4
    self.init(
      source: source, destination: destination, sourcePort: isWhole ? transportBytes.u16(0) : 0,
      destinationPort: isWhole ? transportBytes.u16(2) : 0, transport: transport)
  }
}
