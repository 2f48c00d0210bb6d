import Glibc
import Synchronization

/// Messages from tasks to the one thread that owns the model; a byte in a pipe wakes it.
final class Mailbox: Sendable {
  /// Of streamed items that wait no fewer than the newest of these are kept, and no more than twice as many: lists are
  /// fetched again anyway. Answers are never dropped.
  static let mostStreamed = 4096

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
      waiting.append(message)
      Mailbox.join(&waiting)
      return waiting.count == 1
    }
    guard isFirst else { return }
    var byte: UInt8 = 0
    _ = unsafe write(writeEnd, &byte, 1)
  }

  /// What is streamed one after the other is one message.
  private static func join(_ waiting: inout [Message]) {
    guard waiting.count > 1, case .streamed(let late) = waiting[waiting.count - 1],
      case .streamed(var items) = waiting[waiting.count - 2]
    else { return }
    waiting.removeLast(2)
    items += late
    if items.count >= 2 * mostStreamed { items.removeFirst(items.count - mostStreamed) }
    waiting.append(.streamed(items))
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
