/// An X.509 certificate (RFC 5280) as far as fingerprinting, inspection and posture need it. Nothing is verified.
public struct Certificate: Sendable {
  /// 1, 2 or 3.
  public private(set) var version = 1
  /// The serial number's bytes, big-endian, as encoded (a leading zero byte keeps it positive).
  public private(set) var serial: [UInt8] = []
  public private(set) var signatureAlgorithm = OID("")
  /// The digest of an RSASSA-PSS signature, from its parameters (RFC 4055 section 3.1: SHA-1 when left out).
  public private(set) var pssDigest: OID?
  public private(set) var issuer: DistinguishedName
  public private(set) var subject: DistinguishedName
  /// Seconds since 1970; the years 1950 to 9999.
  public private(set) var notBeforeSeconds: Int64 = 0
  public private(set) var notAfterSeconds: Int64 = 0
  public private(set) var key: CertificateKey
  public private(set) var extensions = CertificateExtensions()
  /// Where the `SubjectPublicKeyInfo` lies, for pinning.
  public private(set) var publicKeyRange: Range<Int> = 0..<0

  public var notBefore: Timestamp { Timestamp(seconds: notBeforeSeconds) }
  public var notAfter: Timestamp { Timestamp(seconds: notAfterSeconds) }
  public var isSelfIssued: Bool { issuer.matches(subject) }

  /// Larger than any real certificate.
  public static let sizeLimit = 1 << 20

  /// Nil unless the bytes are one whole certificate and nothing more.
  public init?(_ bytes: RawSpan) {
    guard bytes.byteCount <= Self.sizeLimit else { return nil }
    var outer = DERReader(bytes)
    guard let certificate = outer.next(DERTag.sequence), outer.isAtEnd else { return nil }
    var parts = DERReader(bytes, certificate.content)
    guard let body = parts.next(DERTag.sequence), let algorithm = parts.next(DERTag.sequence),
      parts.next(DERTag.bitString) != nil, parts.isAtEnd,
      let signature = Certificate.algorithm(bytes, algorithm.content)
    else { return nil }

    var fields = DERReader(bytes, body.content)
    var versionNumber = 1
    if let tagged = fields.next(DERTag.contextConstructed(0)) {
      guard let number = Certificate.version(bytes, tagged.content) else { return nil }
      versionNumber = number
    }
    guard let serial = fields.next(DERTag.integer), !serial.content.isEmpty,
      fields.next(DERTag.sequence) != nil,
      let issuerElement = fields.next(DERTag.sequence), let issuer = DistinguishedName(bytes, issuerElement.content),
      let validity = fields.next(DERTag.sequence), let times = Certificate.validity(bytes, validity.content),
      let subjectElement = fields.next(DERTag.sequence),
      let subject = DistinguishedName(bytes, subjectElement.content),
      let keyElement = fields.next(DERTag.sequence), let key = CertificateKey(bytes, keyElement.content)
    else { return nil }
    self.issuer = issuer
    self.subject = subject
    self.key = key
    self.serial = bytes.clamped(serial.content.lowerBound, serial.content.upperBound).array()
    version = versionNumber
    signatureAlgorithm = signature
    if signature.name == "rsassaPss" { pssDigest = Certificate.pssDigest(bytes, algorithm.content) }
    (notBeforeSeconds, notAfterSeconds) = times
    publicKeyRange = keyElement.whole
    _ = fields.next(0x81)
    _ = fields.next(0x82)
    if let tagged = fields.next(DERTag.contextConstructed(3)) {
      guard let read = CertificateExtensions(bytes, tagged.content) else { return nil }
      extensions = read
    }
    guard fields.isAtEnd else { return nil }
  }

  private static func algorithm(_ bytes: RawSpan, _ range: Range<Int>) -> OID? {
    var reader = DERReader(bytes, range)
    return reader.next(DERTag.objectIdentifier).flatMap { OID(bytes, $0.content) }
  }
  private static func pssDigest(_ bytes: RawSpan, _ range: Range<Int>) -> OID? {
    var words = DERReader(bytes, range)
    _ = words.next(DERTag.objectIdentifier)
    guard let parameters = words.next(DERTag.sequence) else { return nil }
    var fields = DERReader(bytes, parameters.content)
    guard let tagged = fields.next(DERTag.contextConstructed(0)) else { return OID("1.3.14.3.2.26") }
    var inner = DERReader(bytes, tagged.content)
    return inner.next(DERTag.sequence).flatMap { Certificate.algorithm(bytes, $0.content) }
  }
  private static func version(_ bytes: RawSpan, _ range: Range<Int>) -> Int? {
    var reader = DERReader(bytes, range)
    guard let number = reader.next(DERTag.integer), number.content.count == 1, reader.isAtEnd else { return nil }
    return Int(bytes.byte(number.content.lowerBound)) + 1
  }
  private static func validity(_ bytes: RawSpan, _ range: Range<Int>) -> (Int64, Int64)? {
    var reader = DERReader(bytes, range)
    guard let first = reader.next(), let last = reader.next(), reader.isAtEnd,
      let from = CertificateTime.seconds(bytes, first), let to = CertificateTime.seconds(bytes, last)
    else { return nil }
    return (from, to)
  }
}
