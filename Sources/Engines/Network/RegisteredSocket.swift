internal import Glibc
internal import Wire

/// A non-blocking socket that the job's stop shuts and whose end gives its turn back. Whether the address may be asked
/// is the caller's to know; what talks over one stream at a time uses `Connection`, which knows.
final class RegisteredSocket {
  enum Kind { case stream, datagram }
  private let context: ScanContext
  /// Whom the turn is counted for.
  let endpoint: Endpoint
  let descriptor: Int32
  private let kind: Kind
  private let peer: Endpoint

  /// `patience`: how long to wait for a turn to connect; a caller that holds others open must not wait for ever.
  /// `proxy`: to be connected to instead of the endpoint.
  init(
    _ kind: Kind, to endpoint: Endpoint, _ context: ScanContext, patience: Int, through proxy: Endpoint? = nil
  ) throws(ConnectionFailure) {
    guard !context.isStopped else { throw .stopped }
    if kind == .stream {
      guard context.counted.connections < context.connectionLimit else { throw .connectionLimit }
      let wait = Deadline(milliseconds: min(patience, context.deadline.remaining))
      guard context.gate.enter(endpoint.address, context.settings.limits, wait, stopped: { context.isStopped }) else {
        throw context.isStopped ? .stopped : context.deadline.isPast ? .deadline : .timedOut
      }
    }
    let peer = proxy ?? endpoint
    let type = kind == .stream ? Int32(SOCK_STREAM.rawValue) : Int32(SOCK_DGRAM.rawValue)
    let flags = Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
    let opened = Glibc.socket(peer.address.isV6 ? AF_INET6 : AF_INET, type | flags, 0)
    let connection = OpenedConnection(
      transport: kind == .stream ? "TCP" : "UDP", remote: peer.address, remotePort: peer.port,
      opened: context.settings.now())
    guard opened >= 0, context.registry.add(opened, connection) else {
      let code = errno
      if opened >= 0 { _ = Glibc.close(opened) }
      if kind == .stream { context.gate.leave(endpoint.address) }
      throw opened >= 0 ? .stopped : .system(code)
    }
    if kind == .stream { context.count { $0.connections += 1 } }
    (self.context, self.endpoint, self.kind, self.peer, descriptor) = (context, endpoint, kind, peer, opened)
  }

  deinit {
    context.registry.close(descriptor, at: context.settings.now())
    if kind == .stream { context.gate.leave(endpoint.address) }
  }

  /// Nil: connected or on the way. A connected datagram socket hears its peer alone: the kernel drops others' packets.
  func connect() -> ConnectionFailure? {
    var storage = SocketAddress(peer.address, peer.port)
    let result = unsafe storage.withPointer { pointer, length in unsafe Glibc.connect(descriptor, pointer, length) }
    return result == 0 || errno == EINPROGRESS ? nil : ConnectionFailure(errno)
  }

  /// How the connect ended, once the socket is writable.
  var connectError: ConnectionFailure? {
    var code: Int32 = 0
    var size = socklen_t(MemoryLayout<Int32>.size)
    unsafe getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &size)
    return code == 0 ? nil : ConnectionFailure(code)
  }

  /// Waits at most this long in one call, so that a deadline is met and a stop that came before the call is seen.
  private static let step = 250

  func wait(_ events: Int32, until limit: Deadline) throws(ConnectionFailure) {
    while true {
      guard !context.isStopped else { throw .stopped }
      let left = min(limit.remaining, context.deadline.remaining)
      guard left > 0 else { throw context.deadline.isPast ? .deadline : .timedOut }
      var poll = pollfd(fd: descriptor, events: Int16(events), revents: 0)
      guard unsafe Glibc.poll(&poll, 1, Int32(min(left, RegisteredSocket.step))) > 0 else { continue }
      guard !context.isStopped else { throw .stopped }
      return
    }
  }

  func send(_ bytes: [UInt8], until limit: Deadline) throws(ConnectionFailure) {
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
        try wait(POLLOUT, until: limit)
      } else if errno != EINTR {
        throw ConnectionFailure(errno)
      }
    }
  }

  /// One datagram, or what a stream has; empty at a stream's end.
  func receive(atMost count: Int = 65_536, until limit: Deadline) throws(ConnectionFailure) -> [UInt8] {
    while true {
      try wait(POLLIN, until: limit)
      var got = 0
      let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
        got = unsafe recv(descriptor, buffer.baseAddress, count, 0)
        filled = max(got, 0)
      }
      if got >= 0 {
        context.count {
          $0.bytesReceived += got
          if got > 0 { $0.isAnswered = true }
        }
        guard got > 0 || !context.isStopped else { throw .stopped }
        return bytes
      }
      guard errno == EAGAIN || errno == EINTR else { throw ConnectionFailure(errno) }
    }
  }
}
