/// Walks a list of options as IPv4 (RFC 791 section 3.1) and TCP (RFC 9293 section 3.1) have them: type 0 ends the
/// list, type 1 is padding, any other is followed by a length that counts type and length.
@frozen public struct OptionWalk: ~Escapable {
  @frozen public enum Step: Hashable, Sendable {
    /// The option's value lies at `start..<end` of the list.
    case option(type: UInt8, start: Int, end: Int)
    case padding
    /// The end of the list, by its mark or by its length.
    case end(marked: Bool)
    /// A length under two or beyond the list; nothing follows.
    case broken(type: UInt8)
  }

  public let bytes: RawSpan
  @usableFromInline var offset = 0

  @_lifetime(copy b)
  @inlinable @inline(__always) public init(_ b: RawSpan) { bytes = b }

  @_lifetime(self: copy self)
  @inlinable public mutating func next() -> Step {
    guard offset < bytes.byteCount else { return .end(marked: false) }
    let type = bytes.byte(offset)
    let start = offset
    switch type {
    case 0:
      offset = bytes.byteCount
      return .end(marked: true)
    case 1:
      offset &+= 1
      return .padding
    default:
      let length = start &+ 1 < bytes.byteCount ? Int(bytes.byte(start &+ 1)) : 0
      guard length >= 2, start &+ length <= bytes.byteCount else {
        offset = bytes.byteCount
        return .broken(type: type)
      }
      offset = start &+ length
      return .option(type: type, start: start &+ 2, end: offset)
    }
  }
}
