import TestSupport
import Testing
import Wire

@testable import Decode

private func four(_ payload: [UInt8], _ transport: TransportProtocol) -> [UInt8] {
  PacketBuilder.frame(PacketBuilder.ipv4(payload, transport))
}
private func six(_ payload: [UInt8], next: UInt8, hopLimit: UInt8 = 64) -> [UInt8] {
  PacketBuilder.frame(PacketBuilder.ipv6(payload, next: next, hopLimit: hopLimit), isV6: true)
}
private func changed(_ bytes: [UInt8], at index: Int, to value: UInt8) -> [UInt8] {
  var copy = bytes
  copy[index] = value
  return copy
}
private let udp = PacketBuilder.udp([1, 2, 3])
private let pad = [UInt8](repeating: 0, count: 6)

struct EventCase: Sendable, CustomTestStringConvertible {
  let name: String
  let frame: [UInt8]
  let isInvalid: Bool
  init(_ name: String, _ frame: [UInt8], invalid: Bool = true) {
    self.name = name
    self.frame = frame
    isInvalid = invalid
  }
  var testDescription: String { name }
}

private let networkCases: [EventCase] = [
  EventCase("ethernet.pkt_too_small", [1, 2, 3]),
  EventCase("ethernet.unknown_ethertype", PacketBuilder.ethernet([1, 2, 3], type: 0x88cc), invalid: false),
  EventCase("ipv4.pkt_too_small", PacketBuilder.ethernet([0x45, 0, 0])),
  EventCase("ipv4.wrong_ip_version", changed(four(udp, .udp), at: 14, to: 0x55)),
  EventCase("ipv4.hlen_too_small", changed(four(udp, .udp), at: 14, to: 0x44)),
  EventCase("ipv4.iplen_smaller_than_hlen", changed(four(udp, .udp), at: 17, to: 19)),
  EventCase("ipv4.trunc_pkt", Array(four(udp, .udp).dropLast(1))),
  EventCase("ipv4.opt_invalid_len", PacketBuilder.frame(PacketBuilder.ipv4(udp, .udp, options: [7, 40, 4, 0]))),
  EventCase(
    "ipv4.opt_malformed", PacketBuilder.frame(PacketBuilder.ipv4(udp, .udp, options: [7, 7, 3, 0, 0, 0, 0])),
    invalid: false),
  EventCase(
    "ipv4.opt_duplicate", PacketBuilder.frame(PacketBuilder.ipv4(udp, .udp, options: [148, 4, 0, 0, 148, 4, 0, 0])),
    invalid: false),
  EventCase(
    "ipv4.opt_unknown", PacketBuilder.frame(PacketBuilder.ipv4(udp, .udp, options: [200, 4, 0, 0])), invalid: false),
  EventCase("ipv4.icmpv6", four(PacketBuilder.icmpv6(type: 128), .icmpv6)),
  EventCase("ipv6.pkt_too_small", PacketBuilder.ethernet([0x60, 0, 0], type: 0x86dd)),
  EventCase("ipv6.wrong_ip_version", changed(six(udp, next: 17), at: 14, to: 0x45)),
  EventCase("ipv6.trunc_pkt", Array(six(udp, next: 17).dropLast(1))),
  EventCase("ipv6.trunc_exthdr", six([17, 5] + pad, next: 0)),
  EventCase(
    "ipv6.exthdr_useless_fh", six(PacketBuilder.ipv6Fragment(udp, next: 17, offset: 0, more: false), next: 44),
    invalid: false),
  EventCase("ipv6.fh_non_zero_reserved_field", six([17, 1, 0, 0, 0, 0, 0, 1] + udp, next: 44), invalid: false),
  EventCase(
    "ipv6.frag_invalid_length", six(PacketBuilder.ipv6Fragment([1, 2, 3], next: 17, offset: 0, more: true), next: 44)),
  EventCase(
    "ipv6.exthdr_dupl_fh",
    six(
      PacketBuilder.ipv6Fragment(
        PacketBuilder.ipv6Fragment(udp, next: 17, offset: 0, more: false), next: 44, offset: 0, more: false), next: 44),
    invalid: false),
  EventCase(
    "ipv6.exthdr_dupl_hh", six([0, 0, 1, 4, 0, 0, 0, 0, 17, 0, 1, 4, 0, 0, 0, 0] + udp, next: 0), invalid: false),
  EventCase(
    "ipv6.exthdr_dupl_rh", six([43, 0, 2, 0, 0, 0, 0, 0, 17, 0, 2, 0, 0, 0, 0, 0] + udp, next: 43), invalid: false),
  EventCase(
    "ipv6.exthdr_dupl_dh",
    six(
      [60, 0, 1, 4, 0, 0, 0, 0, 60, 0, 1, 4, 0, 0, 0, 0, 17, 0, 1, 4, 0, 0, 0, 0] + udp, next: 60), invalid: false),
  EventCase("ipv6.rh_type_0", six([17, 0, 0, 0, 0, 0, 0, 0] + udp, next: 43), invalid: false),
  EventCase("ipv6.exthdr_invalid_optlen", six([17, 0, 1, 40, 0, 0, 0, 0] + udp, next: 0), invalid: false),
  EventCase("ipv6.zero_len_padn", six([17, 0, 1, 0, 1, 2, 0, 0] + udp, next: 0), invalid: false),
  EventCase("ipv6.hopopts_only_padding", six([17, 0, 1, 4, 0, 0, 0, 0] + udp, next: 0), invalid: false),
  EventCase("ipv6.hopopts_unknown_opt", six([17, 0, 0x3a, 4, 0, 0, 0, 0] + udp, next: 0), invalid: false),
  EventCase("ipv6.dstopts_only_padding", six([17, 0, 1, 4, 0, 0, 0, 0] + udp, next: 60), invalid: false),
  EventCase("ipv6.dstopts_unknown_opt", six([17, 0, 0x3a, 4, 0, 0, 0, 0] + udp, next: 60), invalid: false),
  EventCase(
    "ipv6.exthdr_dupl_ah",
    six(
      [51, 2] + [0, 0] + [UInt8](repeating: 0, count: 12) + [17, 2, 0, 0] + [UInt8](repeating: 0, count: 12) + udp,
      next: 51), invalid: false),
  EventCase(
    "ipv6.exthdr_ah_res_not_null", six([17, 2, 0, 1] + [UInt8](repeating: 0, count: 12) + udp, next: 51), invalid: false
  ),
  EventCase("ipv6.data_after_none_header", six([1, 2], next: 59), invalid: false),
  EventCase("ipv6.unknown_next_header", six([1, 2], next: 250), invalid: false),
  EventCase("ipv6.icmpv4", six(PacketBuilder.icmp(type: 8), next: 1)),
  EventCase("ipv6.ipv4_in_ipv6_too_small", six([0x45], next: 4)),
  EventCase("ipv6.ipv4_in_ipv6_wrong_version", six([UInt8](repeating: 0x60, count: 40), next: 4)),
  EventCase("ipv6.ipv6_in_ipv6_too_small", six([0x60], next: 41)),
  EventCase("ipv6.ipv6_in_ipv6_wrong_version", six([UInt8](repeating: 0x45, count: 40), next: 41)),
]

