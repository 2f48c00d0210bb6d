import Foundation
import Glibc
import Records
import Synchronization

@testable import Seam

/// The other end of the seam: welcomes, stores batches, keeps messages. One thread.
final class TinyHub: Sendable {
  struct State {
    var records: [BatchRecord] = []
    var messages: [SeamMessage] = []
    var isOver = false
  }
  let state = Mutex(State())
  let socketPath: String
  private let listener: Descriptor

  init(_ path: String) throws {
    socketPath = path
    listener = try UnixSocket.listen(path).get()
    Thread.detachNewThread { self.run() }
  }

  func stop() { state.withLock { $0.isOver = true } }

  /// The records of one kind, as text.
  func texts(_ kind: RecordKind) -> [String] {
    state.withLock { $0.records.filter { $0.kind == kind }.map { String(decoding: $0.bytes, as: UTF8.self) } }
  }

  private var isOver: Bool { state.withLock { $0.isOver } }

  private func isReadable(_ raw: Int32) -> Bool {
    var descriptor = pollfd(fd: raw, events: Int16(POLLIN), revents: 0)
    return unsafe poll(&descriptor, 1, 20) > 0
  }

  private func run() {
    while !isOver {
      guard isReadable(listener.raw) else { continue }
      let raw = accept(listener.raw, nil, nil)
      if raw >= 0 { serve(Descriptor(raw)) }
    }
  }

  private func serve(_ socket: Descriptor) {
    var decoder = FrameDecoder()
    while !isOver {
      guard isReadable(socket.raw) else { continue }
      guard case .bytes(let bytes) = UnixSocket.receive(socket) else { return }
      decoder.receive(bytes)
      while let message = try? decoder.next() {
        var output: [UInt8] = []
        if let answer = answer(message) { try? FrameCodec.encode(answer, into: &output) }
        _ = UnixSocket.send(socket, output[...])
      }
    }
  }

  private func answer(_ message: SeamMessage) -> SeamMessage? {
    state.withLock { state in
      switch message {
      case .hello: return .welcome(.init(marks: []))
      case .batch(let batch):
        state.records += batch.records
        return .stored(.init(source: batch.source, boot: batch.boot, last: batch.last))
      default:
        state.messages.append(message)
        return nil
      }
    }
  }
}
