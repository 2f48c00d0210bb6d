/// From the table's truths to the checks and facts that must say them: the one place to add a new check to.
indirect enum Expected: Hashable {
  case yes, no
  /// The question has no meaning here: the engine must say so.
  case notApplicable
  /// Cannot be known: the engine must leave it open, with this in its reason.
  case open(String)
  /// As said, or left open with one of these in its reason: what takes a whole handshake, of servers that speak what
  /// OpenSSL does not, or one connection at a time.
  case unless(Expected, [String])
  /// The table says nothing of it: any answer is let pass.
  case untold

  init(_ isWeak: Bool) { self = isWeak ? .yes : .no }
  init(_ isWeak: Bool?) { self = isWeak.map { Expected($0) } ?? .notApplicable }
}

struct Question: Sendable {
  let check: String
  let truth: @Sendable (FarmServer) -> Expected

  init(_ check: String, _ truth: @escaping @Sendable (FarmServer) -> Expected) {
    (self.check, self.truth) = (check, truth)
  }
}

/// A fact whose value is a set of words.
struct FactQuestion: Sendable {
  let engine: String
  let fact: String
  /// Nil where the server has none of it.
  let truth: @Sendable (FarmServer) -> Set<String>?
  let separator: String
  /// False where an engine need not have seen all: then only what is invented counts.
  var isWhole: @Sendable (FarmServer) -> Bool = { _ in true }
}

enum Questions {
  static let all: [String: Question] = Dictionary(
    uniqueKeysWithValues: (tls + certificate + http + sites).map { ($0.check, $0) })

  private static let tls = [
    Question("tls.version.ssl2") { Expected($0.versions.contains("SSLv2")) },
    Question("tls.version.ssl3") { Expected($0.versions.contains("SSLv3")) },
    Question("tls.version.tls1_0") { Expected($0.versions.contains("TLS 1.0")) },
    Question("tls.version.tls1_1") { Expected($0.versions.contains("TLS 1.1")) },
    Question("tls.version.no_modern") { Expected(!$0.versions.contains { ["TLS 1.2", "TLS 1.3"].contains($0) }) },
    Question("tls.version.no_tls1_3") { Expected(!$0.versions.contains("TLS 1.3")) },
    Question("tls.version.intolerant") { $0.isModernOnly ? .notApplicable : Expected($0.intolerant ?? false) },
    Question("tls.version.no_fallback_scsv") {
      $0.versions.count { $0 != "SSLv2" } > 1 ? Expected(!$0.hasFallbackSCSV) : .notApplicable
    },
    Question("tls.suite.null") { Expected($0.has { $0.contains("_NULL_") }) },
    Question("tls.suite.anonymous") { Expected($0.has { $0.contains("_anon_") }) },
    Question("tls.suite.export") { Expected($0.has { $0.contains("_EXPORT_") }) },
    Question("tls.suite.rc4") { Expected($0.has { $0.contains("_RC4_") }) },
    Question("tls.suite.des") { Expected($0.has { ["_DES_", "_DES40_", "_RC2_"].contains(where: $0.contains) }) },
    Question("tls.suite.3des") { Expected($0.has { $0.contains("_3DES_") }) },
    Question("tls.suite.no_forward_secrecy") { Expected($0.has { $0.hasPrefix("TLS_RSA_") }) },
    Question("tls.suite.client_preference") { $0.hasChoice ? Expected($0.prefers == "client") : .notApplicable },
    Question("tls.key_exchange.weak_dh") { Expected($0.usesDH && ($0.dh ?? 2048) < 2048) },
    Question("tls.key_exchange.weak_curve") { Expected($0.usesCurves && $0.groups.contains("secp192r1")) },
    Question("tls.key_exchange.no_post_quantum") { Expected(!$0.groups.contains { $0.contains("MLKEM") }) },
    Question("tls.signature.sha1") { server in
      // Only TLS 1.2 leaves a choice; before it there was nothing newer.
      guard let suites = server.truth.suites["TLS 1.2"] else {
        let old: Set = ["SSLv3", "TLS 1.0", "TLS 1.1"]
        if server.isModernOnly { return .notApplicable }
        guard server.versions.contains(where: old.contains) else { return .untold }
        return server.has(in: old, isSigned) ? Expected(true) : .notApplicable
      }
      return suites.contains(where: isSigned) ? Expected(server.signatures.contains("sha1")) : .notApplicable
    },
    Question("tls.extended_master_secret.missing") {
      $0.versions.contains("TLS 1.2") || $0.isModernOnly
        ? Expected(!$0.hasMasterSecret && !$0.isModernOnly) : .notApplicable
    },
    Question("tls.resumption.missing") { $0.byHandshake(.no) },
    Question("tls.early_data.accepted") { $0.byHandshake(.no) },
    Question("tls.renegotiation.client_initiated") { $0.byHandshake(Expected($0.secondHandshake)) },
    // SSLv3 has no extensions to offer them in, though OpenSSL 1.0.1 would have read one there.
    Question("tls.weakness.heartbleed") { server in
      server.versions.allSatisfy { $0.hasPrefix("SSL") }
        ? .open("heartbeats were not offered") : server.weak("heartbleed")
    },
    Question("tls.weakness.ccs_injection") { $0.weak("ccs_injection") },
    Question("tls.weakness.robot") { $0.weak("robot") },
    Question("tls.weakness.ticketbleed") {
      $0.isBeyondOpenSSL ? .unless($0.weak("ticketbleed"), ["no ticket could be had"]) : $0.weak("ticketbleed")
    },
    Question("tls.weakness.poodle") { Expected($0.has(in: ["SSLv3"]) { $0.contains("_CBC_") }) },
    Question("tls.weakness.freak") { Expected($0.has { $0.hasPrefix("TLS_RSA_EXPORT_") }) },
    Question("tls.weakness.logjam") {
      Expected($0.usesDH && ($0.dh ?? 2048) <= 1024 || $0.has { $0.hasPrefix("TLS_DHE_RSA_EXPORT_") })
    },
    Question("tls.weakness.drown") { Expected($0.versions.contains("SSLv2")) },
    Question("tls.weakness.sweet32") {
      Expected($0.has { ["_3DES_", "_DES_", "_DES40_", "_RC2_"].contains(where: $0.contains) })
    },
    Question("tls.weakness.beast") { Expected($0.has(in: ["SSLv3", "TLS 1.0"]) { $0.contains("_CBC_") }) },
    Question("tls.weakness.lucky13") { Expected($0.has { $0.contains("_CBC_") }) },
    Question("tls.compression") { Expected($0.compression ?? false) },
    // SSLv3 has no extensions to say it in: whether a server that has nothing else says it, nobody asks.
    Question("tls.renegotiation.insecure") { Expected(!($0.renegotiation ?? true)) },
  ]

