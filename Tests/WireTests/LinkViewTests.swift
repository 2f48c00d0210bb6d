import TestSupport
import Testing
import Wire

/// How long each header is at least, and whether its view takes given bytes.
struct ViewCase: Sendable, CustomTestStringConvertible {
  let name: String
  let whole: [UInt8]
  let accepts: @Sendable ([UInt8]) -> Bool
  var testDescription: String { name }
}

private let views: [ViewCase] = [
  ViewCase(name: "Ethernet", whole: [UInt8](repeating: 1, count: 14)) { $0.withWire { EthernetView($0) != nil } },
  ViewCase(name: "VLAN", whole: [0, 5, 8, 0]) { $0.withWire { VLANTagView($0) != nil } },
  ViewCase(name: "802.1ah", whole: [UInt8](repeating: 0, count: 18)) { $0.withWire { BackboneTagView($0) != nil } },
  ViewCase(name: "VN-Tag", whole: [UInt8](repeating: 0, count: 6)) { $0.withWire { VNTagView($0) != nil } },
  ViewCase(name: "SLL", whole: [UInt8](repeating: 0, count: 16)) { $0.withWire { LinuxCookedView($0) != nil } },
  ViewCase(name: "SLL2", whole: [UInt8](repeating: 0, count: 20)) { $0.withWire { LinuxCooked2View($0) != nil } },
  ViewCase(name: "loopback", whole: [2, 0, 0, 0]) { $0.withWire { LoopbackView($0) != nil } },
  ViewCase(name: "PPP", whole: [0xff, 3, 0, 0x21]) { $0.withWire { PPPView($0) != nil } },
  ViewCase(name: "PPPoE", whole: [0x11, 0, 0, 1, 0, 2]) { $0.withWire { PPPoEView($0) != nil } },
  ViewCase(name: "MPLS", whole: [0, 1, 1, 64]) { $0.withWire { MPLSView($0) != nil } },
  ViewCase(name: "Cisco HDLC", whole: [15, 0, 8, 0]) { $0.withWire { CiscoHDLCView($0) != nil } },
  ViewCase(name: "ARP", whole: [UInt8](repeating: 0, count: 28)) { $0.withWire { ARPView($0) != nil } },
  ViewCase(name: "IPv4", whole: Array(PacketBuilder.ipv4([], .tcp))) { $0.withWire { IPv4View($0) != nil } },
  ViewCase(name: "IPv4 with options", whole: PacketBuilder.ipv4([], .tcp, options: [1, 1, 1, 0])) {
    $0.withWire { IPv4View($0) != nil }
  },
  ViewCase(name: "IPv6", whole: PacketBuilder.ipv6([], next: 6)) { $0.withWire { IPv6View($0) != nil } },
  ViewCase(name: "IPv6 extension", whole: [6, 1] + [UInt8](repeating: 0, count: 14)) {
    $0.withWire { IPv6ExtensionView($0) != nil }
  },
  ViewCase(name: "IPv6 fragment", whole: [UInt8](repeating: 0, count: 8)) {
    $0.withWire { IPv6FragmentView($0) != nil }
  },
  ViewCase(name: "authentication", whole: [6, 2] + [UInt8](repeating: 0, count: 14)) {
    $0.withWire { AuthenticationHeaderView($0) != nil }
  },
  ViewCase(name: "TCP", whole: PacketBuilder.tcp()) { $0.withWire { TCPView($0) != nil } },
  ViewCase(name: "TCP with options", whole: PacketBuilder.tcp(options: [2, 4, 5, 0xb4])) {
    $0.withWire { TCPView($0) != nil }
  },
  ViewCase(name: "UDP", whole: PacketBuilder.udp([])) { $0.withWire { UDPView($0) != nil } },
  ViewCase(name: "ICMP", whole: PacketBuilder.icmp(type: 8)) { $0.withWire { ICMPView($0) != nil } },
  ViewCase(name: "SCTP", whole: [UInt8](repeating: 0, count: 12)) { $0.withWire { SCTPView($0) != nil } },
  ViewCase(name: "ESP", whole: [UInt8](repeating: 0, count: 8)) { $0.withWire { ESPView($0) != nil } },
  ViewCase(name: "GRE", whole: [0, 0, 8, 0]) { $0.withWire { GREView($0) != nil } },
  ViewCase(name: "GRE with key, sequence and checksum", whole: [0xb0, 0, 8, 0] + [UInt8](repeating: 0, count: 12)) {
    $0.withWire { GREView($0) != nil }
  },
  ViewCase(name: "GRE version 1", whole: [0x30, 0x81, 0x88, 0x0b] + [UInt8](repeating: 0, count: 12)) {
    $0.withWire { GREView($0) != nil }
  },
  ViewCase(name: "ERSPAN", whole: [UInt8](repeating: 0, count: 8)) { $0.withWire { ERSPANView($0) != nil } },
  ViewCase(name: "VXLAN", whole: [UInt8](repeating: 0, count: 8)) { $0.withWire { VXLANView($0) != nil } },
  ViewCase(name: "Geneve with options", whole: [1, 0, 0x65, 0x58] + [UInt8](repeating: 0, count: 8)) {
    $0.withWire { GeneveView($0) != nil }
  },
  ViewCase(name: "Teredo", whole: PacketBuilder.ipv6([1, 2, 3], next: 17)) { $0.withWire { TeredoView($0) != nil } },
  ViewCase(name: "NSH", whole: [UInt8](repeating: 0, count: 8)) { $0.withWire { NSHView($0) != nil } },
  ViewCase(name: "pcap", whole: PcapBuilder().header) { $0.withWire { PcapHeader($0) != nil } },
]

