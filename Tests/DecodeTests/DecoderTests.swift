import TestSupport
import Testing
import Wire

@testable import Decode

/// What came out of one frame, in the order it was handed out.
func decoded(
  _ bytes: [UInt8], linkType: LinkType = .ethernet, _ configuration: DecoderConfiguration = DecoderConfiguration()
) -> (packets: [DecodedPacket], payloads: [[UInt8]], counters: DecodeCounters) {
  var decoder = Decoder(configuration)
  var packets: [DecodedPacket] = []
  var payloads: [[UInt8]] = []
  let header = PacketHeader(
    timestamp: Timestamp(nanoseconds: 5), capturedLength: bytes.count, wireLength: bytes.count, linkType: linkType,
    number: 7)
  bytes.withWire { span in
    decoder.decode(span, header) { packet, inner in
      packets.append(copy packet)
      payloads.append(inner.clamped(packet.payloadOffset, packet.payloadOffset + packet.payloadLength).array())
    }
  }
  return (packets, payloads, decoder.counters)
}

@Suite("Plain packets")
struct DecoderTests {
  @Test("a TCP segment over IPv4 is read whole")
  func tcp4() {
    let frame = PacketBuilder.tcpFrame(
      sequence: 100, acknowledgement: 200, flags: [.ack, .psh], options: [1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2],
      [65, 66])
    let (packets, payloads, counters) = decoded(frame + [0, 0, 0])
    let packet = packets[0]
    #expect(packets.count == 1 && !packet.isInvalid && packet.events.isEmpty)
    #expect(packet.number == 7 && packet.etherOffset == 0 && packet.ipOffset == 14 && packet.transportOffset == 34)
    #expect(
      packet.tuple
        == FiveTuple(
          source: PacketBuilder.client.address, destination: PacketBuilder.server.address, sourcePort: 49152,
          destinationPort: 80, transport: .tcp))
    #expect(packet.tcpSequence == 100 && packet.tcpAcknowledgement == 200 && packet.tcpFlags == 0x18)
    #expect(
      packet.tcpOptions.hasTimestamps && packet.tcpOptions.timestampValue == 1 && packet.tcpOptions.timestampEcho == 2)
    #expect(packet.ipChecksum == .valid && packet.transportChecksum == .valid)
    #expect(payloads == [[65, 66]])
    #expect(counters.packets == 1 && counters.ethernet == 1 && counters.ipv4 == 1 && counters.tcp == 1)
    #expect(counters.bytes == UInt64(frame.count + 3))
  }

  @Test("a UDP datagram over IPv6 under two VLAN tags is read whole")
  func udp6() {
    let frame = PacketBuilder.udpFrame(
      from: PacketBuilder.client6, to: PacketBuilder.server6, [1, 2, 3], vlans: [6, 10])
    let (packets, payloads, counters) = decoded(frame)
    let packet = packets[0]
    #expect(packet.vlanCount == 2 && packet.vlanIDs.0 == 6 && packet.vlanIDs.1 == 10)
    #expect(packet.ipVersion == 6 && packet.source == PacketBuilder.client6.address)
    #expect(packet.transportChecksum == .valid && packet.ipChecksum == .unchecked)
    #expect(payloads == [[1, 2, 3]])
    #expect(counters.vlan == 1 && counters.vlanQinQ == 1 && counters.ipv6 == 1 && counters.udp == 1)
  }

  @Test("the options of a SYN are read in any order")
  func synOptions() {
    let options: [UInt8] = [2, 4, 5, 0xb4, 4, 2, 8, 10, 0, 0, 0, 9, 0, 0, 0, 0, 1, 3, 3, 7, 34, 2]
    let values = decoded(PacketBuilder.tcpFrame(flags: .syn, options: options)).packets[0].tcpOptions
    #expect(values.maximumSegmentSize == 1460 && values.windowScale == 7 && values.sackPermitted)
    #expect(values.hasTimestamps && values.timestampValue == 9 && values.hasFastOpen)
  }

  @Test("a wrong checksum is told, unless nobody asked", arguments: [true, false])
  func checksums(verify: Bool) {
    var configuration = DecoderConfiguration()
    configuration.verifyChecksums = verify
    var frame = PacketBuilder.tcpFrame([1, 2, 3])
    frame[frame.count - 1] ^= 0x55
    let (packets, _, counters) = decoded(frame, configuration)
    #expect(packets[0].transportChecksum == (verify ? .invalid : .unchecked))
    #expect(packets[0].ipChecksum == (verify ? .valid : .unchecked))
    #expect(counters.invalidChecksums == (verify ? 1 : 0))
    #expect(!packets[0].isInvalid)
  }

  @Test("fragments keep their part and no transport")
  func fragments() {
    let four = decoded(
      PacketBuilder.frame(
        PacketBuilder.ipv4([1, 2, 3], .udp, identification: 9, moreFragments: true, fragmentOffset: 16)))
    #expect(four.packets[0].isFragment && four.packets[0].moreFragments && four.packets[0].fragmentOffset == 16)
    #expect(four.packets[0].ipID == 9 && four.packets[0].transportOffset == -1 && four.payloads == [[1, 2, 3]])
    let piece = PacketBuilder.ipv6Fragment(
      [UInt8](repeating: 4, count: 8), next: 17, offset: 8, more: true, identification: 3)
    let six = decoded(PacketBuilder.frame(PacketBuilder.ipv6(piece, next: 44), isV6: true))
    #expect(six.packets[0].isFragment && six.packets[0].fragmentOffset == 8 && six.packets[0].ipID == 3)
    #expect(six.packets[0].transport == .udp && six.packets[0].fragmentHeaderOffset == 54)
    #expect(six.packets[0].fragmentHeaderNamedAt == 20 && six.payloads == [[UInt8](repeating: 4, count: 8)])
  }

  @Test("a datagram out of the defragmenter keeps time, number and VLANs")
  func datagram() {
    let template = decoded(PacketBuilder.frame(PacketBuilder.ipv4([1], .udp, fragmentOffset: 8), vlans: [5])).packets[0]
    var decoder = Decoder()
    let whole = PacketBuilder.ipv4(PacketBuilder.udp([9, 9]), .udp)
    var found: [DecodedPacket] = []
    whole.withWire { span in decoder.decodeDatagram(span, template: template) { packet, _ in found.append(copy packet) }
    }
    #expect(found.count == 1 && found[0].origin == .defragmented && found[0].origin.name == "defrag")
    #expect(
      found[0].number == 7 && found[0].vlanCount == 1 && found[0].vlanIDs.0 == 5 && found[0].destinationPort == 80)
    #expect(decoder.counters.packets == 0)
  }

  @Test("an ICMP error tells of whom it speaks")
  func embedded() {
    let quoted = PacketBuilder.ipv4(PacketBuilder.udp([1]), .udp)
    let message = PacketBuilder.icmp(type: 3, code: 3, quoted)
    let frame = PacketBuilder.frame(
      PacketBuilder.ipv4(message, .icmp, from: PacketBuilder.server, to: PacketBuilder.client))
    let packet = decoded(frame).packets[0]
    #expect(packet.icmpType == 3 && packet.icmpCode == 3 && packet.transportChecksum == .valid)
    frame.withWire { span in
      #expect(
        packet.embeddedTuple(in: span)
          == FiveTuple(
            source: PacketBuilder.client.address, destination: PacketBuilder.server.address, sourcePort: 49152,
            destinationPort: 80, transport: .udp))
    }
  }

  @Test("an echo has its identifiers, in both versions")
  func echo() {
    let four = decoded(PacketBuilder.frame(PacketBuilder.ipv4(PacketBuilder.icmp(type: 8, word: 0x0102_0304), .icmp)))
    #expect(four.packets[0].icmpID == 0x0102 && four.packets[0].icmpSequence == 0x0304)
    let message = PacketBuilder.icmpv6(type: 128, word: 0x0506_0708)
    let six = decoded(PacketBuilder.frame(PacketBuilder.ipv6(message, next: 58), isV6: true))
    #expect(six.packets[0].icmpID == 0x0506 && six.packets[0].transportChecksum == .valid)
  }

  @Test(
    "every link type leads to the same datagram",
    arguments: [
      (LinkType.raw, []), (.ipv4, []), (.null, [2, 0, 0, 0]), (.loop, [0, 0, 0, 2]),
      (.linuxCooked, [0, 0, 0, 1, 0, 6, 1, 2, 3, 4, 5, 6, 0, 0, 8, 0]),
      (.linuxCooked2, [8, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 6, 1, 2, 3, 4, 5, 6, 0, 0]), (.ciscoHDLC, [15, 0, 8, 0]),
      (.ppp, [0xff, 3, 0, 0x21]), (.pppHDLC, [0xff, 3, 0, 0x21]), (.ppp, [0x21]),
    ] as [(LinkType, [UInt8])])
  func linkTypes(linkType: LinkType, header: [UInt8]) {
    let result = decoded(header + PacketBuilder.ipv4(PacketBuilder.udp([3]), .udp), linkType: linkType)
    #expect(result.packets[0].destinationPort == 80 && result.payloads == [[3]] && result.packets[0].events.isEmpty)
  }

  @Test(
    "tags between Ethernet and IP are passed",
    arguments: [
      (0x8847, [0, 1, 0x01, 64]), (0x8847, [0, 1, 0x00, 64, 0, 2, 1, 64]), (0x8864, [0x11, 0, 0, 1, 0, 200, 0, 0x21]),
      (0x8926, [0, 1, 0, 2, 8, 0]), (0x88a8, [0, 1, 0x81, 0, 0, 2, 8, 0]),
      (0x88e7, [0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 2, 8, 0]),
      (0x8903, [0, 1] + [0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 2, 8, 0]),
      (0x894f, [0, 6, 1, 1, 0, 0, 1, 255] + [UInt8](repeating: 0, count: 16)),
      (0x0040, [0xaa, 0xaa, 3, 0, 0, 0, 8, 0]),
    ] as [(UInt16, [UInt8])])
  func tags(type: UInt16, header: [UInt8]) {
    let result = decoded(PacketBuilder.ethernet(header + PacketBuilder.ipv4(PacketBuilder.udp([3]), .udp), type: type))
    #expect(result.packets.count == 1 && result.packets[0].destinationPort == 80 && result.payloads == [[3]])
    #expect(result.packets[0].events.isEmpty, "\(result.packets[0].events.map(\.name))")
  }
}
