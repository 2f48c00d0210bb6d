import CLinux
import ControlAPI
import Glibc
import Hub
import Records
import Seam

/// A follower's connection to the hub's ingest socket: one batch out, its mark back, blocking.
final class IngestLink {
  private let descriptor: Int32
  private var decoder = FrameDecoder()
  private let source: String
  private let boot: UInt64
  private var next: UInt64 = 1
  /// What the hub held of each boot of this source when the link was made.
  private var marks: [UInt64: UInt64] = [:]

  /// Connects and says who it is; waits for the welcome.
  init(socket path: String, source: String, boot: UInt64) throws {
    self.source = source
    self.boot = boot
    descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8.prefix(107)) }
    let status = unsafe withUnsafePointer(to: address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard status == 0 else { throw IngestLink.lost(path) }
    try send(.hello(.init(role: .ingest, source: source, boot: boot, pid: getpid())))
    guard case .welcome(let welcome) = try receive() else { throw IngestLink.lost(path) }
    for mark in welcome.marks { marks[mark.boot] = mark.last }
  }

  deinit { close(descriptor) }

  /// Returns when the hub has stored it, with the place that it leaves the follower at.
  func store(_ piece: FollowedFile.Piece) throws {
    var records = piece.lines.map { BatchRecord(kind: .alert, bytes: $0) }
    records.append(BatchRecord(kind: .cursor, bytes: try RecordJSON.encode(piece.cursor)))
    let batch = RecordBatch(source: source, boot: boot, first: next, records: records)
    try store(batch)
    next = batch.last + 1
  }

  /// How many records of a boot the hub had at the start.
  func held(boot: UInt64) -> UInt64 { marks[boot] ?? 0 }

  /// Returns when the hub has stored the batch, or says that it had it.
  func store(_ batch: RecordBatch) throws {
    try send(.batch(batch))
    while true {
      switch try receive() {
      case .stored(let mark) where mark.boot == batch.boot && mark.last >= batch.last: return
      case .refused(let reason): throw OperatorMistake("ingest.refused", reason)
      default: continue
      }
    }
  }

  private func send(_ message: SeamMessage) throws {
    var bytes: [UInt8] = []
    try FrameCodec.encode(message, into: &bytes)
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes {
        unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw IngestLink.lost("the hub") }
      rest = rest.dropFirst(count)
    }
  }

  private func receive() throws -> SeamMessage {
    while true {
      if let message = try decoder.next() { return message }
      var bytes = [UInt8](repeating: 0, count: 4096)
      let count = unsafe bytes.withUnsafeMutableBytes { unsafe recv(descriptor, $0.baseAddress, $0.count, 0) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw IngestLink.lost("the hub") }
      decoder.receive(bytes.prefix(count))
    }
  }

  private static func lost(_ place: String) -> OperatorMistake {
    OperatorMistake("ingest.noHub", at: place, "no hub answers on the ingest socket", hint: "start one with: vigil up")
  }
}