private let transportCases: [EventCase] = [
  EventCase("tcp.pkt_too_small", four([1, 2, 3], .tcp)),
  EventCase("tcp.hlen_too_small", four(changed(PacketBuilder.tcp(), at: 12, to: 0x40), .tcp)),
  EventCase("tcp.invalid_optlen", four(changed(PacketBuilder.tcp(), at: 12, to: 0x60), .tcp)),
  EventCase("tcp.opt_invalid_len", PacketBuilder.tcpFrame(options: [2, 3, 5, 0]), invalid: false),
  EventCase("tcp.opt_duplicate", PacketBuilder.tcpFrame(options: [2, 4, 5, 0, 2, 4, 5, 0]), invalid: false),
  EventCase("udp.hlen_too_small", four([1, 2, 3], .udp)),
  EventCase("udp.pkt_too_small", four(changed(udp, at: 5, to: 12), .udp)),
  EventCase("udp.len_invalid", four(changed(udp, at: 5, to: 7), .udp)),
  EventCase("sctp.pkt_too_small", four([1, 2, 3], .sctp)),
  EventCase("esp.pkt_too_small", four([1, 2, 3], .esp)),
  EventCase("icmpv4.pkt_too_small", four([8, 0], .icmp)),
  EventCase("icmpv4.unknown_type", four(PacketBuilder.icmp(type: 44), .icmp), invalid: false),
  EventCase("icmpv4.unknown_code", four(PacketBuilder.icmp(type: 3, code: 16), .icmp), invalid: false),
  EventCase("icmpv4.ipv4_trunc_pkt", four(PacketBuilder.icmp(type: 3, code: 1, [0x45, 0]), .icmp), invalid: false),
  EventCase(
    "icmpv4.ipv4_unknown_ver", four(PacketBuilder.icmp(type: 3, code: 1, [UInt8](repeating: 0x66, count: 28)), .icmp),
    invalid: false),
  EventCase("icmpv6.pkt_too_small", six([128, 0], next: 58)),
  EventCase("icmpv6.unknown_type", six(PacketBuilder.icmpv6(type: 0), next: 58), invalid: false),
  EventCase("icmpv6.unassigned_type", six(PacketBuilder.icmpv6(type: 50), next: 58), invalid: false),
  EventCase("icmpv6.experimentation_type", six(PacketBuilder.icmpv6(type: 100), next: 58), invalid: false),
  EventCase("icmpv6.unknown_code", six(PacketBuilder.icmpv6(type: 128, code: 1), next: 58), invalid: false),
  EventCase("icmpv6.mld_message_with_invalid_hl", six(PacketBuilder.icmpv6(type: 130), next: 58), invalid: false),
  EventCase("icmpv6.ipv6_trunc_pkt", six(PacketBuilder.icmpv6(type: 1, [0x60]), next: 58), invalid: false),
  EventCase(
    "icmpv6.ipv6_unknown_version", six(PacketBuilder.icmpv6(type: 1, [UInt8](repeating: 0x45, count: 40)), next: 58),
    invalid: false),
]