  @Sendable private static func isSigned(_ suite: String) -> Bool {
    (suite.hasPrefix("TLS_ECDHE_") || suite.hasPrefix("TLS_DHE_")) && !suite.contains("_anon_")
  }

  private static let certificate = [
    Question("certificate.expired") { $0.leaf { $0.daysLeft < 0 } },
    Question("certificate.not_yet_valid") { $0.leaf { $0.daysSinceStart < 0 } },
    Question("certificate.expires_soon") { $0.leaf { (0...30).contains($0.daysLeft) } },
    Question("certificate.name_mismatch") { $0.leaf { !$0.namesHost } },
    Question("certificate.self_signed") { $0.leaf(\.isSelfSigned) },
    Question("certificate.untrusted") { $0.leaf { !$0.isTrusted } },
    Question("certificate.chain_incomplete") { $0.leaf { !$0.isComplete } },
    Question("certificate.chain_order") { $0.leaf { !$0.isOrdered } },
    Question("certificate.weak_key") { $0.leaf(\.isKeyWeak) },
    Question("certificate.weak_signature") { $0.leaf(\.isSignatureWeak) },
    // No authority of the farm answers questions, and what only public ones must do does not bind it.
    Question("certificate.revoked") { server in
      if let staple = server.staple, staple != "another" { return Expected(staple == "revoked") }
      return server.leaf(\.isSelfSigned) == .yes ? .notApplicable : .open("allow")
    },
    Question("certificate.lifetime") { _ in .notApplicable },
    Question("certificate.sct_missing") { _ in .notApplicable },
    Question("certificate.staple_invalid") { server in
      server.byHandshake(server.staple.map { Expected($0 == "another") } ?? .notApplicable)
    },
    Question("certificate.staple_missing") { $0.leaf(\.mustStaple) },
    Question("certificate.changed") { _ in .notApplicable },
    Question("certificate.renewed") { _ in .notApplicable },
    Question("certificate.sni_differs") { _ in .no },
    Question("certificate.no_san") { $0.leaf { !$0.hasNames } },
    Question("certificate.wildcard_public_suffix") { $0.leaf(\.coversSuffix) },
    Question("certificate.chain_expired") { server in
      server.leaf { $0.count == 1 && !$0.isTrusted } == .yes ? .notApplicable : server.leaf(\.sendsLate)
    },
    Question("certificate.duplicate") { $0.leaf(\.repeats) },
    Question("certificate.extra_root") { $0.leaf(\.sendsRoot) },
    Question("certificate.usage") { $0.leaf { !$0.isForServers } },
    Question("certificate.leaf_is_authority") { $0.leaf(\.isAuthority) },
  ]

