package import Wire

/// One flow's application layer. Feed it in order; read `transactions` and `events`; release what is done.
package final class AppSession {
  package enum Transport: Sendable { case tcp, udp }

  package internal(set) var proto = AppProtocol.unknown
  /// What it was before a CONNECT tunnel or an upgrade changed it; nil when it never changed.
  package internal(set) var originalProto: AppProtocol?
  /// What each direction's first bytes look like; they differ only when something is wrong.
  package internal(set) var protoToServer = AppProtocol.unknown
  package internal(set) var protoToClient = AppProtocol.unknown
  /// True when the first bytes show that the flow's originator is the server: its owner swaps the flow's ends and
  /// feeds with swapped directions from then on. Set at most once, before any transaction exists.
  package internal(set) var isReversed = false
  /// Live transactions, ascending by id.
  package internal(set) var transactions: [Transaction] = []
  /// Events since `clearEvents`.
  package internal(set) var events: [ParserEvent] = []

  /// Transactions made so far, live or released.
  package var transactionCount: UInt64 { nextID }

  let configuration: AppLayerConfiguration
  let transport: Transport
  var sessionEvents = AppEventSet()
  var parser = Parser.none
  var nextID: UInt64 = 0
  var probe = ProbeState()
  /// The first id inside the tunnel.
  var tunnelID: UInt64 = 0

  enum Parser {
    case none
    case http(HTTPParser)
    case tls(TLSParser)
    case dns(DNSParser)
  }

  /// `ports` help only where a pattern is weak (DNS over UDP, HTTP/0.9).
  package init(
    transport: Transport, sourcePort: UInt16, destinationPort: UInt16,
    configuration: AppLayerConfiguration = .standard
  ) {
    self.transport = transport
    self.configuration = configuration
    probe.sourcePort = sourcePort
    probe.destinationPort = destinationPort
  }

  /// The next bytes of a direction in order, or one whole datagram.
  package func receive(_ bytes: RawSpan, _ direction: Direction, at time: Timestamp) {
    guard bytes.byteCount > 0 else { return }
    switch parser {
    case .http(let parser): parser.receive(bytes, direction, at: time, session: self)
    case .tls(let parser): parser.receive(bytes, direction, at: time, session: self)
    case .dns(let parser): parser.receive(bytes, direction, at: time, session: self)
    case .none: probe(bytes, direction, at: time)
    }
  }

  /// `count` bytes of a direction were never seen.
  package func gap(_ count: Int, _ direction: Direction, at time: Timestamp) {
    guard count > 0 else { return }
    switch parser {
    case .http(let parser): parser.gap(count, direction, at: time, session: self)
    case .tls(let parser): parser.gap(count, direction, at: time, session: self)
    case .dns(let parser): parser.gap(count, direction, at: time, session: self)
    case .none: giveUpProbing(direction)
    }
  }

  /// No more bytes of this direction: FIN, RST, time-out or shutdown.
  package func end(_ direction: Direction, at time: Timestamp) {
    switch parser {
    case .http(let parser): parser.end(direction, at: time, session: self)
    case .tls(let parser): parser.end(direction, at: time, session: self)
    case .dns(let parser): parser.end(direction, at: time, session: self)
    case .none: finishProbing(direction, at: time)
    }
  }

  /// True when bytes change nothing any more (encrypted, failed): the owner may stop feeding and reassembling.
  package var isFinished: Bool {
    if proto == .failed { return true }
    if case .tls(let parser) = parser { return parser.isFinished }
    return false
  }

  /// Drops one transaction.
  package func release(_ id: UInt64) {
    guard let index = transactions.firstIndex(where: { $0.id == id }) else { return }
    transactions.remove(at: index)
  }
  /// Drops those that `isDone` names.
  package func release(where isDone: (Transaction) -> Bool) { transactions.removeAll(where: isDone) }
  package func clearEvents() { events.removeAll(keepingCapacity: true) }

  // MARK: for the parsers

  func takeID() -> UInt64 {
    defer { nextID += 1 }
    return nextID
  }
  func adopt(_ transaction: Transaction) {
    transaction.eveID = transaction.id - tunnelID
    transactions.append(transaction)
  }
  /// Bytes behind a CONNECT or an upgrade: probed anew once the parser has let go.
  func receiveTunnelled(_ bytes: Bytes, _ direction: Direction, at time: Timestamp) {
    guard case .none = parser else { return }
    bytes.withSpan { receive($0, direction, at: time) }
  }
  func raise(_ event: AppEvent, _ transaction: Transaction?, _ direction: Direction) {
    let isNew = transaction.map { $0.events.insert(event) } ?? sessionEvents.insert(event)
    guard isNew else { return }
    let proto = event.proto == .unknown ? self.proto : event.proto
    events.append(ParserEvent(transaction: transaction?.id, direction: direction, event: event, proto: proto))
  }
}