private let tunnelCases: [EventCase] = [
  EventCase("gre.pkt_too_small", four([0, 0], .gre)),
  EventCase("gre.wrong_version", four([0, 2, 8, 0], .gre)),
  EventCase("gre.version0_recur", four([1, 0, 8, 0], .gre)),
  EventCase("gre.version0_flags", four([0, 0x80, 8, 0], .gre)),
  EventCase("gre.version0_hdr_too_big", four([0xb0, 0, 8, 0], .gre)),
  EventCase("gre.version0_malformed_sre_hdr", four([0x40, 0, 8, 0, 0, 0, 0, 0, 0, 1, 0, 200], .gre)),
  EventCase("gre.version1_chksum", four([0xa0, 1, 0x88, 0x0b, 0, 0, 0, 0], .gre)),
  EventCase("gre.version1_route", four([0x60, 1, 0x88, 0x0b, 0, 0, 0, 0], .gre)),
  EventCase("gre.version1_ssr", four([0x28, 1, 0x88, 0x0b, 0, 0, 0, 0], .gre)),
  EventCase("gre.version1_recur", four([0x21, 1, 0x88, 0x0b, 0, 0, 0, 0], .gre)),
  EventCase("gre.version1_flags", four([0x20, 0x09, 0x88, 0x0b, 0, 0, 0, 0], .gre)),
  EventCase("gre.version1_wrong_protocol", four([0x20, 1, 8, 0, 0, 0, 0, 0], .gre)),
  EventCase("gre.version1_no_key", four([0, 1, 0x88, 0x0b], .gre)),
  EventCase("gre.version1_hdr_too_big", four([0x20, 1, 0x88, 0x0b], .gre)),
  EventCase("erspan.header_too_small", four([0x10, 0, 0x88, 0xbe, 0, 0, 0, 1, 0x10], .gre)),
  EventCase("erspan.unsupported_version", four([0x10, 0, 0x88, 0xbe, 0, 0, 0, 1, 0x50, 0, 0, 0, 0, 0, 0, 0], .gre)),
  EventCase(
    "vxlan.unknown_payload_type",
    PacketBuilder.udpFrame(
      to: PacketEnd("198.51.100.1", 4789), [8, 0, 0, 0, 0, 0, 1, 0] + PacketBuilder.ethernet([1], type: 0x1234)),
    invalid: false),
  EventCase(
    "geneve.unknown_payload_type",
    PacketBuilder.udpFrame(
      to: PacketEnd("198.51.100.1", 6081), [0, 0, 0x12, 0x34, 0, 0, 1, 0, 9]), invalid: false),
]

