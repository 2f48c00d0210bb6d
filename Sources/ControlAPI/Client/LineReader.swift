internal import Synchronization

/// Bytes in, whole lines out.
final class LineReader: Sendable {
  private let buffer = Mutex<[UInt8]>([])
  private let line: @Sendable ([UInt8]) -> Void

  init(_ line: @escaping @Sendable ([UInt8]) -> Void) { self.line = line }

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
    lines.forEach(line)
  }

  /// What came behind the last line's end: the body of a refusal.
  var rest: [UInt8] { buffer.withLock { $0 } }
}
