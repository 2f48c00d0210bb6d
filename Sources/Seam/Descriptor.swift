internal import Glibc

/// A file descriptor that is closed once. The few system calls of this module, with `EINTR` taken care of.
final class Descriptor: Sendable {
  let raw: Int32
  init(_ raw: Int32) { self.raw = raw }
  deinit { close(raw) }

  static func open(_ path: String, _ flags: Int32, mode: mode_t = 0o600) -> Descriptor? {
    let raw = unsafe Glibc.open(path, flags | O_CLOEXEC, mode)
    return raw >= 0 ? Descriptor(raw) : nil
  }

  /// Both ends without waiting.
  static func pipe() -> (reading: Descriptor, writing: Descriptor)? {
    var ends: [Int32] = [-1, -1]
    guard unsafe Glibc.pipe(&ends) == 0 else { return nil }
    for end in ends {
      UnixSocket.setNonBlocking(end)
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
    }
    return (Descriptor(ends[0]), Descriptor(ends[1]))
  }

  static func remove(_ path: String) { unsafe _ = unlink(path) }

  /// All of `bytes`, or false with `errno` set; what was written then is not known.
  func writeAll(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var done = 0
    while done < bytes.count {
      let count = unsafe write(raw, bytes.baseAddress.map { unsafe $0 + done }, bytes.count - done)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      done += count
    }
    return true
  }

  /// Up to `count` bytes at `offset`; fewer at the end of the file or after an error.
  func read(_ count: Int, at offset: Int) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: count) { target, filled in
      filled = 0
      while filled < count {
        let got = unsafe pread(
          raw, target.baseAddress.map { unsafe $0 + filled }, count - filled, off_t(offset + filled))
        if got < 0, errno == EINTR { continue }
        guard got > 0 else { break }
        filled += got
      }
    }
  }

  var size: Int {
    var status = stat()
    return unsafe fstat(raw, &status) == 0 ? Int(status.st_size) : 0
  }

  /// False where another process holds it.
  func lock() -> Bool { flock(raw, LOCK_EX | LOCK_NB) == 0 }
}

enum SystemText {
  static var error: String { text(errno) }
  static func text(_ code: Int32) -> String {
    unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
  }
  static func now() -> Int64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }
}
