import TestSupport
import Testing
import Wire

@testable import Decode

private let linkTypes: [LinkType] = [
  .ethernet, .raw, .null, .loop, .ppp, .pppHDLC, .pppEthernet, .ciscoHDLC, .linuxCooked, .linuxCooked2, .ipv4, .ipv6,
  LinkType(rawValue: 999),
]
private let inside = PacketBuilder.ipv6(PacketBuilder.icmpv6(type: 128), next: 58)
private let seeds: [[UInt8]] = [
  PacketBuilder.tcpFrame(options: [2, 4, 5, 0xb4, 3, 3, 7, 1], [1, 2, 3], vlans: [3]),
  PacketBuilder.frame(
    PacketBuilder.ipv4(
      [0x40, 0, 8, 0, 0, 0, 0, 0, 0, 1, 0, 2, 0, 0, 0, 0, 0, 0] + inside, .gre, options: [7, 7, 4, 0, 0, 0, 0])),
  PacketBuilder.frame(
    PacketBuilder.ipv6([60, 0, 1, 4, 0, 0, 0, 0, 44, 0, 1, 4, 0, 0, 0, 0, 58, 0, 0, 0, 0, 0, 0, 1] + inside, next: 0),
    isV6: true),
  PacketBuilder.udpFrame(to: PacketEnd("198.51.100.1", 3544), [0, 1, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 0] + inside),
  PacketBuilder.udpFrame(to: PacketEnd("198.51.100.1", 4789), [8, 0, 0, 0, 0, 0, 1, 0] + PacketBuilder.tcpFrame([9])),
  PacketBuilder.frame(
    PacketBuilder.ipv4(PacketBuilder.icmp(type: 3, code: 1, PacketBuilder.ipv4(PacketBuilder.udp([1]), .udp)), .icmp)),
]

@Suite("Whatever the bytes are")
struct RandomWalkTests {
  /// What must hold of every packet, so that those above may trust its offsets.
  private func check(_ bytes: [UInt8], _ linkType: LinkType, _ decoder: inout Decoder) {
    let header = PacketHeader(
      timestamp: Timestamp(nanoseconds: 0), capturedLength: bytes.count, wireLength: bytes.count, linkType: linkType,
      number: 1)
    var last = -1
    bytes.withWire { span in
      decoder.decode(span, header) { packet, inner in
        last = Int(packet.tunnelDepth)
        let end = packet.payloadOffset + packet.payloadLength
        let isSound =
          packet.payloadLength >= 0 && packet.payloadOffset >= 0 && end <= inner.byteCount
          && packet.capturedLength == inner.byteCount && packet.transportOffset <= inner.byteCount
          && packet.ipOffset + packet.ipHeaderLength <= inner.byteCount
          && packet.transportOffset + packet.transportHeaderLength <= max(inner.byteCount, 0)
        if !isSound { Issue.record("unsound offsets from \(bytes) as \(linkType.rawValue)") }
        _ = packet.embeddedTuple(in: inner)
      }
    }
    if last != 0 { Issue.record("the packet itself comes last: \(bytes) as \(linkType.rawValue)") }
  }

  @Test("random bytes are decoded without a trap and with sound offsets", arguments: 1...8)
  func random(seed: Int) {
    var generator = SeededRandom(seed: UInt64(seed))
    var decoder = Decoder()
    for _ in 0..<400 {
      let count = Int.random(in: 0...120, using: &generator)
      let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
      for linkType in linkTypes { check(bytes, linkType, &decoder) }
    }
  }

  @Test("changed and cut packets are decoded without a trap and with sound offsets", arguments: 1...8)
  func mutated(seed: Int) {
    var generator = SeededRandom(seed: UInt64(seed))
    var decoder = Decoder()
    for frame in seeds {
      for length in 0...frame.count { check(Array(frame.prefix(length)), .ethernet, &decoder) }
      for _ in 0..<300 {
        var bytes = frame
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
          bytes[Int.random(in: 12..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
        }
        check(bytes, .ethernet, &decoder)
      }
    }
  }
}
