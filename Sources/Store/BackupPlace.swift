internal import Glibc

/// What a backup may be written over, and read from. Who asks for one has the hub's user write, which may do more than
/// he: nothing but another backup gives way.
enum BackupPlace {
  /// Linux's PATH_MAX, with room for what is put behind the name.
  private static let longestPath = 4000
  /// What every file of SQLite begins with.
  private static let mark = Array("SQLite format 3\0".utf8)

  static func checkTarget(_ file: String, store: String) throws(StoreError) {
    try checkPath(file)
    for place in [file, file + partial] {
      guard let found = try state(place) else { continue }
      if let own = try state(store), own.st_dev == found.st_dev, own.st_ino == found.st_ino {
        throw StoreError(.refused, "\(place) is the store itself", hint: "name another file")
      }
      // A copy that was begun may have nothing yet.
      let isBegun = place != file && found.st_size == 0
      guard found.st_mode & S_IFMT == S_IFREG, isBegun || begins(place) == mark else {
        throw StoreError(
          .refused, "there is something at \(place) that is no backup", hint: "name a new file, or an older backup's")
      }
    }
  }

  /// Behind the name, until the copy is whole.
  static let partial = ".partial"

  /// A pipe or a device would never end.
  static func checkSource(_ file: String) throws(StoreError) {
    try checkPath(file)
    var found = stat()
    guard unsafe access(file, R_OK) == 0, unsafe stat(file, &found) == 0 else {
      throw StoreError(.unavailable, "the backup \(file) cannot be read: \(StoreLock.errorText)")
    }
    guard found.st_mode & S_IFMT == S_IFREG else { throw StoreError(.refused, "\(file) is no file") }
  }

  /// A path means one place: from the root, and whole to C, which ends it at the first NUL.
  private static func checkPath(_ file: String) throws(StoreError) {
    guard file.hasPrefix("/"), !file.utf8.contains(0), file.utf8.count <= longestPath else {
      throw StoreError(
        .refused, "\(file.prefix(200)) is no place for a backup",
        hint: "a path that begins with / and has at most \(longestPath) bytes")
    }
  }

  /// Nil: nothing is there.
  private static func state(_ file: String) throws(StoreError) -> stat? {
    var found = stat()
    if unsafe lstat(file, &found) == 0 { return found }
    guard errno == ENOENT else {
      throw StoreError(.unavailable, "nothing can be written at \(file): \(StoreLock.errorText)")
    }
    return nil
  }

  private static func begins(_ file: String) -> [UInt8] {
    let descriptor = unsafe open(file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else { return [] }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: mark.count)
    let count = unsafe bytes.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
    return count == mark.count ? bytes : []
  }
}
