internal import COpenSSL
internal import Wire

/// One TLSA record (RFC 6698 section 2.1) and what it binds.
struct TLSARecord: Hashable {
  var usage: UInt8
  var selector: UInt8
  var matching: UInt8
  var association: [UInt8]

  /// Nil for a content that is too short to be one.
  init?(_ content: DNSRecordContent, in answer: DNSAnswer) {
    guard case .tlsa(let usage, let selector, let matching, let range) = content else { return nil }
    (self.usage, self.selector, self.matching) = (usage, selector, matching)
    association = answer.message.name(range)
  }

  /// Why clients leave it out; nil where it can be used.
  var fault: String? {
    if usage > 3 || selector > 1 || matching > 2 { return "\(usage) \(selector) \(matching) is unknown" }
    let length = [1: 32, 2: 64][matching]
    return length.map { $0 == association.count ? nil : "\(association.count) bytes of digest" } ?? nil
  }

  /// Usages 1 and 3 bind the server's certificate, 0 and 2 an authority above it that the chain leads to; 0 and 1 want
  /// the certificate to be trusted besides (RFC 7671 section 5).
  func matches(_ served: ServedTrust) -> Bool {
    guard let chain = served.chain else { return false }
    if usage < 2 { guard case .trusted = served else { return false } }
    if usage == 1 || usage == 3 { return chain.der.first.map(holds) ?? false }
    return TLSARecord.path(chain.der, ending: matching == 0 && selector == 0 ? association : nil).contains(where: holds)
  }

  private func holds(_ der: [UInt8]) -> Bool {
    guard let certificate = unsafe Certificate(der.span.bytes) else { return false }
    let bytes = selector == 0 ? der : Array(der[certificate.publicKeyRange.clamped(to: 0..<der.count)])
    switch matching {
    case 0: return bytes == association
    case 1: return TLSARecord.digest(bytes, isLong: false) == association
    default: return TLSARecord.digest(bytes, isLong: true) == association
    }
  }

  private static func digest(_ bytes: [UInt8], isLong: Bool) -> [UInt8] {
    var (result, length) = ([UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE)), UInt32(0))
    let kind = unsafe isLong ? EVP_sha512() : EVP_sha256()
    guard unsafe EVP_Digest(bytes, bytes.count, &result, &length, kind, nil) == 1 else { return [] }
    return Array(result.prefix(Int(length)))
  }

  /// The authorities that signed the leaf, one above the other. A whole certificate in the record need not be sent
  /// (RFC 7671 section 5.2.2).
  private static func path(_ der: [[UInt8]], ending last: [UInt8]?) -> [[UInt8]] {
    var rest = (der.dropFirst() + (last.map { [$0] } ?? [])).compactMap { OpenSSLCertificate($0) }
    guard var here = der.first.flatMap({ OpenSSLCertificate($0) }) else { return [] }
    var path: [[UInt8]] = []
    while let index = rest.firstIndex(where: { here.isIssued(by: $0) }) {
      here = rest.remove(at: index)
      path.append(here.der)
    }
    return path
  }
}
