internal import Glibc
internal import Synchronization
internal import Wire

/// Why a connection gave no answer. `cause` is a metric's label: a closed set, no dynamic text.
enum ConnectionFailure: Error, Hashable {
  case refusedTarget(String)
  case connectionRefused
  case unreachable
  case timedOut
  case reset
  /// The peer ended the stream before it said anything of use.
  case closed
  case stopped
  case deadline
  case connectionLimit
  /// libcurl's handshake did not end; the TLS engine says why.
  case handshake
  case notHTTP
  /// The answer's head went over its limit: nothing of it is believed.
  case headTooLong
  /// The plain part before the hello did not lead to TLS.
  case startTLS(String)
  /// The proxy would not or could not: nothing is known of the site.
  case proxy(String)
  case system(Int32)

  var cause: String {
    switch self {
    case .refusedTarget: "refused target"
    case .connectionRefused: "connection refused"
    case .unreachable: "unreachable"
    case .timedOut: "timed out"
    case .reset: "reset"
    case .closed: "closed"
    case .stopped: "stopped"
    case .deadline: "deadline"
    case .connectionLimit: "connection limit"
    case .handshake: "handshake"
    case .notHTTP: "not HTTP"
    case .headTooLong: "head too long"
    case .startTLS: "STARTTLS"
    case .proxy: "proxy"
    case .system: "system"
    }
  }

  /// For a reason: `timed out`, or the whole sentence of a refusal.
  var sentence: String {
    switch self {
    case .refusedTarget(let sentence), .startTLS(let sentence), .proxy(let sentence): sentence
    case .reset: "the server reset the connection"
    case .closed: "the server closed the connection"
    case .deadline: "deadline"
    case .handshake: "the TLS handshake failed"
    case .notHTTP: "the server talks something that is not HTTP"
    case .headTooLong: "the answer's head has more than \(HTTPExchange.headLimit >> 10) KiB, the limit"
    case .connectionLimit: "the job's connections are used up"
    case .system(let code): unsafe "system error: " + String(cString: strerror(code)).lowercased()
    default: cause
    }
  }

  /// Worth one more try, slowly.
  var isTransient: Bool {
    switch self {
    case .timedOut, .reset, .closed, .unreachable: true
    default: false
    }
  }
}

struct Endpoint: Hashable {
  var address: IPAddress
  var port: UInt16
}

/// One TCP connection, through the proxy where there is one: non-blocking, every wait bounded by its own time, the
/// job's deadline and the stop.
final class Connection {
  private let context: ScanContext
  private let address: IPAddress
  private let descriptor: Int32
  private let deadline: Deadline
  /// Received behind the proxy's last word, for the first `receive`.
  private var early: [UInt8] = []
  private var isSurrendered = false

  /// Checks the address, waits for its turn, connects.
  init(to endpoint: Endpoint, _ context: ScanContext, milliseconds: Int? = nil) throws(ConnectionFailure) {
    let descriptor = try Connection.socket(to: endpoint.address, context)
    self.context = context
    self.address = endpoint.address
    self.descriptor = descriptor
    let wanted = milliseconds ?? context.settings.limits.exchangeMilliseconds
    deadline = Deadline(milliseconds: min(wanted, context.deadline.remaining))
    if let proxy = context.settings.proxy {
      try reach(endpoint, through: proxy)
    } else {
      try connect(to: endpoint)
    }
  }

  deinit {
    guard !isSurrendered else { return }
    context.registry.close(descriptor)
    context.gate.leave(address)
  }

  /// The socket, which the caller now closes (in the registry) and whose address it leaves (at the gate). Nil where the
  /// other side spoke first: what it said would be lost.
  func surrender() -> Int32? {
    guard early.isEmpty else { return nil }
    isSurrendered = true
    return descriptor
  }

