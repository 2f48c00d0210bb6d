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

/// Builds an SSL 2.0 client hello (draft Hickman, 1995) without a session.
public struct SSLv2ClientHelloWriter: Sendable {
  public var version = TLSVersion.ssl2
  /// Three bytes each.
  public var cipherSpecs: [UInt32]
  public var challenge: [UInt8]

  public init(challenge: [UInt8], cipherSpecs: [UInt32] = Self.everySpec) {
    self.challenge = challenge
    self.cipherSpecs = cipherSpecs
  }

  /// RC4 and RC4 export, RC2 and RC2 export, IDEA, DES, 3DES.
  public static let everySpec: [UInt32] = [0x010080, 0x020080, 0x030080, 0x040080, 0x050080, 0x060040, 0x0700c0]

  /// The record with the hello in it. Specs and challenge must fit the 32,767 bytes of a record.
  public func record() -> [UInt8] {
    let specs = cipherSpecs.flatMap { [UInt8(truncatingIfNeeded: $0 >> 16)] + Self.word(Int($0)) }
    let body =
      [1] + Self.word(Int(version.rawValue)) + Self.word(specs.count) + [0, 0] + Self.word(challenge.count) + specs
      + challenge
    return Self.word(0x8000 | body.count) + body
  }
  private static func word(_ value: Int) -> [UInt8] {
    [UInt8(truncatingIfNeeded: value >> 8), UInt8(truncatingIfNeeded: value)]
  }
}

/// The fixed part of an SSL 2.0 server hello: that a server answers with one is what is asked.
public struct SSLv2ServerHello: Sendable, Hashable {
  public static let fixedLength = 13
  public let version: UInt16
  public let isSessionHit: Bool
  public let certificateLength: Int
  public let cipherSpecsLength: Int
  public let connectionIDLength: Int

  /// Whether a record's first three bytes are those of one.
  public static func starts(_ bytes: RawSpan) -> Bool {
    bytes.byteCount >= 3 && bytes.byte(0) & 0x80 != 0 && bytes.byte(2) == 4
  }
  /// Nil when the fixed part is cut, or the lengths in it do not make up the record's.
  public init?(_ bytes: RawSpan) {
    guard bytes.byteCount >= Self.fixedLength, Self.starts(bytes) else { return nil }
    isSessionHit = bytes.byte(3) != 0
    version = bytes.u16(5)
    certificateLength = Int(bytes.u16(7))
    cipherSpecsLength = Int(bytes.u16(9))
    connectionIDLength = Int(bytes.u16(11))
    guard version == 2, cipherSpecsLength % 3 == 0,
      11 + certificateLength + cipherSpecsLength + connectionIDLength == Int(bytes.u16(0) & 0x7fff)
    else { return nil }
  }

  /// Names of the specs that a whole record lists; empty where it is cut.
  public static func specs(_ bytes: RawSpan) -> [String] {
    guard let fixed = SSLv2ServerHello(bytes) else { return [] }
    var reader = SpanReader(bytes)
    guard reader.skip(fixedLength + fixed.certificateLength), let list = reader.take(fixed.cipherSpecsLength) else {
      return []
    }
    return stride(from: 0, to: list.byteCount, by: 3).map { offset in
      let number = list.u24(offset)
      return names[number] ?? "0x" + String(number, radix: 16)
    }
  }
  private static let names: [UInt32: String] = [
    0x010080: "SSL_CK_RC4_128_WITH_MD5", 0x020080: "SSL_CK_RC4_128_EXPORT40_WITH_MD5",
    0x030080: "SSL_CK_RC2_128_CBC_WITH_MD5", 0x040080: "SSL_CK_RC2_128_CBC_EXPORT40_WITH_MD5",
    0x050080: "SSL_CK_IDEA_128_CBC_WITH_MD5", 0x060040: "SSL_CK_DES_64_CBC_WITH_MD5",
    0x0700c0: "SSL_CK_DES_192_EDE3_CBC_WITH_MD5",
  ]
}
