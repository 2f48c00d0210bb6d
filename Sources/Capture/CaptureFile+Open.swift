internal import Glibc

extension CaptureFile {
  /// The descriptor of `path`, or the operator's mistake in words.
  static func open(_ path: String) throws(CaptureError) -> Int32 {
    if path == "-" { return 0 }
    let descriptor = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw refusal(path, errno) }
    var status = stat()
    if unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
      close(descriptor)
      throw CaptureError(
        .fileUnreadable, "\(path) is a folder, not a capture file", hint: "name the files in it: \(path)/*.pcap")
    }
    return descriptor
  }

  static func size(of descriptor: Int32) -> UInt64? {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return UInt64(exactly: status.st_size)
  }

  static func refusal(_ path: String, _ code: Int32) -> CaptureError {
    switch code {
    case ENOENT, ENOTDIR:
      return CaptureError(
        .fileMissing, "there is no file \(path)", hint: "check the path; \"-\" reads from standard input")
    case EACCES, EPERM:
      return CaptureError(
        .noPermission, "the file \(path) may not be read by this user", hint: "run: sudo chmod a+r \(path)")
    default:
      let reason = unsafe String(cString: strerror(code))
      return CaptureError(.fileUnreadable, "the file \(path) cannot be read: \(reason)", hint: "")
    }
  }
}