  private func connect(to endpoint: Endpoint) throws(ConnectionFailure) {
    var storage = SocketAddress(endpoint.address, endpoint.port)
    let result = unsafe storage.withPointer { pointer, length in unsafe Glibc.connect(descriptor, pointer, length) }
    guard result != 0 else { return }
    guard errno == EINPROGRESS else { throw Connection.failure(errno) }
    let limit = Deadline(milliseconds: min(context.settings.limits.connectMilliseconds, deadline.remaining))
    try wait(for: Int16(POLLOUT), until: limit)
    var code: Int32 = 0
    var size = socklen_t(MemoryLayout<Int32>.size)
    unsafe getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &size)
    guard code == 0 else { throw Connection.failure(code) }
  }

  /// What goes wrong on the way to the proxy, or in talking to it, is the proxy's fault and says nothing of the site.
  private func reach(_ endpoint: Endpoint, through proxy: Proxy) throws(ConnectionFailure) {
    guard let address = proxy.address else { throw .proxy("the proxy \(proxy) has no address") }
    let end: ProxyHandshake.End
    do throws(ConnectionFailure) {
      try connect(to: Endpoint(address: address, port: proxy.port))
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

  /// A checked, counted, registered socket whose turn it is; curl's hook uses it too. `address` is the target's; the
  /// socket is of the proxy's family where there is one.
  static func socket(to address: IPAddress, _ context: ScanContext) throws(ConnectionFailure) -> Int32 {
    if let refusal = context.refusal(of: address) { throw .refusedTarget(refusal) }
    guard !context.isStopped else { throw .stopped }
    guard context.counted.connections < context.connectionLimit else { throw .connectionLimit }
    let turn = context.gate.enter(address, context.settings.limits, context.deadline) { context.isStopped }
    guard turn else { throw context.isStopped ? .stopped : .deadline }
    let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
    let isV6 = (context.settings.proxy?.address ?? address).isV6
    let descriptor = Glibc.socket(isV6 ? AF_INET6 : AF_INET, type, 0)
    guard descriptor >= 0, context.registry.add(descriptor) else {
      let code = errno
      if descriptor >= 0 { _ = Glibc.close(descriptor) }
      context.gate.leave(address)
      throw descriptor >= 0 ? .stopped : .system(code)
    }
    context.countConnection(to: address)
    return descriptor
  }

  func send(_ bytes: [UInt8]) throws(ConnectionFailure) {
    var offset = 0
    while offset < bytes.count {
      let sent = unsafe bytes.withUnsafeBytes { buffer in
        unsafe Glibc.send(
          descriptor, buffer.baseAddress.map { unsafe $0 + offset }, buffer.count - offset, Int32(MSG_NOSIGNAL))
      }
      if sent > 0 {
        offset += sent
        context.count { $0.bytesSent += sent }
      } else if errno == EAGAIN {
        try wait(for: Int16(POLLOUT), until: deadline)
      } else if errno != EINTR {
        throw Connection.failure(errno)
      }
    }
  }

  /// What is there, at least a byte; empty at the end of the stream.
  func receive(atMost limit: Int = 16_384) throws(ConnectionFailure) -> [UInt8] {
    if !early.isEmpty {
      defer { early = Array(early.dropFirst(limit)) }
      return Array(early.prefix(limit))
    }
    while true {
      try wait(for: Int16(POLLIN), until: deadline)
      var buffer = [UInt8](repeating: 0, count: limit)
      let got = unsafe buffer.withUnsafeMutableBytes { unsafe recv(descriptor, $0.baseAddress, limit, 0) }
      if got >= 0 {
        context.count { $0.bytesReceived += got }
        guard got > 0 || !context.isStopped else { throw .stopped }
        return Array(buffer.prefix(got))
      }
      guard errno == EAGAIN || errno == EINTR else { throw Connection.failure(errno) }
    }
  }

  private func wait(for events: Int16, until limit: Deadline) throws(ConnectionFailure) {
    while true {
      guard !context.isStopped else { throw .stopped }
      guard !limit.isPast else { throw context.deadline.isPast ? .deadline : .timedOut }
      var poll = pollfd(fd: descriptor, events: events, revents: 0)
      let ready = unsafe Glibc.poll(&poll, 1, Int32(min(limit.remaining, 250)))
      if ready > 0 {
        guard !context.isStopped else { throw .stopped }
        return
      }
    }
  }

  static func failure(_ code: Int32) -> ConnectionFailure {
    switch code {
    case ECONNREFUSED: .connectionRefused
    case ECONNRESET, EPIPE, ECONNABORTED, ENOTCONN: .reset
    case ETIMEDOUT: .timedOut
    case EHOSTUNREACH, ENETUNREACH, EHOSTDOWN, ENETDOWN, EADDRNOTAVAIL, EACCES: .unreachable
    default: .system(code)
    }
  }
}

/// The open sockets of a job, so that a stop can end them all from another thread.
final class ConnectionRegistry: Sendable {
  private struct State {
    var open: Set<Int32> = []
    var isStopped = false
  }
  private let state = Mutex(State())

  var isStopped: Bool { state.withLock { $0.isStopped } }
  var count: Int { state.withLock { $0.open.count } }

  /// False once stopped.
  func add(_ descriptor: Int32) -> Bool {
    state.withLock { state in
      guard !state.isStopped else { return false }
      state.open.insert(descriptor)
      return true
    }
  }

  /// Under the lock, so that `stop` never shuts a descriptor that was given to someone else meanwhile.
  func close(_ descriptor: Int32) {
    state.withLock { state in
      state.open.remove(descriptor)
      _ = Glibc.close(descriptor)
    }
  }

  func stop() {
    state.withLock { state in
      state.isStopped = true
      for descriptor in state.open { _ = shutdown(descriptor, Int32(SHUT_RDWR)) }
    }
  }
}
