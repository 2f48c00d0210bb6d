@testable import DemoCity

/// Every mover of every indicator with the place where it is planted. A new check or rule in `Rules/posture` needs a
/// line here; `IndicatorTests` says so.
enum PlantTable {
  static let all: [Plant] = [
    transport, certificatesOfCity, certificates, zonesLacking, zones, webOfCity, web, exposedFiles, exposure,
    contentOfCity, content, operation, conversations, pages,
  ].flatMap { $0 }

  /// Checks that begin alike, each at a city site of one trait.
  private static func city(_ prefix: String, _ pairs: [(check: String, trait: SiteTrait)]) -> [Plant] {
    pairs.map { Plant([prefix + $0.check], .city([$0.trait])) }
  }

  private static let transport: [Plant] = [
    // Versions. A server that has SSLv2 or SSLv3 has more versions to fall back from: twins have as many.
    Plant(
      ["tls.version.ssl2", "tls.weakness.drown"], .farm("mock SSLv2 and SSLv3", twin: "mock SSLv3 with RC4")),
    Plant(
      ["tls.version.ssl3", "tls.weakness.poodle"],
      .farm("mock SSLv3 beside TLS 1.0 and 1.1", twin: "mock TLS 1.0 and 1.1")),
    Plant(["tls.version.tls1_0", "tls.version.tls1_1"], .city([.tlsOld])),
    Plant(
      ["tls.version.no_modern"], .city([.tlsOnlyOld], beside: [.tlsOld]),
      consequences: ["transport.suites.signatures": "before TLS 1.2 there is no signature but with SHA-1"]),
    Plant(
      ["tls.version.intolerant"],
      .farm("mock intolerant that knows a fallback", twin: "mock that knows a fallback")),
    Plant(["tls.version.no_fallback_scsv"], .farm("mock plain", twin: "mock that knows a fallback")),
    // Suites.
    Plant(["tls.suite.null"], .city([.tlsNull])), Plant(["tls.suite.anonymous"], .city([.tlsAnonymous])),
    Plant(["tls.suite.export", "tls.weakness.freak"], .farm("mock with RC4 and EXPORT", twin: "mock with RC4")),
    Plant(["tls.suite.rc4"], .farm("mock with RC4", twin: "mock TLS 1.0 and 1.1")),
    Plant(["tls.suite.des"], .farm("mock with 3DES and DES", twin: "mock with 3DES")),
    Plant(["tls.suite.3des", "tls.weakness.sweet32"], .farm("mock with 3DES", twin: "mock TLS 1.0 and 1.1")),
    Plant(["tls.suite.no_forward_secrecy"], .city([.tlsNoForwardSecrecy])),
    Plant(["tls.key_exchange.weak_dh", "tls.weakness.logjam"], .city([.tlsWeakGroup])),
    Plant(["tls.key_exchange.weak_curve"], .city([.tlsWeakCurve])),
    Plant(["tls.signature.sha1"], .city([.tlsSHA1])),
    // Sessions.
    Plant(["tls.weakness.heartbleed"], .farm("mock Heartbleed", twin: "mock heartbeats")),
    Plant(["tls.weakness.ccs_injection"], .farm("mock early change of ciphers", twin: "mock heartbeats")),
    Plant(["tls.weakness.robot"], .farm("mock ROBOT", twin: "mock of one suite")),
    Plant(["tls.weakness.ticketbleed"], .farm("gate Ticketbleed", twin: "nginx one suite")),
    Plant(["tls.compression"], .farm("mock compression", twin: "mock plain")),
    Plant(["tls.renegotiation.insecure"], .farm("GnuTLS without RFC 5746", twin: "GnuTLS with RFC 5746")),
    Plant(
      ["tls.renegotiation.client_initiated"],
      .farm("s_server client renegotiation", twin: "s_server without client renegotiation")),
    Plant(["tls.extended_master_secret.missing"], .city([.tlsNoMasterSecret])),
    Plant(["tls.early_data.accepted"], .city([.tlsEarlyData])),
  ]

