package import Wire

/// A capture file played again and again at its own pace, with present timestamps: live traffic for demonstrations
/// and exercises, without the right to capture.
///
/// The file is held in memory. Each round after the first moves the ephemeral ports, so that its flows are new ones
/// and not retransmissions. Waits on a poll that `stop()` ends; never spins.
package final class ReplaySource: PacketSource {
  package struct Pace: Sendable {
    /// 2: twice as fast as it was captured.
    package var speed = 1.0
    /// Silence between the end of one round and the next.
    package var gapNanoseconds: Int64 = 2_000_000_000
    /// Nil: until stopped.
    package var rounds: Int?
    /// How long `dispatch` waits before it returns `.idle`.
    package var waitNanoseconds: Int64 = 100_000_000
    package init() {}
  }

  package let name: String
  package private(set) var statistics = CaptureStatistics()
  private let recording: Recording
  private let pace: Pace
  private let clock: any ReplayClock
  private let stopSignal = StopSignal()
  private var round = 0
  private var next = 0
  private var roundStart: Timestamp?
  private var shift = PortShift(round: 0)

  /// A replay that fell further behind (a machine that slept) goes on from now instead of catching up in a burst.
  private static let largestLag: Int64 = 1_000_000_000

  package init(
    path: String, filter: String = "", pace: Pace = Pace(), clock: any ReplayClock = SystemReplayClock()
  ) throws(CaptureError) {
    recording = try Recording(path: path, filter: filter)
    name = "replay:" + (path.split(separator: "/").last.map(String.init) ?? path)
    self.pace = pace
    self.clock = clock
  }

  package func dispatch(
    limit: Int, _ body: (PacketHeader, RawSpan) -> Void
  ) throws(CaptureError) -> DispatchOutcome {
    if stopSignal.isRaised { return .stopped }
    guard !isOver else { return .end }
    var count = hand(limit, body)
    if count == 0, !isOver {
      let left = dueTime.nanoseconds(since: clock.now())
      clock.wait(nanoseconds: min(max(left, 0), pace.waitNanoseconds), orUntil: stopSignal.descriptor)
      if stopSignal.isRaised { return .stopped }
      count = hand(limit, body)
    }
    return count > 0 ? .packets(count) : .idle
  }

  package func stop() { stopSignal.raise() }

  private var isOver: Bool { pace.rounds.map { round >= $0 } ?? false }

  /// When the next packet is to be handed out.
  private var dueTime: Timestamp {
    let start = roundStart ?? clock.now()
    return Timestamp(nanoseconds: start.nanoseconds &+ stretched(recording.entries[next].offset))
  }

  private func stretched(_ nanoseconds: Int64) -> Int64 {
    pace.speed == 1 ? nanoseconds : Int64(Double(nanoseconds) / max(pace.speed, 0.001))
  }

  private func hand(_ limit: Int, _ body: (PacketHeader, RawSpan) -> Void) -> Int {
    let now = clock.now()
    if roundStart == nil { roundStart = now }
    catchUp(now)
    var count = 0
    while count < limit, !isOver, case let due = dueTime, due <= now {
      hand(recording.entries[next], at: due, body)
      count += 1
      advance(due)
    }
    return count
  }

  private func catchUp(_ now: Timestamp) {
    let lag = now.nanoseconds(since: dueTime)
    guard lag > Self.largestLag, let start = roundStart else { return }
    roundStart = Timestamp(nanoseconds: start.nanoseconds &+ lag)
  }

  private func hand(_ entry: Recording.Entry, at time: Timestamp, _ body: (PacketHeader, RawSpan) -> Void) {
    var packet = Array(recording.bytes[entry.range])
    if entry.linkType == .ethernet { shift.apply(to: &packet) }
    statistics.packets &+= 1
    statistics.bytes &+= UInt64(packet.count)
    let header = PacketHeader(
      timestamp: time, capturedLength: packet.count, wireLength: entry.wireLength, linkType: entry.linkType,
      number: statistics.packets)
    body(header, unsafe packet.span.bytes)
  }

  private func advance(_ due: Timestamp) {
    next += 1
    guard next == recording.entries.count else { return }
    next = 0
    round += 1
    shift = PortShift(round: round)
    roundStart = Timestamp(nanoseconds: due.nanoseconds &+ pace.gapNanoseconds)
  }
}

/// A capture file in memory, with the time of each packet since the first.
struct Recording {
  struct Entry {
    var offset: Int64
    var range: Range<Int>
    var wireLength: Int
    var linkType: LinkType
  }

  /// What is played in a loop is an exercise of minutes; a whole day's capture is for `vigil read`.
  static let largest = 256 << 20

  private(set) var entries: [Entry] = []
  private(set) var bytes: [UInt8] = []

  /// A truncated or corrupt file is played as far as it goes.
  init(path: String, filter: String) throws(CaptureError) {
    let file = try CaptureFile(path: path, filter: filter)
    var first: Timestamp?
    var reading = true
    while reading {
      let outcome = try file.dispatch(limit: 1024) { header, packet in
        let start = first ?? header.timestamp
        first = start
        // Packets that were captured out of order leave together.
        let offset = max(header.timestamp.nanoseconds(since: start), entries.last?.offset ?? 0)
        entries.append(
          Entry(
            offset: offset, range: bytes.count..<bytes.count + packet.byteCount, wireLength: header.wireLength,
            linkType: header.linkType))
        bytes += packet.array()
      }
      switch outcome {
      case .packets, .idle: reading = bytes.count <= Self.largest
      default: reading = false
      }
    }
    guard bytes.count <= Self.largest else {
      throw CaptureError(
        .unsupportedCapture, "\(path) holds more than 256 MiB, the limit of a replay", hint: "cut it with editcap -c")
    }
    guard !entries.isEmpty else {
      throw CaptureError(.unsupportedCapture, "\(path) holds no packet to replay", hint: "name another capture file")
    }
  }
}
