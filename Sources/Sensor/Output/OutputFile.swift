internal import Glibc

/// An append-only file of lines that never holds half a line for long: EVE's `eve.json`.
///
/// A write that fails (a full disk) loses whole lines, which are counted with the cause, and cuts the torn line off
/// again, so that a reader sees nothing but lines and the next write that succeeds starts a line of its own.
/// Rotation renames the file by time of the change and starts a new one; `reopen()` serves logrotate's SIGHUP.
package struct OutputFile: ~Copyable {
  /// When to start a new file; 0: never for that reason.
  package struct Rotation: Sendable {
    package var bytes: Int
    package var seconds: Int
    /// Rotated files kept beside the current one; 0: all.
    package var keep: Int
    package init(bytes: Int = 0, seconds: Int = 0, keep: Int = 0) {
      self.bytes = bytes
      self.seconds = seconds
      self.keep = keep
    }
  }

  package let path: String
  private let rotation: Rotation
  private var descriptor: Int32
  private var size: Int
  private var openedAt: Int
  /// Lines that could not be written, and why the last of them was not; nil after a write that succeeded.
  package private(set) var lostLines: UInt64 = 0
  package private(set) var failure: String?

  /// - Parameter truncate: start empty instead of behind what is there.
  package init(path: String, truncate: Bool, rotation: Rotation = Rotation()) throws(OutputError) {
    self.path = path
    self.rotation = rotation
    (descriptor, size) = try OutputFile.open(path, truncate: truncate)
    openedAt = time(nil)
  }

  deinit { close(descriptor) }

  /// Writes `lines`, which end with a newline each.
  package mutating func write(_ lines: UnsafeRawBufferPointer) {
    guard lines.count > 0 else { return }
    rotateIfDue(adding: lines.count)
    var offset = 0
    while offset < lines.count {
      let written = unsafe Glibc.write(descriptor, lines.baseAddress.map { unsafe $0 + offset }, lines.count - offset)
      if written > 0 {
        offset += written
      } else if errno != EINTR {
        unsafe lose(lines, from: offset, cause: errno)
        return
      }
    }
    size += offset
    failure = nil
  }

  /// Closes and opens the path again: after a log rotator has renamed the file.
  package mutating func reopen() {
    guard let (fresh, length) = try? OutputFile.open(path, truncate: false) else { return }
    close(descriptor)
    (descriptor, size, openedAt) = (fresh, length, time(nil))
  }

  /// Keeps what ended in a whole line before `offset`, cuts the rest off, and counts the lines that are gone.
  private mutating func lose(_ lines: UnsafeRawBufferPointer, from offset: Int, cause: Int32) {
    let newline = UInt8(ascii: "\n")
    var kept = offset
    while kept > 0, unsafe lines[kept - 1] != newline { kept -= 1 }
    size += kept
    if kept < offset { _ = ftruncate(descriptor, off_t(size)) }
    var lost: UInt64 = 0
    for index in kept..<lines.count where unsafe lines[index] == newline { lost += 1 }
    lostLines += lost
    failure = "cannot write \(path): \(OutputError.reason(cause))"
  }

  private mutating func rotateIfDue(adding count: Int) {
    let isFull = rotation.bytes > 0 && size > 0 && size + count > rotation.bytes
    let isOld = rotation.seconds > 0 && size > 0 && time(nil) - openedAt >= rotation.seconds
    guard isFull || isOld else { return }
    let rotated = RotatedFiles(path: path)
    guard unsafe rename(path, rotated.freshName(now: time(nil))) == 0 else { return }
    reopen()
    if rotation.keep > 0 { rotated.remove(allBut: rotation.keep) }
  }

  private static func open(_ path: String, truncate: Bool) throws(OutputError) -> (Int32, Int) {
    let flags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | (truncate ? O_TRUNC : 0)
    let descriptor = unsafe Glibc.open(path, flags, 0o640)
    guard descriptor >= 0 else { throw OutputError(path: path, code: errno) }
    let end = lseek(descriptor, 0, SEEK_END)
    return (descriptor, max(0, Int(end)))
  }
}

/// A file for output that cannot be opened: the operator's to mend.
package struct OutputError: Error, CustomStringConvertible {
  package var path: String
  package var code: Int32

  package var description: String {
    "cannot write \(path): \(OutputError.reason(code)); name a folder that exists and that you may write to"
  }

  static func reason(_ code: Int32) -> String {
    switch code {
    case ENOSPC, EDQUOT: "the disk is full"
    case EACCES, EPERM: "permission denied"
    case ENOENT: "there is no such folder"
    case ENOTDIR: "a part of the path is no folder"
    case EISDIR: "it is a folder"
    case EROFS: "the file system is read-only"
    default: unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
    }
  }
}
