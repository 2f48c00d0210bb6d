internal import Decode
internal import RuleLanguage

/// One rule ready to run: a plain value of places in the tables of `CompiledRules`.
struct CompiledRule: Sendable {
  /// What makes it run, and what it acts on.
  enum Kind: UInt8, Sendable {
    /// Addresses and protocol only: once per direction of a flow.
    case ipOnly
    /// Each packet that fits.
    case packet
    /// The reassembled stream (or, for datagrams, the payload).
    case stream
    /// Buffers or fields of a transaction.
    case transaction
  }

  var kind = Kind.packet
  var action = Action.alert
  var transports = Transports.all
  var versions: UInt8 = 3
  /// `AppProtocol` raw value; 0: any.
  var appProtocol: UInt8 = 0
  /// 1: to the server, 2: to the client.
  var directions: UInt8 = 3
  var flow = FlowConditions()
  var isBidirectional = false
  var noAlert = false
  var inspectsPacket = false
  var inspectsStream = false
  /// A failed step may be helped by another choice of one that a variable hangs on.
  var payloadTriesAll = false
  var needToServer: UInt8 = 0
  var needToClient: UInt8 = 0
  var source: Int32 = -1
  var destination: Int32 = -1
  var sourcePorts: Int32 = -1
  var destinationPorts: Int32 = -1
  var tests = Part()
  var payload = Part()
  var headerBlocks = Part()
  var blocks = Part()
  var transactionTests = Part()
  var checks = Part()
  var changes = Part()
  var limits = Part()
  /// The rule it belongs to (rules with `<>` or several protocols stay one).
  var needsFlow: Bool { !flow.isDisjoint(with: [.established, .notEstablished, .directed]) }

  /// What `flow` asks, as this module's own bits: those of `RuleLanguage` cannot be tested inline from here, and every
  /// candidate rule is.
  struct FlowConditions: OptionSet, Sendable {
    var rawValue: UInt8
    init(rawValue: UInt8) { self.rawValue = rawValue }
    init(_ match: FlowMatch) {
      self = match.isEmpty ? [] : .stated
      if match.contains(.established) { insert(.established) }
      if match.contains(.notEstablished) { insert(.notEstablished) }
      if match.contains(.onlyFrag) { insert(.onlyFrag) }
      if match.contains(.noFrag) { insert(.noFrag) }
      if match.contains(.toServer) || match.contains(.toClient) { insert(.directed) }
    }
    /// The keyword stands in the rule, whatever it says.
    static let stated = FlowConditions(rawValue: 1)
    static let established = FlowConditions(rawValue: 2)
    static let notEstablished = FlowConditions(rawValue: 4)
    static let onlyFrag = FlowConditions(rawValue: 8)
    static let noFrag = FlowConditions(rawValue: 16)
    static let directed = FlowConditions(rawValue: 32)
  }

  enum Action: UInt8, Sendable { case pass, drop, reject, alert }

  struct Transports: OptionSet, Sendable {
    var rawValue: UInt8
    init(rawValue: UInt8) { self.rawValue = rawValue }
    static let tcp = Transports(rawValue: 1)
    static let udp = Transports(rawValue: 2)
    static let icmp = Transports(rawValue: 4)
    static let other = Transports(rawValue: 8)
    static let all = Transports(rawValue: 15)
  }
}

/// A condition on the packet or its flow.
enum PacketTest: Sendable {
  case number(PacketField, NumberTest)
  case tcpFlags(mode: TCPFlagsMatch.Mode, flags: UInt8, ignored: UInt8)
  case fragmentBits(mode: TCPFlagsMatch.Mode, bits: UInt8)
  case ipOption(UInt16)
  case ipProtocol(IPProtocolMatch.Operator, UInt8)
  case sameAddress
  case streamSize(StreamSizeMatch.Side, NumberTest)
  case appProtocol(UInt8, AppLayerProtocolMatch.Mode, isNegated: Bool)
  case decodeEvent(UInt8)
  case streamEvent(UInt8)
  case sessionEvent(UInt8)
  case checksum(ChecksumField, isInvalid: Bool)

  enum ChecksumField: UInt8, Sendable { case ip, tcp4, tcp6, udp4, udp6, icmp4, icmp6 }
}

/// Integer keywords of packets and flows.
enum PacketField: String, Sendable {
  case dsize, ttl, tos, id, itype, icode
  case fragmentOffset = "fragoffset"
  case icmpID = "icmp_id"
  case icmpSequence = "icmp_seq"
  case icmpMTU = "icmpv6.mtu"
  case maximumSegmentSize = "tcp.mss"
  case windowScale = "tcp.wscale"
  case sequence = "tcp.seq"
  case acknowledgement = "tcp.ack"
  case window = "tcp.window"
  case vlanLayers = "vlan.layers"
  case flowAge = "flow.age"
  case packetsToClient = "flow.pkts_toclient"
  case packetsToServer = "flow.pkts_toserver"
  case bytesToClient = "flow.bytes_toclient"
  case bytesToServer = "flow.bytes_toserver"
}

/// A condition on a transaction that is not a buffer's.
enum TransactionTest: Sendable {
  case uriLength(NumberTest, isRaw: Bool)
  case dnsOpcode(NumberTest)
  case dnsRcode(NumberTest)
  case dnsType(NumberTest)
  case event(UInt8)
  /// Up to four versions.
  case tlsVersion(UInt16, UInt16, UInt16, UInt16, isNegated: Bool)
  case tlsState(UInt8, isNegated: Bool)
  case tlsExpired
  case tlsValid
  case tlsNotBefore(NumberTest)
  case tlsNotAfter(NumberTest)
  case tlsChainLength(NumberTest)
}

/// The matches on one selection of a sticky buffer.
struct BufferBlock: Sendable {
  enum Absence: UInt8, Sendable { case refuses, needed, accepted }
  /// `AppBuffer`'s or `HeaderBuffer`'s raw value.
  var buffer: UInt8
  var isMulti = false
  var absence = Absence.refuses
  var triesAll = false
  /// -1: none.
  var transforms: Int32 = -1
  var steps = Part()
}

/// Sticky buffers of a packet's headers.
enum HeaderBuffer: UInt8, Sendable, CaseIterable {
  case ipv4, ipv6, tcp, udp, icmpv4, icmpv6, source, destination

  init?(name: String) {
    switch name {
    case "ipv4.hdr": self = .ipv4
    case "ipv6.hdr": self = .ipv6
    case "tcp.hdr": self = .tcp
    case "udp.hdr": self = .udp
    case "icmpv4.hdr": self = .icmpv4
    case "icmpv6.hdr": self = .icmpv6
    case "ip.src": self = .source
    case "ip.dst": self = .destination
    default: return nil
    }
  }
}
