import Decode
import Testing
import Wire

@testable import Flow

@Suite("Reassembly")
struct ReassemblyTests {
  @Test("any cut, order, doubling and overlap that agrees gives the same bytes", arguments: 0..<60 as Range<UInt64>)
  func anyOrder(_ seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let stream = (0..<Int.random(in: 1...20_000, using: &random)).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 2) }
    let isn = seed % 2 == 0 ? UInt32.max &- UInt32.random(in: 0...20_000, using: &random) : 5
    let connection = Connection(clientISN: isn) {
      $0.stream.deliversWhenAcknowledged = seed % 3 == 0
      $0.stream.defaultPolicy = StreamOverlapPolicy.allCases[Int(seed) % StreamOverlapPolicy.allCases.count]
      $0.stream.maximumBufferedPieces = 1 << 20
      $0.stream.maximumUnacknowledgedPieces = 1 << 20
    }
    connection.handshake()
    let first = connection.clientSequence
    for part in cut(stream.count, &random) {
      connection.send(.toServer, Flag.ack, Array(stream[part]), sequence: first &+ UInt32(part.lowerBound))
      connection.table.checkInvariants()
    }
    connection.clientSequence = first &+ UInt32(stream.count)
    connection.send(.toClient, Flag.ack)
    connection.send(.toServer, Flag.finAck)
    connection.send(.toClient, Flag.ack)
    #expect(connection.told.bytes[0] == stream, "seed \(seed)")
    #expect(connection.told.gaps == [0, 0], "seed \(seed)")
    connection.finish()
    #expect(connection.told.ends == [1, 1], "seed \(seed)")
    connection.table.checkInvariants()
  }

  /// Covers 0..<count: cuts, stretched into their neighbours, some twice, shuffled.
  private func cut(_ count: Int, _ random: inout SeededRandom) -> [Range<Int>] {
    var parts: [Range<Int>] = []
    var start = 0
    while start < count {
      let end = min(count, start + Int.random(in: 1...1_460, using: &random))
      let early = Bool.random(using: &random) ? Int.random(in: 0...min(start, 300), using: &random) : 0
      parts.append(start - early..<end)
      if Int.random(in: 0..<5, using: &random) == 0 { parts.append(start..<end) }
      start = end
    }
    return parts.shuffled(using: &random)
  }

  @Test("lost data that the receiver acknowledges is a gap of its length, the rest follows")
  func gap() {
    let connection = Connection()
    connection.handshake()
    connection.send(.toServer, Flag.ack, "one")
    connection.clientSequence &+= 5
    connection.send(.toServer, Flag.ack, "three")
    #expect(connection.told.text(.toServer) == "one")
    connection.send(.toClient, Flag.ack)
    #expect(connection.told.story == ["s:one", "s:-5", "s:three"])
    #expect(connection.events == ["stream.reassembly_seq_gap"])
    #expect(connection.told.missing[0] == [3..<8])
    #expect(connection.table.streamCounters.gapBytes == 5)
  }

  @Test("a hole that nobody acknowledges is told when the flow ends")
  func gapAtEnd() {
    let connection = Connection()
    connection.handshake()
    connection.clientSequence &+= 4
    connection.send(.toServer, Flag.ack, "GOOD")
    #expect(connection.told.story.isEmpty)
    connection.finish()
    #expect(connection.told.story == ["s:-4", "s:GOOD", "s:end", "c:end"])
    #expect(connection.ends.map(\.reason) == ["shutdown"])
  }

  @Test("held until acknowledged: in pieces, at the ack, the rest when the flow ends")
  func whenAcknowledged() {
    let connection = Connection { $0.stream.deliversWhenAcknowledged = true }
    connection.handshake()
    let first = connection.clientSequence
    connection.send(.toServer, Flag.ack, "abc")
    connection.send(.toServer, Flag.ack, "defg")
    #expect(connection.told.story.isEmpty)
    connection.send(.toClient, Flag.ack, acknowledgement: first &+ 5)
    #expect(connection.told.story == ["s:abc", "s:de"])
    connection.finish()
    #expect(connection.told.story == ["s:abc", "s:de", "s:fg", "s:end", "c:end"])
  }

  @Test(
    "an exact retransmission with other bytes before the ack is settled by the receiver's policy",
    arguments: [
      (StreamOverlapPolicy.bsd, "GOOD"), (.linux, "GOOD"), (.oldLinux, "EVIL"), (.last, "EVIL"), (.first, "GOOD"),
    ])
  func exactOverlap(_ policy: StreamOverlapPolicy, _ expected: String) throws {
    let network = try #require(IPPrefix("10.0.0.0/24"))
    let connection = Connection {
      $0.stream.deliversWhenAcknowledged = true
      $0.stream.policies = [(network, policy)]
    }
    connection.handshake()
    let first = connection.clientSequence
    connection.send(.toServer, Flag.ack, "GOOD", sequence: first)
    connection.send(.toServer, Flag.ack, "EVIL", sequence: first)
    #expect(connection.events.contains("stream.reassembly_overlap_different_data"))
    connection.finish()
    #expect(connection.told.text(.toServer) == expected)
  }

  /// The old segment is "oooo" at 4..<8. For each new one, which bytes a reader gets of 4..<8.
  static let overlaps: [(StreamOverlapPolicy, [String])] = [
    // new: 2..<6, 4..<8, 4..<10, 5..<7, 6..<10, 2..<10
    (.first, ["oooo", "oooo", "oooo", "oooo", "oooo", "oooo"]),
    (.last, ["nnoo", "nnnn", "nnnn", "onno", "oonn", "nnnn"]),
    (.bsd, ["nnoo", "oooo", "oooo", "oooo", "oooo", "nnnn"]),
    (.windows, ["nnoo", "oooo", "oooo", "oooo", "oooo", "nnnn"]),
    (.linux, ["nnoo", "oooo", "nnnn", "oooo", "oooo", "nnnn"]),
    (.oldLinux, ["nnoo", "nnnn", "nnnn", "oooo", "oooo", "nnnn"]),
    (.solaris, ["nnoo", "oooo", "nnnn", "oooo", "oonn", "nnnn"]),
  ]

  @Test("overlaps out of order are settled by policy", arguments: overlaps.indices)
  func overlap(_ index: Int) {
    let (policy, expected) = ReassemblyTests.overlaps[index]
    for (new, wanted) in zip([2..<6, 4..<8, 4..<10, 5..<7, 6..<10, 2..<10], expected) {
      let connection = Connection { $0.stream.defaultPolicy = policy }
      connection.handshake()
      let first = connection.clientSequence
      connection.send(.toServer, Flag.ack, "oooo", sequence: first &+ 4)
      connection.send(
        .toServer, Flag.ack, String(repeating: "n", count: new.count), sequence: first &+ UInt32(new.lowerBound))
      connection.table.checkInvariants()
      connection.send(.toServer, Flag.ack, "....", sequence: first)
      let got = String(connection.told.text(.toServer).dropFirst(4).prefix(4))
      #expect(got == wanted, "\(policy), new at \(new)")
    }
  }

  @Test("beyond the depth nothing is delivered, told once, and the end still comes", arguments: [1, 7, 100])
  func depth(_ size: Int) {
    let connection = Connection { $0.stream.depth = 10 }
    connection.handshake()
    var sent = ""
    for _ in 0..<30 {
      let text = String(repeating: "x", count: size)
      sent += text
      connection.send(.toServer, Flag.ack, text)
    }
    connection.send(.toServer, Flag.finAck)
    #expect(connection.told.text(.toServer) == String(sent.prefix(10)))
    #expect(connection.told.depths == [1, 0])
    #expect(connection.told.ends == [1, 0])
    connection.send(.toClient, Flag.ack, "y")
    #expect(connection.told.text(.toClient) == "y")
    #expect(connection.table.streamCounters.gaps == 0)
  }

  @Test("more pieces than the limit: the hole is given up, with an event")
  func pieceLimit() {
    let connection = Connection { $0.stream.maximumBufferedPieces = 4 }
    connection.handshake()
    let first = connection.clientSequence
    var hits = 0
    for index in 1...5 {
      connection.send(.toServer, Flag.ack, "ab", sequence: first &+ UInt32(index * 10))
      if connection.events.contains("stream.reassembly_insert_limit") { hits += 1 }
      connection.table.checkInvariants()
    }
    #expect(hits == 1)
    #expect(connection.told.story == ["s:-10", "s:ab"])
  }

  @Test("more bytes than the pool's cap are dropped, with an event and a mark on the flow")
  func memoryCap() throws {
    let connection = Connection { $0.stream.memoryCap = 3 * 2048 }
    connection.handshake()
    let first = connection.clientSequence
    for index in 1...4 {
      connection.send(
        .toServer, Flag.ack, String(repeating: "z", count: 1_000), sequence: first &+ UInt32(index * 2_000))
    }
    #expect(connection.events.contains("stream.reassembly_insert_memcap"))
    let ref = try #require(connection.ref)
    #expect(connection.table[ref.slot].flags.contains(.memoryCapHit))
    connection.finish()
    #expect(connection.told.bytes[0].count == 3_000)
    connection.table.checkInvariants()
  }

  @Test(
    "the urgent byte is treated as configured",
    arguments: [
      (UrgentPolicy.inline, ["s:abcd", "s:e"]), (.outOfBand, ["s:a", "s:cd", "s:e"]),
      (.gap, ["s:a", "s:-1", "s:cd", "s:e"]),
    ])
  func urgent(_ policy: UrgentPolicy, _ story: [String]) {
    let connection = Connection { $0.stream.urgent = policy }
    connection.handshake()
    connection.send(.toServer, Flag.ack | Flag.urg, "abcd") { $0.tcpUrgentPointer = 2 }
    connection.send(.toServer, Flag.ack, "e")
    #expect(connection.told.story == story)
  }

  @Test("a capture that cut the packets gives gaps of what was cut")
  func snapLength() {
    let connection = Connection()
    connection.handshake()
    connection.send(.toServer, Flag.ack, "abc") { $0.ipTotalLength = 40 + 10 }
    connection.clientSequence &+= 7
    connection.send(.toServer, Flag.ack, "xyz")
    connection.send(.toClient, Flag.ack)
    #expect(connection.told.story == ["s:abc", "s:-7", "s:xyz"])
  }

  @Test("RST tells the end of both directions once")
  func reset() {
    let connection = Connection()
    connection.handshake()
    connection.send(.toServer, Flag.ack, "abc")
    connection.send(.toServer, Flag.rst)
    connection.finish()
    #expect(connection.told.story == ["s:abc", "s:end", "c:end"])
  }

  @Test("swap turns the connection round: what follows is told the other way")
  func swap() throws {
    let connection = Connection { $0.stream.midstream = true }
    connection.send(.toServer, Flag.ack, "HTTP/1.1 200")
    let ref = try #require(connection.ref)
    connection.table.swap(ref.slot)
    connection.send(.toServer, Flag.ack, " OK")
    connection.send(.toClient, Flag.ack, "GET")
    #expect(connection.told.story == ["s:HTTP/1.1 200", "c: OK", "s:GET"])
    #expect(connection.table[ref.slot].packetsToClient == 2)
    #expect(connection.table[ref.slot].tuple.source == connection.wire.server)
    #expect(connection.table[ref.slot].flags.contains(.swapped))
    connection.table.checkInvariants()
  }

  @Test("stopReassembly ends delivery of one direction and holds nothing")
  func stop() throws {
    let connection = Connection()
    connection.handshake()
    let ref = try #require(connection.ref)
    connection.table.stopReassembly(ref.slot, .toServer)
    connection.send(.toServer, Flag.ack, "secret")
    connection.send(.toClient, Flag.ack, "plain")
    connection.send(.toServer, Flag.finAck)
    #expect(connection.told.story == ["c:plain", "s:end"])
  }
}
