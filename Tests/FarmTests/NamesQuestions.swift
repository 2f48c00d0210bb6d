/// From a zone's row to what the dns engine must say of it: the one place to add a new check to.
enum NamesQuestions {
  struct Question: Sendable {
    let check: String
    /// By what the row has; what stands beside a text in the row goes before it.
    let truth: @Sendable (NameZone) -> Expected
  }

  static func truth(of check: String, _ zone: NameZone) -> Expected? {
    guard let question = all[check] else { return nil }
    if zone.either.contains(check) { return .untold }
    if zone.weak.contains(check) { return .yes }
    if zone.idle.contains(check) { return .notApplicable }
    if let reason = zone.open[check] { return .open(reason) }
    return question.truth(zone)
  }

  static let all: [String: Question] = Dictionary(
    uniqueKeysWithValues: (structure + servers + texts).map { ($0.check, $0) })

  private static let structure = [
    Question(check: "dns.address.missing") { Expected($0.hasNoAddress) },
    Question(check: "dns.ipv6.missing") { $0.hasNoAddress ? .notApplicable : Expected($0.aaaa.isEmpty) },
    Question(check: "dns.cname.dangling") { Expected($0.alias == "gone") },
    Question(check: "dns.changed") { zone in
      zone.known.isEmpty ? .notApplicable : Expected(zone.known["A"] != zone.a || zone.known["AAAA"] != zone.aaaa)
    },
    Question(check: "dns.ns.single") { Expected($0.servers.count == 1) },
    Question(check: "dns.ns.one_network") { Expected($0.servers.count == 1 || $0.servers == ["north", "west"]) },
    Question(check: "dns.dnssec.bogus") { Expected($0.isBogus) },
    Question(check: "dns.dnssec.missing") { $0.validated(Expected(!$0.isSecure)) },
    Question(check: "dns.dnssec.weak_algorithm") { zone in
      zone.validated(zone.isSecure ? Expected(zone.signed.hasPrefix("rsasha1")) : .notApplicable)
    },
    Question(check: "dns.dnssec.weak_digest") { zone in
      zone.validated(zone.isSecure ? Expected(zone.delegation == "sha1") : .notApplicable)
    },
    Question(check: "dns.tlsa.unusable") { $0.hasTLSA ? .no : .notApplicable },
    Question(check: "dns.tlsa.mismatch") { $0.hasTLSA ? .no : .notApplicable },
  ]

  /// What a server of each fault says for itself; one that is not asked, or does not answer, leaves a *no* open.
  private static let servers = [
    Question(check: "dns.ns.lame") { $0.byServers(weak: ["lame", "unauthoritative", "failing"], open: mute) },
    Question(check: "dns.soa.serials") { $0.byServers(weak: ["stale"], open: mute) },
    Question(check: "dns.ns.recursion") {
      $0.byServers(weak: ["resolving"], open: mute.merging(["offering": "offers recursion"]) { $1 })
    },
    Question(check: "dns.zone_transfer") { zone in
      let silent = ["silent": "timed out", "garbage": "closed the connection"]
      return zone.transfer ? .yes : zone.byServers(weak: [], open: silent)
    },
  ]
  private static let mute = [
    "silent": "timed out", "garbage": "timed out", "absent": "connection refused",
    "cutting-only": "connection refused",
  ]

  /// Nothing of these is wrong but where the row says so beside the text.
  private static let texts = [
    "dns.wildcard", "dns.soa.timers", "dns.caa.missing", "dns.caa.malformed", "dns.spf.missing", "dns.spf.multiple",
    "dns.spf.malformed", "dns.spf.pass_all", "dns.spf.neutral_all", "dns.spf.too_many_lookups",
    "dns.spf.void_lookups", "dns.spf.broken_include", "dns.spf.ptr", "dns.dmarc.missing", "dns.dmarc.malformed",
    "dns.dmarc.none", "dns.dmarc.no_reports", "dns.mta_sts.missing", "dns.mta_sts.unusable",
    "dns.mta_sts.not_enforced", "dns.mx.cname", "dns.mx.private", "dns.mx.dangling",
  ].map { Question(check: $0) { _ in .no } }
}

extension NamesQuestions {
  /// Facts and their whole values; one that is not named here may say anything, or be missing.
  static func facts(of zone: NameZone) -> [String: String] {
    guard zone.sees != .nothing else { return [:] }
    var facts = ["mail domain": zone.zone, "dnssec": zone.isBogus ? "bogus" : zone.isSecure ? "secure" : "unsigned"]
    if zone.isSecure { facts["dnssec algorithms"] = algorithms[zone.signed] }
    // Of a zone whose signatures are all bad nothing is believed, not even where it begins.
    if !zone.isBogus || zone.tampered {
      facts["zone"] = zone.zone
      facts["name servers"] = zone.servers.map { "\($0).ns.\(zone.zone)" }.sorted().joined(separator: " ")
    }
    return facts
  }
  /// IANA's mnemonics of what ldns was told to sign with.
  private static let algorithms = [
    "ecdsa": "ECDSAP256SHA256", "ed25519": "ED25519", "rsa": "RSASHA256", "rsasha1": "RSASHA1",
    "rsasha1-nsec3": "RSASHA1-NSEC3-SHA1",
  ]
}

extension NameZone {
  fileprivate var hasNoAddress: Bool { alias == "gone" || (a.isEmpty && aaaa.isEmpty) }
  private var hasChain: Bool { signed != "none" && delegation != "none" }
  var isBogus: Bool { hasChain && (validity != "now" || tampered || delegation == "other key") }
  fileprivate var isSecure: Bool { hasChain && !isBogus }
  fileprivate func validated(_ truth: Expected) -> Expected { isBogus ? .open("signatures do not validate") : truth }

  fileprivate func byServers(weak: [String], open: [String: String]) -> Expected {
    if servers.contains(where: weak.contains) { return .yes }
    return servers.compactMap { open[$0] }.first.map { .open($0) } ?? .no
  }
}