private let linkCases: [EventCase] = [
  EventCase("vlan.header_too_small", PacketBuilder.ethernet([0], type: 0x8100)),
  EventCase("vlan.too_many_layers", PacketBuilder.frame(PacketBuilder.ipv4(udp, .udp), vlans: [1, 2, 3, 4])),
  EventCase("ieee8021ah.header_too_small", PacketBuilder.ethernet([0], type: 0x88e7)),
  EventCase("vntag.header_too_small", PacketBuilder.ethernet([0], type: 0x8926)),
  EventCase("dce.pkt_too_small", PacketBuilder.ethernet([0], type: 0x8903)),
  EventCase("mpls.header_too_small", PacketBuilder.ethernet([0], type: 0x8847)),
  EventCase("mpls.pkt_too_small", PacketBuilder.ethernet([0, 2, 1, 64], type: 0x8847)),
  EventCase("mpls.bad_label_router_alert", PacketBuilder.ethernet([0, 0, 0x11, 64], type: 0x8847)),
  EventCase("mpls.bad_label_implicit_null", PacketBuilder.ethernet([0, 0, 0x31, 64], type: 0x8847)),
  EventCase("mpls.bad_label_reserved", PacketBuilder.ethernet([0, 0, 0x51, 64], type: 0x8847)),
  EventCase("mpls.unknown_payload_type", PacketBuilder.ethernet([0, 2, 1, 64, 0x90], type: 0x8847)),
  EventCase("pppoe.pkt_too_small", PacketBuilder.ethernet([0x11, 0, 0, 1], type: 0x8864)),
  EventCase("pppoe.wrong_code", PacketBuilder.ethernet([0x11, 1, 0, 1, 0, 2, 0, 0x21], type: 0x8864)),
  EventCase("pppoe.malformed_tags", PacketBuilder.ethernet([0x11, 9, 0, 1, 0, 4, 1, 1, 0, 9], type: 0x8863)),
  EventCase("ppp.ip4_pkt_too_small", PacketBuilder.ethernet([0x11, 0, 0, 1, 0, 3, 0, 0x21, 0x45], type: 0x8864)),
  EventCase("ppp.ip6_pkt_too_small", PacketBuilder.ethernet([0x11, 0, 0, 1, 0, 3, 0, 0x57, 0x60], type: 0x8864)),
  EventCase("ppp.vju_pkt_too_small", PacketBuilder.ethernet([0x11, 0, 0, 1, 0, 3, 0, 0x2f, 0x45], type: 0x8864)),
  EventCase(
    "ppp.unsup_proto", PacketBuilder.ethernet([0x11, 0, 0, 1, 0, 2, 0xc0, 0x21], type: 0x8864), invalid: false),
  EventCase("ppp.wrong_type", PacketBuilder.ethernet([0x11, 0, 0, 1, 0, 2, 0x7e, 0x7e], type: 0x8864)),
  EventCase("nsh.header_too_small", PacketBuilder.ethernet([0, 6], type: 0x894f)),
  EventCase("nsh.unsupported_version", PacketBuilder.ethernet([0x40, 6, 1, 1, 0, 0, 1, 1], type: 0x894f)),
  EventCase("nsh.bad_header_length", PacketBuilder.ethernet([0, 3, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0], type: 0x894f)),
  EventCase("nsh.reserved_type", PacketBuilder.ethernet([0, 2, 0, 1, 0, 0, 1, 1], type: 0x894f)),
  EventCase("nsh.unsupported_type", PacketBuilder.ethernet([0, 2, 3, 1, 0, 0, 1, 1], type: 0x894f)),
  EventCase("nsh.unknown_payload", PacketBuilder.ethernet([0, 2, 2, 9, 0, 0, 1, 1], type: 0x894f)),
  EventCase("arp.pkt_too_small", PacketBuilder.ethernet([0, 1], type: 0x0806)),
  EventCase(
    "arp.unsupported_hardware",
    PacketBuilder.ethernet([0, 6, 8, 0, 6, 4, 0, 1] + [UInt8](repeating: 0, count: 20), type: 0x0806)),
  EventCase(
    "arp.unsupported_protocol",
    PacketBuilder.ethernet([0, 1, 8, 1, 6, 4, 0, 1] + [UInt8](repeating: 0, count: 20), type: 0x0806)),
  EventCase(
    "arp.invalid_hardware_size",
    PacketBuilder.ethernet([0, 1, 8, 0, 5, 4, 0, 1] + [UInt8](repeating: 0, count: 20), type: 0x0806)),
  EventCase(
    "arp.invalid_protocol_size",
    PacketBuilder.ethernet([0, 1, 8, 0, 6, 5, 0, 1] + [UInt8](repeating: 0, count: 20), type: 0x0806)),
  EventCase(
    "arp.unsupported_opcode",
    PacketBuilder.ethernet([0, 1, 8, 0, 6, 4, 0, 99] + [UInt8](repeating: 0, count: 20), type: 0x0806)),
]

