internal import Dispatch
internal import Glibc
internal import Records
internal import Services
internal import Wire

/// A file of JSON lines, the owner's alone, on the disk before it counts as delivered. A line that a crash left half is
/// taken off; one that is already there, by its id, is not written again.
struct FileChannel: DispatchChannel {
  let receiver: Configuration.Receiver
  private static let threads = DispatchQueue(label: "vigil.file", attributes: .concurrent)
  /// What is looked through for a message that was written and not yet noted: it stands at the end.
  private static let tail = 256 << 10

  private struct Line: Codable {
    var id: String
    var kind: Records.Dispatch.Kind
    var to: String
    var subject: String
    var text: String
    var link: String?
    var severity: Severity?
    var deadline: Timestamp?
    var created: Timestamp
  }

  func deliver(_ dispatch: Records.Dispatch) async -> DeliveryOutcome {
    let line = Line(
      id: dispatch.id, kind: dispatch.kind, to: dispatch.address.to, subject: dispatch.subject, text: dispatch.text,
      link: dispatch.link, severity: dispatch.severity, deadline: dispatch.deadline, created: dispatch.created)
    guard let bytes = try? RecordJSON.encode(line) else { return .refused("it cannot be written as JSON") }
    return await withCheckedContinuation { continuation in
      FileChannel.threads.async {
        continuation.resume(returning: append(bytes + [UInt8(ascii: "\n")], id: dispatch.id))
      }
    }
  }

  private func append(_ line: [UInt8], id: String) -> DeliveryOutcome {
    let descriptor = unsafe open(receiver.url, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { return failure("opened") }
    defer { close(descriptor) }
    var state = stat()
    guard unsafe fstat(descriptor, &state) == 0, state.st_mode & S_IFMT == S_IFREG else {
      return failure("used: no file")
    }
    guard state.st_mode & 0o077 == 0 || fchmod(descriptor, 0o600) == 0 else { return failure("closed to others") }
    let (end, isThere) = place(descriptor, Int(state.st_size), id)
    if isThere { return .accepted }
    if end >= receiver.rotateBytes, rotate() { return append(line, id: id) }
    guard end == Int(state.st_size) || ftruncate(descriptor, end) == 0 else { return failure("mended") }
    let written = unsafe line.withUnsafeBytes { unsafe pwrite(descriptor, $0.baseAddress, $0.count, end) }
    guard written == line.count, fsync(descriptor) == 0 else {
      let cause = errno
      _ = ftruncate(descriptor, end)
      errno = cause
      return failure("written")
    }
    return .accepted
  }

  /// Where the last whole line ends, and whether one of the last holds the id.
  private func place(_ descriptor: Int32, _ size: Int, _ id: String) -> (end: Int, isThere: Bool) {
    let start = max(0, size - FileChannel.tail)
    var bytes = [UInt8](repeating: 0, count: size - start)
    let got = unsafe bytes.withUnsafeMutableBytes { unsafe pread(descriptor, $0.baseAddress, $0.count, start) }
    bytes.removeLast(bytes.count - max(got, 0))
    guard let last = bytes.lastIndex(of: UInt8(ascii: "\n")) else { return (start == 0 ? 0 : size, false) }
    let isThere = bytes[...last].split(separator: UInt8(ascii: "\n")).contains { line in
      (try? RecordJSON.decode(Line.self, from: Array(line)).id) == id
    }
    return (start + last + 1, isThere)
  }

  /// The full file moves to `.1` before the next line, and is followed by a new one; what stood there goes to `.2`, and so
  /// on to the last. (Before, not after: so the newest line is looked for where it is.)
  private func rotate() -> Bool {
    for number in stride(from: FileChannel.kept - 1, through: 1, by: -1) {
      _ = unsafe rename("\(receiver.url).\(number)", "\(receiver.url).\(number + 1)")
    }
    guard unsafe rename(receiver.url, receiver.url + ".1") == 0 else { return false }
    let folder = receiver.url.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    let descriptor = unsafe open(folder.isEmpty ? "." : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if descriptor >= 0 {
      fsync(descriptor)
      close(descriptor)
    }
    return true
  }
  private static let kept = 9

  private func failure(_ verb: String) -> DeliveryOutcome {
    unsafe .unavailable(
      "the file cannot be \(verb): \(String(cString: strerror(errno)).lowercased())", after: nil)
  }
}
