/// The extensions that inspection and posture ask for; the others are counted in `identifiers`.
public struct CertificateExtensions: Sendable {
  public private(set) var subjectAltNames: [SubjectAltName] = []
  /// From basicConstraints; nil when the extension is missing.
  public private(set) var isAuthority: Bool?
  public private(set) var pathLength: Int?
  public private(set) var keyPurposes: [OID] = []
  /// Bit 0 is digitalSignature (RFC 5280 section 4.2.1.3); nil when the extension is missing.
  public private(set) var keyUsage: UInt16?
  /// A list of signed certificate timestamps is embedded (RFC 6962).
  public var hasTimestampList: Bool { timestampList != nil }
  /// Where in the certificate that list lies: what `SignedTimestampList` reads.
  public private(set) var timestampList: Range<Int>?
  /// The OCSP must-staple feature: `status_request` in the list of TLS features (RFC 7633).
  public private(set) var mustStaple = false
  public private(set) var ocspResponders: [String] = []
  public private(set) var issuerLocations: [String] = []
  public private(set) var revocationLists: [String] = []
  public private(set) var subjectKeyID: [UInt8] = []
  public private(set) var identifiers: [OID] = []
  /// One of the known extensions could not be read.
  public private(set) var hasMalformed = false

  /// Real certificates have about ten.
  public static let countLimit = 64

  init() {}
  init?(_ bytes: RawSpan, _ range: Range<Int>) {
    var outer = DERReader(bytes, range)
    guard let list = outer.next(DERTag.sequence), outer.isAtEnd else { return nil }
    var reader = DERReader(bytes, list.content)
    while !reader.isAtEnd {
      guard let item = reader.next(DERTag.sequence), identifiers.count < Self.countLimit else { return nil }
      var parts = DERReader(bytes, item.content)
      guard let type = parts.next(DERTag.objectIdentifier), let oid = OID(bytes, type.content) else { return nil }
      _ = parts.next(DERTag.boolean)
      guard let value = parts.next(DERTag.octetString), parts.isAtEnd else { return nil }
      identifiers.append(oid)
      if !read(oid, bytes, value.content) { hasMalformed = true }
    }
  }

  private mutating func read(_ oid: OID, _ bytes: RawSpan, _ range: Range<Int>) -> Bool {
    switch oid.description {
    case "2.5.29.17":
      guard let content = sequence(bytes, range), let names = SubjectAltName.names(bytes, content) else { return false }
      subjectAltNames = names
    case "2.5.29.19": return readConstraints(bytes, range)
    case "2.5.29.37":
      guard let content = sequence(bytes, range) else { return false }
      var reader = DERReader(bytes, content)
      while let purpose = reader.next(DERTag.objectIdentifier), keyPurposes.count < 64 {
        if let oid = OID(bytes, purpose.content) { keyPurposes.append(oid) }
      }
    case "2.5.29.15": return readUsage(bytes, range)
    case "2.5.29.14":
      var reader = DERReader(bytes, range)
      guard let id = reader.next(DERTag.octetString) else { return false }
      subjectKeyID = bytes.clamped(id.content.lowerBound, id.content.upperBound).array()
    case "2.5.29.31": return readURIs(bytes, range, 0)
    case "1.3.6.1.4.1.11129.2.4.2":
      var reader = DERReader(bytes, range)
      guard let list = reader.next(DERTag.octetString), reader.isAtEnd else { return false }
      timestampList = list.content
    case "1.3.6.1.5.5.7.1.24": return readFeatures(bytes, range)
    case "1.3.6.1.5.5.7.1.1": return readAccess(bytes, range)
    default: break
    }
    return true
  }

  private func sequence(_ bytes: RawSpan, _ range: Range<Int>) -> Range<Int>? {
    var reader = DERReader(bytes, range)
    return reader.next(DERTag.sequence)?.content
  }
  private mutating func readConstraints(_ bytes: RawSpan, _ range: Range<Int>) -> Bool {
    guard let content = sequence(bytes, range) else { return false }
    var reader = DERReader(bytes, content)
    isAuthority =
      reader.next(DERTag.boolean).map { !$0.content.isEmpty && bytes.byte($0.content.lowerBound) != 0 } ?? false
    if let length = reader.next(DERTag.integer), length.content.count == 1 {
      pathLength = Int(bytes.byte(length.content.lowerBound))
    }
    return true
  }
  private mutating func readUsage(_ bytes: RawSpan, _ range: Range<Int>) -> Bool {
    var reader = DERReader(bytes, range)
    guard let bits = reader.next(DERTag.bitString), bits.content.count >= 2 else { return false }
    var usage: UInt16 = 0
    for index in 0..<min(9, (bits.content.count - 1) * 8) {
      let byte = bytes.byte(bits.content.lowerBound + 1 + index / 8)
      if byte >> UInt8(7 - index % 8) & 1 == 1 { usage |= 1 << UInt16(index) }
    }
    keyUsage = usage
    return true
  }
  /// Numbers of TLS extensions: 5 is status_request.
  private mutating func readFeatures(_ bytes: RawSpan, _ range: Range<Int>) -> Bool {
    guard let content = sequence(bytes, range) else { return false }
    var reader = DERReader(bytes, content)
    while let number = reader.next(DERTag.integer) {
      if number.content.count == 1, bytes.byte(number.content.lowerBound) == 5 { mustStaple = true }
    }
    return reader.isAtEnd
  }
  private mutating func readAccess(_ bytes: RawSpan, _ range: Range<Int>) -> Bool {
    guard let content = sequence(bytes, range) else { return false }
    var reader = DERReader(bytes, content)
    while let item = reader.next(DERTag.sequence), ocspResponders.count + issuerLocations.count < 32 {
      var parts = DERReader(bytes, item.content)
      guard let type = parts.next(DERTag.objectIdentifier), let oid = OID(bytes, type.content),
        let location = parts.next(DERTag.context(6))
      else { continue }
      let text = String(
        decoding: bytes.clamped(location.content.lowerBound, location.content.upperBound).array(), as: UTF8.self)
      if oid.description == "1.3.6.1.5.5.7.48.1" { ocspResponders.append(text) }
      if oid.description == "1.3.6.1.5.5.7.48.2" { issuerLocations.append(text) }
    }
    return true
  }
  /// Every URI below, at most four levels down: distribution points nest them in three.
  private mutating func readURIs(_ bytes: RawSpan, _ range: Range<Int>, _ depth: Int) -> Bool {
    var reader = DERReader(bytes, range)
    while !reader.isAtEnd {
      guard let element = reader.next() else { return false }
      if element.tag == DERTag.context(6), revocationLists.count < 32 {
        let span = bytes.clamped(element.content.lowerBound, element.content.upperBound)
        revocationLists.append(String(decoding: span.array(), as: UTF8.self))
      } else if element.isConstructed, depth < 5 {
        guard readURIs(bytes, element.content, depth + 1) else { return false }
      }
    }
    return true
  }
}
