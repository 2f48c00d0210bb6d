internal import Glibc

/// Where a bundle's bytes come from, in order.
package protocol BundleSource {
  /// Up to `count` bytes; fewer only at the end.
  mutating func read(_ count: Int) throws(BundleError) -> [UInt8]
  /// To the first byte again.
  mutating func rewind() throws(BundleError)
}

/// Bytes in memory.
package struct BundleBytes: BundleSource {
  private let bytes: [UInt8]
  private var place = 0
  package init(_ bytes: [UInt8]) { self.bytes = bytes }

  package mutating func read(_ count: Int) throws(BundleError) -> [UInt8] {
    let part = bytes[place...].prefix(max(count, 0))
    place += part.count
    return Array(part)
  }
  package mutating func rewind() throws(BundleError) { place = 0 }
}

/// A file, opened once: what is hashed is what is read, whatever becomes of its name.
package final class BundleFile: BundleSource {
  private let descriptor: Int32
  private let path: String

  package init(_ path: String) throws(BundleError) {
    self.path = path
    descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw BundleFile.failed("cannot read \(path)", hint: "check the path") }
    var state = stat()
    guard unsafe fstat(descriptor, &state) == 0, state.st_mode & S_IFMT == S_IFREG else {
      throw BundleError(.unreadable, "\(path) is no regular file", hint: "copy the bundle to a file, and name that")
    }
  }

  deinit { close(descriptor) }

  package func read(_ count: Int) throws(BundleError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: max(count, 0))
    var filled = 0
    while filled < bytes.count {
      let got = unsafe bytes.withUnsafeMutableBytes { buffer in
        unsafe Glibc.read(descriptor, buffer.baseAddress?.advanced(by: filled), buffer.count - filled)
      }
      if got < 0, errno == EINTR { continue }
      guard got >= 0 else { throw BundleFile.failed("cannot read \(path)", hint: "is the medium still there?") }
      if got == 0 { break }
      filled += got
    }
    return filled == bytes.count ? bytes : Array(bytes[..<filled])
  }

  package func rewind() throws(BundleError) {
    guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw BundleFile.failed("cannot read \(path) again", hint: nil) }
  }

  static func failed(_ what: String, hint: String?) -> BundleError {
    BundleError(.unreadable, unsafe "\(what): \(String(cString: strerror(errno)).lowercased())", hint: hint)
  }
}
