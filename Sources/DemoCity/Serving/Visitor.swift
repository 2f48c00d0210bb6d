internal import CLinux
internal import Glibc

/// One accepted connection. Its owner closes it.
struct Visitor: Sendable {
  let descriptor: Int32

  init(descriptor: Int32) {
    self.descriptor = descriptor
    var limit = timeval(tv_sec: CityServer.patienceSeconds, tv_usec: 0)
    let size = socklen_t(MemoryLayout<timeval>.size)
    unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
    unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
    let flags = fcntl(descriptor, F_GETFL)
    _ = fcntl(descriptor, F_SETFL, flags & ~O_NONBLOCK)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
  }

  func send(_ text: String) {
    let bytes = Array(text.utf8)
    _ = unsafe Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
  }

  /// Empty at the end, or after the patience.
  func receive() -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: 8192)
    let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
    return Array(buffer.prefix(max(count, 0)))
  }

  /// Says nothing until the visitor leaves, at most so long.
  func ignore(milliseconds: Int32) {
    var left = milliseconds
    while left > 0 {
      var waited = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      if unsafe poll(&waited, 1, 1000) > 0, receive().isEmpty { return }
      left -= 1000
    }
  }

  /// With an RST in place of a FIN.
  func reset() {
    var hard = linger(l_onoff: 1, l_linger: 0)
    unsafe setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &hard, socklen_t(MemoryLayout<linger>.size))
    Glibc.close(descriptor)
  }

  /// Says goodbye and waits for the visitor's, so that what was sent is not lost in a reset.
  func close() {
    shutdown(descriptor, Int32(SHUT_WR))
    var waited = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    if unsafe poll(&waited, 1, 200) > 0 { _ = receive() }
    Glibc.close(descriptor)
  }
}
