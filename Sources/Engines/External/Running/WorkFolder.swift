internal import CLinux
internal import Glibc

/// A folder of one run, closed to others, gone with the value.
final class WorkFolder {
  let path: String

  /// Nil where the system gives none.
  init?() {
    guard let made = WorkFolder.parents.lazy.compactMap(WorkFolder.make).first else { return nil }
    path = made
  }

  private static func make(below parent: String) -> String? {
    var template = Array("\(parent)/vigil-tool-XXXXXX".utf8CString)
    let isMade = unsafe template.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return false }
      return unsafe mkdtemp(base) != nil
    }
    return isMade ? String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self) : nil
  }

  deinit { unsafe vigil_remove_tree(path) }

  /// The first may be closed to whom a scanner became.
  private static var parents: [String] {
    guard let named = unsafe getenv("TMPDIR"), case let path = unsafe String(cString: named), path.hasPrefix("/") else {
      return ["/tmp"]
    }
    return [path, "/tmp"]
  }

  /// A file that the program wrote there: nil where there is none, or where it is no plain file or longer than `limit`.
  func read(_ name: String, limit: Int) -> [UInt8]? {
    let descriptor = unsafe open("\(path)/\(name)", O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var state = stat()
    guard unsafe fstat(descriptor, &state) == 0, state.st_mode & S_IFMT == S_IFREG, state.st_size <= limit else {
      return nil
    }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    while bytes.count <= limit {
      let count = unsafe Glibc.read(descriptor, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return count == 0 ? bytes : nil }
      bytes += chunk[..<count]
    }
    return nil
  }

  /// False where it could not be written whole.
  func write(_ name: String, _ text: String) -> Bool {
    let descriptor = unsafe open("\(path)/\(name)", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    let bytes = Array(text.utf8)
    return unsafe Glibc.write(descriptor, bytes, bytes.count) == bytes.count
  }
}