  private static let http = [
    Question("http.unavailable") { $0.page.map { _ in .no } ?? .untold },
    Question("http.server_error") { $0.page.map { Expected(($0.status ?? 200) >= 500) } ?? .untold },
    Question("http.redirect.missing") { server in
      guard server.scheme == "http" else { return .notApplicable }
      return Expected(!(server.page?.location ?? "").hasPrefix("https://"))
    },
    Question("http.hsts.missing") { $0.secured { ($0.hsts?.age ?? 0) == 0 } },
    Question("http.hsts.short") { $0.secured { $0.hsts.map { $0.age < 15_552_000 } } },
    Question("http.hsts.no_subdomains") { $0.secured { $0.hsts.map { !($0.subdomains ?? false) } } },
    Question("http.csp.missing") { $0.head { $0.csp == nil } },
    Question("http.csp.unsafe") { $0.head { $0.csp?.isUnsafe } },
    Question("http.content_type_options.missing") { $0.head { !($0.nosniff ?? false) } },
    Question("http.framing.missing") { $0.head { $0.framing == nil && !($0.csp?.limitsFraming ?? false) } },
    Question("http.referrer_policy.missing") {
      $0.head { [nil, "unsafe-url", "no-referrer-when-downgrade"].contains($0.referrer) }
    },
    Question("http.cookie.no_secure") { $0.scheme == "http" ? .notApplicable : $0.cookie { !($0.secure ?? false) } },
    Question("http.cookie.no_httponly") { $0.cookie { !($0.httponly ?? false) } },
    Question("http.cookie.no_samesite") { $0.cookie { $0.samesite == nil } },
    Question("http.version_leak.server") { $0.head { $0.server == "version" } },
    Question("http.version_leak.powered_by") { $0.head { $0.powered != nil } },
  ]

  static let facts: [FactQuestion] =
    [
      FactQuestion(
        engine: "tls", fact: "versions", truth: { Set($0.versions) }, separator: ", "),
      FactQuestion(
        engine: "tls", fact: "groups",
        truth: { $0.usesCurves || $0.versions.contains("TLS 1.3") ? Set($0.groups) : nil },
        separator: ", ", isWhole: { !$0.hidesCurves || $0.versions.contains("TLS 1.3") }),
      FactQuestion(
        engine: "tls", fact: "curves below TLS 1.3", truth: { $0.usesCurves ? Set($0.groups) : nil }, separator: ", ",
        isWhole: { !$0.hidesCurves }),
      FactQuestion(
        engine: "certificate", fact: "key", truth: { Set($0.truth.certificates.map(\.key)) }, separator: ", ",
        isWhole: { _ in false }),
      FactQuestion(
        engine: "http", fact: "http/2",
        truth: { $0.scheme == "https" ? [$0.site?.http2 == true ? "offered" : "not offered"] : nil }, separator: ", ",
        isWhole: { $0.sees == .all }),
      FactQuestion(
        engine: "certificate", fact: "certificates sent", truth: { Set($0.truth.certificates.map { "\($0.count)" }) },
        separator: ", "),
    ]
    + ["SSLv3", "TLS 1.0", "TLS 1.1", "TLS 1.2", "TLS 1.3"].map { version in
      FactQuestion(
        engine: "tls", fact: "suites of \(version)",
        truth: { server in server.truth.suites[version].map(Set.init) }, separator: " ")
    }
}

extension FarmServer {
  func has(in versions: Set<String>? = nil, _ isKind: (String) -> Bool) -> Bool {
    truth.suites.contains { (versions?.contains($0.key) ?? true) && $0.value.contains(where: isKind) }
  }
  var isModernOnly: Bool { versions == ["TLS 1.3"] }
  var usesCurves: Bool { has { $0.hasPrefix("TLS_ECDH") } }
  var hasChoice: Bool { truth.suites.contains { $0.value.count > 1 } }
  /// A certificate on a curve cannot be used below TLS 1.3 by a hello without that curve (RFC 8422 section 5.1), so a
  /// server that prefers it and has no other never shows those that come after it.
  var hidesCurves: Bool {
    prefers == "server" && truth.certificates.allSatisfy { $0.key.hasPrefix("EC ") }
  }
  var usesDH: Bool { has { $0.hasPrefix("TLS_DHE_") || $0.hasPrefix("TLS_DH_anon") } }

  func weak(_ name: String) -> Expected { Expected(weaknesses.contains(name)) }

  /// Debian's OpenSSL finishes no handshake with it: a mock has no keys, RC4 and 3DES are gone, and after a hello that
  /// names ffdhe groups, as OpenSSL's does, GnuTLS takes no DH of another prime (RFC 7919 section 4).
  var isBeyondOpenSSL: Bool {
    if software == "mock" { return true }
    let isGone = !truth.suites.isEmpty && !has { !$0.contains("_RC4_") && !$0.contains("_3DES_") }
    return isGone || software == "gnutls" && usesDH && !usesCurves
  }

  func byHandshake(_ truth: Expected) -> Expected {
    isBeyondOpenSSL ? .unless(truth, ["the handshake failed", "timed out", "closed the connection"]) : truth
  }
  /// Of whichever certificate a client is given; where they differ, either is true.
  func leaf(_ isWeak: (Certificate) -> Bool) -> Expected {
    let answers = Set(truth.certificates.map(isWeak))
    return answers.count == 1 ? Expected(answers.contains(true)) : .untold
  }
  /// Of every answer that is not about how we were met.
  func head(_ isWeak: (Page) -> Bool?) -> Expected { page.map { Expected(isWeak($0)) } ?? .untold }
  func secured(_ isWeak: (Page) -> Bool?) -> Expected { scheme == "http" ? .notApplicable : head(isWeak) }
  func cookie(_ isWeak: (Page.Cookie) -> Bool) -> Expected {
    head { ($0.cookies ?? []).contains(where: isWeak) }
  }
}
