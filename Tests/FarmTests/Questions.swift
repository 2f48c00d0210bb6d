/// From the table's truths to the checks and facts that must say them: the one place to add a new check to.
enum Expected: Hashable {
  case yes, no
  /// The question has no meaning here: the engine must say so.
  case notApplicable
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
  var isWhole = true
}

enum Questions {
  static let all: [String: Question] = Dictionary(
    uniqueKeysWithValues: (tls + certificate + http).map { ($0.check, $0) })

  private static let tls = [
    Question("tls.version.ssl2") { Expected($0.versions.contains("SSLv2")) },
    Question("tls.version.ssl3") { Expected($0.versions.contains("SSLv3")) },
    Question("tls.version.tls1_0") { Expected($0.versions.contains("TLS 1.0")) },
    Question("tls.version.tls1_1") { Expected($0.versions.contains("TLS 1.1")) },
    Question("tls.version.no_modern") { Expected(!$0.versions.contains { ["TLS 1.2", "TLS 1.3"].contains($0) }) },
    Question("tls.version.no_tls1_3") { Expected(!$0.versions.contains("TLS 1.3")) },
    Question("tls.suite.null") { Expected($0.has { $0.contains("_NULL_") }) },
    Question("tls.suite.anonymous") { Expected($0.has { $0.contains("_anon_") }) },
    Question("tls.suite.export") { Expected($0.has { $0.contains("_EXPORT_") }) },
    Question("tls.suite.rc4") { Expected($0.has { $0.contains("_RC4_") }) },
    Question("tls.suite.des") { Expected($0.has { ["_DES_", "_DES40_", "_RC2_"].contains(where: $0.contains) }) },
    Question("tls.suite.3des") { Expected($0.has { $0.contains("_3DES_") }) },
    Question("tls.suite.no_forward_secrecy") { Expected($0.has { $0.hasPrefix("TLS_RSA_") }) },
    Question("tls.suite.client_preference") { $0.hasChoice ? Expected($0.prefers == "client") : .notApplicable },
    Question("tls.key_exchange.weak_dh") { Expected($0.usesDH && ($0.dh ?? 2048) < 2048) },
    Question("tls.compression") { Expected($0.compression ?? false) },
    // SSLv3 has no extensions to say it in: whether a server that has nothing else says it, nobody asks.
    Question("tls.renegotiation.insecure") { Expected(!($0.renegotiation ?? true)) },
  ]

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
      // Today only the groups that were picked are told.
      FactQuestion(
        engine: "tls", fact: "groups", truth: { $0.groups.isEmpty ? nil : Set($0.groups) }, separator: ", ",
        isWhole: false),
      FactQuestion(
        engine: "certificate", fact: "key", truth: { Set($0.truth.certificates.map(\.key)) }, separator: ", ",
        isWhole: false),
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
  fileprivate func has(_ isKind: (String) -> Bool) -> Bool {
    truth.suites.values.contains { $0.contains(where: isKind) }
  }
  /// Two suites or more in some version before TLS 1.3.
  fileprivate var hasChoice: Bool { truth.suites.contains { $0.key != "TLS 1.3" && $0.value.count > 1 } }
  fileprivate var usesDH: Bool { has { $0.hasPrefix("TLS_DHE_") || $0.hasPrefix("TLS_DH_anon") } }

  /// Of whichever certificate a client is given; where they differ, either is true.
  fileprivate func leaf(_ isWeak: (Certificate) -> Bool) -> Expected {
    let answers = Set(truth.certificates.map(isWeak))
    return answers.count == 1 ? Expected(answers.contains(true)) : .untold
  }
  /// Of every answer that is not about how we were met.
  fileprivate func head(_ isWeak: (Page) -> Bool?) -> Expected { page.map { Expected(isWeak($0)) } ?? .untold }
  fileprivate func secured(_ isWeak: (Page) -> Bool?) -> Expected { scheme == "http" ? .notApplicable : head(isWeak) }
  fileprivate func cookie(_ isWeak: (Page.Cookie) -> Bool) -> Expected {
    head { ($0.cookies ?? []).contains(where: isWeak) }
  }
}
