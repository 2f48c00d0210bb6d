internal import Glibc
package import Records
internal import Synchronization

/// The bounded files that hold records until the hub has stored them.
///
/// A record is in the file (by `write(2)`, so that it outlives a SIGKILL of this process) before `append` returns:
/// who counts what was read, counts after that. Records of earlier boots are found again and sent under their old
/// boot and sequence. A torn tail is recognised by length and checksum, and cut. When the bound is reached, the
/// newest are dropped, counted by cause. It does not survive a loss of power: nothing is flushed to the disk.
///
/// `append` may be called from any thread; reading and acknowledging belong to one (the `SeamClient`'s).
package final class Spool: Sendable {
  package struct Configuration: Sendable {
    /// All segments together.
    package var byteLimit: Int
    /// A segment is deleted as a whole: small enough to free room soon.
    package var segmentBytes: Int
    package init(byteLimit: Int = 256 * 1024 * 1024, segmentBytes: Int = 8 * 1024 * 1024) {
      self.byteLimit = byteLimit
      self.segmentBytes = segmentBytes
    }
  }

  package enum AppendResult: Sendable, Hashable {
    case kept(sequence: UInt64)
    /// Counted; `cause` is a constant of ours (`spool full`, `oversized record`, `spool not writable`).
    case dropped(cause: String)
  }

  package let source: String
  package let boot: UInt64
  private let configuration: Configuration
  private let directory: String
  private let lockFile: Descriptor
  private let state: Mutex<State>

  struct Segment {
    var path: String
    var boot: UInt64
    var first: UInt64
    var count: UInt64
    var end: Int
    var next: UInt64 { first + count }
  }
  private struct State {
    var segments: [Segment] = []
    /// The file of the last segment while it takes records.
    var open: Descriptor?
    var ordinal: UInt64 = 0
    var nextSequence: UInt64 = 1
    var drops: [String: UInt64] = [:]
    var scratch: [UInt8] = []
    var bytes: Int { segments.reduce(0) { $0 + $1.end } }
  }

  /// Makes the folder where it is missing (0700), takes its lock and finds what earlier boots left.
  package init(directory: String, source: String, boot: UInt64, configuration: Configuration = Configuration())
    throws(SeamError)
  {
    self.directory = directory
    self.source = source
    self.boot = boot
    self.configuration = configuration
    guard unsafe mkdir(directory, 0o700) == 0 || errno == EEXIST else {
      throw SeamError(.spool, "the spool folder \(directory) cannot be made: \(SystemText.error)")
    }
    guard let lock = Descriptor.open(directory + "/lock", O_RDWR | O_CREAT) else {
      throw SeamError(.spool, "the spool folder \(directory) cannot be written: \(SystemText.error)")
    }
    guard lock.lock() else {
      throw SeamError(
        .locked, "the spool \(directory) is in use by another process", hint: "end it, or name another folder")
    }
    lockFile = lock
    var found = State()
    Spool.recover(directory, into: &found)
    state = Mutex(found)
  }

  package func append(_ kind: RecordKind, _ bytes: UnsafeRawBufferPointer) -> AppendResult {
    state.withLock { state in
      guard bytes.count <= SpoolFormat.recordLimit else { return drop("oversized record", &state) }
      let size = bytes.count + SpoolFormat.entryHead
      guard state.bytes + size <= configuration.byteLimit else { return drop("spool full", &state) }
      guard let file = segment(&state, for: size) else { return drop("spool not writable", &state) }
      let sequence = state.nextSequence
      state.scratch.removeAll(keepingCapacity: true)
      state.scratch += Bytes.big(UInt32(bytes.count))
      state.scratch.append(kind.rawValue)
      state.scratch += Bytes.big(unsafe SpoolFormat.checksum(sequence, kind.rawValue, bytes))
      unsafe state.scratch.append(contentsOf: bytes)
      guard unsafe state.scratch.withUnsafeBytes({ unsafe file.writeAll($0) }) else {
        return giveUp(file, &state)
      }
      let last = state.segments.count - 1
      state.segments[last].count += 1
      state.segments[last].end += size
      state.nextSequence += 1
      return .kept(sequence: sequence)
    }
  }

  package func append(_ kind: RecordKind, _ bytes: [UInt8]) -> AppendResult {
    unsafe bytes.withUnsafeBytes { unsafe append(kind, $0) }
  }

  private func drop(_ cause: String, _ state: inout State) -> AppendResult {
    state.drops[cause, default: 0] += 1
    return .dropped(cause: cause)
  }

  /// After a write that failed half way: the tail is cut off, or the segment is left as it is and a new one begun.
  private func giveUp(_ file: Descriptor, _ state: inout State) -> AppendResult {
    let full = errno == ENOSPC || errno == EDQUOT
    let end = state.segments[state.segments.count - 1].end
    if ftruncate(file.raw, off_t(end)) != 0 || lseek(file.raw, off_t(end), SEEK_SET) < 0 { state.open = nil }
    return drop(full ? "disk full" : "spool not writable", &state)
  }

  /// The file that takes the next record; a new one where there is none, the last is full or of another boot.
  private func segment(_ state: inout State, for size: Int) -> Descriptor? {
    if let open = state.open, let last = state.segments.last, last.end + size <= configuration.segmentBytes {
      return open
    }
    state.open = nil
    state.ordinal += 1
    let path = directory + "/" + Spool.name(state.ordinal)
    let head = SpoolFormat.head(boot: boot, first: state.nextSequence)
    guard let file = Descriptor.open(path, O_RDWR | O_CREAT | O_EXCL | O_APPEND) else { return nil }
    guard unsafe head.withUnsafeBytes({ unsafe file.writeAll($0) }) else {
      Descriptor.remove(path)
      return nil
    }
    state.open = file
    state.segments.append(Segment(path: path, boot: boot, first: state.nextSequence, count: 0, end: head.count))
    return file
  }

  // MARK: reading

  /// Where the reader stands: the record (boot, sequence) that is to be sent next.
  package struct Position: Sendable, Hashable {
    var path: String
    var boot: UInt64
    var sequence: UInt64
    var offset: Int
  }

  /// The records behind `position` (nil: from the oldest), of one boot, until `byteLimit` is passed; nil where
  /// there are none.
  package func batch(after position: Position?, byteLimit: Int = 1024 * 1024) -> (RecordBatch, Position)? {
    guard let (segment, start) = state.withLock({ place($0.segments, behind: position) }) else { return nil }
    guard let file = Descriptor.open(segment.path, O_RDONLY) else { return nil }
    let room = min(segment.end - start.offset, byteLimit + SpoolFormat.recordLimit + SpoolFormat.entryHead)
    let bytes = file.read(room, at: start.offset)
    let (records, end) = SpoolFormat.entries(bytes, from: 0, first: start.sequence, byteLimit: byteLimit)
    guard !records.isEmpty else { return nil }
    let batch = RecordBatch(source: source, boot: segment.boot, first: start.sequence, records: records)
    let next = Position(
      path: segment.path, boot: segment.boot, sequence: batch.last + 1, offset: start.offset + end)
    return (batch, next)
  }

  private func place(_ segments: [Segment], behind position: Position?) -> (Segment, Position)? {
    var index = 0
    if let position, let here = segments.firstIndex(where: { $0.path == position.path }) {
      if position.offset < segments[here].end { return (segments[here], position) }
      index = here + 1
    }
    guard let segment = segments.dropFirst(index).first(where: { $0.count > 0 }) else { return nil }
    return (
      segment,
      Position(path: segment.path, boot: segment.boot, sequence: segment.first, offset: SpoolFormat.headLength)
    )
  }

  /// Deletes the segments that hold nothing beyond `last` of `boot`. The one that takes records goes only when it
  /// is worth it.
  package func acknowledge(boot: UInt64, last: UInt64) {
    state.withLock { state in
      let writing = state.open == nil ? nil : state.segments.last?.path
      state.segments.removeAll { segment in
        guard segment.boot == boot, segment.count > 0, segment.next - 1 <= last else { return false }
        if segment.path == writing {
          guard segment.end > configuration.segmentBytes / 16 else { return false }
          state.open = nil
        }
        Descriptor.remove(segment.path)
        return true
      }
    }
  }

  /// Ends the run: what is wholly acknowledged leaves no file behind.
  package func finish(acknowledged: UInt64) {
    state.withLock { state in
      state.open = nil
      state.segments.removeAll { segment in
        let done = segment.boot == boot && (segment.count == 0 || segment.next - 1 <= acknowledged)
        if done { Descriptor.remove(segment.path) }
        return done
      }
    }
  }

  package var byteCount: Int { state.withLock { $0.bytes } }
  package var lastSequence: UInt64 { state.withLock { $0.nextSequence - 1 } }
  package var drops: [DropCount] {
    state.withLock { $0.drops }.sorted { $0.key < $1.key }.map { DropCount(cause: $0.key, count: $0.value) }
  }

  // MARK: recovery

  private static func name(_ ordinal: UInt64) -> String {
    let digits = String(ordinal)
    return String(repeating: "0", count: max(12 - digits.count, 0)) + digits + ".spool"
  }

  /// What earlier boots left, oldest first. Files without one whole record are deleted; torn tails are cut.
  private static func recover(_ directory: String, into state: inout State) {
    for name in names(in: directory).sorted() {
      let path = directory + "/" + name
      state.ordinal = max(state.ordinal, UInt64(name.dropLast(6)) ?? 0)
      guard let file = Descriptor.open(path, O_RDWR) else { continue }
      let bytes = file.read(file.size, at: 0)
      guard let (boot, first) = SpoolFormat.readHead(bytes) else {
        Descriptor.remove(path)
        state.drops["unreadable spool file", default: 0] += 1
        continue
      }
      let (records, end) = SpoolFormat.entries(bytes, from: SpoolFormat.headLength, first: first)
      if end < bytes.count {
        state.drops["torn spool tail", default: 0] += 1
        _ = ftruncate(file.raw, off_t(end))
      }
      guard !records.isEmpty else {
        Descriptor.remove(path)
        continue
      }
      state.segments.append(Segment(path: path, boot: boot, first: first, count: UInt64(records.count), end: end))
    }
  }

  private static func names(in directory: String) -> [String] {
    guard let handle = unsafe opendir(directory) else { return [] }
    defer { unsafe _ = closedir(handle) }
    var names: [String] = []
    while let entry = unsafe readdir(handle) {
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name.hasSuffix(".spool"), UInt64(name.dropLast(6)) != nil { names.append(name) }
    }
    return names
  }
}
