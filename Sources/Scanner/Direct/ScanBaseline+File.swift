internal import Glibc
internal import Records
internal import Wire

/// Why a baseline's file cannot be used; the file is named by whoever says it.
package struct BaselineError: Error, Hashable, Sendable {
  package var sentence: String
  package var hint: String
}

/// The file is somebody's: its size, its kind and its form are checked before anything of it is believed.
extension ScanBaseline {
  /// Some 10,000 targets with the memories of five engines. A larger file is none of ours.
  package static let byteLimit = 256 << 20

  /// Nil where there is no such file.
  package static func read(_ path: String) throws(BaselineError) -> ScanBaseline? {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      if errno == ENOENT { return nil }
      throw system("the baseline cannot be read")
    }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw BaselineError(sentence: "the baseline is no ordinary file", hint: "name a file that --baseline wrote")
    }
    guard status.st_size <= byteLimit else {
      throw BaselineError(
        sentence: "the baseline has more than \(byteLimit >> 20) MiB, the limit",
        hint: "keep a baseline for each group of targets")
    }
    return try parse(try bytes(descriptor))
  }

  private static func bytes(_ descriptor: Int32) throws(BaselineError) -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 18)
    while bytes.count <= byteLimit {
      let count = unsafe Glibc.read(descriptor, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw system("the baseline cannot be read") }
      if count == 0 { break }
      bytes += chunk[..<count]
    }
    return bytes
  }

  package static func parse(_ bytes: [UInt8]) throws(BaselineError) -> ScanBaseline {
    struct Head: Decodable {
      var type: String
      var schema: Int
    }
    let hint = "name a file that --baseline wrote, or move this one away"
    guard let head = try? RecordJSON.decode(Head.self, from: bytes), head.type == type else {
      throw BaselineError(sentence: "the file is no baseline of vigil scan, or it is cut off", hint: hint)
    }
    guard head.schema == schema else {
      throw BaselineError(
        sentence: "the baseline has schema \(head.schema), and this version reads schema \(schema)", hint: hint)
    }
    guard var baseline = try? RecordJSON.decode(ScanBaseline.self, from: bytes) else {
      throw BaselineError(sentence: "the baseline is damaged: a field is missing or of the wrong kind", hint: hint)
    }
    baseline.memories.removeAll { $0.body.utf8.count > EngineMemory.bodyLimit }
    return baseline
  }

  /// Beside the file first, then in its place: a scan that dies leaves the old one.
  package func write(_ path: String) throws(BaselineError) {
    guard let bytes = try? RecordJSON.encode(self) else {
      throw BaselineError(sentence: "the baseline cannot be encoded", hint: "report this")
    }
    let fresh = "\(path).\(getpid()).new"
    let descriptor = unsafe open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw ScanBaseline.system("the baseline cannot be written") }
    var rest = (bytes + [10])[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      rest = rest.dropFirst(count)
    }
    let isWhole = rest.isEmpty && fsync(descriptor) == 0
    let code = errno
    close(descriptor)
    guard isWhole, unsafe rename(fresh, path) == 0 else {
      if !isWhole { errno = code }
      let error = ScanBaseline.system("the baseline cannot be written")
      unsafe unlink(fresh)
      throw error
    }
  }

  private static func system(_ sentence: String) -> BaselineError {
    BaselineError(
      sentence: "\(sentence): \(unsafe String(cString: strerror(errno)).lowercased())",
      hint: "see that its folder exists and is yours")
  }
}