  private static let certificatesOfCity = city(
    "certificate.",
    [
      ("expired", .expired), ("not_yet_valid", .notYetValid), ("chain_expired", .chainExpired),
      ("expires_soon", .expiresSoon), ("name_mismatch", .wrongName), ("no_san", .noNames),
      ("wildcard_public_suffix", .suffixWildcard), ("chain_order", .chainOrder), ("weak_key", .weakKey),
      ("weak_signature", .weakSignature), ("leaf_is_authority", .leafAuthority), ("staple_missing", .stapleMissing),
    ])

  private static let certificates: [Plant] = [
    Plant(["certificate.self_signed", "certificate.untrusted"], .city([.selfSigned])),
    Plant(["certificate.chain_incomplete"], .city([.chainIncomplete])),
    // A browser trusts no site by a certificate for clients: the twin is not trusted either.
    Plant(["certificate.usage"], .farm("certificate self-signed for clients", twin: "certificate self-signed")),
    Plant(["certificate.revoked"], .farm("certificate revoked", twin: "certificate stapled")),
    Plant(["certificate.staple_invalid"], .farm("certificate stapled with another's", twin: "certificate stapled")),
    Plant(["certificate.lifetime"], .publicly("certificate that lives too long", twin: "certificate logged")),
    Plant(["certificate.sct_missing"], .publicly("certificate not logged", twin: "certificate logged")),
    Plant(
      ["certificate.changed"], .change("certificate good", .server("certificate RSA 3072"))),
  ]

  /// Zones that lack the record that a sound zone has, or have it wrong.
  private static let zonesLacking: [Plant] = {
    let pairs: [(check: String, zone: String)] = [
      ("address.missing", "no-address"), ("dnssec.missing", "unsigned"), ("dnssec.bogus", "tampered"),
      ("dnssec.weak_algorithm", "sha1"), ("dnssec.weak_digest", "digest-sha1"), ("caa.missing", "no-caa"),
      ("caa.malformed", "caa-malformed"), ("ns.single", "one-server"), ("ns.one_network", "one-network"),
      ("ns.lame", "lame"), ("soa.timers", "soa-short-expire"), ("ns.recursion", "resolving"),
      ("zone_transfer", "transfer"), ("spf.missing", "spf-missing"), ("spf.multiple", "spf-two"),
      ("spf.malformed", "spf-malformed"), ("spf.pass_all", "spf-pass-all"), ("spf.neutral_all", "spf-neutral"),
      ("spf.too_many_lookups", "spf-eleven-lookups"), ("spf.ptr", "spf-ptr"), ("spf.void_lookups", "spf-three-voids"),
      ("spf.broken_include", "spf-broken-include"), ("dmarc.missing", "dmarc-missing"),
      ("dmarc.malformed", "dmarc-malformed"), ("dmarc.none", "dmarc-none"), ("mx.cname", "mx-alias"),
      ("mx.private", "mx-inner"), ("mx.dangling", "mx-gone"), ("mta_sts.unusable", "sts-not-found"),
    ]
    return pairs.map { Plant(["dns." + $0.check], .zone($0.zone)) }
  }()

  private static let zones: [Plant] = [
    // An alias that leads nowhere has no address.
    Plant(["dns.cname.dangling"], .zone("dangling", twin: "no-address")),
    Plant(["dns.changed"], .zone("moved", twin: "same")),
    Plant(["dns.soa.serials"], .zone("stale", twin: "unsigned")),
    Plant(["dns.tlsa.mismatch"], .zone("tlsa-mismatch", twin: "tlsa-ee-key")),
    Plant(["dns.tlsa.unusable"], .zone("tlsa-short", twin: "tlsa-ee-key")),
  ]

  private static let webOfCity = city(
    "http.",
    [
      ("hsts.missing", .noHSTS), ("hsts.short", .shortHSTS), ("mixed_content.active", .mixedActive),
      ("mixed_content.passive", .mixedPassive), ("form.plain", .plainForm), ("redirect.downgrade", .redirectDowngrade),
      ("cookie.no_secure", .cookieNoSecure), ("cookie.no_httponly", .cookieNoHTTPOnly),
      ("cookie.no_samesite", .cookieNoSameSite), ("cookie.prefix", .cookiePrefix),
      ("version_leak.server", .serverVersion), ("version_leak.powered_by", .poweredBy),
      ("error_page.version", .errorVersion), ("error_page.stack_trace", .errorStack), ("error_page.debug", .errorDebug),
      ("methods.trace", .methodTrace), ("methods.writing", .methodWriting), ("security_txt.expired", .contactExpired),
      ("csp.missing", .noPolicy), ("csp.unsafe", .policyUnsafe), ("csp.object_src", .policyNoObjects),
      ("csp.base_uri", .policyNoBase), ("csp.wildcard", .policyWildcard), ("csp.plain_http", .policyPlain),
      ("content_type_options.missing", .noSniffing), ("framing.missing", .noFraming),
      ("referrer_policy.missing", .noReferrer), ("sri.missing", .foreignScript),
      ("cors.reflected_credentials", .corsReflected), ("cors.null_origin", .corsNull),
    ])

