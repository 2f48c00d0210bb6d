internal import Glibc

/// A pipe that a program writes to.
final class ToolStream {
  private(set) var reader: Int32
  private(set) var writer: Int32
  private(set) var bytes: [UInt8] = []
  /// More came than is kept.
  private(set) var isOver = false

  var isOpen: Bool { reader >= 0 }

  static func open() -> ToolStream? {
    var ends: [Int32] = [-1, -1]
    guard unsafe pipe(&ends) == 0 else { return nil }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    _ = fcntl(ends[0], F_SETFL, O_NONBLOCK)
    return ToolStream(reader: ends[0], writer: ends[1])
  }

  private init(reader: Int32, writer: Int32) { (self.reader, self.writer) = (reader, writer) }

  deinit {
    closeWriter()
    closeReader()
  }

  func closeWriter() {
    if writer >= 0 { close(writer) }
    writer = -1
  }

  private func closeReader() {
    if reader >= 0 { close(reader) }
    reader = -1
  }

  static func wait(_ streams: [ToolStream], milliseconds: Int) {
    var waiting = streams.filter(\.isOpen).map { pollfd(fd: $0.reader, events: Int16(POLLIN), revents: 0) }
    _ = unsafe poll(&waiting, nfds_t(waiting.count), Int32(milliseconds))
  }

  /// What is there now: of `isEnd` the last `limit` bytes are kept, else the first.
  func read(keeping limit: Int, isEnd: Bool) {
    guard isOpen else { return }
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = unsafe Glibc.read(reader, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      if count < 0, errno == EAGAIN { return }
      guard count > 0 else { return closeReader() }
      bytes += chunk[..<count]
      guard bytes.count > limit else { continue }
      isOver = true
      if isEnd { bytes.removeFirst(bytes.count - limit) } else { return bytes.removeLast(bytes.count - limit) }
    }
  }
}
