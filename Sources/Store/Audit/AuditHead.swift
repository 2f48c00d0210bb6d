internal import GRDB
internal import Glibc
internal import Records
internal import Synchronization

/// The head file beside the store: number and hash of the last entry, so that an end that was cut off is missed.
///
/// It is written after the commit, so it may be behind by what a crash cut off, and is never ahead; and it goes on only
/// along a log that contains it. Kept by the one writer of the store; what fails here fails no act, and is told.
final class AuditHead: TransactionObserver, Sendable {
  static let name = "audit.head"
  private static let tag = "vigil-audit-head-1"

  let path: String
  private struct State {
    var digest: AuditDigest?
    var isDue = false
    /// Why the log does not contain the head: stays until it was written down in the log.
    var contradiction: String?
    var writeFault: String?
  }
  private let state: Mutex<State>

  init(folder: String) {
    path = folder + "/" + AuditHead.name
    state = Mutex(State(digest: AuditHead.read(path)))
  }

  static func read(_ path: String) -> AuditDigest? {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { Glibc.close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 256)
    let count = unsafe bytes.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, $0.count) }
    let words = String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self).split { $0 == " " || $0 == "\n" }
    guard words.count == 2, words[0] == tag else { return nil }
    return AuditDigest(words[1])
  }

  var digest: AuditDigest? { state.withLock { $0.digest } }
  var contradiction: String? { state.withLock { $0.contradiction } }
  var writeFault: String? { state.withLock { $0.writeFault } }

  /// Puts it in place whole: a crash leaves the one before.
  func write(_ digest: AuditDigest) {
    let fault = AuditHead.replace(path, "\(AuditHead.tag) \(digest)\n")
    state.withLock { state in
      state.writeFault = fault.map { "the head file \(path) cannot be written: \($0)" }
      if fault == nil { (state.digest, state.contradiction) = (digest, nil) }
    }
  }

  private static func replace(_ path: String, _ text: String) -> String? {
    let partial = path + ".partial"
    let descriptor = unsafe open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return StoreLock.errorText }
    defer { Glibc.close(descriptor) }
    let bytes = Array(text.utf8)
    let count = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
    guard count == bytes.count, fsync(descriptor) == 0, unsafe rename(partial, path) == 0 else {
      return count >= 0 && count < bytes.count ? "no space left on device" : StoreLock.errorText
    }
    let folder = unsafe open(String(path.dropLast(AuditHead.name.count)), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { return StoreLock.errorText }
    defer { Glibc.close(folder) }
    return fsync(folder) == 0 ? nil : StoreLock.errorText
  }

  // MARK: of the writer

  func observes(eventsOfKind kind: DatabaseEventKind) -> Bool {
    if case .insert(tableName: "audit") = kind { return true }
    return false
  }
  func databaseDidChange(with event: DatabaseEvent) { state.withLock { $0.isDue = true } }
  func databaseDidRollback(_ db: Database) { state.withLock { $0.isDue = false } }

  func databaseDidCommit(_ db: Database) {
    let due = state.withLock { state -> AuditDigest?? in
      defer { state.isDue = false }
      return state.isDue && state.contradiction == nil ? .some(state.digest) : nil
    }
    guard let known = due else { return }
    follow(db, known)
  }

  /// Where it could not be written: again, along the log that contains it.
  func catchUp(_ db: Database) {
    let (known, isWanted) = state.withLock { ($0.digest, $0.writeFault != nil && $0.contradiction == nil) }
    if isWanted { follow(db, known) }
  }

  private func follow(_ db: Database, _ known: AuditDigest?) {
    do { try follow(db, from: known) } catch {
      state.withLock { $0.writeFault = "the audit log's end cannot be read: \(error)" }
    }
  }

  private func follow(_ db: Database, from known: AuditDigest?) throws {
    guard let known, let contradiction = try AuditLog.contradiction(db, known) else {
      return write(try AuditLog.end(db))
    }
    state.withLock { $0.contradiction = contradiction }
  }

  func contradicted(_ sentence: String) { state.withLock { $0.contradiction = sentence } }
}
