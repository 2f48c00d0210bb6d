internal import Records
internal import Wire

/// What trust stores make of one chain, and with it who issued the leaf.
struct ChainTrust {
  let verdicts: [(name: String, verdict: TrustStore.Verdict)]
  /// Whether the public trusts it; nil where that could not be looked up.
  let isPublic: Bool?
  let leaf: OpenSSLCertificate?
  /// The certificate whose key signed the leaf, where it is known.
  let issuer: OpenSSLCertificate?

  init(_ chain: ServedChain, _ settings: ScanContext.Settings) {
    let parsed = chain.der.compactMap(CertificateCache.certificate)
    let isWhole = parsed.first?.der == chain.der.first
    let time = settings.now()
    func judge(_ source: TrustStoreSource) -> TrustStore.Verdict {
      isWhole ? TrustStore.verify(parsed, by: source, at: time) : .unreadable("OpenSSL cannot read the certificate")
    }
    verdicts = settings.trustSources.map { ($0.name, judge($0)) }
    let known = Dictionary(zip(settings.trustSources, verdicts.map(\.verdict))) { first, _ in first }
    let publicly = settings.publicSources.map { known[$0] ?? judge($0) }
    let unreadable = publicly.contains { if case .unreadable = $0 { true } else { false } }
    let isTrusted = publicly.contains(where: \.isTrusted)
    isPublic = isTrusted ? true : unreadable ? nil : false
    leaf = isWhole ? parsed.first : nil
    let above = (verdicts.map(\.verdict) + publicly).lazy.compactMap { verdict -> [UInt8]? in
      guard case .trusted(let path, _) = verdict else { return nil }
      return path.dropFirst().first
    }.first
    issuer =
      above.flatMap(CertificateCache.certificate)
      ?? parsed.first.flatMap { leaf in parsed.dropFirst().first { leaf.isIssued(by: $0) } }
  }

  /// Of the first store, which decides.
  var primary: TrustStore.Verdict { verdicts.first?.verdict ?? .unreadable("no trust store") }

  /// The subject of the root or other certificate that a trusted path ends at.
  var anchor: String? {
    guard case .trusted(let path, _) = primary, let last = path.last else { return nil }
    return unsafe Certificate(last.span.bytes)?.subject.description.shownOnALine
  }
}
