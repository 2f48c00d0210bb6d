internal import AppLayer
internal import Sensor
internal import TestSupport
internal import Wire

/// Both directions of one application-layer session in pieces, with gaps and ends; every buffer that a rule could ask
/// for is looked at. The same bytes then cross a worker as packets of one connection, so that their records are
/// written.
///
/// A piece: one byte (bit 0: to client; bits 1-2: 3 ends the direction, 2 is a gap), one byte of length (times four),
/// the bytes.
enum ConversationEntrance {
  private enum Piece {
    case bytes([UInt8], Direction)
    case gap(Int, Direction)
    case end(Direction)
  }

  static func run(_ bytes: [UInt8], port: UInt16) {
    let pieces = pieces(bytes)
    let session = AppSession(
      transport: port == 53 ? .udp : .tcp, sourcePort: 40_000, destinationPort: port, configuration: configuration)
    for piece in pieces { feed(piece, session) }
    for direction in Direction.allCases { session.end(direction, at: time) }
    look(session)
    if port != 53 { record(pieces, port: port) }
  }

  private static let time = Timestamp(seconds: 1_700_000_000)

  private static let configuration: AppLayerConfiguration = {
    var settings = AppLayerSettings()
    settings.tls.computesJA3 = true
    settings.tls.computesJA4 = true
    settings.computesMD5 = true
    settings.http.isLZMAEnabled = true
    return AppLayerConfiguration(settings)
  }()

  private static func pieces(_ bytes: [UInt8]) -> [Piece] {
    var input = FuzzInput(bytes)
    var pieces: [Piece] = []
    while !input.isAtEnd, pieces.count < 200 {
      let order = input.byte()
      let direction: Direction = order & 1 == 0 ? .toServer : .toClient
      switch order >> 1 & 3 {
      case 2: pieces.append(.gap(Int(input.byte()) + 1, direction))
      case 3: pieces.append(.end(direction))
      default: pieces.append(.bytes(input.take(Int(input.byte()) << 2), direction))
      }
    }
    return pieces
  }

  private static func feed(_ piece: Piece, _ session: AppSession) {
    switch piece {
    case .bytes(let bytes, let direction): bytes.lend { session.receive($0, direction, at: time) }
    case .gap(let count, let direction): session.gap(count, direction, at: time)
    case .end(let direction): session.end(direction, at: time)
    }
    if session.transactions.count > 8 { session.release(where: { $0.isComplete && $0.logged }) }
  }

  private static func look(_ session: AppSession) {
    var previous: UInt64?
    for transaction in session.transactions.prefix(8) {
      precondition(previous.map { $0 < transaction.id } ?? true, "transactions ascend")
      previous = transaction.id
      for buffer in AppBuffer.allCases {
        for direction in Direction.allCases {
          for instance in 0..<3 { _ = unsafe transaction.bytes(buffer, instance, direction)?.first }
        }
      }
    }
    for event in session.events { precondition(!event.name.isEmpty, "an event has a name") }
  }

  private static func record(_ pieces: [Piece], port: UInt16) {
    guard let worker = try? Worker(settings: FlowEntrance.settings, rules: nil) else { return }
    var conversation = ConversationBuilder(to: PacketEnd(PacketBuilder.server.address, port))
    conversation.handshake()
    for case .bytes(let bytes, let direction) in pieces {
      if direction == .toServer { conversation.client(bytes) } else { conversation.server(bytes) }
    }
    for (index, packet) in conversation.packets.enumerated() {
      let header = PacketHeader(
        timestamp: time, capturedLength: packet.bytes.count, wireLength: packet.bytes.count, linkType: .ethernet,
        number: UInt64(index + 1))
      packet.bytes.lend { worker.process(header, $0) }
    }
    worker.finish()
    EVELines.check(worker)
  }
}
