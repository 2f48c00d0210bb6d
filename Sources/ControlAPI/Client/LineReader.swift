internal import Synchronization

/// Bytes in, whole lines out: those that end in a piece together.
final class LineReader: Sendable {
  private let buffer = Mutex<[UInt8]>([])
  private let take: @Sendable ([[UInt8]]) -> Void

  init(_ take: @escaping @Sendable ([[UInt8]]) -> Void) { self.take = take }

  func receive(_ bytes: [UInt8]) {
    let lines = buffer.withLock { buffer -> [[UInt8]] in
      buffer += bytes
      var result: [[UInt8]] = []
      var start = 0
      for (index, byte) in buffer.enumerated() where byte == UInt8(ascii: "\n") {
        if index > start { result.append(Array(buffer[start..<index])) }
        start = index + 1
      }
      buffer.removeFirst(start)
      return result
    }
    if !lines.isEmpty { take(lines) }
  }

  /// What came behind the last line's end: the body of a refusal.
  var rest: [UInt8] { buffer.withLock { $0 } }
}
