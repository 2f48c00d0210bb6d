/// The five bytes before each fragment (RFC 8446 section 5.1).
@frozen public struct TLSRecordHeader: Sendable, Hashable {
  public static let length = 5
  /// 2^14 and what encryption may add; TLS 1.2 allows 2048 more.
  public static let lengthLimit = 16384 + 2048
  public let content: UInt8
  public let version: UInt16
  public let bodyLength: Int

  @inlinable @inline(__always) public init?(_ bytes: RawSpan) {
    guard bytes.byteCount >= 5 else { return nil }
    content = bytes.byte(0)
    version = bytes.u16(1)
    bodyLength = Int(bytes.u16(3))
  }
  @inlinable public var isContentKnown: Bool { (20...24).contains(content) }
  @inlinable public var isVersionKnown: Bool { version >> 8 == 3 && version & 255 <= 4 || version >> 8 == 0x7f }
}

/// An SSL 2.0 client hello, as old scanners and older clients send it.
public struct SSLv2ClientHello: Sendable {
  public let version: UInt16
  /// Three bytes each.
  public let cipherSpecs: [UInt32]
  public let sessionIDLength: Int
  public let challengeLength: Int
  /// Bytes of the whole record.
  public let length: Int

  public init?(_ bytes: RawSpan) {
    guard bytes.byteCount >= 11, bytes.byte(0) & 0x80 != 0, bytes.byte(2) == 1 else { return nil }
    let recordLength = Int(bytes.u16(0) & 0x7fff)
    let specs = Int(bytes.u16(5))
    sessionIDLength = Int(bytes.u16(7))
    challengeLength = Int(bytes.u16(9))
    version = bytes.u16(3)
    length = recordLength + 2
    guard version == 2 || version >> 8 == 3, specs % 3 == 0, specs > 0, bytes.byteCount >= 11 + specs,
      9 + specs + sessionIDLength + challengeLength == recordLength
    else { return nil }
    cipherSpecs = stride(from: 11, to: 11 + specs, by: 3).map { bytes.u24($0) }
  }
}

/// An alert in clear.
public struct TLSAlert: Sendable, Hashable {
  public let level: UInt8
  public let description: UInt8
  public init?(_ bytes: RawSpan) {
    guard bytes.byteCount >= 2, (1...2).contains(bytes.byte(0)) else { return nil }
    level = bytes.byte(0)
    description = bytes.byte(1)
  }
  public static let names: [UInt8: String] = [
    0: "close_notify", 10: "unexpected_message", 20: "bad_record_mac", 22: "record_overflow",
    40: "handshake_failure", 42: "bad_certificate", 43: "unsupported_certificate", 44: "certificate_revoked",
    45: "certificate_expired", 46: "certificate_unknown", 47: "illegal_parameter", 48: "unknown_ca",
    49: "access_denied", 50: "decode_error", 51: "decrypt_error", 70: "protocol_version",
    71: "insufficient_security", 80: "internal_error", 86: "inappropriate_fallback", 90: "user_canceled",
    100: "no_renegotiation", 109: "missing_extension", 110: "unsupported_extension", 112: "unrecognized_name",
    116: "certificate_required", 120: "no_application_protocol",
  ]
}
