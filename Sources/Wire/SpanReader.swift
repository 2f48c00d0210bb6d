/// Reads a span front to back. A read that does not fit gives nil and moves nothing; `isAtEnd` says whether all was
/// consumed. For the codecs of messages (hellos, certificates, DNS); packet headers use views.
public struct SpanReader: ~Escapable {
  public let bytes: RawSpan
  public private(set) var offset = 0

  @_lifetime(copy bytes)
  @inlinable public init(_ bytes: RawSpan) { self.bytes = bytes }

  public var remaining: Int { bytes.byteCount - offset }
  public var isAtEnd: Bool { offset == bytes.byteCount }

  public mutating func u8() -> UInt8? {
    guard remaining >= 1 else { return nil }
    defer { offset += 1 }
    return bytes.byte(offset)
  }
  public mutating func u16() -> UInt16? {
    guard remaining >= 2 else { return nil }
    defer { offset += 2 }
    return bytes.u16(offset)
  }
  public mutating func u24() -> Int? {
    guard remaining >= 3 else { return nil }
    defer { offset += 3 }
    return Int(bytes.u24(offset))
  }
  public mutating func u32() -> UInt32? {
    guard remaining >= 4 else { return nil }
    defer { offset += 4 }
    return bytes.u32(offset)
  }
  public mutating func skip(_ count: Int) -> Bool {
    guard count >= 0, remaining >= count else { return false }
    offset += count
    return true
  }
  @_lifetime(copy self)
  public mutating func take(_ count: Int) -> RawSpan? {
    guard count >= 0, remaining >= count else { return nil }
    offset += count
    return bytes.clamped(offset - count, offset)
  }
  /// A run of bytes that starts with its own length in 1, 2 or 3 bytes.
  @_lifetime(copy self)
  public mutating func takeCounted(_ width: Int) -> RawSpan? {
    let start = offset
    let count: Int? = width == 1 ? u8().map(Int.init) : width == 2 ? u16().map(Int.init) : u24()
    guard let count, remaining >= count else {
      offset = start
      return nil
    }
    offset += count
    return bytes.clamped(offset - count, offset)
  }
}
