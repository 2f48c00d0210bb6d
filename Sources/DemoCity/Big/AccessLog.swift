internal import Glibc
internal import Synchronization

/// What every connection and request did, a line each, so that limits can be proven from the servers' own records:
///
///     <nanoseconds since 1970> <address> <port> connect <open at this address now>
///     <nanoseconds since 1970> <address> <port> request <method> <path>
///     <nanoseconds since 1970> <address> <port> close <open at this address now>
final class AccessLog: Sendable {
  private let descriptor: Int32
  private let state = Mutex(State())
  private struct State {
    var text: [UInt8] = []
    var open: [UInt32: Int] = [:]
  }
  /// Written at once when so much has come together.
  private static let batch = 64 << 10

  init(path: String) throws(DemoError) {
    descriptor = unsafe Glibc.open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .system("\(path) cannot be written", hint: "name another file with --log") }
  }

  deinit {
    flush()
    close(descriptor)
  }

  func connected(_ place: UInt32, _ port: UInt16) {
    add(place, port) {
      $0[place, default: 0] += 1; return "connect \($0[place] ?? 0)"
    }
  }
  func closed(_ place: UInt32, _ port: UInt16) {
    add(place, port) {
      $0[place, default: 1] -= 1; return "close \($0[place] ?? 0)"
    }
  }
  func requested(_ place: UInt32, _ port: UInt16, _ method: String, _ path: String) {
    let shown = path.prefix(200).filter { $0.isASCII && !$0.isWhitespace }
    add(place, port) { _ in "request \(method.prefix(16).filter { $0.isLetter }) \(shown)" }
  }

  private func add(_ place: UInt32, _ port: UInt16, _ what: (inout [UInt32: Int]) -> String) {
    state.withLock { state in
      // Read inside, so that lines stand in the order of their times.
      var time = timespec()
      unsafe clock_gettime(CLOCK_REALTIME, &time)
      let moment = Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
      let address = "\(place >> 24).\(place >> 16 & 255).\(place >> 8 & 255).\(place & 255)"
      state.text += Array("\(moment) \(address) \(port) \(what(&state.open))\n".utf8)
      if state.text.count >= AccessLog.batch { write(&state.text) }
    }
  }

  func flush() { state.withLock { write(&$0.text) } }

  private func write(_ text: inout [UInt8]) {
    var done = 0
    while done < text.count {
      let count = unsafe text[done...].withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
      guard count > 0 else { break }
      done += count
    }
    text.removeAll(keepingCapacity: true)
  }
}
