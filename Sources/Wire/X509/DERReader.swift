/// One element of DER (X.690): where it and its content lie in the span it was read from.
public struct DERElement: Sendable {
  public let tag: UInt8
  public let whole: Range<Int>
  public let content: Range<Int>
  public var isConstructed: Bool { tag & 0x20 != 0 }
}

/// Walks the elements of a range, strictly: definite, shortest lengths; tags of one byte; nothing beyond the range.
public struct DERReader: ~Escapable {
  public let bytes: RawSpan
  public private(set) var offset: Int
  public let end: Int

  @_lifetime(copy bytes)
  public init(_ bytes: RawSpan, _ range: Range<Int>? = nil) {
    self.bytes = bytes
    offset = min(range?.lowerBound ?? 0, bytes.byteCount)
    end = min(range?.upperBound ?? bytes.byteCount, bytes.byteCount)
  }
  public var isAtEnd: Bool { offset >= end }
  public var peekedTag: UInt8? { offset < end ? bytes.byte(offset) : nil }

  /// Nil, and nothing moves, when no whole element follows.
  public mutating func next() -> DERElement? {
    guard offset + 2 <= end else { return nil }
    let tag = bytes.byte(offset)
    guard tag & 0x1f != 0x1f else { return nil }
    var at = offset + 2
    var length = Int(bytes.byte(offset + 1))
    if length >= 0x80 {
      let width = length & 0x7f
      guard (1...4).contains(width), at + width <= end else { return nil }
      length = 0
      for index in 0..<width { length = length << 8 | Int(bytes.byte(at + index)) }
      guard length >= 0x80, width == 1 || length >> (8 * (width - 1)) != 0 else { return nil }
      at += width
    }
    guard length <= end - at else { return nil }
    defer { offset = at + length }
    return DERElement(tag: tag, whole: offset..<(at + length), content: at..<(at + length))
  }
  /// The next element if it has this tag.
  public mutating func next(_ tag: UInt8) -> DERElement? { peekedTag == tag ? next() : nil }
}

public enum DERTag {
  public static let boolean: UInt8 = 0x01
  public static let integer: UInt8 = 0x02
  public static let bitString: UInt8 = 0x03
  public static let octetString: UInt8 = 0x04
  public static let objectIdentifier: UInt8 = 0x06
  public static let utcTime: UInt8 = 0x17
  public static let generalizedTime: UInt8 = 0x18
  public static let bmpString: UInt8 = 0x1e
  public static let sequence: UInt8 = 0x30
  public static let set: UInt8 = 0x31
  public static func context(_ number: UInt8) -> UInt8 { 0x80 | number }
  public static func contextConstructed(_ number: UInt8) -> UInt8 { 0xa0 | number }
}