@Suite("Views take whole headers and nothing less")
struct LinkViewTests {
  @Test("a view takes its header, and no truncation of it", arguments: views)
  func truncations(_ view: ViewCase) {
    #expect(view.accepts(view.whole))
    #expect(view.accepts(view.whole + [0xff, 0xff, 0xff]))
    let least = view.name == "PPP" ? 3 : 0
    for length in 0..<view.whole.count where length != least || least == 0 {
      #expect(!view.accepts(Array(view.whole.prefix(length))), "\(length) bytes")
    }
  }

  @Test("an Ethernet header gives back what was built")
  func ethernet() {
    let bytes = PacketBuilder.ethernet(
      [7, 8], type: 0x86dd, source: [1, 2, 3, 4, 5, 6], destination: [7, 8, 9, 10, 11, 12])
    bytes.withWire { span in
      guard let view = EthernetView(span) else {
        Issue.record("a view")
        return
      }
      let found1 = view.source.description
      #expect(found1 == "01:02:03:04:05:06")
      let found2 = view.destination.description
      #expect(found2 == "07:08:09:0a:0b:0c")
      let found3 = view.etherType
      #expect(found3 == .ipv6)
      let found4 = view.payload.array()
      #expect(found4 == [7, 8])
    }
  }

  @Test(
    "PPP reads all four shapes of its header",
    arguments: [
      ([0xff, 0x03, 0x00, 0x21, 9], 4), ([0x00, 0x21, 9], 2), ([0xff, 0x03, 0x21, 9], 3), ([0x21, 9], 1),
    ] as [([UInt8], Int)])
  func ppp(bytes: [UInt8], length: Int) {
    bytes.withWire { span in
      guard let view = PPPView(span) else {
        Issue.record("a view")
        return
      }
      let found5 = view.networkProtocol
      #expect(found5 == .ipv4)
      let found6 = view.headerLength
      #expect(found6 == length)
    }
  }

  @Test(
    "loopback reads the family in either byte order",
    arguments: [
      ([2, 0, 0, 0], true, false), ([0, 0, 0, 2], true, false), ([30, 0, 0, 0], false, true),
      ([0, 0, 0, 24], false, true),
      ([7, 0, 0, 0], false, false),
    ] as [([UInt8], Bool, Bool)])
  func loopback(bytes: [UInt8], isV4: Bool, isV6: Bool) {
    bytes.withWire { span in
      let families = (LoopbackView(span)?.isIPv4, LoopbackView(span)?.isIPv6)
      #expect(families.0 == isV4)
      #expect(families.1 == isV6)
    }
  }
}
