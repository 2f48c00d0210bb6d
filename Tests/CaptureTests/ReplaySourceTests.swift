import Glibc
import Synchronization
import TestSupport
import Testing
import Wire

@testable import Capture

/// Time goes on only by waiting, and at most by `step`.
private final class StandingClock: ReplayClock {
  private let time = Mutex(Int64(1_800_000_000_000_000_000))
  let waits = Atomic<Int>(0)
  func now() -> Timestamp { Timestamp(nanoseconds: time.withLock { $0 }) }
  func wait(nanoseconds: Int64, orUntil descriptor: Int32) {
    waits.add(1, ordering: .relaxed)
    pass(nanoseconds)
  }
  func pass(_ nanoseconds: Int64) { time.withLock { $0 += nanoseconds } }
}

@Suite("Replay")
struct ReplaySourceTests {
  private static let second: Int64 = 1_000_000_000
  private static let syn = PacketBuilder.tcpFrame(flags: [.syn])
  private static let lookup = PacketBuilder.udpFrame(
    from: PacketEnd("192.0.2.10", 50_000), to: PacketEnd("192.0.2.53", 53), [1, 2, 3])

  private func capture(_ offsets: [Double], _ frames: [[UInt8]] = [syn, lookup]) throws -> TemporaryFile {
    let packets = offsets.enumerated().map { index, offset in
      CapturedPacket(
        frames[index % frames.count], nanoseconds: 1_700_000_000_000_000_000 + UInt64(offset * 1e9))
    }
    return try TemporaryFile(PcapBuilder(nanosecond: true).file(packets))
  }

  private func pace(_ change: (inout ReplaySource.Pace) -> Void) -> ReplaySource.Pace {
    var pace = ReplaySource.Pace()
    change(&pace)
    return pace
  }

  /// Runs to the end; the times are seconds since the clock's start.
  private func play(_ source: ReplaySource, _ clock: StandingClock, from start: Timestamp) throws -> (
    times: [Double], packets: [[UInt8]], numbers: [UInt64]
  ) {
    var result: (times: [Double], packets: [[UInt8]], numbers: [UInt64]) = ([], [], [])
    for _ in 0..<10_000 {
      let outcome = try source.dispatch(limit: 64) { header, bytes in
        #expect(header.timestamp <= clock.now())
        result.times.append(Double(header.timestamp.nanoseconds(since: start)) / 1e9)
        result.packets.append(bytes.array())
        result.numbers.append(header.number)
      }
      if outcome == .end { return result }
    }
    Issue.record("the replay does not end")
    return result
  }

  @Test("packets come at their own pace with present times, round after round")
  func pacing() throws {
    let file = try capture([0, 0.5, 0.5, 3])
    let clock = StandingClock()
    let start = clock.now()
    let source = try ReplaySource(path: file.path, pace: pace { $0.rounds = 2 }, clock: clock)
    let played = try play(source, clock, from: start)
    #expect(played.times == [0, 0.5, 0.5, 3, 5, 5.5, 5.5, 8])
    #expect(played.numbers == Array(1...8))
    #expect(source.statistics.packets == 8)
    // One wait at most for each 100 ms that passed: no busy loop.
    #expect(clock.waits.load(ordering: .relaxed) <= 90)
  }

  @Test("a speed of two halves every distance")
  func speed() throws {
    let file = try capture([0, 1, 2])
    let clock = StandingClock()
    let start = clock.now()
    let source = try ReplaySource(
      path: file.path,
      pace: pace {
        $0.rounds = 1
        $0.speed = 2
      }, clock: clock)
    #expect(try play(source, clock, from: start).times == [0, 0.5, 1])
  }

  @Test("a call waits no longer than the source's waiting time, then says idle")
  func idle() throws {
    let file = try capture([0, 60])
    let clock = StandingClock()
    let source = try ReplaySource(path: file.path, clock: clock)
    #expect(try source.dispatch(limit: 10) { _, _ in } == .packets(1))
    let before = clock.now()
    #expect(try source.dispatch(limit: 10) { _, _ in } == .idle)
    #expect(clock.now().nanoseconds(since: before) == Self.second / 10)
  }

  @Test("the limit of a call holds, and what is left comes with the next")
  func limit() throws {
    let file = try capture([0, 0, 0])
    let source = try ReplaySource(path: file.path, pace: pace { $0.rounds = 1 }, clock: StandingClock())
    #expect(try source.dispatch(limit: 2) { _, _ in } == .packets(2))
    #expect(try source.dispatch(limit: 2) { _, _ in } == .packets(1))
    #expect(try source.dispatch(limit: 2) { _, _ in } == .end)
  }

