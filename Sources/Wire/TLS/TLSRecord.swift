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

/// The four bytes before each handshake message (RFC 8446 section 4).
@frozen public struct TLSHandshakeHeader: Sendable, Hashable {
  public static let length = 4
  public let type: UInt8
  public let bodyLength: Int

  @inlinable @inline(__always) public init?(_ bytes: RawSpan) {
    guard bytes.byteCount >= 4 else { return nil }
    type = bytes.byte(0)
    bodyLength = Int(bytes.u24(1))
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
    0: "close_notify", 10: "unexpected_message", 20: "bad_record_mac", 21: "decryption_failed", 22: "record_overflow",
    30: "decompression_failure", 40: "handshake_failure", 41: "no_certificate", 42: "bad_certificate",
    43: "unsupported_certificate", 44: "certificate_revoked",
    45: "certificate_expired", 46: "certificate_unknown", 47: "illegal_parameter", 48: "unknown_ca",
    49: "access_denied", 50: "decode_error", 51: "decrypt_error", 60: "export_restriction", 70: "protocol_version",
    71: "insufficient_security", 80: "internal_error", 86: "inappropriate_fallback", 90: "user_canceled",
    100: "no_renegotiation", 109: "missing_extension", 110: "unsupported_extension", 112: "unrecognized_name",
    113: "bad_certificate_status_response", 115: "unknown_psk_identity", 116: "certificate_required",
    120: "no_application_protocol",
  ]
}
