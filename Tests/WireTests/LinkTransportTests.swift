import TestSupport
import Testing
import Wire

@Suite("Network and transport views")
struct LinkTransportTests {
  @Test("an IPv4 header gives back what was built, and its checksum is right")
  func ipv4() {
    let bytes = PacketBuilder.ipv4(
      [1, 2, 3], .udp, ttl: 9, identification: 77, moreFragments: true, fragmentOffset: 1480, options: [7, 3, 4])
    (bytes + [0xee]).withWire { span in
      guard let view = IPv4View(span) else {
        Issue.record("a view")
        return
      }
      let found1 = view.headerLength
      #expect(found1 == 24)
      let found2 = view.totalLength
      #expect(found2 == 27)
      let found3 = view.ttl
      #expect(found3 == 9)
      let found4 = view.identification
      #expect(found4 == 77)
      let flags = [view.moreFragments, view.isFragment, view.dontFragment]
      #expect(flags == [true, true, false])
      let found5 = view.fragmentOffset
      #expect(found5 == 1480)
      let found6 = view.transport
      #expect(found6 == .udp)
      let found7 = view.source
      #expect(found7 == PacketBuilder.client.address)
      let found8 = view.destination
      #expect(found8 == PacketBuilder.server.address)
      let found9 = view.options.array()
      #expect(found9 == [7, 3, 4, 0])
      let found10 = view.payload.array()
      #expect(found10 == [1, 2, 3])
      let isValid = view.isChecksumValid
      #expect(isValid)
    }
    var broken = bytes
    broken[8] ^= 1
    let isBroken = broken.withWire { IPv4View($0)?.isChecksumValid == false }
    #expect(isBroken)
  }

  @Test(
    "an IPv4 payload never reaches beyond the bytes, whatever the length says", arguments: [0, 5, 19, 20, 21, 65_535])
  func ipv4Length(total: Int) {
    PacketBuilder.ipv4([1, 2], .udp, totalLength: UInt16(total)).withWire { span in
      let count = IPv4View(span)?.payload.byteCount
      #expect(count == min(max(total - 20, 0), 2))
    }
  }

  @Test("a TCP header gives back what was built")
  func tcp() {
    let bytes = PacketBuilder.tcp(
      sequence: 0xdead_beef, acknowledgement: 5, flags: [.syn, .ack], window: 4096, options: [2, 4, 5, 0xb4], [42])
    bytes.withWire { span in
      guard let view = TCPView(span) else {
        Issue.record("a view")
        return
      }
      let found11 = view.sourcePort
      #expect(found11 == 49152)
      let found12 = view.destinationPort
      #expect(found12 == 80)
      let found13 = view.sequence
      #expect(found13 == 0xdead_beef)
      let found14 = view.acknowledgement
      #expect(found14 == 5)
      let found15 = view.flags
      #expect(found15 == [.syn, .ack])
      let found16 = view.window
      #expect(found16 == 4096)
      let found17 = view.options.array()
      #expect(found17 == [2, 4, 5, 0xb4])
      let found18 = view.payload.array()
      #expect(found18 == [42])
    }
  }

  @Test(
    "options are walked to their end, and a broken length ends the walk",
    arguments: [
      ([1, 2, 4, 5, 0xb4, 0, 9], [.padding, .option(type: 2, start: 3, end: 5), .end(marked: true)]),
      ([4, 2], [.option(type: 4, start: 2, end: 2), .end(marked: false)]),
      ([8, 1, 1], [.broken(type: 8), .end(marked: false)]), ([8], [.broken(type: 8), .end(marked: false)]),
      ([8, 10, 1], [.broken(type: 8), .end(marked: false)]), ([], [.end(marked: false)]),
    ] as [([UInt8], [OptionWalk.Step])])
  func options(list: [UInt8], steps: [OptionWalk.Step]) {
    let walked = list.withWire { span in
      var walk = OptionWalk(span)
      var found: [OptionWalk.Step] = []
      while found.count < 8 {
        found.append(walk.next())
        if case .end = found[found.count - 1] { break }
      }
      return found
    }
    #expect(walked == steps)
  }

  /// RFC 1071's own way, two bytes at a time.
  private func slowChecksum(_ bytes: [UInt8]) -> UInt16 {
    var sum = 0
    for index in stride(from: 0, to: bytes.count, by: 2) {
      sum += Int(bytes[index]) << 8 | (index + 1 < bytes.count ? Int(bytes[index + 1]) : 0)
    }
    while sum > 0xffff { sum = sum & 0xffff + sum >> 16 }
    return ~UInt16(sum)
  }

  @Test("the checksum agrees with the plain way for every length")
  func checksum() {
    var random = SystemRandomNumberGenerator()
    for length in 0...200 {
      let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
      #expect(PacketBuilder.checksum(bytes) == slowChecksum(bytes), "\(bytes)")
    }
    let ones = [UInt8](repeating: 0xff, count: 65_535)
    #expect(PacketBuilder.checksum(ones) == slowChecksum(ones))
    // The example of RFC 1071 section 3.
    #expect(PacketBuilder.checksum([0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7]) == ~0xddf2)
  }

  @Test(
    "pcapng times are read in every resolution",
    arguments: [
      (6, 1_500_000, 1_500_000_000), (9, 1_500_000_000, 1_500_000_000), (3, 1500, 1_500_000_000),
      (0, 2, 2_000_000_000), (12, 1_500_000_000_000, 1_500_000_000), (0x80 | 10, 1536, 1_500_000_000),
      (0x80 | 0, 2, 2_000_000_000), (0x80 | 63, 1 << 62, 500_000_000),
    ] as [(UInt8, UInt64, Int64)])
  func resolutions(resolution: UInt8, ticks: UInt64, nanoseconds: Int64) {
    let block = PcapNGBuilder().interface(resolution: resolution, secondsOffset: 10)
    Array(block.dropFirst(8).dropLast(4)).withWire { span in
      let interface = PcapNGInterface(span, littleEndian: true)
      let time = interface?.timestamp(high: UInt32(ticks >> 32), low: UInt32(truncatingIfNeeded: ticks))
      #expect(time == Timestamp(nanoseconds: nanoseconds + 10_000_000_000))
    }
  }
}
