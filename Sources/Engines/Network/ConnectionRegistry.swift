internal import Glibc
package import Records
internal import Synchronization
package import Wire

/// The open sockets of a job, so that a stop can end them all from another thread, and so that the hub can be told which
/// connections are ours.
final class ConnectionRegistry: Sendable {
  /// Ends that nobody has asked about yet. A sweep of ports makes hundreds between two looks; what is over the limit is
  /// not told, and its alerts are then somebody's.
  static let mostEnded = 4096

  private struct State {
    var open: [Int32: OpenedConnection] = [:]
    /// Open ones whose ends were told.
    var told: Set<Int32> = []
    var ended: [OpenedConnection] = []
    var isStopped = false
  }
  private let state = Mutex(State())

  var isStopped: Bool { state.withLock { $0.isStopped } }
  var count: Int { state.withLock { $0.open.count } }

  /// False once stopped.
  func add(_ descriptor: Int32, _ connection: OpenedConnection) -> Bool {
    state.withLock { state in
      guard !state.isStopped else { return false }
      state.open[descriptor] = connection
      return true
    }
  }

  /// Under the lock, so that `stop` never shuts a descriptor that was given to someone else meanwhile.
  func close(_ descriptor: Int32, at now: Timestamp) {
    state.withLock { state in
      if var connection = state.open.removeValue(forKey: descriptor) {
        connection.look(descriptor)
        connection.closed = now
        if connection.local != nil, state.ended.count < ConnectionRegistry.mostEnded { state.ended.append(connection) }
      }
      state.told.remove(descriptor)
      _ = Glibc.close(descriptor)
    }
  }

  func stop() {
    state.withLock { state in
      state.isStopped = true
      for descriptor in state.open.keys { _ = shutdown(descriptor, Int32(SHUT_RDWR)) }
    }
  }

  /// Those that have begun since the last call, and those that have ended.
  func take() -> [OpenedConnection] {
    state.withLock { state in
      var result = state.ended
      state.ended = []
      for descriptor in state.open.keys where !state.told.contains(descriptor) {
        state.open[descriptor]?.look(descriptor)
        guard let connection = state.open[descriptor], connection.local != nil else { continue }
        state.told.insert(descriptor)
        result.append(connection)
      }
      return result
    }
  }
}

/// A connection of ours, as both ends of it see it where nothing translates addresses in between.
package struct OpenedConnection: Sendable, Hashable {
  package var transport: String
  /// Nil before the kernel has chosen them.
  package var local: IPAddress?
  package var localPort: UInt16 = 0
  package var remote: IPAddress
  package var remotePort: UInt16
  package var opened: Timestamp
  package var closed: Timestamp?

  init(transport: String, remote: IPAddress, remotePort: UInt16, opened: Timestamp) {
    self.transport = transport
    self.remote = remote
    self.remotePort = remotePort
    self.opened = opened
  }

  /// Our own end, from the kernel; the address is chosen when the connect begins.
  fileprivate mutating func look(_ descriptor: Int32) {
    guard local == nil, let end = SocketAddress.local(of: descriptor), end.port != 0,
      end.address.bytes.contains(where: { $0 != 0 })
    else {
      return
    }
    (local, localPort) = (end.address, end.port)
  }

  package func record(lease: Int64?, job: ScanJob) -> OwnConnection? {
    guard let local else { return nil }
    return OwnConnection(
      lease: lease, engine: job.engine, site: job.site, transport: transport, local: local, localPort: localPort,
      remote: remote, remotePort: remotePort, opened: opened, closed: closed)
  }
}
