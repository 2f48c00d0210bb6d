import Dispatch
import Glibc
import Records
import Seam
import Testing

/// A role's end of the ingest socket, a frame at a time, with a deadline on every wait. It waits on a thread of its own:
/// the hub under test needs the tests' threads. One task uses it at a time.
final class SeamWire: @unchecked Sendable {
  private let descriptor: Int32
  private var decoder = FrameDecoder()

  init(
    _ path: String, role: SeamMessage.Role = .sensor, source: String = "sensor-1", version: Int = SeamMessage.version
  ) throws {
    descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
    let status = unsafe withUnsafePointer(to: address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    try #require(status == 0)
    try send(.hello(.init(version: version, role: role, source: source, boot: 1, pid: getpid())))
  }
  deinit { close(descriptor) }

  func send(_ message: SeamMessage) throws {
    var bytes: [UInt8] = []
    try FrameCodec.encode(message, into: &bytes)
    let sent = unsafe bytes.withUnsafeBytes {
      unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
    }
    try #require(sent == bytes.count)
  }

  /// The next message; nil when the hub closed, or said nothing for two minutes: beside all other tests it may have to
  /// wait for its turn.
  func receive() async throws -> SeamMessage? {
    try await withCheckedThrowingContinuation { continuation in
      DispatchQueue.global().async { continuation.resume(with: Result { try self.next() }) }
    }
  }

  private func next() throws -> SeamMessage? {
    while true {
      if let message = try decoder.next() { return message }
      var waiting = [pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)]
      guard unsafe poll(&waiting, 1, 120_000) > 0 else { return nil }
      var bytes = [UInt8](repeating: 0, count: 65_536)
      let count = unsafe bytes.withUnsafeMutableBytes { unsafe recv(descriptor, $0.baseAddress, $0.count, 0) }
      guard count > 0 else { return nil }
      decoder.receive(bytes.prefix(count))
    }
  }
}
