internal import Glibc

/// Files that are on the disk once a call is back.
enum DurableFile {
  /// A new file; it is an error where it exists.
  static func create(_ path: String, _ bytes: [UInt8], mode: UInt32) throws(BundleError) {
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
    guard descriptor >= 0 else { throw failed(path) }
    defer { close(descriptor) }
    // Whatever the mask of this process is.
    guard fchmod(descriptor, mode) == 0 else { throw failed(path) }
    try write(bytes, to: descriptor, path)
    guard fsync(descriptor) == 0 else { throw failed(path) }
  }

  /// In the place of what is there, whole or not at all.
  static func replace(_ path: String, _ bytes: [UInt8], mode: UInt32) throws(BundleError) {
    let fresh = path + ".new"
    unsafe _ = unlink(fresh)
    try create(fresh, bytes, mode: mode)
    guard unsafe rename(fresh, path) == 0 else { throw failed(path) }
    try sync(folder: parent(of: path))
  }

  static func write(_ bytes: [UInt8], to descriptor: Int32, _ path: String) throws(BundleError) {
    var done = 0
    while done < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { buffer in
        unsafe Glibc.write(descriptor, buffer.baseAddress?.advanced(by: done), buffer.count - done)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw failed(path) }
      done += count
    }
  }

  static func sync(folder: String) throws(BundleError) {
    let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failed(folder) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw failed(folder) }
  }

  static func make(folder: String, mode: UInt32) throws(BundleError) {
    guard unsafe mkdir(folder, mode) == 0 || errno == EEXIST, unsafe chmod(folder, mode) == 0 else {
      throw failed(folder)
    }
  }

  static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  static func failed(_ path: String) -> BundleError {
    BundleError(
      .folder, unsafe "cannot write \(path): \(String(cString: strerror(errno)).lowercased())",
      hint: "is the disk full, and the folder yours?")
  }
}
