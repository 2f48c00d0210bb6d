internal import COpenSSL
internal import Records
internal import Wire

/// What the grade wants of the certificate: its key's strength, whether it is trusted, and whether it has the name.
struct TLSTrust {
  /// Bits of security of the leaf's key, as OpenSSL counts them; nil where no certificate was read.
  private(set) var security: Int?
  /// Why `security` is nil.
  private(set) var keyGap = "the certificate was not seen"
  /// T or M, which stand instead of a letter.
  private(set) var mark: String?
  /// Why, or why trust was not looked at.
  private(set) var sentence: String?

  init(_ certificates: [[UInt8]], _ target: Target, _ settings: ScanContext.Settings, gap: String?) {
    let chain = ServedChain(certificates)
    let trust = chain.map { ChainTrust($0, settings) }
    guard let chain, let trust, let leaf = trust.leaf else {
      keyGap = certificates.isEmpty ? gap ?? keyGap : "the certificate could not be read"
      return
    }
    security = leaf.security
    let name = CertificateName.ascii(target.serverName ?? target.host)
    guard leaf.matches(name) else {
      (mark, sentence) = ("M", "the certificate is for another name than \(name)")
      return
    }
    let now = settings.now()
    guard chain.leaf.notBefore <= now, now < chain.leaf.notAfter else {
      (mark, sentence) = ("T", "the certificate is not valid today")
      return
    }
    switch trust.primary {
    case .trusted: break
    case .unreadable(let why): sentence = "trust was not looked at: \(why)"
    case .issuerMissing(let why), .refused(let why): (mark, sentence) = ("T", why)
    }
  }
}

extension OpenSSLCertificate {
  /// Bits of security of its key.
  fileprivate var security: Int? {
    unsafe X509_get0_pubkey(pointer).map { unsafe Int(EVP_PKEY_get_security_bits($0)) }
  }
}
