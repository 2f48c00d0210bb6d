internal import Wire

/// Packets of one TCP connection, told as a story: who says what, in order. Sequence numbers, acknowledgements and
/// times follow by themselves.
package struct ConversationBuilder: Sendable {
  package private(set) var packets: [CapturedPacket] = []
  package let client: PacketEnd
  package let server: PacketEnd
  package var vlans: [UInt16] = []
  /// Time of the next packet, and from one packet to the next.
  package var nanoseconds: UInt64
  package var step: UInt64 = 1_000_000
  /// Payload bytes of one segment.
  package var segmentSize = 1400
  private var next: (client: UInt32, server: UInt32) = (1000, 5000)

  package init(
    from client: PacketEnd = PacketBuilder.client, to server: PacketEnd = PacketBuilder.server,
    at nanoseconds: UInt64 = 1_700_000_000_000_000_000
  ) {
    self.client = client
    self.server = server
    self.nanoseconds = nanoseconds
  }

  package mutating func handshake() {
    send(fromClient: true, [.syn])
    send(fromClient: false, [.syn, .ack])
    send(fromClient: true, [.ack])
  }

  /// The client sends `bytes`; the server acknowledges.
  package mutating func client(_ bytes: [UInt8]) { say(bytes, fromClient: true) }
  package mutating func server(_ bytes: [UInt8]) { say(bytes, fromClient: false) }
  package mutating func client(_ text: String) { say(Array(text.utf8), fromClient: true) }
  package mutating func server(_ text: String) { say(Array(text.utf8), fromClient: false) }

  /// Both sides close, the client first.
  package mutating func close() {
    send(fromClient: true, [.fin, .ack])
    send(fromClient: false, [.fin, .ack])
    send(fromClient: true, [.ack])
  }

  package mutating func reset(fromClient: Bool = false) { send(fromClient: fromClient, [.rst, .ack]) }

  private mutating func say(_ bytes: [UInt8], fromClient: Bool) {
    for start in stride(from: 0, to: bytes.count, by: segmentSize) {
      let part = Array(bytes[start..<min(start + segmentSize, bytes.count)])
      send(fromClient: fromClient, [.psh, .ack], part)
    }
    send(fromClient: !fromClient, [.ack])
  }

  private mutating func send(fromClient: Bool, _ flags: TCPFlags, _ payload: [UInt8] = []) {
    let sequence = fromClient ? next.client : next.server
    let acknowledgement = flags.contains(.ack) ? (fromClient ? next.server : next.client) : 0
    let frame = PacketBuilder.tcpFrame(
      from: fromClient ? client : server, to: fromClient ? server : client, sequence: sequence,
      acknowledgement: acknowledgement, flags: flags, payload, vlans: vlans)
    packets.append(CapturedPacket(frame, nanoseconds: nanoseconds))
    nanoseconds += step
    let taken = UInt32(payload.count) + (flags.contains(.syn) || flags.contains(.fin) ? 1 : 0)
    if fromClient { next.client &+= taken } else { next.server &+= taken }
  }
}