  @Test("after a long sleep the replay goes on from now, without a burst")
  func lag() throws {
    let file = try capture([0, 1, 2, 3])
    let clock = StandingClock()
    let source = try ReplaySource(path: file.path, clock: clock)
    #expect(try source.dispatch(limit: 10) { _, _ in } == .packets(1))
    clock.pass(3600 * Self.second)
    #expect(try source.dispatch(limit: 10) { _, _ in } == .packets(1))
  }

  @Test("every round has its own ephemeral ports and right checksums, and nothing else changes")
  func ports() throws {
    let server = PacketEnd("198.51.100.20", 80)
    let client6 = PacketEnd("2001:db8::10", 65_535)
    let frames = [
      PacketBuilder.tcpFrame([9, 8, 7]), PacketBuilder.tcpFrame(from: server, to: PacketEnd("192.0.2.10", 49_152)),
      Self.lookup, PacketBuilder.tcpFrame(from: client6, to: PacketBuilder.server6, [1]),
      PacketBuilder.frame(PacketBuilder.ipv4(PacketBuilder.icmp(type: 8), .icmp)), [1, 2, 3],
    ]
    let file = try capture([0, 0, 0, 0, 0, 0], frames)
    let clock = StandingClock()
    let source = try ReplaySource(path: file.path, pace: pace { $0.rounds = 50 }, clock: clock)
    let played = try play(source, clock, from: clock.now()).packets
    #expect(Array(played[..<6]) == frames)
    func shifted(_ port: Int, _ round: Int) -> UInt16 { UInt16(49_152 + (port - 49_152 + round * 1021) % 16_384) }
    for round in 1..<50 {
      let port = shifted(49_152, round)
      #expect(
        Array(played[round * 6..<round * 6 + 6]) == [
          PacketBuilder.tcpFrame(from: PacketEnd("192.0.2.10", port), [9, 8, 7]),
          PacketBuilder.tcpFrame(from: server, to: PacketEnd("192.0.2.10", port)),
          PacketBuilder.udpFrame(
            from: PacketEnd("192.0.2.10", shifted(50_000, round)), to: PacketEnd("192.0.2.53", 53), [1, 2, 3]),
          PacketBuilder.tcpFrame(
            from: PacketEnd("2001:db8::10", shifted(65_535, round)), to: PacketBuilder.server6, [1]),
          frames[4], frames[5],
        ], "round \(round)")
    }
  }

  @Test("stop ends a wait at once, from another thread")
  func stop() throws {
    let file = try capture([0, 3600])
    let source = try ReplaySource(path: file.path, pace: pace { $0.waitNanoseconds = 3600 * Self.second })
    #expect(try source.dispatch(limit: 10) { _, _ in } == .packets(1))
    // A thread of its own: the pool of tasks may have no more than the one that waits here.
    let stopper = unsafe Unmanaged.passRetained(Stopper(source))
    var thread = pthread_t()
    unsafe pthread_create(
      &thread, nil,
      { raw in
        guard let raw = unsafe raw else { return nil }
        unsafe Unmanaged<Stopper>.fromOpaque(raw).takeRetainedValue().stop()
        return nil
      }, stopper.toOpaque())
    #expect(try source.dispatch(limit: 10) { _, _ in } == .stopped)
    #expect(try source.dispatch(limit: 10) { _, _ in } == .stopped)
    pthread_join(thread, nil)
  }

  /// `stop()` alone may come from another thread.
  private final class Stopper: @unchecked Sendable {
    private let source: ReplaySource
    init(_ source: ReplaySource) { self.source = source }
    func stop() { source.stop() }
  }

  @Test("a capture without a packet, and a file that is none, are told")
  func mistakes() throws {
    let empty = try TemporaryFile(PcapBuilder().header)
    #expect(throws: CaptureError.self) { _ = try ReplaySource(path: empty.path) }
    let text = try TemporaryFile(Array("no capture".utf8))
    let error = #expect(throws: CaptureError.self) { _ = try ReplaySource(path: text.path) }
    #expect(error?.code == .notACapture)
  }

  @Test("a truncated capture is played as far as it goes")
  func truncated() throws {
    let whole = PcapBuilder().file([CapturedPacket(Self.syn), CapturedPacket(Self.syn)])
    let file = try TemporaryFile(whole.dropLast())
    let source = try ReplaySource(path: file.path, pace: pace { $0.rounds = 1 }, clock: StandingClock())
    #expect(try source.dispatch(limit: 10) { _, _ in } == .packets(1))
  }
}
