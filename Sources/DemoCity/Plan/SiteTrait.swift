/// One thing that a planned site does otherwise than a good one. What checks must say of it is `checks`, and nowhere
/// else; what the server does for it is in `Big`.
package enum SiteTrait: String, Hashable, Sendable, CaseIterable, Comparable {
  // TLS: of an address, so of a whole platform.
  case tlsOld, tlsOnlyOld, tlsNo13, tlsBlockChaining, tlsNoForwardSecrecy, tlsNull, tlsAnonymous, tlsWeakGroup
  case tlsWeakCurve, tlsClientOrder, tlsNoMasterSecret, tlsNoResumption, tlsEarlyData, tlsSHA1
  // The certificate.
  case expired, notYetValid, expiresSoon, wrongName, noNames, suffixWildcard, selfSigned, chainIncomplete, chainOrder
  case chainExpired, chainDuplicate, chainRoot, weakKey, weakSignature, wrongUsage, leafAuthority, stapleMissing
  // The page's head.
  case noHSTS, shortHSTS, hstsNoSubdomains, cookieNoSecure, cookieNoHTTPOnly, cookieNoSameSite, cookiePrefix
  case serverVersion, poweredBy, endOfSupport, noPolicy, policyUnsafe, policyReportOnly, policyNoObjects, policyNoBase
  case policyWildcard, policyPlain, policyDuplicate, policyUnknown, noSniffing, noFraming, noReferrer
  case noOpenerPolicy, noEmbedderPolicy, noResourcePolicy, noPermissions
  // The page's body.
  case mixedActive, mixedPassive, plainForm, plainPassword, foreignScript
  // Other paths and methods.
  case contactMissing, contactInvalid, contactExpired, corsReflected, corsAny, corsNull, methodTrace, methodWriting
  case errorStack, errorDebug, errorVersion, directoryListing
  case exposedGit, exposedSubversion, exposedMercurial, exposedEnvironment, exposedKey, exposedCredentials, exposedDump
  case exposedBackup, exposedConfiguration, exposedActuator, exposedDruid, exposedPHPInfo, exposedStatus, exposedTrace
  case exposedLog, exposedHistory, exposedEditor, exposedStore, exposedPackages, exposedContainers, exposedInterface
  case redirectLoop, redirectOther, redirectDowngrade, plainOnly
  // What people read.
  case defaced, gambling, pornography, fraud, darkLinks, hiddenFrame, miner, identityNumber, personRow, fewPersons
  case manyPersons, massPersons, mobileNumbers, bankCards, passport, secretKey, secretConnection, secretPassword
  case secretToken, parked
  // Ports beside the site's own.
  case openDatabase, openManagement, openCleartext
  // What is answered at all.
  case serverError, blocking, slow, stalls, resets, endless, garbage, plainOnTLS

  package static func < (one: SiteTrait, other: SiteTrait) -> Bool { one.rawValue < other.rawValue }

  package enum Part: Hashable, Sendable, CaseIterable { case tls, certificate, head, body, path, content, port, fault }

  package var part: Part { SiteTrait.parts[self] ?? .fault }

  private static let parts: [SiteTrait: Part] = {
    let bounds: [(SiteTrait, Part)] = [
      (.tlsOld, .tls), (.expired, .certificate), (.noHSTS, .head), (.mixedActive, .body), (.contactMissing, .path),
      (.defaced, .content), (.openDatabase, .port), (.serverError, .fault),
    ]
    var (part, parts): (Part, [SiteTrait: Part]) = (.tls, [:])
    for trait in allCases {
      part = bounds.first { $0.0 == trait }?.1 ?? part
      parts[trait] = part
    }
    return parts
  }()

  package static func all(of part: Part) -> [SiteTrait] { allCases.filter { $0.part == part } }

  /// A site has at most one of each of these sets: together they would hide each other.
  static let exclusive: [Set<SiteTrait>] = [
    [.tlsOld, .tlsOnlyOld, .tlsNo13, .tlsSHA1, .tlsWeakCurve, .tlsEarlyData, .tlsNoResumption],
    [.tlsOnlyOld, .tlsNoMasterSecret], [.tlsOnlyOld, .tlsEarlyData], [.tlsOnlyOld, .tlsAnonymous],
    [.tlsOnlyOld, .tlsNull],
    [.tlsNoForwardSecrecy, .tlsWeakGroup, .tlsNull, .tlsAnonymous, .tlsWeakCurve], [.tlsNull, .weakKey],
    // Of one certificate one fault: which of two is told first is the library's choice.
    Set(all(of: .certificate)), [.noHSTS, .shortHSTS, .hstsNoSubdomains], [.cookieNoSecure, .cookiePrefix],
    [.cookieNoSameSite, .cookiePrefix], [.serverVersion, .endOfSupport],
    [.noPolicy, .policyUnsafe, .policyReportOnly, .policyNoObjects, .policyNoBase, .policyWildcard, .policyPlain],
    [.noPolicy, .policyReportOnly, .policyDuplicate, .policyUnknown],
    [.contactMissing, .contactInvalid, .contactExpired], [.corsReflected, .corsAny, .corsNull],
    [.errorStack, .errorDebug, .errorVersion],
    [.redirectLoop, .redirectOther, .redirectDowngrade, .plainOnly, .parked], Set(all(of: .fault)),
    [.identityNumber, .personRow, .fewPersons, .manyPersons, .massPersons], [.parked, .defaced],
    // Both are database addresses on one page's script; either is found first.
    [.secretKey, .secretConnection, .secretPassword, .secretToken],
    [.openDatabase, .openManagement, .openCleartext],
  ]

  /// The checks that must say *yes*. What follows from a site as a whole is in `CityTruth`.
  package var checks: [String] { SiteTrait.checks[self] ?? [] }

  private static let checks: [SiteTrait: [String]] = [
    .tlsOld: ["tls.version.tls1_0", "tls.version.tls1_1", "tls.weakness.beast", "tls.weakness.lucky13"],
    .tlsOnlyOld: [
      "tls.version.tls1_0", "tls.version.tls1_1", "tls.version.no_modern", "tls.version.no_tls1_3",
      "tls.weakness.beast", "tls.weakness.lucky13",
    ],
    .tlsNo13: ["tls.version.no_tls1_3"], .tlsBlockChaining: ["tls.weakness.lucky13"],
    .tlsNoForwardSecrecy: ["tls.suite.no_forward_secrecy"],
    .tlsNull: ["tls.suite.null"], .tlsAnonymous: ["tls.suite.anonymous", "tls.weakness.lucky13"],
    .tlsWeakGroup: ["tls.key_exchange.weak_dh", "tls.weakness.logjam"],
    .tlsWeakCurve: ["tls.key_exchange.weak_curve"], .tlsClientOrder: ["tls.suite.client_preference"],
    .tlsNoMasterSecret: ["tls.extended_master_secret.missing"], .tlsNoResumption: ["tls.resumption.missing"],
    .tlsEarlyData: ["tls.early_data.accepted"], .tlsSHA1: ["tls.signature.sha1"],
    // Dates have checks of their own: trust is whether the chain leads to a root.
    .expired: ["certificate.expired"], .notYetValid: ["certificate.not_yet_valid"],
    .expiresSoon: ["certificate.expires_soon"], .wrongName: ["certificate.name_mismatch"],
    .noNames: ["certificate.no_san"], .suffixWildcard: ["certificate.wildcard_public_suffix"],
    .selfSigned: ["certificate.self_signed", "certificate.untrusted"],
    .chainIncomplete: ["certificate.chain_incomplete", "certificate.untrusted"],
    .chainOrder: ["certificate.chain_order"], .chainExpired: ["certificate.chain_expired"],
    .chainDuplicate: ["certificate.duplicate"], .chainRoot: ["certificate.extra_root"],
    .weakKey: ["certificate.weak_key"], .weakSignature: ["certificate.weak_signature"],
    .wrongUsage: ["certificate.usage", "certificate.untrusted"], .leafAuthority: ["certificate.leaf_is_authority"],
    .stapleMissing: ["certificate.staple_missing"],
    .noHSTS: ["http.hsts.missing"], .shortHSTS: ["http.hsts.short"], .hstsNoSubdomains: ["http.hsts.no_subdomains"],
    .cookieNoSecure: ["http.cookie.no_secure"], .cookieNoHTTPOnly: ["http.cookie.no_httponly"],
    .cookieNoSameSite: ["http.cookie.no_samesite"], .cookiePrefix: ["http.cookie.prefix"],
    .serverVersion: ["http.version_leak.server"], .poweredBy: ["http.version_leak.powered_by"],
    .endOfSupport: ["http.version_leak.server", "http.technology.end_of_support"],
    .noPolicy: ["http.csp.missing"], .policyUnsafe: ["http.csp.unsafe"],
    .policyReportOnly: ["http.csp.missing", "http.csp.report_only"],
    .policyNoObjects: ["http.csp.object_src"], .policyNoBase: ["http.csp.base_uri"],
    .policyWildcard: ["http.csp.wildcard"], .policyPlain: ["http.csp.plain_http"],
    .policyDuplicate: ["http.csp.duplicate"], .policyUnknown: ["http.csp.unknown"],
    .noSniffing: ["http.content_type_options.missing"], .noFraming: ["http.framing.missing"],
    .noReferrer: ["http.referrer_policy.missing"], .noOpenerPolicy: ["http.coop.missing"],
    .noEmbedderPolicy: ["http.coep.missing"], .noResourcePolicy: ["http.corp.missing"],
    .noPermissions: ["http.permissions_policy.missing"],
    .mixedActive: ["http.mixed_content.active"], .mixedPassive: ["http.mixed_content.passive"],
    .plainForm: ["http.form.plain"], .plainPassword: ["http.form.password_plain"], .foreignScript: ["http.sri.missing"],
    .contactMissing: ["http.security_txt.missing"], .contactInvalid: ["http.security_txt.invalid"],
    .contactExpired: ["http.security_txt.expired"],
    .corsReflected: ["http.cors.reflected_credentials", "http.cors.any_origin"], .corsAny: ["http.cors.any_origin"],
    .corsNull: ["http.cors.null_origin"], .methodTrace: ["http.methods.trace"],
    .methodWriting: ["http.methods.writing"], .errorStack: ["http.error_page.stack_trace"],
    .errorDebug: ["http.error_page.debug"], .errorVersion: ["http.error_page.version"],
    .directoryListing: ["http.directory_listing"],
    .exposedGit: ["http.exposed.git"], .exposedSubversion: ["http.exposed.svn"], .exposedMercurial: ["http.exposed.hg"],
    .exposedEnvironment: ["http.exposed.env"], .exposedKey: ["http.exposed.private_key"],
    .exposedCredentials: ["http.exposed.credentials"], .exposedDump: ["http.exposed.sql_dump"],
    .exposedBackup: ["http.exposed.backup"], .exposedConfiguration: ["http.exposed.config_backup"],
    .exposedActuator: ["http.exposed.actuator"], .exposedDruid: ["http.exposed.druid"],
    .exposedPHPInfo: ["http.exposed.phpinfo"], .exposedStatus: ["http.exposed.server_status"],
    .exposedTrace: ["http.exposed.trace"], .exposedLog: ["http.exposed.log"],
    .exposedHistory: ["http.exposed.history"], .exposedEditor: ["http.exposed.editor"],
    .exposedStore: ["http.exposed.ds_store"], .exposedPackages: ["http.exposed.packages"],
    .exposedContainers: ["http.exposed.containers"], .exposedInterface: ["http.exposed.api_description"],
    .redirectLoop: ["http.redirect.loop"], .redirectOther: ["http.redirect.other_host"],
    .redirectDowngrade: ["http.redirect.downgrade"], .plainOnly: ["http.redirect.missing"],
    .defaced: ["content.defacement"], .gambling: ["content.words.gambling"], .pornography: ["content.words.porn"],
    .fraud: ["content.words.fraud"], .darkLinks: ["content.dark_links"], .hiddenFrame: ["content.frame.hidden"],
    .miner: ["content.miner"], .identityNumber: ["content.personal.id_number"],
    .personRow: ["content.personal.id_number", "content.personal.row"],
    .fewPersons: ["content.personal.id_number", "content.personal.few"],
    .manyPersons: ["content.personal.id_number", "content.personal.few", "content.personal.many"],
    .massPersons: [
      "content.personal.id_number", "content.personal.few", "content.personal.many", "content.personal.mass",
    ],
    .mobileNumbers: ["content.personal.mobile"], .bankCards: ["content.personal.card"],
    .passport: ["content.personal.passport"], .secretKey: ["content.secret.key"],
    .secretConnection: ["content.secret.connection"], .secretPassword: ["content.secret.password"],
    .secretToken: ["content.secret.token"], .parked: ["content.parked", "availability.error"],
    .openDatabase: ["ports.database.exposed"], .openManagement: ["ports.management.exposed"],
    .openCleartext: ["ports.cleartext.exposed"],
    .serverError: ["http.server_error", "availability.down"], .blocking: ["availability.blocked"],
    .slow: ["availability.slow"], .stalls: ["availability.down", "http.unavailable"],
    // Who ends every connection without a byte serves nobody, whatever TLS a visitor speaks.
    .resets: ["availability.down", "http.unavailable"],
  ]
}
