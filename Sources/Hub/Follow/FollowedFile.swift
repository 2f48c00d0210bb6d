package import ControlAPI
internal import Documents
internal import Glibc
package import Records

/// A file that somebody else writes and rotates, read line by line from where the store says that we stand.
///
/// Whole lines only: the last one waits until its end is there. A renamed file is read to its end before the new one
/// is begun; a truncated one is begun anew. Nothing here waits or talks: `next` gives what there is.
package struct FollowedFile {
  package struct Piece: Equatable, Sendable {
    package var lines: [[UInt8]]
    /// Where the reader stands behind these lines.
    package var cursor: IngestCursor
    /// Why the place is not simply further on: said to the operator.
    package var note: String?
    package init(lines: [[UInt8]], cursor: IngestCursor, note: String? = nil) {
      self.lines = lines
      self.cursor = cursor
      self.note = note
    }
  }

  /// A batch is stored in one transaction; longer ones make acts wait.
  static let pieceBytes = 512 * 1024
  /// A line without an end that is longer is no EVE: it is skipped, and counted.
  package static let longestLine = 1 << 20

  let path: String
  let source: String
  private var descriptor: Int32 = -1
  private var cursor: IngestCursor?
  private(set) var skippedLines = 0

  /// `cursor` as the store has it; nil for a file that was never followed.
  package init(path: String, source: String, cursor: IngestCursor?) {
    self.path = path
    self.source = source
    self.cursor = cursor
  }

  package mutating func close() {
    if descriptor >= 0 { Glibc.close(descriptor) }
    descriptor = -1
  }

  /// The next lines, or nil where there is nothing new now.
  package mutating func next() throws(OperatorMistake) -> Piece? {
    if descriptor < 0 { guard try begin() else { return nil } }
    guard var place = cursor else { return nil }
    var note: String?
    let length = FollowedFile.state(descriptor).map { Int64($0.st_size) } ?? 0
    if length < place.offset {
      note = "\(path) was truncated: it is read from its beginning"
      place.offset = 0
      place.head = ""
    }
    let (lines, consumed) = read(from: place.offset)
    if consumed > 0 {
      place.offset += consumed
      place.head = place.head.isEmpty ? FollowedFile.head(descriptor) : place.head
      cursor = place
      return Piece(lines: lines, cursor: place, note: note)
    }
    if note != nil {
      cursor = place
      return Piece(lines: [], cursor: place, note: note)
    }
    guard wasReplaced(place) else { return nil }
    // The old file's writer may have had a line under way when it was renamed: nothing more comes there.
    close()
    cursor = nil
    return try next()
  }

  /// Opens the file at the path, or the rotated one that the cursor is still in.
  private mutating func begin() throws(OperatorMistake) -> Bool {
    if let place = cursor, let rotated = FollowedFile.find(place, beside: path) {
      descriptor = unsafe open(rotated, O_RDONLY | O_CLOEXEC)
      if descriptor >= 0 { return true }
    }
    descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT { return false }
      throw OperatorMistake(
        "ingest.unreadable", at: path,
        unsafe "this file cannot be read: \(String(cString: strerror(errno)).lowercased())",
        hint: "run as a user who may read it")
    }
    guard let state = FollowedFile.state(descriptor) else { return false }
    let known = cursor
    var place = IngestCursor(
      source: source, device: UInt64(state.st_dev), inode: UInt64(state.st_ino), offset: 0,
      head: FollowedFile.head(descriptor))
    if let known, known.inode == place.inode, known.device == place.device,
      known.head == place.head || known.head.isEmpty
    {
      place.offset = known.offset
    }
    cursor = place
    return true
  }

  /// Whole lines from `offset`, up to a piece; what an unfinished or overlong line leaves is not counted.
  private mutating func read(from offset: Int64) -> (lines: [[UInt8]], consumed: Int64) {
    var bytes = [UInt8](repeating: 0, count: max(FollowedFile.pieceBytes, FollowedFile.longestLine + 1))
    let count = unsafe bytes.withUnsafeMutableBytes {
      unsafe pread(descriptor, $0.baseAddress, $0.count, off_t(offset))
    }
    guard count > 0 else { return ([], 0) }
    guard let end = bytes[..<count].lastIndex(of: UInt8(ascii: "\n")) else {
      guard count > FollowedFile.longestLine else { return ([], 0) }
      skippedLines += 1
      return ([], Int64(count))
    }
    let lines = bytes[..<end].split(separator: UInt8(ascii: "\n")).map(Array.init)
    return (lines, Int64(end + 1))
  }

  /// Whether the path now names another file, and ours was read to its end.
  private func wasReplaced(_ place: IngestCursor) -> Bool {
    guard let there = FollowedFile.state(path) else { return false }
    return UInt64(there.st_ino) != place.inode || UInt64(there.st_dev) != place.device
  }

  /// The file of the cursor: at the path itself, or beside it under another name.
  private static func find(_ place: IngestCursor, beside path: String) -> String? {
    func isIt(_ candidate: String) -> Bool {
      guard let found = state(candidate), UInt64(found.st_ino) == place.inode, UInt64(found.st_dev) == place.device
      else {
        return false
      }
      let opened = unsafe open(candidate, O_RDONLY | O_CLOEXEC)
      guard opened >= 0 else { return false }
      defer { Glibc.close(opened) }
      return place.head.isEmpty || head(opened) == place.head
    }
    if isIt(path) { return path }
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    let folder = parts.count > 1 ? parts.dropLast().joined(separator: "/") : "."
    let name = String(parts.last ?? "")
    return FolderListing.entries(in: folder.isEmpty ? "/" : folder)?.map(\.name)
      .first { $0.hasPrefix(name) && $0 != name && isIt(folder + "/" + $0) }.map { folder + "/" + $0 }
  }

  /// SHA-256 of the first line; empty while it has no end.
  private static func head(_ descriptor: Int32) -> String {
    var bytes = [UInt8](repeating: 0, count: 64 * 1024)
    let count = unsafe bytes.withUnsafeMutableBytes { unsafe pread(descriptor, $0.baseAddress, $0.count, 0) }
    guard count > 0, let end = bytes[..<count].firstIndex(of: UInt8(ascii: "\n")) else { return "" }
    return SHA256.hex(SHA256.digest(Array(bytes[..<end])))
  }

  private static func state(_ descriptor: Int32) -> stat? {
    var result = stat()
    return unsafe fstat(descriptor, &result) == 0 ? result : nil
  }
  private static func state(_ path: String) -> stat? {
    var result = stat()
    return unsafe stat(path, &result) == 0 ? result : nil
  }
}
