internal import Glibc
package import Records
internal import Synchronization

/// The role's end of the seam, on a thread of its own: it sends the spool's records in batches, holds them until
/// the hub says they are stored, carries messages both ways, and comes back after every loss of the hub.
///
/// Nothing here waits for the hub: `append` writes the spool and returns; `send` queues and returns.
package final class SeamClient: Sendable {
  package struct Configuration: Sendable {
    package var socketPath: String
    package var role: SeamMessage.Role
    /// First pause after a lost connection, doubled up to the last: the hub is back within a second.
    package var firstPauseMilliseconds: Int
    package var longestPauseMilliseconds: Int
    /// Sent and not yet stored; more waits in the spool.
    package var windowBytes: Int
    package var batchBytes: Int
    package init(
      socketPath: String, role: SeamMessage.Role, firstPauseMilliseconds: Int = 50,
      longestPauseMilliseconds: Int = 2000, windowBytes: Int = 2 * 1024 * 1024, batchBytes: Int = 512 * 1024
    ) {
      self.socketPath = socketPath
      self.role = role
      self.firstPauseMilliseconds = firstPauseMilliseconds
      self.longestPauseMilliseconds = longestPauseMilliseconds
      self.windowBytes = windowBytes
      self.batchBytes = batchBytes
    }
  }

  package enum Event: Sendable {
    case connected
    /// With the reason, once per loss; the client tries again by itself.
    case disconnected(SeamError)
    case message(SeamMessage)
  }

  /// Messages that wait for the hub: statuses, wishes and lists of leases replace their like, the rest is bounded.
  private static let queueLimit = 1024

  package let spool: Spool
  private let configuration: Configuration
  /// Called on the client's thread, one at a time: answer with `send`, do not wait in it.
  private let onEvent: @Sendable (SeamClient, Event) -> Void
  private let shared = Mutex(Shared())
  private let wake: Descriptor
  private let waker: Descriptor
  private let isAsleep = Atomic<Bool>(false)

  private struct Shared {
    var queue: [SeamMessage] = []
    var thread: pthread_t?
    var stopBy: Int64?
    var isConnected = false
    var dropped: UInt64 = 0
  }

  package init(
    configuration: Configuration, spool: Spool, onEvent: @escaping @Sendable (SeamClient, Event) -> Void
  ) throws(SeamError) {
    self.configuration = configuration
    self.spool = spool
    self.onEvent = onEvent
    guard let (reading, writing) = Descriptor.pipe() else {
      throw SeamError(.socket, "no pipe: \(SystemText.error)")
    }
    wake = reading
    waker = writing
  }

  /// Begins the thread; call it once, after privileges were dropped.
  package func start() throws(SeamError) {
    let status = shared.withLock { shared in
      var thread = pthread_t()
      let held = unsafe Unmanaged.passRetained(self)
      let status = unsafe pthread_create(&thread, nil, runSeamClient, held.toOpaque())
      if status == 0 { shared.thread = thread } else { unsafe held.release() }
      return status
    }
    guard status == 0 else { throw SeamError(.socket, "no thread for the seam: \(SystemText.text(status))") }
  }

  /// Ends the thread after what is in the spool was stored, or after `drainMilliseconds`; what is left waits in
  /// the spool for the next boot. Not from the client's own thread.
  package func stop(drainMilliseconds: Int = 2000) {
    let thread = shared.withLock { shared in
      shared.stopBy = SystemText.now() + Int64(drainMilliseconds)
      defer { shared.thread = nil }
      return shared.thread
    }
    rouse()
    if let thread { pthread_join(thread, nil) }
  }

  /// Into the spool, and from there to the hub. Cheap, from any thread; see `Spool.append`.
  package func append(_ kind: RecordKind, _ bytes: UnsafeRawBufferPointer) -> Spool.AppendResult {
    let result = unsafe spool.append(kind, bytes)
    if isAsleep.load(ordering: .sequentiallyConsistent) { rouse() }
    return result
  }
  package func append(_ kind: RecordKind, _ bytes: [UInt8]) -> Spool.AppendResult {
    unsafe bytes.withUnsafeBytes { unsafe append(kind, $0) }
  }
  /// A hub record, as JSON.
  package func append(_ kind: RecordKind, json value: some Encodable) -> Spool.AppendResult {
    guard let bytes = try? RecordJSON.encode(value) else { return .dropped(cause: "not JSON") }
    return append(kind, bytes)
  }

  /// Queued until the hub is there; false where the queue is full. Not durable: for heartbeats, leases, replies.
  @discardableResult package func send(_ message: SeamMessage) -> Bool {
    let kept = shared.withLock { shared in
      let tag = FrameCodec.tag(message)
      if [.sensorStatus, .scannerStatus, .leaseRequest, .leaseRenew].contains(tag) {
        shared.queue.removeAll { FrameCodec.tag($0) == tag }
      }
      guard shared.queue.count < SeamClient.queueLimit else {
        shared.dropped += 1
        return false
      }
      shared.queue.append(message)
      return true
    }
    rouse()
    return kept
  }

  package var isConnected: Bool { shared.withLock { $0.isConnected } }
  /// Messages that `send` refused.
  package var droppedMessages: UInt64 { shared.withLock { $0.dropped } }

  private func rouse() {
    // A full pipe wakes as well.
    unsafe _ = write(waker.raw, [1], 1)
  }

  // MARK: the thread

  fileprivate func run() {
    var pause = configuration.firstPauseMilliseconds
    while !isOver(drained: spool.byteCount == 0) {
      var connection = SeamClientConnection(hello: hello, windowBytes: configuration.windowBytes)
      switch UnixSocket.connect(configuration.socketPath) {
      case .success(let socket):
        let reason = converse(socket, &connection)
        shared.withLock { $0.isConnected = false }
        if connection.isWelcome { pause = configuration.firstPauseMilliseconds }
        if let reason { onEvent(self, .disconnected(reason)) }
      case .failure(let error):
        if pause == configuration.firstPauseMilliseconds { onEvent(self, .disconnected(error)) }
      }
      if !isOver(drained: spool.byteCount == 0) { wait(nil, events: 0, milliseconds: pause) }
      pause = min(pause * 2, configuration.longestPauseMilliseconds)
    }
  }

  private var hello: SeamMessage.Hello {
    SeamMessage.Hello(role: configuration.role, source: spool.source, boot: spool.boot, pid: getpid())
  }

  private func isOver(drained: Bool) -> Bool {
    guard let stopBy = shared.withLock({ $0.stopBy }) else { return false }
    return drained || SystemText.now() >= stopBy
  }

  /// Until the connection ends (the reason) or the client is to stop and has nothing left (nil).
  private func converse(_ socket: Descriptor, _ connection: inout SeamClientConnection) -> SeamError? {
    while true {
      do {
        let wasWelcome = connection.isWelcome
        guard try receive(socket, &connection) else {
          return SeamError(.socket, "the hub closed the connection")
        }
        if connection.isWelcome, !wasWelcome {
          shared.withLock { $0.isConnected = true }
          onEvent(self, .connected)
        }
        try fill(&connection)
      } catch {
        return error
      }
      guard send(socket, &connection) else { return SeamError(.socket, "the hub's end of the socket is gone") }
      if isOver(drained: connection.isIdle) {
        finish(connection)
        return nil
      }
      isAsleep.store(true, ordering: .sequentiallyConsistent)
      let hasMore = connection.canSend && spool.batch(after: connection.position, byteLimit: 1) != nil
      let wants = connection.output.isEmpty ? POLLIN : POLLIN | POLLOUT
      if !hasMore { wait(socket, events: Int16(wants), milliseconds: isStopping ? 20 : 1000) }
      isAsleep.store(false, ordering: .sequentiallyConsistent)
    }
  }

  private var isStopping: Bool { shared.withLock { $0.stopBy != nil } }

  private func finish(_ connection: SeamClientConnection) {
    spool.finish(acknowledged: connection.stored[spool.boot] ?? 0)
  }

  /// False at the end of the connection.
  private func receive(_ socket: Descriptor, _ connection: inout SeamClientConnection) throws(SeamError) -> Bool {
    switch UnixSocket.receive(socket) {
    case .ended: return false
    case .nothing: return true
    case .bytes(let bytes):
      for message in try connection.receive(bytes) {
        if case .stored(let mark) = message {
          spool.acknowledge(boot: mark.boot, last: mark.last)
        } else if case .welcome(let welcome) = message {
          for mark in welcome.marks { spool.acknowledge(boot: mark.boot, last: mark.last) }
        } else {
          onEvent(self, .message(message))
        }
      }
      return true
    }
  }

  /// Queued messages first, then batches as far as the window goes.
  private func fill(_ connection: inout SeamClientConnection) throws(SeamError) {
    guard connection.isWelcome else { return }
    let queue = shared.withLock { shared in
      defer { shared.queue.removeAll() }
      return shared.queue
    }
    for message in queue { try FrameCodec.encode(message, into: &connection.output) }
    while connection.canSend,
      let (batch, next) = spool.batch(after: connection.position, byteLimit: configuration.batchBytes)
    {
      try connection.send(batch, next: next)
    }
  }

  private func send(_ socket: Descriptor, _ connection: inout SeamClientConnection) -> Bool {
    while !connection.output.isEmpty {
      guard let count = UnixSocket.send(socket, connection.output[...]) else { return false }
      if count == 0 { return true }
      connection.output.removeFirst(count)
    }
    return true
  }

  private func wait(_ socket: Descriptor?, events: Int16, milliseconds: Int) {
    var descriptors = [pollfd(fd: wake.raw, events: Int16(POLLIN), revents: 0)]
    if let socket { descriptors.append(pollfd(fd: socket.raw, events: events, revents: 0)) }
    unsafe _ = poll(&descriptors, nfds_t(descriptors.count), Int32(milliseconds))
    var sink = [UInt8](repeating: 0, count: 512)
    unsafe _ = Glibc.read(wake.raw, &sink, sink.count)
  }
}

private func runSeamClient(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let argument = unsafe argument else { return nil }
  unsafe Unmanaged<SeamClient>.fromOpaque(argument).takeRetainedValue().run()
  return nil
}
