import Glibc
import Synchronization

/// Messages from tasks to the one thread that owns the model; a byte in a pipe wakes it.
final class Mailbox: Sendable {
  /// A storm beyond this drops streamed items, never answers: lists are fetched again anyway.
  static let mostWaiting = 4096

  private let waiting = Mutex<[Message]>([])
  /// The read end is polled.
  let readEnd: Int32
  let writeEnd: Int32

  init() {
    var ends: [Int32] = [-1, -1]
    _ = unsafe pipe(&ends)
    for end in ends {
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
    }
    (readEnd, writeEnd) = (ends[0], ends[1])
  }

  deinit {
    _ = close(readEnd)
    _ = close(writeEnd)
  }

  func post(_ message: Message) {
    let isFirst = waiting.withLock { waiting in
      if waiting.count >= Mailbox.mostWaiting, case .streamed = message { return false }
      waiting.append(message)
      return waiting.count == 1
    }
    guard isFirst else { return }
    var byte: UInt8 = 0
    _ = unsafe write(writeEnd, &byte, 1)
  }

  func take() -> [Message] {
    waiting.withLock { waiting in
      defer { waiting = [] }
      return waiting
    }
  }

  /// The bytes in the pipe: 0 for a message, else a signal's number.
  func signals() -> [Int32] {
    var bytes = [UInt8](repeating: 0, count: 256)
    let count = unsafe bytes.withUnsafeMutableBytes { unsafe read(readEnd, $0.baseAddress, $0.count) }
    return count > 0 ? bytes.prefix(count).filter { $0 > 0 }.map(Int32.init) : []
  }
}
