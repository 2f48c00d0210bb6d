internal import Wire

/// Packets of conversations, gathered in any order and written as one capture in the order of their times.
struct TrafficRecording {
  private var packets: [(time: Int64, bytes: [UInt8])] = []
  private var lastPort: [IPAddress: UInt16] = [:]

  /// An ephemeral port that this client has not used yet.
  mutating func end(of client: IPAddress) -> TrafficEnd {
    let port = (lastPort[client] ?? 49_151) + 1
    lastPort[client] = port
    return TrafficEnd(client, port)
  }

  mutating func add(_ bytes: [UInt8], at seconds: Double) { packets.append((Int64(seconds * 1e9), bytes)) }

  // MARK: conversations

  /// A TCP connection with its handshake, turns of either side and its end. A turn is split into segments.
  mutating func connection(
    from client: TrafficEnd, to server: TrafficEnd, at seconds: Double, _ turns: [(isClient: Bool, bytes: [UInt8])]
  ) {
    var line = TCPLine(client: client, server: server)
    var frames = [line.frame(PacketWriter.syn, true), line.frame(PacketWriter.syn | PacketWriter.ack, false)]
    frames.append(line.frame(PacketWriter.ack, true))
    for turn in turns {
      for start in stride(from: 0, to: turn.bytes.count, by: TCPLine.segmentSize) {
        let part = Array(turn.bytes[start..<min(start + TCPLine.segmentSize, turn.bytes.count)])
        frames.append(line.frame(PacketWriter.ack | PacketWriter.psh, turn.isClient, part))
      }
      frames.append(line.frame(PacketWriter.ack, !turn.isClient))
    }
    frames.append(line.frame(PacketWriter.fin | PacketWriter.ack, true))
    frames.append(line.frame(PacketWriter.fin | PacketWriter.ack, false))
    frames.append(line.frame(PacketWriter.ack, true))
    for (index, frame) in frames.enumerated() { add(frame, at: seconds + Double(index) * 0.001) }
  }

  /// A question and, where there is one, its answer.
  mutating func datagrams(
    from client: TrafficEnd, to server: TrafficEnd, at seconds: Double, _ question: [UInt8], _ answer: [UInt8]?
  ) {
    add(PacketWriter.udp(question, from: client, to: server), at: seconds)
    if let answer { add(PacketWriter.udp(answer, from: server, to: client), at: seconds + 0.002) }
  }

  // MARK: the file

  /// pcap with nanoseconds; the recording's own clock begins at `start`, in seconds since 1970.
  func pcap(from start: Int) -> [UInt8] {
    var out = Self.little(0xa1b2_3c4d) + [2, 0, 4, 0] + Self.little(0) + Self.little(0) + Self.little(262_144)
    out += Self.little(1)
    let sorted = packets.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
    for (_, packet) in sorted {
      out += Self.little(UInt32(truncatingIfNeeded: Int64(start) + packet.time / 1_000_000_000))
      out += Self.little(UInt32(truncatingIfNeeded: packet.time % 1_000_000_000))
      out += Self.little(UInt32(packet.bytes.count)) + Self.little(UInt32(packet.bytes.count)) + packet.bytes
    }
    return out
  }

  private static func little(_ value: UInt32) -> [UInt8] { PacketWriter.long(value.byteSwapped) }
}

/// Sequence numbers of both sides of one connection.
private struct TCPLine {
  static let segmentSize = 1400
  let client: TrafficEnd
  let server: TrafficEnd
  private var sent: (client: UInt32, server: UInt32)

  init(client: TrafficEnd, server: TrafficEnd) {
    self.client = client
    self.server = server
    sent = (UInt32(client.port) &* 40_503, UInt32(server.port) &* 2_654_435_761)
  }

  mutating func frame(_ flags: UInt8, _ isClient: Bool, _ payload: [UInt8] = []) -> [UInt8] {
    let takes = UInt32(payload.count) &+ (flags & (PacketWriter.syn | PacketWriter.fin) != 0 ? 1 : 0)
    let (own, other) = isClient ? (sent.client, sent.server) : (sent.server, sent.client)
    if isClient { sent.client &+= takes } else { sent.server &+= takes }
    return PacketWriter.tcp(
      PacketWriter.Segment(
        sequence: own, acknowledgement: flags & PacketWriter.ack != 0 ? other : 0, flags: flags, payload: payload),
      from: isClient ? client : server, to: isClient ? server : client)
  }
}
