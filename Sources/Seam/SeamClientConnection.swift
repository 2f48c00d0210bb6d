internal import Records

/// What one connection of a `SeamClient` knows: a state machine without socket, file or clock.
struct SeamClientConnection {
  private(set) var isWelcome = false
  /// The record to send next; nil: the oldest of the spool.
  private(set) var position: Spool.Position?
  /// boot -> the last sequence that the hub holds.
  private(set) var stored: [UInt64: UInt64] = [:]
  /// Bytes that wait for the socket.
  var output: [UInt8] = []

  private var decoder = FrameDecoder()
  private var inFlight: [(boot: UInt64, last: UInt64, bytes: Int)] = []
  private let windowBytes: Int

  init(hello: SeamMessage.Hello, windowBytes: Int) {
    self.windowBytes = windowBytes
    try? FrameCodec.encode(.hello(hello), into: &output)
  }

  var canSend: Bool { isWelcome && inFlight.reduce(0) { $0 + $1.bytes } < windowBytes }
  /// Nothing is on its way and nothing waits for the socket; before the welcome nobody knows.
  var isIdle: Bool { isWelcome && inFlight.isEmpty && output.isEmpty }

  /// The messages that came; marks are taken note of on the way.
  mutating func receive(_ bytes: [UInt8]) throws(SeamError) -> [SeamMessage] {
    decoder.receive(bytes)
    var messages: [SeamMessage] = []
    while let message = try decoder.next() {
      switch message {
      case .welcome(let welcome):
        guard welcome.version == SeamMessage.version else {
          throw SeamError(.version, "the hub speaks version \(welcome.version), this role \(SeamMessage.version)")
        }
        isWelcome = true
        for mark in welcome.marks { note(mark) }
      case .stored(let mark): note(mark)
      case .refused(let reason): throw SeamError(.version, "the hub refused this role: \(reason)")
      default: break
      }
      messages.append(message)
    }
    return messages
  }

  private mutating func note(_ mark: SeamMessage.StoredMark) {
    stored[mark.boot] = max(stored[mark.boot] ?? 0, mark.last)
    inFlight.removeAll { $0.boot == mark.boot && $0.last <= mark.last }
  }

  /// A batch goes out, unless the hub holds all of it already.
  mutating func send(_ batch: RecordBatch, next: Spool.Position) throws(SeamError) {
    position = next
    guard batch.last > stored[batch.boot] ?? 0 else { return }
    let before = output.count
    try FrameCodec.encode(.batch(batch), into: &output)
    inFlight.append((batch.boot, batch.last, output.count - before))
  }
}
