internal import Glibc

/// Unix stream sockets, non-blocking: connect, listen (0600 in a folder of ours), send, receive.
enum UnixSocket {
  static func connect(_ path: String) -> Result<Descriptor, SeamError> {
    address(path).flatMap { address in
      let raw = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
      guard raw >= 0 else { return .failure(SeamError(.socket, "no socket: \(SystemText.error)")) }
      let socket = Descriptor(raw)
      let status = unsafe with(address) { pointer, length in unsafe Glibc.connect(raw, pointer, length) }
      guard status == 0 else {
        return .failure(
          SeamError(.socket, "the hub does not answer on \(path): \(SystemText.error)", hint: "is `vigil hub` running?")
        )
      }
      setNonBlocking(raw)
      return .success(socket)
    }
  }

  /// A socket file that nobody answers on is taken over; one that is answered is refused.
  static func listen(_ path: String) -> Result<Descriptor, SeamError> {
    if case .success = connect(path) {
      return .failure(
        SeamError(.socket, "the socket \(path) is in use by another process", hint: "is a hub running already?"))
    }
    return address(path).flatMap { address in
      let raw = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
      guard raw >= 0 else { return .failure(SeamError(.socket, "no socket: \(SystemText.error)")) }
      let socket = Descriptor(raw)
      Descriptor.remove(path)
      let before = umask(0o177)
      let status = unsafe with(address) { pointer, length in unsafe bind(raw, pointer, length) }
      let cause = errno
      umask(before)
      guard status == 0, Glibc.listen(raw, 64) == 0 else {
        return .failure(SeamError(.socket, "cannot listen on \(path): \(SystemText.text(cause))"))
      }
      setNonBlocking(raw)
      return .success(socket)
    }
  }

  static func setNonBlocking(_ raw: Int32) {
    _ = fcntl(raw, F_SETFL, fcntl(raw, F_GETFL) | O_NONBLOCK)
  }

  enum Received {
    case bytes([UInt8])
    case nothing
    case ended
  }

  static func receive(_ socket: Descriptor, limit: Int = 256 * 1024) -> Received {
    var count = 0
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: limit) { target, filled in
      count = unsafe recv(socket.raw, target.baseAddress, limit, 0)
      filled = max(count, 0)
    }
    if count > 0 { return .bytes(bytes) }
    return count < 0 && (errno == EAGAIN || errno == EINTR) ? .nothing : .ended
  }

  /// How many bytes went; nil where the connection is gone.
  static func send(_ socket: Descriptor, _ bytes: ArraySlice<UInt8>) -> Int? {
    let count = unsafe bytes.withUnsafeBytes {
      unsafe Glibc.send(socket.raw, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
    }
    if count >= 0 { return count }
    return errno == EAGAIN || errno == EINTR ? 0 : nil
  }

  private static func address(_ path: String) -> Result<sockaddr_un, SeamError> {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    let room = MemoryLayout.size(ofValue: address.sun_path)
    guard bytes.count < room, !bytes.isEmpty else {
      return .failure(
        SeamError(.socket, "the socket path \(path) has \(bytes.count) bytes, at most \(room - 1) are allowed"))
    }
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
    return .success(address)
  }

  private static func with<R>(_ address: sockaddr_un, _ body: (UnsafePointer<sockaddr>, socklen_t) -> R) -> R {
    unsafe withUnsafePointer(to: address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
  }
}
