internal import Glibc

/// Compiled literal sets kept in files of one folder, so that a start need not compile them again.
///
/// A file is trusted only when it is a regular file of this user (or root), not writable by others, and its key
/// (literals, Hyperscan version, CPU features) and checksum agree; otherwise it is compiled anew and replaced.
public struct LiteralCache: Sendable {
  public let folder: String
  /// No bundle of ours comes near this; a larger file is not read.
  static let limit = 1 << 30
  private static let magic: UInt64 = 0x5649_4749_4c53_0003

  /// The folder must exist and belong to this user; a missing or foreign one only costs compile time.
  public init(folder: String) { self.folder = folder }

  /// All `groups` compiled, from the file where there is one. `compiled` tells how many had to be compiled.
  public func sets(for groups: [[Literal]]) throws(PatternError) -> (sets: [LiteralSet], compiled: Int) {
    let key = LiteralCache.key(groups)
    let path = folder + "/literals-" + key.text + ".bin"
    if let sets = read(path, key, groups) { return (sets, 0) }
    let sets = try LiteralCache.compile(groups)
    write(path, key, sets)
    return (sets, sets.count)
  }

  /// The same without a file.
  public static func compile(_ groups: [[Literal]]) throws(PatternError) -> [LiteralSet] {
    var sets: [LiteralSet] = []
    for group in groups { sets.append(try LiteralSet.compile(group)) }
    return sets
  }

  static func key(_ groups: [[Literal]]) -> ContentHash {
    var hash = ContentHash()
    hash.combine(LiteralSet.platform)
    for group in groups {
      hash.combine(UInt64(group.count))
      for literal in group {
        hash.combine(UInt64(literal.id) << 1 | (literal.isCaseless ? 1 : 0))
        hash.combine(literal.bytes)
      }
    }
    return hash
  }

  // MARK: File: magic, key (2), checksum (2), count, lengths, databases; all 64-bit words of this machine.

  private func read(_ path: String, _ key: ContentHash, _ groups: [[Literal]]) -> [LiteralSet]? {
    guard let bytes = unsafe LiteralCache.trusted(path) else { return nil }
    defer { unsafe bytes.deallocate() }
    let words = 6 + groups.count
    guard bytes.count >= words * 8 else { return nil }
    let word = { (index: Int) in unsafe bytes.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self) }
    guard word(0) == LiteralCache.magic, word(1) == key.first, word(2) == key.second, word(5) == UInt64(groups.count)
    else { return nil }
    var sum = ContentHash()
    unsafe sum.combine(UnsafeRawBufferPointer(rebasing: bytes[40...]))
    guard word(3) == sum.first, word(4) == sum.second else { return nil }
    var offset = words * 8
    var sets: [LiteralSet] = []
    for (index, group) in groups.enumerated() {
      guard let length = Int(exactly: word(6 + index)), length <= bytes.count - offset else { return nil }
      let bounds = LiteralSet.bounds(group)
      let part = unsafe UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + length])
      guard let set = unsafe LiteralSet(serialized: part, idLimit: bounds.idLimit, longest: bounds.longest) else {
        return nil
      }
      sets.append(set)
      offset += length
    }
    return offset == bytes.count ? sets : nil
  }

  /// The file's bytes, when owner, mode and size allow; the caller deallocates.
  private static func trusted(_ path: String) -> UnsafeMutableRawBufferPointer? {
    let file = unsafe open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var facts = stat()
    guard unsafe fstat(file, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG,
      facts.st_uid == geteuid() || facts.st_uid == 0, facts.st_mode & (S_IWGRP | S_IWOTH) == 0,
      facts.st_size > 0, facts.st_size < limit
    else { return nil }
    let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: Int(facts.st_size), alignment: 64)
    var filled = 0
    while filled < bytes.count {
      let count = unsafe Glibc.read(file, bytes.baseAddress.map { unsafe $0 + filled }, bytes.count - filled)
      guard count > 0 else {
        unsafe bytes.deallocate()
        return nil
      }
      filled += count
    }
    return unsafe bytes
  }

  /// A failure to write is no failure: the next start compiles again.
  private func write(_ path: String, _ key: ContentHash, _ sets: [LiteralSet]) {
    let parts = sets.compactMap { $0.serialized() }
    guard parts.count == sets.count else { return }
    var body: [UInt8] = []
    func append(_ word: UInt64, to bytes: inout [UInt8]) {
      unsafe withUnsafeBytes(of: word) { unsafe bytes.append(contentsOf: $0) }
    }
    append(UInt64(sets.count), to: &body)
    for part in parts { append(UInt64(part.count), to: &body) }
    for part in parts { body += part }
    var sum = ContentHash()
    sum.combine(body)
    var head: [UInt8] = []
    for word in [LiteralCache.magic, key.first, key.second, sum.first, sum.second] { append(word, to: &head) }
    let draft = path + ".\(getpid())"
    let file = unsafe open(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard file >= 0 else { return }
    let whole = LiteralCache.put(head, file) && LiteralCache.put(body, file)
    close(file)
    if unsafe !whole || rename(draft, path) != 0 { unsafe unlink(draft) }
  }

  private static func put(_ bytes: [UInt8], _ file: CInt) -> Bool {
    var done = 0
    while done < bytes.count {
      let count = unsafe bytes.withUnsafeBytes {
        unsafe Glibc.write(file, $0.baseAddress.map { unsafe $0 + done }, $0.count - done)
      }
      guard count > 0 else { return false }
      done += count
    }
    return true
  }
}
