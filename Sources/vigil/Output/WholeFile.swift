import ControlAPI
import Glibc

/// Writes a file whole or not at all: a reader sees the old one or the new one.
struct WholeFile {
  let path: String
  /// Takes the place of a file that is there; without it that one stays, and it is an operator's mistake.
  let replaces: Bool

  func write(_ text: String) throws(OperatorMistake) {
    let fresh = "\(path).\(getpid()).new"
    // What a report says of weak sites is for its owner first.
    let descriptor = unsafe open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw failure(errno) }
    let code = WholeFile.put(text, descriptor)
    close(descriptor)
    defer { unsafe _ = unlink(fresh) }
    guard code == 0 else { throw failure(code) }
    // A link is made only where nothing is: between a look and a renaming another could come.
    let done = unsafe replaces ? rename(fresh, path) : link(fresh, path)
    guard done == 0 else { throw failure(errno) }
  }

  /// Nought, or the error's number.
  private static func put(_ text: String, _ descriptor: Int32) -> Int32 {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return errno }
      rest = rest.dropFirst(count)
    }
    return fsync(descriptor) == 0 ? 0 : errno
  }

  private func failure(_ code: Int32) -> OperatorMistake {
    if code == EEXIST, !replaces {
      return OperatorMistake(
        "output.exists", at: path, "the file is there already", hint: "name another, or add --force")
    }
    return OperatorMistake(
      "output.unwritable", at: path,
      "the file cannot be written: \(unsafe String(cString: strerror(code)).lowercased())",
      hint: "see that its folder exists and is yours")
  }
}
