import TestSupport
import Testing
import Wire

@testable import Decode

private let inner = PacketBuilder.ipv4(
  PacketBuilder.udp(from: PacketEnd("10.1.1.1", 1000), to: PacketEnd("10.1.1.2", 2000), [77]), .udp,
  from: PacketEnd("10.1.1.1"), to: PacketEnd("10.1.1.2"))
private let innerFrame = PacketBuilder.ethernet(inner)

private func udpTunnel(_ port: UInt16, _ payload: [UInt8]) -> [UInt8] {
  PacketBuilder.udpFrame(to: PacketEnd("198.51.100.20", port), payload)
}

@Suite("Tunnels")
struct TunnelTests {
  @Test(
    "the inner packet comes first, as a packet of its own",
    arguments: [
      ("ipv4 tunnel", PacketBuilder.frame(PacketBuilder.ipv4(inner, .ipInIP))),
      ("ipv6 tunnel", PacketBuilder.frame(PacketBuilder.ipv6(inner, next: 4), isV6: true)),
      ("gre tunnel", PacketBuilder.frame(PacketBuilder.ipv4([0, 0, 8, 0] + inner, .gre))),
      ("gre tunnel", PacketBuilder.frame(PacketBuilder.ipv4([0x30, 0, 8, 0, 0, 0, 0, 1, 0, 0, 0, 2] + inner, .gre))),
      ("gre tunnel", PacketBuilder.frame(PacketBuilder.ipv4([0, 0, 0x65, 0x58] + innerFrame, .gre))),
      (
        "gre tunnel",
        PacketBuilder.frame(PacketBuilder.ipv4([0x30, 1, 0x88, 0x0b, 0, 0, 0, 0, 0, 0, 0, 1, 0x21] + inner, .gre))
      ),
      ("gre tunnel", PacketBuilder.frame(PacketBuilder.ipv4([0, 0, 0x88, 0xbe] + innerFrame, .gre))),
      (
        "gre tunnel",
        PacketBuilder.frame(
          PacketBuilder.ipv4([0x10, 0, 0x88, 0xbe, 0, 0, 0, 1, 0x10, 0, 0, 1, 0, 0, 0, 0] + innerFrame, .gre))
      ),
      ("vxlan encapsulation", udpTunnel(4789, [8, 0, 0, 0, 0, 0, 5, 0] + innerFrame)),
      ("geneve encapsulation", udpTunnel(6081, [0, 0, 0x65, 0x58, 0, 0, 5, 0] + innerFrame)),
      ("geneve encapsulation", udpTunnel(6081, [1, 0, 0x08, 0x00, 0, 0, 5, 0, 1, 2, 3, 0] + inner)),
    ] as [(String, [UInt8])])
  func tunnels(source: String, frame: [UInt8]) {
    let (packets, payloads, counters) = decoded(frame)
    #expect(packets.count == 2)
    guard packets.count == 2 else { return }
    #expect(packets[0].origin.name == source && packets[0].tunnelDepth == 1 && packets[0].number == 7)
    #expect(packets[0].sourcePort == 1000 && packets[0].destinationPort == 2000 && payloads[0] == [77])
    #expect(packets[0].outerSource == packets[1].source && packets[0].outerDestination == packets[1].destination)
    #expect(packets[1].origin == .wire && packets[1].tunnelDepth == 0 && packets[1].wireLength == frame.count)
    #expect(packets[0].wireLength < frame.count)
    #expect(packets.allSatisfy { !$0.isInvalid && $0.events.isEmpty })
    #expect(counters.packets == 1 && counters.invalid == 0)
  }

  @Test(
    "Teredo is opened on its port, with and without its preludes",
    arguments: [
      [], [0, 0, 1, 2, 3, 4, 5, 6], [0, 1, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 0],
    ] as [[UInt8]])
  func teredo(prelude: [UInt8]) {
    let inside = PacketBuilder.ipv6(PacketBuilder.icmpv6(type: 128), next: 58)
    let opened = decoded(udpTunnel(3544, prelude + inside))
    #expect(opened.packets.count == 2 && opened.packets[0].icmpType == 128)
    #expect(opened.packets[0].origin.name == "teredo tunnel" && opened.counters.teredo == 1)
    #expect(decoded(udpTunnel(3545, prelude + inside)).packets.count == 1)
  }

  @Test("ERSPAN brings the VLAN of its header to the inner packet")
  func erspan() {
    let header: [UInt8] = [0x10, 0, 0x88, 0xbe, 0, 0, 0, 1, 0x13, 0xf3, 0, 1, 0, 0, 0, 0]
    let packets = decoded(PacketBuilder.frame(PacketBuilder.ipv4(header + innerFrame, .gre))).packets
    #expect(packets.count == 2 && packets[0].vlanCount == 1 && packets[0].vlanIDs.0 == 1011)
  }

  @Test("tunnels in tunnels end at the limit, innermost first")
  func recursion() {
    var datagram = inner
    for _ in 0..<5 { datagram = PacketBuilder.ipv4(datagram, .ipInIP) }
    let five = decoded(PacketBuilder.frame(datagram)).packets
    #expect(five.map(\.tunnelDepth) == [5, 4, 3, 2, 1, 0])
    for _ in 0..<100 { datagram = PacketBuilder.ipv4(datagram, .ipInIP) }
    let (packets, _, counters) = decoded(PacketBuilder.frame(datagram))
    #expect(packets.count == 16 && packets[0].isInvalid && packets[0].events.contains(.tooManyLayers))
    #expect(counters.tooManyLayers == 1 && counters.invalid == 1)
  }
}
