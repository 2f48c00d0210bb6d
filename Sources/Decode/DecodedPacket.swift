package import Wire

/// How a packet came to be: EVE's `pkt_src`.
package enum PacketOrigin: UInt8, Sendable {
  case wire, ipv4Tunnel, ipv6Tunnel, gre, erspan, teredo, vxlan, geneve, nsh, defragmented, flowTimeout

  package var name: String {
    switch self {
    case .wire: "wire/pcap"
    case .ipv4Tunnel: "ipv4 tunnel"
    case .ipv6Tunnel: "ipv6 tunnel"
    case .gre, .erspan: "gre tunnel"
    case .teredo: "teredo tunnel"
    case .vxlan: "vxlan encapsulation"
    case .geneve: "geneve encapsulation"
    case .nsh: "nsh encapsulation"
    case .defragmented: "defrag"
    case .flowTimeout: "stream (flow timeout)"
    }
  }
}

/// What was found of a checksum. `unchecked`: not asked for, not all bytes there, or a fragment.
package enum ChecksumState: UInt8, Sendable { case unchecked, valid, invalid }

/// IPv4 options seen, as a set of the bits below.
package struct IPOptionSet: OptionSet, Sendable {
  package var rawValue: UInt16
  package init(rawValue: UInt16) { self.rawValue = rawValue }

  package static let recordRoute = Self(rawValue: 1 << 0)
  package static let endOfList = Self(rawValue: 1 << 1)
  package static let noOperation = Self(rawValue: 1 << 2)
  package static let timestamp = Self(rawValue: 1 << 3)
  package static let security = Self(rawValue: 1 << 4)
  package static let extendedSecurity = Self(rawValue: 1 << 5)
  package static let looseSourceRoute = Self(rawValue: 1 << 6)
  package static let strictSourceRoute = Self(rawValue: 1 << 7)
  package static let streamID = Self(rawValue: 1 << 8)
  package static let commercialSecurity = Self(rawValue: 1 << 9)
  package static let routerAlert = Self(rawValue: 1 << 10)
  package static let quickStart = Self(rawValue: 1 << 11)
  package static let unknown = Self(rawValue: 1 << 15)
}

/// The TCP options of one segment.
package struct TCPOptionValues: Sendable {
  package var hasMaximumSegmentSize = false
  package var hasWindowScale = false
  package var hasTimestamps = false
  package var sackPermitted = false
  /// Number of SACK blocks (at most 4).
  package var sackBlocks: UInt8 = 0
  package var hasFastOpen = false
  package var windowScale: UInt8 = 0
  package var maximumSegmentSize: UInt16 = 0
  package var timestampValue: UInt32 = 0
  package var timestampEcho: UInt32 = 0
  package init() {}
}

/// One packet, decoded: plain values only. Offsets count from the start of the span that is handed along with it.
///
/// For a packet out of a tunnel that span starts at the inner packet, and both lengths are the inner packet's.
package struct DecodedPacket: Sendable {
  // Capture.
  package var timestamp: Timestamp
  package var number: UInt64
  package var wireLength: Int
  package var capturedLength: Int
  package var linkType: LinkType
  package var interface: UInt16
  package var origin: PacketOrigin = .wire
  /// 0 for what was on the wire, 1 for the first packet inside, ... Suricata's recursion level.
  package var tunnelDepth: UInt8 = 0
  /// The structure is broken: no flow, no payload inspection; only events and header rules.
  package var isInvalid = false

  // Link.
  package var vlanCount: UInt8 = 0
  package var etherType: UInt16 = 0
  package var vlanIDs: (UInt16, UInt16, UInt16) = (0, 0, 0)
  /// Where the Ethernet header begins; -1: none.
  package var etherOffset = -1
  /// Where the ARP message begins; -1: this is not ARP.
  package var arpOffset = -1

  // IP. Ports and type are host order.
  /// 0 (not IP), 4 or 6.
  package var ipVersion: UInt8 = 0
  package var ttl: UInt8 = 0
  /// Type of service or traffic class, all eight bits.
  package var typeOfService: UInt8 = 0
  /// Protocol behind all IP headers; for a fragment that of its datagram.
  package var transport = TransportProtocol(rawValue: 0)
  package var isFragment = false
  package var moreFragments = false
  /// IPv4's "do not fragment", and its reserved bit.
  package var dontFragment = false
  package var reservedIPBit = false
  package var ipOptions: IPOptionSet = []
  package var ipChecksum = ChecksumState.unchecked
  package var transportChecksum = ChecksumState.unchecked
  /// Identification: 16 bits in IPv4; of the fragment header, 32 bits, in IPv6.
  package var ipID: UInt32 = 0
  /// In bytes.
  package var fragmentOffset = 0
  package var ipOffset = -1
  /// The IP header with its options; in IPv6 with all extension headers.
  package var ipHeaderLength = 0
  /// Header and payload as the IP header has it (a jumbogram's or zero length: what was captured).
  package var ipTotalLength = 0
  /// Where IPv6's fragment header begins; -1: none. The byte that names it is at `fragmentHeaderNamedAt`.
  package var fragmentHeaderOffset = -1
  package var fragmentHeaderNamedAt = -1
  package var source = IPAddress(v4: 0)
  package var destination = IPAddress(v4: 0)

  // Transport.
  package var sourcePort: UInt16 = 0
  package var destinationPort: UInt16 = 0
  /// -1: no transport header was decoded (unknown protocol, later fragment, broken).
  package var transportOffset = -1
  package var transportHeaderLength = 0
  /// What lies behind the last header that was decoded. For a fragment: its part of the datagram's payload.
  package var payloadOffset = 0
  package var payloadLength = 0
  package var tcpSequence: UInt32 = 0
  package var tcpAcknowledgement: UInt32 = 0
  package var tcpWindow: UInt16 = 0
  package var tcpUrgentPointer: UInt16 = 0
  /// CWR, ECE, URG, ACK, PSH, RST, SYN, FIN from bit 7 to bit 0.
  package var tcpFlags: UInt8 = 0
  package var tcpOptions = TCPOptionValues()
  package var icmpType: UInt8 = 0
  package var icmpCode: UInt8 = 0
  /// Of messages that have them (echo, timestamp, ...); else 0.
  package var icmpID: UInt16 = 0
  package var icmpSequence: UInt16 = 0
  /// Where the packet that an ICMP error quotes begins; -1: none. `embeddedTuple(in:)` reads it.
  package var embeddedOffset = -1

  // The packet that carried this one; set when `tunnelDepth` > 0.
  package var outerSource = IPAddress(v4: 0)
  package var outerDestination = IPAddress(v4: 0)
  package var outerSourcePort: UInt16 = 0
  package var outerDestinationPort: UInt16 = 0
  package var outerTransport = TransportProtocol(rawValue: 0)

  package var events = DecodeEventList()

  @inline(__always)
  package init(_ header: PacketHeader) {
    timestamp = header.timestamp
    number = header.number
    wireLength = header.wireLength
    capturedLength = header.capturedLength
    linkType = header.linkType
    interface = header.interface
  }

  package var tuple: FiveTuple {
    FiveTuple(
      source: source, destination: destination, sourcePort: sourcePort, destinationPort: destinationPort,
      transport: transport)
  }
}
