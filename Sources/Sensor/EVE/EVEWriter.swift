internal import Decode
internal import Flow
package import Records
internal import Wire

/// Writes EVE records, one JSON line each, into a buffer that it owns; its owner empties it into a file.
///
/// One a worker. The record kinds are extensions, a file each; this file holds what every record begins with.
package struct EVEWriter: ~Copyable {
  package let settings: EVESettings
  package var json = JSONWriter(capacity: 512 * 1024)
  /// The interface of a live capture, empty for a file; and the file's name where `pcap-file` is on.
  let interface: [UInt8]
  let captureName: [UInt8]
  let communityID: CommunityID?
  /// Takes secrets and personal numbers out of every record; nil: records are written as traffic was.
  let masking: Masking?
  private var recordStart = 0
  private var masked: [UInt8] = []
  /// Records begun, by kind, for the sensor's status.
  package internal(set) var records: UInt64 = 0

  package init(settings: EVESettings, interface: String = "", captureName: String = "", masking: Masking? = nil) {
    self.settings = settings
    self.masking = masking
    self.interface = Array(interface.utf8)
    self.captureName = settings.pcapFile ? Array(captureName.utf8) : []
    communityID = settings.communityID ? CommunityID(seed: settings.communityIDSeed) : nil
  }

  // MARK: the head of a record

  /// Opens a record. `number` 0: no packet stands behind it.
  mutating func begin(_ type: StaticString, at time: Timestamp, flow: UInt64?, number: UInt64) {
    records &+= 1
    recordStart = json.count
    json.beginObject()
    json.field("timestamp", time)
    if let flow { json.field("flow_id", flow) }
    if !interface.isEmpty { json.field("in_iface", interface) }
    if number > 0 { json.field("pcap_cnt", number) }
    if !captureName.isEmpty { json.field("pcap_filename", captureName) }
    json.field("event_type", literal: type)
  }

  /// Closes a record and its line.
  mutating func end() {
    json.endObject()
    if let masking { mask(masking) }
    json.endLine()
  }

  private mutating func mask(_ masking: Masking) {
    let (start, length) = (recordStart, json.count)
    let isMasked = unsafe json.withBytes { all in
      unsafe masking.maskJSON(UnsafeRawBufferPointer(rebasing: all[start..<length]), into: &masked)
    }
    if isMasked { json.replace(from: start, with: masked) }
  }

  mutating func vlans(count: Int, _ ids: (UInt16, UInt16, UInt16)) {
    guard count > 0 else { return }
    json.beginArray("vlan")
    json.element(ids.0)
    if count > 1 { json.element(ids.1) }
    if count > 2 { json.element(ids.2) }
    json.endArray()
  }

  /// Ends and protocol as one packet has them.
  mutating func ends(of packet: borrowing DecodedPacket) {
    vlans(count: Int(packet.vlanCount), packet.vlanIDs)
    guard packet.ipVersion != 0 else { return }
    ends(packet.tuple)
    if packet.transport.isICMP {
      json.field("icmp_type", packet.icmpType)
      json.field("icmp_code", packet.icmpCode)
    }
    json.field("ip_v", packet.ipVersion)
  }

  /// Ends and protocol as the flow has them, seen from the originator or, `toClient`, from the responder.
  mutating func ends(of flow: borrowing FlowRecord, direction: Direction = .toServer) {
    vlans(count: flow.vlanCount, (flow.vlanID(0), flow.vlanID(1), flow.vlanID(2)))
    let tuple = direction == .toServer ? flow.tuple : flow.tuple.reversed
    ends(tuple)
    if tuple.transport.isICMP {
      json.field("icmp_type", flow.icmpType)
      json.field("icmp_code", flow.icmpCode)
    }
    json.field("ip_v", tuple.source.isV6 ? 6 : 4)
  }

  private mutating func ends(_ tuple: FiveTuple) {
    let hasPorts = tuple.transport.hasPorts
    json.field("src_ip", tuple.source)
    if hasPorts { json.field("src_port", tuple.sourcePort) }
    json.field("dest_ip", tuple.destination)
    if hasPorts { json.field("dest_port", tuple.destinationPort) }
    protocolName(tuple.transport)
  }

  mutating func protocolName(_ transport: TransportProtocol) {
    switch transport {
    case .tcp: json.field("proto", literal: "TCP")
    case .udp: json.field("proto", literal: "UDP")
    case .icmp: json.field("proto", literal: "ICMP")
    case .icmpv6: json.field("proto", literal: "IPv6-ICMP")
    case .sctp: json.field("proto", literal: "SCTP")
    case .gre: json.field("proto", literal: "GRE")
    case .esp: json.field("proto", literal: "ESP")
    default: json.field("proto", TransportNames.name(transport))
    }
  }

  mutating func community(_ flow: borrowing FlowRecord) {
    guard let communityID else { return }
    let isICMP = flow.transport.isICMP
    json.field("community_id", communityID.text(flow.tuple, icmp: isICMP ? (flow.icmpType, flow.icmpCode) : nil))
  }
}

extension TransportProtocol {
  /// UDP-Lite and DCCP have ports too, but nothing here decodes them.
  var hasPorts: Bool { self == .tcp || self == .udp || self == .sctp }
  var isICMP: Bool { self == .icmp || self == .icmpv6 }
}

/// Names of IP protocols as EVE has them: those of /etc/protocols, else three digits.
enum TransportNames {
  static func name(_ transport: TransportProtocol) -> String {
    if let known = names[transport.rawValue] { return known }
    let digits = String(transport.rawValue)
    return String(repeating: "0", count: 3 - digits.count) + digits
  }

  private static let names: [UInt8: String] = [
    0: "HOPOPT", 2: "IGMP", 3: "GGP", 4: "IP-in-IP", 5: "ST", 8: "EGP", 9: "IGP", 12: "PUP", 20: "HMP", 22: "XNS-IDP",
    27: "RDP", 29: "ISO-TP4", 33: "DCCP", 36: "XTP", 37: "DDP", 38: "IDPR-CMTP", 41: "IPv6", 43: "IPv6-Route",
    44: "IPv6-Frag", 45: "IDRP", 46: "RSVP", 51: "AH", 57: "SKIP", 59: "IPv6-NoNxt", 60: "IPv6-Opts", 73: "RSPF",
    81: "VMTP", 88: "EIGRP", 89: "OSPFIGP", 93: "AX.25", 94: "IPIP", 97: "ETHERIP", 98: "ENCAP", 103: "PIM",
    108: "IPComp", 112: "VRRP", 115: "L2TP", 124: "ISIS", 133: "FC", 135: "Mobility-Header", 136: "UDPLite",
    137: "MPLS-in-IP", 139: "HIP", 140: "Shim6",
  ]
}
