internal import Glibc

/// Looking for one pattern in a range of a buffer. Caseless patterns are kept in lower case.
enum LiteralSearch {
  @inline(__always) static func lower(_ byte: UInt8) -> UInt8 {
    byte &- 0x41 < 26 ? byte | 0x20 : byte
  }

  /// The first place at or after `start` where `pattern` stands wholly before `end`; -1: none.
  static func first(_ pattern: ByteView, isNocase: Bool, in bytes: ByteView, from start: Int, to end: Int) -> Int {
    guard pattern.count > 0, end - start >= pattern.count else { return -1 }
    if isNocase { return firstNocase(pattern, bytes, start, end) }
    let head = CInt(pattern[0])
    let last = end - pattern.count
    var place = start
    while place <= last {
      guard let found = unsafe memchr(bytes.base + place, head, last - place + 1) else { return -1 }
      place = unsafe UnsafeRawPointer(found) - UnsafeRawPointer(bytes.base)
      if unsafe memcmp(bytes.base + place, pattern.base, pattern.count) == 0 { return place }
      place &+= 1
    }
    return -1
  }

  private static func firstNocase(_ pattern: ByteView, _ bytes: ByteView, _ start: Int, _ end: Int) -> Int {
    let head = pattern[0]
    let last = end - pattern.count
    var place = start
    while place <= last {
      if lower(bytes[place]) == head, equalNocase(pattern, bytes, at: place) { return place }
      place &+= 1
    }
    return -1
  }

  @inline(__always) private static func equalNocase(_ pattern: ByteView, _ bytes: ByteView, at place: Int) -> Bool {
    var index = 1
    while index < pattern.count {
      if lower(bytes[place &+ index]) != pattern[index] { return false }
      index &+= 1
    }
    return true
  }

  /// Whether `pattern` stands at `place`.
  static func stands(_ pattern: ByteView, isNocase: Bool, in bytes: ByteView, at place: Int) -> Bool {
    guard place >= 0, pattern.count <= bytes.count - place, pattern.count > 0 else { return false }
    if isNocase { return lower(bytes[place]) == pattern[0] && equalNocase(pattern, bytes, at: place) }
    return unsafe memcmp(bytes.base + place, pattern.base, pattern.count) == 0
  }
}
