/// The fixed 12 bytes (RFC 1035 section 4.1.1).
public struct DNSHeader: Sendable, Hashable {
  public static let length = 12
  public let id: UInt16
  public let flags: UInt16
  public let questionCount: Int
  public let answerCount: Int
  public let authorityCount: Int
  public let additionalCount: Int

  public init?(_ bytes: RawSpan) {
    guard bytes.byteCount >= DNSHeader.length else { return nil }
    id = bytes.u16(0)
    flags = bytes.u16(2)
    questionCount = Int(bytes.u16(4))
    answerCount = Int(bytes.u16(6))
    authorityCount = Int(bytes.u16(8))
    additionalCount = Int(bytes.u16(10))
  }
  public var isResponse: Bool { flags & 0x8000 != 0 }
  public var opcode: UInt8 { UInt8(flags >> 11 & 15) }
  public var isAuthoritative: Bool { flags & 0x0400 != 0 }
  public var isTruncated: Bool { flags & 0x0200 != 0 }
  public var recursionDesired: Bool { flags & 0x0100 != 0 }
  public var recursionAvailable: Bool { flags & 0x0080 != 0 }
  /// The reserved bit, which must be zero.
  public var z: Bool { flags & 0x0040 != 0 }
  public var responseCode: UInt8 { UInt8(flags & 15) }
}
