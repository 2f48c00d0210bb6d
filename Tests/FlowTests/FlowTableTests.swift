import Decode
import Testing
import Wire

@testable import Flow

@Suite("Flow table")
struct FlowTableTests {
  static let nobody = [UInt8](repeating: 0, count: 0)

  private func address(_ index: Int, isV6: Bool = false) -> IPAddress {
    isV6 ? IPAddress(high: 0x2001_0db8, low: UInt64(index)) : IPAddress(v4: 0x0a00_0000 + UInt32(index))
  }

  @Test("a random walk over many flows agrees with a dictionary", arguments: 1...6 as ClosedRange<UInt64>)
  func againstModel(_ seed: UInt64) {
    struct Modelled {
      var last: Double
      var packets = 0
      var answered = false
    }
    var random = SeededRandom(seed: seed)
    var configuration = FlowConfiguration()
    configuration.memoryCap = 8 << 20
    var table = FlowTable(configuration)
    var model: [String: Modelled] = [:]
    var (now, sent, ended) = (1_000.0, 0, 0)
    var ids: Set<UInt64> = []
    for step in 0..<6_000 {
      now += Double.random(in: 0...(step % 500 == 0 ? 400 : 0.5), using: &random)
      let (low, high) = (Int.random(in: 0..<12, using: &random), Int.random(in: 20..<32, using: &random))
      let isV6 = Bool.random(using: &random)
      let forward = Bool.random(using: &random)
      let ends = forward ? (low, high) : (high, low)
      let packet = packet(
        .udp, from: address(ends.0, isV6: isV6), UInt16(ends.0), to: address(ends.1, isV6: isV6), UInt16(ends.1),
        at: now)
      let ref = unsafe table.track(packet, FlowTableTests.nobody.span.bytes)
      sent += 1
      let name = "\(low) \(high) \(isV6)"
      var entry = model[name] ?? Modelled(last: -1e9)
      let isNew = now - entry.last > (entry.answered ? 300 : 30)
      if isNew { entry = Modelled(last: now) }
      #expect(ref?.isNew == isNew, "seed \(seed) step \(step)")
      guard let ref else { return }
      if isNew { #expect(ref.direction == .toServer) }
      if ref.direction == .toClient { entry.answered = true }
      entry.last = now
      entry.packets += 1
      model[name] = entry
      #expect(Int(table[ref.slot].packetsToServer + table[ref.slot].packetsToClient) == entry.packets)
      #expect((table[ref.slot].state == .established) == entry.answered)
      while let slot = table.nextEnded() {
        ended += Int(table[slot].packetsToServer + table[slot].packetsToClient)
        #expect(ids.insert(table[slot].id).inserted)
        #expect(table[slot].reason == .timeout)
        table.release(slot)
      }
      if step % 200 == 0 { table.checkInvariants() }
    }
    table.endAll()
    while let slot = table.nextEnded() {
      ended += Int(table[slot].packetsToServer + table[slot].packetsToClient)
      #expect(ids.insert(table[slot].id).inserted)
      table.release(slot)
    }
    #expect(ended == sent)
    #expect(table.count == 0)
    #expect(ids.allSatisfy { $0 > 0 && $0 < 1 << 53 })
    table.checkInvariants()
  }

  @Test(
    "idle flows end as packet time passes, each after its own time",
    arguments: [
      (TransportProtocol.udp, false, 30.0), (.udp, true, 300), (.icmp, false, 30), (.esp, false, 30),
      (.sctp, true, 300),
    ])
  func timeouts(_ transport: TransportProtocol, _ answered: Bool, _ seconds: Double) {
    for (wait, isOver) in [(seconds - 3, false), (seconds + 5, true)] {
      var table = FlowTable()
      let bytes = [UInt8](repeating: 7, count: 80)
      _ = unsafe table.track(packet(transport, from: address(1), 5, to: address(2), 6, at: 100), bytes.span.bytes)
      if answered {
        _ = unsafe table.track(packet(transport, from: address(2), 6, to: address(1), 5, at: 100), bytes.span.bytes)
      }
      for step in 0..<100 { table.advance(to: Timestamp(seconds: 100).advanced(seconds: wait * Double(step) / 99)) }
      #expect(table.endedCount == (isOver ? 1 : 0), "\(transport) after \(wait)")
      table.checkInvariants()
    }
  }

  @Test("a leap of years in packet time ends everything within bounded work per call")
  func leap() {
    var table = FlowTable()
    for index in 0..<500 {
      _ = unsafe table.track(
        packet(.udp, from: address(index), 1, to: address(9_999), 2, at: 10), FlowTableTests.nobody.span.bytes)
    }
    var calls = 0
    while table.endedCount < 500, calls < 200 {
      table.advance(to: Timestamp(seconds: 2_000_000_000))
      calls += 1
    }
    #expect(table.endedCount == 500)
    #expect(calls > 20)
  }

  @Test("a full table ends the longest idle with reason forced, says emergency, and recovers")
  func emergency() {
    var configuration = FlowConfiguration()
    configuration.memoryCap = 100 * FlowTable.bytesPerFlow
    var table = FlowTable(configuration)
    var forced = 0
    for index in 0..<1_000 {
      let ref = unsafe table.track(
        packet(.udp, from: address(index), 1, to: address(9_999), 2, at: 10 + Double(index) / 1_000),
        FlowTableTests.nobody.span.bytes)
      #expect(ref != nil)
      while let slot = table.nextEnded() {
        if table[slot].reason == .forced { forced += 1 }
        table.release(slot)
      }
    }
    table.checkInvariants()
    #expect(forced == 900)
    #expect(table.isEmergency == true)
    #expect(table.counters.emergencyEntered == 1)
    for second in 0..<200 {
      table.advance(to: Timestamp(seconds: 30 + Int64(second)))
      while let slot = table.nextEnded() { table.release(slot) }
    }
    #expect(table.isEmergency == false)
    #expect(table.counters.emergencyOver == 1)
  }

  @Test("a full table whose ends nobody takes refuses new flows and counts it")
  func refusal() {
    var configuration = FlowConfiguration()
    configuration.memoryCap = 1
    var table = FlowTable(configuration)
    var refused = 0
    for index in 0..<400 {
      let ref = unsafe table.track(
        packet(.udp, from: address(index), 1, to: address(9_999), 2, at: 10), FlowTableTests.nobody.span.bytes)
      if ref == nil { refused += 1 }
    }
    #expect(refused > 0)
    #expect(Int(table.counters.memoryCapDrops) == refused)
    table.checkInvariants()
  }

  @Test("VLAN and tunnel depth tell flows apart when they are used for tracking", arguments: [true, false])
  func scope(_ isUsed: Bool) {
    var configuration = FlowConfiguration()
    configuration.usesVLAN = isUsed
    configuration.usesTunnelDepth = isUsed
    var table = FlowTable(configuration)
    for variant in 0..<4 {
      var packet = packet(.udp, from: address(1), 5, to: address(2), 6, at: 1)
      if variant & 1 != 0 { (packet.vlanCount, packet.vlanIDs.0) = (1, 7) }
      if variant & 2 != 0 { packet.tunnelDepth = 1 }
      _ = unsafe table.track(packet, FlowTableTests.nobody.span.bytes)
    }
    #expect(table.count == (isUsed ? 4 : 1))
  }

  @Test("echo request and reply are one flow; without the echo id so are two pings", arguments: [true, false])
  func ping(_ usesID: Bool) throws {
    var configuration = FlowConfiguration()
    configuration.usesICMPEchoID = usesID
    var table = FlowTable(configuration)
    var last: FlowRef?
    for (type, id, back) in [(8, 1, false), (0, 1, true), (8, 2, false), (0, 2, true)] {
      var packet = packet(.icmp, from: address(back ? 2 : 1), 0, to: address(back ? 1 : 2), 0, at: 1)
      (packet.icmpType, packet.icmpID) = (UInt8(type), UInt16(id))
      last = unsafe table.track(packet, FlowTableTests.nobody.span.bytes)
    }
    #expect(table.count == (usesID ? 2 : 1))
    let ref = try #require(last)
    #expect(ref.direction == .toClient)
    #expect(table[ref.slot].icmpType == 8)
    #expect(table[ref.slot].icmpResponseType == 0)
    #expect(table[ref.slot].state == .established)
  }

  @Test("what has no conversation has no flow")
  func none() {
    var table = FlowTable()
    var fragment = packet(.udp, from: address(1), 5, to: address(2), 6, at: 1)
    fragment.isFragment = true
    var broken = packet(.udp, from: address(1), 5, to: address(2), 6, at: 1)
    broken.isInvalid = true
    var notIP = packet(.udp, from: address(1), 5, to: address(2), 6, at: 1)
    notIP.ipVersion = 0
    let gre = packet(.gre, from: address(1), 0, to: address(2), 0, at: 1)
    for packet in [fragment, broken, notIP, gre] {
      unsafe #expect(table.track(packet, FlowTableTests.nobody.span.bytes) == nil)
    }
    #expect(table.count == 0)
  }

  @Test("the record keeps what EVE's flow tells")
  func record() throws {
    var table = FlowTable()
    var first = packet(.udp, from: address(2), 50, to: address(1), 53, at: 100, length: 30)
    (first.vlanCount, first.vlanIDs.0, first.ttl) = (1, 42, 60)
    var answer = packet(.udp, from: address(1), 53, to: address(2), 50, at: 103.5, length: 100)
    (answer.vlanCount, answer.vlanIDs.0, answer.ttl) = (1, 42, 200)
    _ = unsafe table.track(first, FlowTableTests.nobody.span.bytes)
    let found = unsafe table.track(answer, FlowTableTests.nobody.span.bytes)
    let ref = try #require(found)
    let record = table[ref.slot]
    #expect(record.tuple == first.tuple)
    #expect((record.packetsToServer, record.packetsToClient) == (1, 1))
    #expect((record.bytesToServer, record.bytesToClient) == (84, 154))
    #expect(record.age == 3)
    #expect(record.vlanCount == 1 && record.vlanID(0) == 42)
    #expect((record.minimumTTLToServer, record.maximumTTLToClient) == (60, 200))
    #expect(record.state.name == "established")
  }

  @Test("ids are the same for the same seed, and different between workers")
  func ids() throws {
    func id(_ worker: Int) throws -> UInt64 {
      var configuration = FlowConfiguration()
      (configuration.workers, configuration.worker) = (2, worker)
      var table = FlowTable(configuration)
      let ref = unsafe table.track(
        packet(.udp, from: address(1), 1, to: address(2), 2, at: 1), FlowTableTests.nobody.span.bytes)
      let found = try #require(ref)
      return table[found.slot].id
    }
    let (first, again, other) = (try id(0), try id(0), try id(1))
    #expect(first == again)
    #expect(first != other)
  }

  @Test("random packets of any kind break nothing", arguments: 1...8 as ClosedRange<UInt64>)
  func anything(_ seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var configuration = FlowConfiguration()
    configuration.memoryCap = 1
    configuration.stream.midstream = seed % 2 == 0
    configuration.stream.asyncOneside = seed % 3 == 0
    configuration.stream.deliversWhenAcknowledged = seed % 4 == 0
    configuration.stream.maximumBufferedPieces = 5
    configuration.stream.maximumUnacknowledgedPieces = 5
    configuration.stream.memoryCap = 100_000
    configuration.stream.depth = seed % 5 == 0 ? 3_000 : 0
    configuration.stream.urgent = [.inline, .outOfBand, .gap, .drop][Int(seed % 4)]
    var table = FlowTable(configuration)
    var now = 1_000.0
    let payload = [UInt8](repeating: 65, count: 3_000)
    for step in 0..<15_000 {
      now += Double.random(in: -1...2, using: &random)
      if step % 1_000 == 999 { now += 1_000 }
      let ends = (Int.random(in: 0..<6, using: &random), Int.random(in: 0..<6, using: &random))
      let transport: TransportProtocol = [.tcp, .tcp, .tcp, .udp, .icmp, .icmpv6, .esp][
        Int.random(in: 0..<7, using: &random)]
      let length = Int.random(in: 0..<10, using: &random) == 0 ? 2_900 : Int.random(in: 0..<40, using: &random)
      var packet = packet(transport, from: address(ends.0), 1, to: address(ends.1), 2, at: now, length: length)
      packet.tcpFlags = Bool.random(using: &random) ? 0x10 : UInt8.random(in: 0...255, using: &random)
      packet.tcpSequence =
        UInt32.random(in: 0...200, using: &random) &- 100
        &+ (Int.random(in: 0..<50, using: &random) == 0 ? .random(in: 0...UInt32.max, using: &random) : 0)
      packet.tcpAcknowledgement = UInt32.random(in: 0...200, using: &random) &- 100
      packet.tcpWindow = .random(in: 0...UInt16.max, using: &random)
      packet.tcpUrgentPointer = .random(in: 0...20, using: &random)
      packet.tcpOptions.hasTimestamps = Bool.random(using: &random)
      packet.tcpOptions.timestampValue = .random(in: 0...3, using: &random)
      packet.tcpOptions.hasWindowScale = Bool.random(using: &random)
      packet.tcpOptions.windowScale = .random(in: 0...255, using: &random)
      packet.icmpType = .random(in: 0...20, using: &random)
      packet.ipTotalLength = .random(in: 0...70_000, using: &random)
      if let ref = unsafe table.track(packet, payload.span.bytes) {
        var delivered = 0
        while let slot = table.nextEnded() {
          table.flush(slot) { delivered += $0.bytes.byteCount }
          table.release(slot)
        }
        unsafe table.segment(ref, packet, payload.span.bytes.clamped(0, length)) { delivered += $0.bytes.byteCount }
        if Int.random(in: 0..<100, using: &random) == 0 { table.swap(ref.slot) }
      }
      if step % 300 == 0 { table.checkInvariants() }
    }
    table.endAll()
    while let slot = table.nextEnded() {
      table.flush(slot) { _ in }
      table.release(slot)
    }
    table.checkInvariants()
    #expect(table.count == 0)
  }
}
