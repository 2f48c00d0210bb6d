internal import Glibc
internal import Wire

struct Endpoint: Hashable {
  var address: IPAddress
  var port: UInt16
}

/// One TCP connection, through the proxy where there is one: every wait bounded by its own time, the job's deadline and
/// the stop.
final class Connection {
  private let socket: RegisteredSocket
  private let context: ScanContext
  private let deadline: Deadline
  /// Received behind the proxy's last word, for the first `receive`.
  private var early: [UInt8] = []

  /// Checks the address, waits for its turn, connects.
  init(to endpoint: Endpoint, _ context: ScanContext, milliseconds: Int? = nil) throws(ConnectionFailure) {
    let proxy = context.settings.proxy
    socket = try Connection.socket(to: endpoint, context)
    self.context = context
    let wanted = milliseconds ?? context.settings.limits.exchangeMilliseconds
    deadline = Deadline(milliseconds: min(wanted, context.deadline.remaining))
    if let proxy {
      try reach(endpoint, through: proxy)
    } else {
      try connect()
    }
  }

  /// The socket, to be used without this. Nil where the other side spoke first: what it said would be lost.
  func surrender() -> RegisteredSocket? { early.isEmpty ? socket : nil }

  private func connect() throws(ConnectionFailure) {
    if let failure = socket.connect() { throw failure }
    let limit = Deadline(milliseconds: min(context.settings.limits.connectMilliseconds, deadline.remaining))
    try socket.wait(POLLOUT, until: limit)
    if let failure = socket.connectError { throw failure }
  }

  /// What goes wrong on the way to the proxy, or in talking to it, is the proxy's fault and says nothing of the site.
  private func reach(_ endpoint: Endpoint, through proxy: Proxy) throws(ConnectionFailure) {
    let end: ProxyHandshake.End
    do throws(ConnectionFailure) {
      try connect()
      end = try talk(ProxyHandshake(proxy, to: endpoint.address, port: endpoint.port))
    } catch {
      if error == .stopped || error == .deadline { throw error }
      throw .proxy("the proxy \(proxy) did not open the way: \(error.sentence)")
    }
    switch end {
    case .open(let bytes): early = bytes
    case .targetRefused: throw .connectionRefused
    case .targetUnreachable: throw .unreachable
    case .failed(let sentence): throw .proxy(sentence)
    }
  }

  private func talk(_ handshake: ProxyHandshake) throws(ConnectionFailure) -> ProxyHandshake.End {
    var handshake = handshake
    try send(handshake.greeting)
    while true {
      let bytes = try receive(atMost: 4096)
      guard !bytes.isEmpty else { throw .closed }
      let (answer, end) = handshake.receive(bytes)
      if !answer.isEmpty { try send(answer) }
      if let end { return end }
    }
  }

  /// A checked, counted socket whose turn it is, not yet connected; curl's hook uses it too. It leads to the proxy where
  /// there is one.
  static func socket(to endpoint: Endpoint, _ context: ScanContext) throws(ConnectionFailure) -> RegisteredSocket {
    if let refusal = context.refusal(of: endpoint.address) { throw .refusedTarget(refusal) }
    var through: Endpoint?
    if let proxy = context.settings.proxy {
      guard let address = proxy.address else { throw .proxy("the proxy \(proxy) has no address") }
      through = Endpoint(address: address, port: proxy.port)
    }
    let socket = try RegisteredSocket(
      .stream, to: endpoint, context, patience: context.deadline.remaining, through: through)
    context.noteAddress(endpoint.address)
    return socket
  }

  func send(_ bytes: [UInt8]) throws(ConnectionFailure) { try socket.send(bytes, until: deadline) }

  /// What is there, at least a byte; empty at the end of the stream.
  func receive(atMost limit: Int = 16_384) throws(ConnectionFailure) -> [UInt8] {
    guard early.isEmpty else {
      defer { early = Array(early.dropFirst(limit)) }
      return Array(early.prefix(limit))
    }
    return try socket.receive(atMost: limit, until: deadline)
  }
}
