import Decode
import Testing
import Wire

@testable import Flow

@Suite("IP defragmentation")
struct IPDefragmenterTests {
  /// An IPv4 fragment as bytes (behind 14 bytes of link header) and as Decode reads it.
  static func v4(
    _ content: [UInt8], at offset: Int, more: Bool, id: UInt32 = 7, seconds: Double = 1
  ) -> (DecodedPacket, [UInt8]) {
    var bytes = [UInt8](repeating: 0, count: 14)
    let total = 20 + content.count
    bytes += [
      0x45, 0, UInt8(total >> 8), UInt8(total & 255), 0, UInt8(id), more ? 0x20 : 0, UInt8(offset / 8 & 255), 64, 17,
    ]
    bytes += [0xde, 0xad, 10, 0, 0, 1, 10, 0, 0, 2] + content
    var packet = packet(
      .udp, from: IPAddress(v4: 0x0a00_0001), 0, to: IPAddress(v4: 0x0a00_0002), 0, at: seconds, length: content.count)
    packet.isFragment = true
    (packet.moreFragments, packet.fragmentOffset, packet.ipID, packet.ipTotalLength) = (more, offset, id, total)
    return (packet, bytes)
  }

  /// An IPv6 fragment with a destination-options header before the fragment header.
  static func v6(_ content: [UInt8], at offset: Int, more: Bool, id: UInt32 = 7) -> (DecodedPacket, [UInt8]) {
    let (source, destination) = (IPAddress(high: 1, low: 1), IPAddress(high: 2, low: 2))
    let length = 8 + 8 + content.count
    var bytes: [UInt8] =
      [0x60, 0, 0, 0, UInt8(length >> 8), UInt8(length & 255), 60, 64] + source.bytes + destination.bytes
    bytes += [44, 0, 1, 4, 0, 0, 0, 0]
    bytes += [17, 0, UInt8(offset >> 8), UInt8(offset & 0xf8) | (more ? 1 : 0), 0, 0, 0, UInt8(id)] + content
    var packet = packet(.udp, from: source, 0, to: destination, 0, at: 1, length: content.count)
    packet.isFragment = true
    (packet.ipOffset, packet.ipHeaderLength, packet.ipTotalLength) = (0, 56, 56 + content.count)
    (packet.fragmentHeaderOffset, packet.fragmentHeaderNamedAt) = (48, 40)
    (packet.moreFragments, packet.fragmentOffset, packet.ipID) = (more, offset, id)
    return (packet, bytes)
  }

  static func feed(_ defragmenter: inout IPDefragmenter, _ fragment: (DecodedPacket, [UInt8])) -> (
    whole: [UInt8]?, events: [DecodeEvent]
  ) {
    var whole: [UInt8]?
    let outcome = unsafe defragmenter.fragment(fragment.0, fragment.1.span.bytes) { whole = $0.array() }
    #expect(outcome.isComplete == (whole != nil))
    return (whole, Array(outcome.events))
  }

  @Test("an IPv4 datagram comes whole with its length and checksum set anew")
  func ipv4() throws {
    var defragmenter = IPDefragmenter()
    let content = (0..<40).map { UInt8($0) }
    #expect(Self.feed(&defragmenter, Self.v4(Array(content[24...]), at: 24, more: false)).whole == nil)
    #expect(Self.feed(&defragmenter, Self.v4(Array(content[..<8]), at: 0, more: true)).whole == nil)
    let whole = try #require(Self.feed(&defragmenter, Self.v4(Array(content[8..<24]), at: 8, more: true)).whole)
    #expect(Array(whole[20...]) == content)
    #expect(whole[2...3] == [0, 60])
    #expect(whole[6...7] == [0, 0])
    var sum = stride(from: 0, to: 20, by: 2).reduce(0) { $0 + Int(whole[$1]) << 8 + Int(whole[$1 + 1]) }
    while sum > 0xffff { sum = sum & 0xffff + sum >> 16 }
    #expect(sum == 0xffff)
    #expect(defragmenter.count == 0)
  }

  @Test("an IPv6 datagram comes whole without its fragment header")
  func ipv6() throws {
    var defragmenter = IPDefragmenter()
    let content = (0..<20).map { UInt8($0) }
    #expect(Self.feed(&defragmenter, Self.v6(Array(content[..<16]), at: 0, more: true)).whole == nil)
    let whole = try #require(Self.feed(&defragmenter, Self.v6(Array(content[16...]), at: 16, more: false)).whole)
    #expect(whole.count == 48 + 20)
    #expect(whole[4...6] == [0, 28, 60])
    #expect(whole[40...47] == [17, 0, 1, 4, 0, 0, 0, 0])
    #expect(Array(whole[48...]) == content)
  }

  @Test("any order and any doubling gives the datagram once", arguments: 1...40 as ClosedRange<UInt64>)
  func anyOrder(_ seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let content = (0..<Int.random(in: 9...3_000, using: &random)).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    var parts: [Range<Int>] = []
    var start = 0
    while start < content.count {
      let end = min(content.count, start + 8 * Int.random(in: 1...60, using: &random))
      parts.append(max(0, start - 8 * Int.random(in: 0...1, using: &random))..<end)
      start = end
    }
    parts.shuffle(using: &random)
    var defragmenter = IPDefragmenter()
    var wholes: [[UInt8]] = []
    for part in parts {
      let piece = Array(content[part])
      let more = part.upperBound < content.count
      let fragment =
        seed % 2 == 0
        ? Self.v4(piece, at: part.lowerBound, more: more) : Self.v6(piece, at: part.lowerBound, more: more)
      if let whole = Self.feed(&defragmenter, fragment).whole {
        wholes.append(Array(whole[(seed % 2 == 0 ? 20 : 48)...]))
      }
    }
    #expect(wholes == [content], "seed \(seed)")
  }

