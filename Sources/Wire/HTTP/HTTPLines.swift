/// The lines of an HTTP/1 head, taken apart as tolerantly as peers do. Ranges are of the span given, which holds one
/// line without its end. Nothing here fails: what is odd is flagged.
public struct HTTPRequestLine: Sendable, Hashable {
  public private(set) var method = 0..<0
  public private(set) var target = 0..<0
  /// Empty for HTTP/0.9 and for a line cut short.
  public private(set) var version = 0..<0
  public private(set) var hasLeadingSpace = false
  /// Something else than one space stands between the parts.
  public private(set) var hasOddDelimiter = false

  public init(_ line: RawSpan) {
    let end = HTTPLine.trimmedEnd(line)
    var at = HTTPLine.skipSpace(line, 0, end)
    hasLeadingSpace = at > 0
    let methodStart = at
    while at < end, !HTTPLine.isSpace(line.byte(at)) { at += 1 }
    method = methodStart..<at
    let targetStart = HTTPLine.skipSpace(line, at, end)
    if targetStart - at > 1 || at < end && line.byte(at) != 32 { hasOddDelimiter = true }
    // A target may hold spaces: the protocol is the last word, when it looks like one.
    var last = end
    while last > targetStart, !HTTPLine.isSpace(line.byte(last - 1)) { last -= 1 }
    let isVersion = last > targetStart && HTTPLine.startsWithHTTP(line, last, end)
    if isVersion { version = last..<end }
    var targetEnd = isVersion ? last : end
    while targetEnd > targetStart, HTTPLine.isSpace(line.byte(targetEnd - 1)) { targetEnd -= 1 }
    if isVersion, last - targetEnd > 1 { hasOddDelimiter = true }
    target = targetStart..<targetEnd
  }
}

public struct HTTPStatusLine: Sendable, Hashable {
  public private(set) var version = 0..<0
  public private(set) var status = 0..<0
  public private(set) var reason = 0..<0
  /// 100 to 999; nil when it is no such number.
  public private(set) var number: UInt16?

  public init(_ line: RawSpan) {
    let end = HTTPLine.trimmedEnd(line)
    var at = HTTPLine.skipSpace(line, 0, end)
    let start = at
    while at < end, !HTTPLine.isSpace(line.byte(at)) { at += 1 }
    version = start..<at
    at = HTTPLine.skipSpace(line, at, end)
    let statusStart = at
    while at < end, !HTTPLine.isSpace(line.byte(at)) { at += 1 }
    status = statusStart..<at
    at = HTTPLine.skipSpace(line, at, end)
    reason = at..<end
    var value = 0
    for offset in status {
      let digit = Int(line.byte(offset)) - 48
      guard (0...9).contains(digit), value < 1000 else { return }
      value = value * 10 + digit
    }
    if (100...999).contains(value) { number = UInt16(value) }
  }
  /// Whether bytes begin as a status line does, white space before it aside.
  public static func begins(_ bytes: RawSpan) -> Bool {
    let start = HTTPLine.skipSpace(bytes, 0, bytes.byteCount)
    return HTTPLine.startsWithHTTP(bytes, start, bytes.byteCount, withSlash: false)
  }
}

public struct HTTPFieldLine: Sendable, Hashable {
  public private(set) var name = 0..<0
  public private(set) var value = 0..<0
  public private(set) var hasColon = false
  /// White space before the colon, or a byte in the name that RFC 9110 does not allow.
  public private(set) var hasOddName = false

  public init(_ line: RawSpan) {
    let end = HTTPLine.trimmedEnd(line)
    var colon = 0
    while colon < end, line.byte(colon) != UInt8(ascii: ":") { colon += 1 }
    guard colon < end else {
      value = HTTPLine.skipSpace(line, 0, end)..<end
      return
    }
    hasColon = true
    var nameEnd = colon
    while nameEnd > 0, HTTPLine.isSpace(line.byte(nameEnd - 1)) { nameEnd -= 1 }
    let nameStart = HTTPLine.skipSpace(line, 0, nameEnd)
    name = nameStart..<nameEnd
    hasOddName = nameEnd < colon || nameStart == nameEnd
    for offset in name where !HTTPLine.isToken(line.byte(offset)) { hasOddName = true }
    value = HTTPLine.skipSpace(line, colon + 1, end)..<end
  }
}

public enum HTTPLine {
  @inlinable @inline(__always) public static func isSpace(_ byte: UInt8) -> Bool {
    byte == 32 || (byte >= 9 && byte <= 13)
  }
  @inlinable public static func isToken(_ byte: UInt8) -> Bool {
    byte > 32 && byte < 127
      && !(byte == 34 || byte == 40 || byte == 41 || byte == 44 || byte == 47
        || (58...64).contains(byte) || (91...93).contains(byte) || byte == 123 || byte == 125)
  }
  static func skipSpace(_ line: RawSpan, _ start: Int, _ end: Int) -> Int {
    var at = start
    while at < end, isSpace(line.byte(at)) { at += 1 }
    return at
  }
  static func trimmedEnd(_ line: RawSpan) -> Int {
    var end = line.byteCount
    while end > 0, isSpace(line.byte(end - 1)) { end -= 1 }
    return end
  }
  static func startsWithHTTP(_ line: RawSpan, _ start: Int, _ end: Int, withSlash: Bool = true) -> Bool {
    guard end - start >= (withSlash ? 5 : 4) else { return false }
    return line.byte(start) | 32 == 104 && line.byte(start + 1) | 32 == 116 && line.byte(start + 2) | 32 == 116
      && line.byte(start + 3) | 32 == 112 && (!withSlash || line.byte(start + 4) == 47)
  }
}
