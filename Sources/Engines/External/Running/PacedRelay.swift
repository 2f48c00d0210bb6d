internal import Dispatch
internal import Glibc
internal import Synchronization
internal import Wire

/// A port on loopback whose every connection goes on to one endpoint of the job: what a tool connects to in the site's
/// place.
///
/// So the tool's connections are refused, counted, paced, limited per address and stopped as an engine's own are, at the
/// same gate, whatever switches the tool has; it cannot be led elsewhere by a name that resolves anew; and a `no` of its
/// can be held against how many of its connections came to nothing. TLS goes through unread.
final class PacedRelay: Sendable {
  /// More at once wait in the kernel's queue. The gate lets 2 through to an address as a rule.
  private static let pairLimit = 8

  private struct State {
    var pairs = 0
    var isClosing = false
    var opened = 0
    var failures = 0
    var first: ConnectionFailure?
  }

  let port: UInt16
  private let listener: Int32
  private let endpoint: Endpoint
  private let context: ScanContext
  private let state = Mutex(State())
  private let pairEnded = DispatchSemaphore(value: 0)
  private let acceptEnded = DispatchSemaphore(value: 0)

  /// Nil where the system gives no port or no thread. `close` must be called in the end.
  static func open(to endpoint: Endpoint, _ context: ScanContext) -> PacedRelay? {
    let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
    let listener = socket(AF_INET, type, 0)
    guard listener >= 0 else { return nil }
    var address = SocketAddress(IPAddress(v4: 0x7f00_0001), 0)
    let isBound = unsafe address.withPointer { pointer, length in
      unsafe bind(listener, pointer, length) == 0 && listen(listener, 64) == 0
    }
    var name = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isNamed = unsafe withUnsafeMutablePointer(to: &name) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe getsockname(listener, $0, &length) == 0
      }
    }
    guard isBound, isNamed else {
      _ = Glibc.close(listener)
      return nil
    }
    let relay = PacedRelay(UInt16(bigEndian: name.sin_port), listener, endpoint, context)
    guard Thread({ relay.accept() }).start() else {
      _ = Glibc.close(listener)
      return nil
    }
    return relay
  }

  private init(_ port: UInt16, _ listener: Int32, _ endpoint: Endpoint, _ context: ScanContext) {
    (self.port, self.listener, self.endpoint, self.context) = (port, listener, endpoint, context)
  }

  /// Connections that led to the endpoint, those that did not, and why the first of them did not.
  var counted: (opened: Int, failed: Int, first: ConnectionFailure?) {
    state.withLock { ($0.opened, $0.failures, $0.first) }
  }

  /// Takes no more, and waits until the last pair has ended.
  func close() {
    state.withLock { $0.isClosing = true }
    acceptEnded.wait()
    while state.withLock({ $0.pairs > 0 }) { _ = pairEnded.wait(timeout: .now() + .milliseconds(50)) }
  }

  private var isClosing: Bool { state.withLock { $0.isClosing } }

  // MARK: threads

  private func accept() {
    while !isClosing, !context.isStopped {
      var waiting = pollfd(fd: listener, events: Int16(POLLIN), revents: 0)
      guard unsafe poll(&waiting, 1, 50) > 0 else { continue }
      guard state.withLock({ $0.pairs < PacedRelay.pairLimit }) else {
        _ = pairEnded.wait(timeout: .now() + .milliseconds(50))
        continue
      }
      let client = Glibc.accept(listener, nil, nil)
      guard client >= 0 else { continue }
      _ = fcntl(client, F_SETFD, FD_CLOEXEC)
      _ = fcntl(client, F_SETFL, O_NONBLOCK)
      state.withLock { $0.pairs += 1 }
      if !Thread({ self.serve(client) }).start() { ended(client, .system(EAGAIN)) }
    }
    _ = Glibc.close(listener)
    acceptEnded.signal()
  }

  private func serve(_ client: Int32) {
    do throws(ConnectionFailure) {
      ended(client, try passOn(client))
    } catch {
      ended(client, error)
    }
  }

  /// The site's socket is closed, and its turn given back, when this returns.
  private func passOn(_ client: Int32) throws(ConnectionFailure) -> ConnectionFailure? {
    guard let site = try Connection(to: endpoint, context).surrender() else { throw .notHTTP }
    state.withLock { $0.opened += 1 }
    let pipe = RelayPipe(client: client, site: site.descriptor, context) { self.isClosing }
    return withExtendedLifetime(site) { pipe.run() }
  }

  private func ended(_ client: Int32, _ failure: ConnectionFailure?) {
    if failure != nil {
      // The tool shall see an abrupt end, not an orderly one.
      var abrupt = linger(l_onoff: 1, l_linger: 0)
      unsafe setsockopt(client, SOL_SOCKET, SO_LINGER, &abrupt, socklen_t(MemoryLayout<linger>.size))
    }
    _ = Glibc.close(client)
    state.withLock { state in
      state.pairs -= 1
      guard let failure, failure != .reset, !state.isClosing else { return }
      state.failures += 1
      state.first = state.first ?? failure
    }
    if let failure, failure != .reset { context.countCause(failure) }
    pairEnded.signal()
  }
}
