/// The body of a client hello (RFC 8446 section 4.1.2, and all versions before).
public struct TLSClientHello: Sendable {
  public let legacyVersion: UInt16
  public let random: [UInt8]
  public let sessionID: [UInt8]
  public let cipherSuites: [UInt16]
  public let compressions: [UInt8]
  public let extensions: TLSExtensions

  /// From a handshake message's body; nil when the fixed part is cut.
  public init?(_ body: RawSpan) {
    var reader = SpanReader(body)
    guard let version = reader.u16(), let random = reader.take(32), let session = reader.takeCounted(1),
      session.byteCount <= 32, let suites = reader.takeCounted(2), suites.byteCount % 2 == 0,
      let compressions = reader.takeCounted(1)
    else { return nil }
    legacyVersion = version
    self.random = random.array()
    sessionID = session.array()
    cipherSuites = TLSExtensions.words(suites)
    self.compressions = compressions.array()
    if let block = reader.takeCounted(2) {
      extensions = TLSExtensions(block, isServer: false)
    } else if reader.isAtEnd {
      extensions = TLSExtensions()
    } else {
      return nil
    }
  }
  /// The highest version offered, GREASE aside.
  public var highestVersion: TLSVersion {
    let offered = extensions.versions.filter { !TLSNumber.isGREASE($0) }
    return TLSVersion(rawValue: offered.max() ?? legacyVersion)
  }
}

/// The body of a server hello or a HelloRetryRequest.
public struct TLSServerHello: Sendable, Equatable {
  public let legacyVersion: UInt16
  public let random: [UInt8]
  public let sessionID: [UInt8]
  public let cipherSuite: UInt16
  public let compression: UInt8
  public let extensions: TLSExtensions

  /// SHA-256 of "HelloRetryRequest": the random that marks one (RFC 8446 section 4.1.3).
  public static let retryRandom: [UInt8] = [
    0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91, 0xc2, 0xa2, 0x11,
    0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
  ]

  public init?(_ body: RawSpan) {
    var reader = SpanReader(body)
    guard let version = reader.u16(), let random = reader.take(32) else { return nil }
    legacyVersion = version
    self.random = random.array()
    // Drafts of TLS 1.3 before 22 have no session id and no compression.
    if version >> 8 == 0x7f, version & 255 < 22 {
      sessionID = []
      compression = 0
      guard let suite = reader.u16() else { return nil }
      cipherSuite = suite
    } else {
      guard let session = reader.takeCounted(1), session.byteCount <= 32, let suite = reader.u16(),
        let method = reader.u8()
      else { return nil }
      sessionID = session.array()
      cipherSuite = suite
      compression = method
    }
    if let block = reader.takeCounted(2) {
      extensions = TLSExtensions(block, isServer: true)
    } else if reader.isAtEnd {
      extensions = TLSExtensions()
    } else {
      return nil
    }
  }
  public var suite: TLSCipherSuite { TLSCipherSuite(rawValue: cipherSuite) }
  /// The group of the key share, or the one that a HelloRetryRequest asks for.
  public var group: UInt16? { extensions.keyShareGroups.first }
  public var isRetryRequest: Bool { random == Self.retryRandom }
  public var version: TLSVersion { TLSVersion(rawValue: extensions.versions.first ?? legacyVersion) }
}

/// The body of a certificate message: each certificate's bytes, the leaf first.
public struct TLSCertificateList: Sendable {
  public let certificates: [[UInt8]]

  /// TLS 1.2 and before. Nil when a length does not fit; certificates beyond `limit` are not kept.
  public init?(_ body: RawSpan, limit: Int = 20) {
    var outer = SpanReader(body)
    guard let list = outer.takeCounted(3) else { return nil }
    var reader = SpanReader(list)
    var out: [[UInt8]] = []
    while !reader.isAtEnd {
      guard let certificate = reader.takeCounted(3) else { return nil }
      if out.count < limit { out.append(certificate.array()) }
    }
    certificates = out
  }
}
