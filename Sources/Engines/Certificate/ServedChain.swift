internal import Records
internal import Wire

/// One chain as a server sent it, leaf first, read by Wire's reader. Nothing here is verified.
package struct ServedChain: Sendable {
  /// Certificates looked at; real chains have two to four.
  static let limit = 20

  let der: [[UInt8]]
  /// As many as could be read, from the leaf on.
  let certificates: [Certificate]
  let leaf: Certificate
  /// How many came, those beyond `limit` counted where the way they came allows it.
  let sent: Int
  /// SHA-256 of the leaf, and of its public key: in hexadecimal.
  let fingerprint: String
  let keyPin: String

  /// Nil where the leaf cannot be read.
  package init?(_ der: [[UInt8]], sent: Int? = nil) {
    var read: [Certificate] = []
    for bytes in der.prefix(Self.limit) {
      guard let certificate = unsafe Certificate(bytes.span.bytes) else { break }
      read.append(certificate)
    }
    guard let leaf = read.first, let bytes = der.first else { return nil }
    self.der = Array(der.prefix(Self.limit))
    certificates = read
    self.leaf = leaf
    self.sent = sent ?? der.count
    fingerprint = SHA256.hex(SHA256.digest(bytes))
    keyPin = SHA256.hex(SHA256.digest(Array(bytes[leaf.publicKeyRange])))
  }

  var keyKind: KeyKind { leaf.key.kind }
  var label: String { "\(leaf.key.title) certificate" }

  /// Why the chain above the leaf is not all there to be judged; nil where it is.
  var gap: String? {
    if sent > Self.limit { return "\(sent) certificates were sent, of which the first \(Self.limit) are looked at" }
    return certificates.count < der.count ? "certificate \(certificates.count + 1) cannot be read" : nil
  }

  /// Each certificate is followed by its issuer's, one sent twice counted once.
  var isOrdered: Bool {
    var seen: Set<[UInt8]> = []
    let distinct = zip(certificates, der).filter { seen.insert($0.1).inserted }.map(\.0)
    return zip(distinct, distinct.dropFirst()).allSatisfy { $0.issuer.matches($1.subject) }
  }

  var duplicates: Int { der.count - Set(der).count }

  /// A self-issued certificate above the leaf: every client that trusts it has it.
  var extraRoot: Certificate? { certificates.dropFirst().first { $0.isSelfIssued && $0.isAuthority } }

  /// The signatures and keys that trust hangs on: those of roots do not count.
  var judged: ArraySlice<Certificate> {
    certificates.enumerated().filter { $0.offset == 0 || !$0.element.isSelfIssued }.map(\.element)[...]
  }

  /// DER of what a range of the leaf names.
  func leafBytes(_ range: Range<Int>) -> [UInt8] { Array(der[0][range.clamped(to: 0..<der[0].count)]) }
}

extension Certificate {
  var isAuthority: Bool { extensions.isAuthority == true }
  var lifetimeDays: Double { Double(notAfterSeconds - notBeforeSeconds + 1) / 86_400 }

  /// The names that it is for: DNS and addresses.
  var hostNames: [String] {
    extensions.subjectAltNames.compactMap {
      switch $0 {
      case .dns(let name): name
      case .address(let address): address.description
      default: nil
      }
    }
  }

  /// The first eight, for a line.
  var shownNames: String {
    let names = hostNames
    guard !names.isEmpty else { return subject.description.shownOnALine }
    return names.prefix(8).map(CertificateName.shown).joined(separator: ", ")
      + (names.count > 8 ? " and \(names.count - 8) more" : "")
  }

  /// The digest under the issuer's signature where it is broken.
  var brokenDigest: String? {
    let name = (pssDigest ?? signatureAlgorithm).name ?? ""
    let plain = name.lowercased().filter { $0 != "-" }
    return ["md2", "md4", "md5", "sha1"].contains { plain.contains($0) } ? signatureText : nil
  }

  var signatureText: String {
    let name = signatureAlgorithm.name ?? signatureAlgorithm.description
    return pssDigest.map { "\(name) with \($0.name ?? $0.description)" } ?? name
  }
}
