internal import Wire

/// A run of bytes in a place that outlives its user: an arena, or the segment being parsed. The parsers' only pointer;
/// every subscript is checked against `count` by the parser's own loop bounds, and by an assertion in debug builds.
@safe struct Bytes: @unchecked Sendable {
  let base: UnsafeRawPointer?
  let count: Int

  static let empty = unsafe Bytes(base: nil, count: 0)

  @inline(__always) init(base: UnsafeRawPointer?, count: Int) {
    unsafe self.base = base
    self.count = count
  }
  @inline(__always) init(_ raw: UnsafeRawBufferPointer) {
    unsafe base = raw.baseAddress
    count = raw.count
  }
  var isEmpty: Bool { count == 0 }
  var raw: UnsafeRawBufferPointer { unsafe UnsafeRawBufferPointer(start: base, count: count) }
  var array: [UInt8] { unsafe Array(raw) }
  var text: String { unsafe String(decoding: raw, as: UTF8.self) }

  @inline(__always) subscript(index: Int) -> UInt8 {
    assert(index >= 0 && index < count)
    guard let base = unsafe base else { return 0 }
    return unsafe base.load(fromByteOffset: index, as: UInt8.self)
  }
  /// Cut to what is there.
  @inline(__always) subscript(range: Range<Int>) -> Bytes {
    let low = min(max(range.lowerBound, 0), count)
    let high = min(max(range.upperBound, low), count)
    return unsafe Bytes(base: base.map { unsafe $0 + low }, count: high - low)
  }
  func from(_ start: Int) -> Bytes { self[min(start, count)..<count] }
  func prefix(_ length: Int) -> Bytes { self[0..<min(length, count)] }

  /// Hands the bytes as the span that Wire's codecs take.
  @inline(__always) func withSpan<Result>(_ body: (RawSpan) -> Result) -> Result {
    let buffer = unsafe raw
    return body(unsafe RawSpan(_unsafeBytes: buffer))
  }

  func firstIndex(of byte: UInt8, from start: Int = 0) -> Int? {
    guard start < count, let base = unsafe base else { return nil }
    let pattern = UInt64(byte) &* 0x0101_0101_0101_0101
    var at = start
    // Eight bytes at once: a zero byte in the difference is a hit.
    while at &+ 8 <= count {
      let word = unsafe base.loadUnaligned(fromByteOffset: at, as: UInt64.self).littleEndian ^ pattern
      let hits = (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
      if hits != 0 { return at &+ hits.trailingZeroBitCount >> 3 }
      at &+= 8
    }
    while at < count {
      if unsafe base.load(fromByteOffset: at, as: UInt8.self) == byte { return at }
      at &+= 1
    }
    return nil
  }
  func contains(_ byte: UInt8) -> Bool { firstIndex(of: byte) != nil }

  /// Letters of either case are equal; `word` is lower-case.
  func equals(_ word: StaticString) -> Bool {
    guard count == word.utf8CodeUnitCount else { return false }
    return hasPrefix(word)
  }
  func hasPrefix(_ word: StaticString) -> Bool {
    let length = word.utf8CodeUnitCount
    guard count >= length else { return false }
    for index in 0..<length where unsafe lowercased(self[index]) != word.utf8Start[index] { return false }
    return true
  }
  /// Where `word` (lower-case) begins, letters of either case being equal.
  func find(_ word: StaticString, from start: Int = 0) -> Int? {
    var at = start
    while at + word.utf8CodeUnitCount <= count {
      if from(at).hasPrefix(word) { return at }
      at += 1
    }
    return nil
  }
  func find(bytes: [UInt8], from start: Int = 0) -> Int? {
    guard let first = bytes.first else { return nil }
    var at = start
    while let found = firstIndex(of: first, from: at), found + bytes.count <= count {
      var length = 1
      while length < bytes.count, self[found + length] == bytes[length] { length += 1 }
      if length == bytes.count { return found }
      at = found + 1
    }
    return nil
  }
  func equalsIgnoringCase(_ other: Bytes) -> Bool {
    guard count == other.count else { return false }
    for index in 0..<count where lowercased(self[index]) != lowercased(other[index]) { return false }
    return true
  }
  /// Without white space (and line ends) around.
  var trimmed: Bytes {
    var low = 0
    var high = count
    while low < high, isSpace(self[low]) { low += 1 }
    while high > low, isSpace(self[high - 1]) { high -= 1 }
    return self[low..<high]
  }
}

@inline(__always) func lowercased(_ byte: UInt8) -> UInt8 { byte &- 65 < 26 ? byte | 32 : byte }
@inline(__always) func isSpace(_ byte: UInt8) -> Bool { byte == 32 || (byte >= 9 && byte <= 13) }
@inline(__always) func isDigit(_ byte: UInt8) -> Bool { byte &- 48 < 10 }
func hexValue(_ byte: UInt8) -> UInt8? {
  switch byte {
  case 48...57: byte - 48
  case 65...70: byte - 55
  case 97...102: byte - 87
  default: nil
  }
}
/// Lower-case hexadecimal.
func hexText(_ bytes: some Sequence<UInt8>, separator: UInt8? = nil) -> [UInt8] {
  let digits: [UInt8] = Array("0123456789abcdef".utf8)
  var out: [UInt8] = []
  for byte in bytes {
    if let separator, !out.isEmpty { out.append(separator) }
    out.append(digits[Int(byte >> 4)])
    out.append(digits[Int(byte & 15)])
  }
  return out
}

extension [UInt8] {
  func withBytes<Result>(_ body: (RawSpan) -> Result) -> Result {
    unsafe withUnsafeBytes { body(unsafe RawSpan(_unsafeBytes: $0)) }
  }
}
