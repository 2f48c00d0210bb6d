/// What a demonstration site does wrong. The raw values name sites' weaknesses in the documentation.
package enum Weakness: String, Hashable, Sendable, CaseIterable {
  // The certificate.
  case expired, notYetValid, expiresSoon, selfSigned, wrongName, weakKey, sha1Signature, incompleteChain
  // The TLS that is accepted.
  case oldVersions, onlyOldVersions, noTLS13, noForwardSecrecy, nullCipher
  // The page's head.
  case noHSTS, shortHSTS, noPolicy, unsafePolicy, noSniffing, noFraming, noReferrer
  case cookieNoSecure, cookieNoHTTPOnly, cookieNoSameSite, serverVersion, poweredBy
  // What is answered at all.
  case noRedirect, serverError, stalls, resets, plainHTTP, garbage

  /// The checks that must say yes for it. A site that talks, but not TLS, has none: what is asked of it is *not
  /// determined*.
  package var checks: [String] {
    switch self {
    case .expired: ["certificate.expired"]
    case .notYetValid: ["certificate.not_yet_valid"]
    case .expiresSoon: ["certificate.expires_soon"]
    case .selfSigned: ["certificate.self_signed", "certificate.untrusted"]
    case .wrongName: ["certificate.name_mismatch"]
    case .weakKey: ["certificate.weak_key"]
    case .sha1Signature: ["certificate.weak_signature"]
    case .incompleteChain: ["certificate.chain_incomplete", "certificate.untrusted"]
    case .oldVersions: ["tls.version.tls1_0", "tls.version.tls1_1"]
    case .onlyOldVersions:
      ["tls.version.tls1_0", "tls.version.tls1_1", "tls.version.no_modern", "tls.version.no_tls1_3"]
    case .noTLS13: ["tls.version.no_tls1_3"]
    case .noForwardSecrecy: ["tls.suite.no_forward_secrecy"]
    case .nullCipher: ["tls.suite.null"]
    case .noHSTS: ["http.hsts.missing"]
    case .shortHSTS: ["http.hsts.short"]
    case .noPolicy: ["http.csp.missing"]
    case .unsafePolicy: ["http.csp.unsafe"]
    case .noSniffing: ["http.content_type_options.missing"]
    case .noFraming: ["http.framing.missing"]
    case .noReferrer: ["http.referrer_policy.missing"]
    case .cookieNoSecure: ["http.cookie.no_secure"]
    case .cookieNoHTTPOnly: ["http.cookie.no_httponly"]
    case .cookieNoSameSite: ["http.cookie.no_samesite"]
    case .serverVersion: ["http.version_leak.server"]
    case .poweredBy: ["http.version_leak.powered_by"]
    case .noRedirect: ["http.redirect.missing"]
    case .serverError: ["http.server_error"]
    case .stalls: ["http.unavailable"]
    case .resets, .plainHTTP, .garbage: []
    }
  }

  /// Never sends a TLS record, so it needs no certificate.
  var isMute: Bool {
    switch self {
    case .stalls, .resets, .plainHTTP, .garbage: true
    default: false
    }
  }
}