  private static let web: [Plant] = [
    Plant(
      ["http.redirect.missing"],
      .farm("plain stays plain and lacks nothing else", twin: "plain redirects to HTTPS")),
    Plant(
      ["http.form.password_plain"],
      .farm("site with a password form over plain HTTP", twin: "site with a form over plain HTTP")),
    Plant(
      ["http.technology.end_of_support"], .farm("page tells PHP", twin: "page tells a PHP that is supported")),
  ]

  private static let exposedFiles = city(
    "http.exposed.",
    [
      ("git", .exposedGit), ("svn", .exposedSubversion), ("hg", .exposedMercurial), ("env", .exposedEnvironment),
      ("private_key", .exposedKey), ("credentials", .exposedCredentials), ("sql_dump", .exposedDump),
      ("backup", .exposedBackup), ("config_backup", .exposedConfiguration), ("log", .exposedLog),
      ("history", .exposedHistory), ("editor", .exposedEditor), ("ds_store", .exposedStore), ("trace", .exposedTrace),
      ("packages", .exposedPackages), ("containers", .exposedContainers), ("actuator", .exposedActuator),
      ("druid", .exposedDruid), ("phpinfo", .exposedPHPInfo), ("server_status", .exposedStatus),
    ])

  private static let exposure: [Plant] = [
    Plant(["http.directory_listing"], .city([.directoryListing])),
    Plant(["ports.database.exposed"], .farm("ports database on an odd port", twin: "ports ordinary")),
    Plant(["ports.management.exposed"], .farm("ports management on an odd port", twin: "ports ordinary")),
    Plant(["ports.cleartext.exposed"], .farm("ports cleartext", twin: "ports ordinary")),
    Plant(["ports.unexpected"], .change("ports that change", .ports(open: "service that comes"))),
  ]

  private static let contentOfCity = city(
    "content.",
    [
      ("personal.id_number", .identityNumber), ("personal.row", .personRow), ("personal.few", .fewPersons),
      ("personal.many", .manyPersons), ("personal.mass", .massPersons), ("personal.passport", .passport),
      ("personal.mobile", .mobileNumbers), ("personal.card", .bankCards), ("secret.key", .secretKey),
      ("secret.connection", .secretConnection), ("secret.password", .secretPassword), ("secret.token", .secretToken),
      ("defacement", .defaced), ("dark_links", .darkLinks), ("frame.hidden", .hiddenFrame), ("miner", .miner),
      ("words.gambling", .gambling), ("words.porn", .pornography), ("words.fraud", .fraud),
    ])

  private static let content: [Plant] = [
    Plant(
      ["content.parked"], .city([.parked]),
      consequences: ["operation.availability.page": "the page that a visitor gets is a parking page"]),
    Plant(["content.cloaking"], .farm("content for search engines", twin: "content ordinary")),
    Plant(["content.tampered"], .change("content replaced by a shop's", .files)),
    Plant(["content.script.offsite_new"], .change("content with a new script", .files)),
    Plant(["content.dark_links.new"], .change("content with a new hidden link", .files)),
  ]

  private static let operation: [Plant] = [
    Plant(["availability.down", "http.unavailable"], .city([.resets])),
    Plant(["availability.slow"], .city([.slow])),
    Plant(["availability.error"], .farm("availability error page", twin: "availability up")),
    Plant(
      ["http.server_error"], .city([.serverError]),
      consequences: ["operation.availability.up": "a site that answers with an error each time serves nobody"]),
    Plant(["http.redirect.loop"], .city([.redirectLoop])),
  ]

  private static let conversations = Conversation.all.map { Plant([$0.rule], .wire($0)) }
}
