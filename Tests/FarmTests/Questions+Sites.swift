/// What a site's own content and its ports make true: the row says it beside the content itself.
extension Questions {
  static let sites: [Question] =
    told(probed) { $0.page != nil }
    + told(["http.sri.missing", "http.cookie.prefix", "http.csp.report_only"]) { $0.page != nil }
    + told(policies, appliesTo: { $0.page?.csp != nil }) { $0.page != nil }
    + told(
      ["http.mixed_content.active", "http.mixed_content.passive", "http.form.plain"],
      appliesTo: { $0.scheme == "https" }
    ) { $0.page != nil }
    + told(["http.form.password_plain"], appliesTo: { $0.scheme == "http" }) { $0.page != nil }
    + redirects + securityTexts + isolation + content + availability + ports
    + [
      Question("http.hsts.not_preloadable") {
        $0.secured { $0.hsts.map { $0.age < 31_536_000 || !($0.subdomains ?? false) || !($0.preload ?? false) } }
      },
      Question("http.technology.end_of_support") {
        $0.page == nil ? .untold : $0.told("http.technology.end_of_support", applies: $0.tellsProduct ?? false)
      },
    ]

  /// One question a check: yes where the row shows it, as the row says where it leaves it open, else no.
  private static func told(
    _ checks: [String], appliesTo applies: @escaping @Sendable (FarmServer) -> Bool = { _ in true },
    where isAsked: @escaping @Sendable (FarmServer) -> Bool
  ) -> [Question] {
    checks.map { check in Question(check) { isAsked($0) ? $0.told(check, applies: applies($0)) : .untold } }
  }

  private static let probed =
    [
      "http.cors.reflected_credentials", "http.cors.any_origin", "http.cors.null_origin", "http.methods.trace",
      "http.methods.writing", "http.error_page.stack_trace", "http.error_page.debug", "http.error_page.version",
      "http.directory_listing",
    ]
    + [
      "git", "svn", "hg", "env", "private_key", "credentials", "sql_dump", "backup", "config_backup", "actuator",
      "druid",
      "phpinfo", "server_status", "trace", "log", "history", "editor", "ds_store", "packages", "containers",
      "api_description",
    ].map { "http.exposed." + $0 }

  private static let policies = ["object_src", "base_uri", "wildcard", "plain_http", "duplicate", "unknown"].map {
    "http.csp." + $0
  }

  private static let redirects = [
    Question("http.redirect.loop") { $0.page.map { Expected($0.location == "/") } ?? .untold },
    Question("http.redirect.downgrade") { server in
      server.page.map { Expected(server.scheme == "https" && ($0.location ?? "").hasPrefix("http://")) } ?? .untold
    },
    Question("http.redirect.other_host") {
      $0.page.map { Expected(($0.location ?? "").contains("//other.test")) } ?? .untold
    },
  ]

  private static let securityTexts =
    [
      Question("http.security_txt.missing") { server in
        server.page == nil
          ? .untold : server.scheme == "http" ? .notApplicable : Expected(server.securityText != "good")
      }
    ]
    + told(["http.security_txt.invalid", "http.security_txt.expired"], appliesTo: { $0.securityText == "good" }) {
      $0.page != nil
    }

  private static let isolation = [
    Question("http.coop.missing") { $0.head { $0.lacks("Cross-Origin-Opener-Policy", ["same-origin"]) } },
    Question("http.coep.missing") { $0.head { $0.lacks("Cross-Origin-Embedder-Policy", ["require-corp"]) } },
    Question("http.corp.missing") {
      $0.head { $0.lacks("Cross-Origin-Resource-Policy", ["same-origin", "same-site", "cross-origin"]) }
    },
    Question("http.permissions_policy.missing") { $0.head { $0.heads?["Permissions-Policy"] == nil } },
  ]

  private static let content: [Question] =
    told(
      [
        "defacement", "words.gambling", "words.porn", "words.fraud", "dark_links", "frame.hidden", "miner", "cloaking",
        "parked", "personal.id_number", "personal.row", "personal.few", "personal.many", "personal.mass",
        "personal.mobile", "personal.card", "personal.passport", "secret.key", "secret.connection", "secret.password",
        "secret.token",
      ].map { "content." + $0 }
    ) { $0.site != nil }
    // What a second look says of them is asked by ChangesTests.
    + compared.map { check in Question(check) { $0.site == nil ? .untold : .open("no baseline yet") } }
  static let compared = [
    "content.tampered", "content.changed", "content.dark_links.new", "content.script.offsite_new",
  ]

  private static let availability = told(
    ["down", "slow", "error", "blocked"].map { "availability." + $0 }
  ) { $0.engines.contains("availability") }

  private static let ports =
    told(["database", "management", "cleartext"].map { "ports.\($0).exposed" }) { $0.ports != nil }
    + ["ports.unexpected", "ports.vanished"].map { check in
      Question(check) { $0.ports == nil ? .untold : .notApplicable }
    }
}

extension FarmServer {
  func told(_ check: String, applies: Bool = true) -> Expected {
    if let reason = leaves[check] { return reason == "does not apply" ? .notApplicable : .open(reason) }
    if shows.contains(check) { return .yes }
    return applies ? .no : .notApplicable
  }
}

extension FarmServer.Page {
  fileprivate func lacks(_ head: String, _ good: Set<String>) -> Bool { !(heads?[head].map(good.contains) ?? false) }
}
