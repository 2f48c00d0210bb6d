internal import Glibc

/// Bytes both ways between a tool and the site, until both have said their last, one resets, or nothing moves.
struct RelayPipe {
  private static let chunk = 16 << 10
  /// For the site's last words once the tool has said its own.
  private static let lastMilliseconds = 1000
  private let client: Int32
  private let site: Int32
  private let context: ScanContext
  private let isClosing: () -> Bool

  /// Both non-blocking; the caller closes them.
  init(client: Int32, site: Int32, _ context: ScanContext, isClosing: @escaping () -> Bool) {
    (self.client, self.site, self.context, self.isClosing) = (client, site, context, isClosing)
  }

  /// Nil for an orderly end; `.reset` where the site (a common answer to a hello) or the tool broke it off.
  func run() -> ConnectionFailure? {
    var toSite = Way(from: client, to: site)
    var toTool = Way(from: site, to: client)
    var idle = Deadline(milliseconds: context.settings.limits.exchangeMilliseconds)
    var hasToolLeft = false
    while !(toSite.isDone && toTool.isDone) {
      if context.isStopped { return .stopped }
      if context.deadline.isPast { return .deadline }
      // A server that keeps silent is the tool's to judge: it has its own patience, shorter than ours.
      if idle.isPast || isClosing() { return nil }
      wait([toSite, toTool])
      let sent = toSite.move(RelayPipe.chunk)
      let received = toTool.move(RelayPipe.chunk)
      if sent == nil || received == nil { return .reset }
      context.count {
        $0.bytesSent += sent ?? 0
        $0.bytesReceived += received ?? 0
      }
      if (sent ?? 0) + (received ?? 0) > 0 {
        idle = Deadline(milliseconds: context.settings.limits.exchangeMilliseconds)
      }
      // The address has few places: a server that keeps a connection which the tool has left shall not hold one.
      if toSite.isDone, !hasToolLeft {
        (hasToolLeft, idle) = (true, Deadline(milliseconds: RelayPipe.lastMilliseconds))
      }
    }
    return nil
  }

  private func wait(_ ways: [Way]) {
    var waiting: [pollfd] = []
    for way in ways where !way.isDone {
      let isFull = !way.pending.isEmpty
      waiting.append(
        pollfd(fd: isFull ? way.target : way.source, events: Int16(isFull ? POLLOUT : POLLIN), revents: 0))
    }
    _ = unsafe poll(&waiting, nfds_t(waiting.count), 50)
  }

  /// One direction, with at most one chunk under way.
  private struct Way {
    let source: Int32
    let target: Int32
    var pending: [UInt8] = []
    private var isEnded = false
    var isDone: Bool { isEnded && pending.isEmpty }

    init(from source: Int32, to target: Int32) { (self.source, self.target) = (source, target) }

    /// Bytes passed on; nil where the connection broke.
    mutating func move(_ limit: Int) -> Int? {
      guard !isDone else { return 0 }
      if pending.isEmpty, !isEnded {
        var buffer = [UInt8](repeating: 0, count: limit)
        let count = unsafe recv(source, &buffer, limit, 0)
        if count < 0 { return errno == EAGAIN || errno == EINTR ? 0 : nil }
        isEnded = count == 0
        pending = Array(buffer.prefix(count))
        if isEnded { _ = shutdown(target, Int32(SHUT_WR)) }
      }
      guard !pending.isEmpty else { return 0 }
      let count = unsafe send(target, pending, pending.count, Int32(MSG_NOSIGNAL))
      if count < 0 { return errno == EAGAIN || errno == EINTR ? 0 : nil }
      pending.removeFirst(count)
      return count
    }
  }
}