  /// Old "oooooooo" twice at 16..<32; of each new fragment the bytes that remain of 16..<32, in blocks of eight.
  static let overlaps: [(FragmentOverlapPolicy, [String])] = [
    // new: 8..<24, 16..<32, 16..<40, 24..<40, 8..<40
    (.first, ["oo", "oo", "oo", "oo", "oo"]), (.last, ["no", "nn", "nn", "on", "nn"]),
    (.bsd, ["no", "oo", "oo", "oo", "nn"]), (.bsdRight, ["oo", "nn", "nn", "on", "oo"]),
    (.linux, ["no", "nn", "nn", "oo", "nn"]), (.windows, ["oo", "oo", "oo", "oo", "nn"]),
    (.solaris, ["oo", "oo", "oo", "oo", "nn"]),
  ]

  @Test("overlaps are settled by the receiver's policy, with an event", arguments: overlaps.indices)
  func overlap(_ index: Int) throws {
    let (policy, expected) = Self.overlaps[index]
    let network = try #require(IPPrefix("10.0.0.0/8"))
    for (new, wanted) in zip([8..<24, 16..<32, 16..<40, 24..<40, 8..<40], expected) {
      var configuration = DefragmentConfiguration()
      configuration.policies = [(network, policy)]
      var defragmenter = IPDefragmenter(configuration)
      _ = Self.feed(&defragmenter, Self.v4([UInt8](repeating: 111, count: 16), at: 16, more: true))
      let second = Self.feed(
        &defragmenter, Self.v4([UInt8](repeating: 110, count: new.count), at: new.lowerBound, more: true))
      #expect(second.events == [.ipv4FragmentOverlap])
      for (offset, more) in [(0, true), (8, true), (32, true), (40, false)] {
        let whole = Self.feed(&defragmenter, Self.v4([UInt8](repeating: 46, count: 8), at: offset, more: more)).whole
        guard let whole else { continue }
        let got = String(decoding: [whole[20 + 16], whole[20 + 24]], as: UTF8.self)
        #expect(got == wanted, "\(policy), new at \(new)")
      }
      #expect(defragmenter.count == 0)
    }
  }

  @Test("impossible lengths are events and nothing else")
  func impossible() {
    var defragmenter = IPDefragmenter()
    let large = Self.feed(&defragmenter, Self.v4([UInt8](repeating: 0, count: 64), at: 65_528, more: false))
    #expect(large.events == [.ipv4FragmentsTooLarge])
    let odd = Self.feed(&defragmenter, Self.v6([1, 2, 3], at: 0, more: true))
    #expect(odd.events == [.ipv6FragmentInvalidLength])
    let (packet, bytes) = Self.v4([1, 2, 3, 4, 5, 6, 7, 8], at: 0, more: false)
    for count in 0..<bytes.count {
      let cut = Self.feed(&defragmenter, (packet, Array(bytes[..<count])))
      #expect(cut.whole == nil)
    }
    #expect(defragmenter.count == 0)
  }

  @Test("old ones are given up, and every limit is an event")
  func limits() {
    var configuration = DefragmentConfiguration()
    (configuration.maximumTrackers, configuration.maximumPieces) = (3, 4)
    var defragmenter = IPDefragmenter(configuration)
    for id in 1...4 as ClosedRange<UInt32> {
      let result = Self.feed(&defragmenter, Self.v4([UInt8](repeating: 0, count: 8), at: 0, more: true, id: id))
      #expect(result.events == (id == 4 ? [.ipv4FragmentIgnored] : []))
    }
    for piece in 1...4 {
      let result = Self.feed(&defragmenter, Self.v4([UInt8](repeating: 0, count: 8), at: piece * 16, more: true, id: 1))
      #expect(result.events == (piece == 4 ? [.ipv4FragmentIgnored] : []))
    }
    #expect(defragmenter.counters.trackersHit == 1)
    #expect(defragmenter.counters.piecesHit == 1)
    _ = Self.feed(&defragmenter, Self.v4([UInt8](repeating: 0, count: 8), at: 0, more: true, id: 9, seconds: 62))
    #expect(defragmenter.count == 1)
    #expect(defragmenter.counters.timeouts == 3)
  }

  @Test("random fragments break nothing")
  func anything() {
    var random = SeededRandom(seed: 77)
    var configuration = DefragmentConfiguration()
    (configuration.maximumTrackers, configuration.maximumPieces, configuration.memoryCap) = (5, 8, 20_000)
    var defragmenter = IPDefragmenter(configuration)
    for step in 0..<20_000 {
      let content = [UInt8](repeating: 1, count: Int.random(in: 0...200, using: &random))
      let offset = 8 * Int.random(in: 0...30, using: &random)
      var fragment = Self.v4(
        content, at: offset, more: .random(using: &random), id: .random(in: 0...9, using: &random),
        seconds: Double(step) / 10)
      if Int.random(in: 0..<9, using: &random) == 0 {
        fragment.0.ipTotalLength = .random(in: -5...70_000, using: &random)
      }
      if Int.random(in: 0..<9, using: &random) == 0 {
        fragment.0.fragmentOffset = .random(in: -5...70_000, using: &random)
      }
      if Int.random(in: 0..<9, using: &random) == 0 {
        fragment.1 = Array(fragment.1.prefix(.random(in: 0...60, using: &random)))
      }
      _ = Self.feed(&defragmenter, fragment)
      #expect(defragmenter.count <= 5)
    }
  }
}