@Suite("Decode events")
struct DecodeEventTests {
  @Test(
    "broken traffic raises the event of its name", arguments: networkCases + transportCases + tunnelCases + linkCases)
  func raised(_ event: EventCase) throws {
    let expected = try #require(DecodeEvent(name: event.name))
    let (packets, _, counters) = decoded(event.frame)
    let outer = try #require(packets.last)
    #expect(outer.events.contains(expected), "\(outer.events.map(\.name))")
    #expect(outer.isInvalid == event.isInvalid)
    #expect(counters.count(of: expected) == 1)
    #expect(counters.named.contains { $0.name == "decoder.event.\(event.name)" && $0.value == 1 })
  }

  @Test(
    "link types of their own raise theirs",
    arguments: [
      (LinkType.linuxCooked, [0], "sll.pkt_too_small"), (.linuxCooked2, [0], "sll2.pkt_too_small"),
      (.null, [0], "ltnull.pkt_too_small"), (.null, [9, 0, 0, 0], "ltnull.unsupported_type"),
      (.ciscoHDLC, [0], "chdlc.pkt_too_small"), (.ppp, [0], "ppp.pkt_too_small"),
      (.raw, [0x50], "ipraw.invalid_ip_version"),
    ] as [(LinkType, [UInt8], String)])
  func linkTypes(linkType: LinkType, bytes: [UInt8], name: String) throws {
    let packet = try #require(decoded(bytes, linkType: linkType).packets.first)
    #expect(packet.isInvalid && packet.events.map(\.ruleName) == [name])
  }

  @Test("every event has a name, and every name its event")
  func names() {
    #expect(DecodeEvent.ipv4PacketTooSmall.name == "decoder.ipv4.pkt_too_small")
    #expect(DecodeEvent.arpUnsupportedOpcode.name == "decoder.arp.unsupported_opcode")
    #expect(DecodeEvent.captureTruncated.ruleName == "afpacket.trunc_pkt")
    #expect(Set(DecodeEvent.allCases.map(\.name)).count == DecodeEvent.allCases.count)
    for event in DecodeEvent.allCases {
      #expect(DecodeEvent(name: event.name) == event && DecodeEvent(name: event.ruleName) == event)
    }
    #expect(DecodeEvent(name: "ipv4.nothing") == nil)
    #expect(DecodeEvent.allCases.count <= DecodeCounters().events.count)
  }

  @Test("a packet keeps fifteen events, each once, in order")
  func list() {
    var list = DecodeEventList()
    for event in DecodeEvent.allCases.prefix(20) {
      list.append(event)
      list.append(event)
    }
    #expect(Array(list) == Array(DecodeEvent.allCases.prefix(15)))
  }
}
