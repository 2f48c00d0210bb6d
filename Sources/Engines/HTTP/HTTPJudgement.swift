internal import Records

/// A page's head as answers.
struct HTTPJudgement {
  let walk: HTTPWalk
  /// Half a year, what browsers' preload list long asked for.
  static let shortHSTS = 15_552_000

  var answers: [CheckAnswer] {
    guard let page = walk.last, let first = walk.first else { return [] }
    var answers = [serverError(first)]
    if let reason = blocked(page) { return answers + notDetermined(reason) }
    answers += hsts(page) + leaks(page) + cookies(page)
    if let reason = noPage(page) {
      answers += HTTPJudgement.pageChecks.map { CheckAnswer($0, .notDetermined(reason: reason)) }
    } else {
      answers += policy(page) + [sniffing(page), framing(page), referrer(page)]
    }
    return answers
  }

  private static let pageChecks = [
    "http.csp.missing", "http.csp.unsafe", "http.content_type_options.missing", "http.framing.missing",
    "http.referrer_policy.missing",
  ]

  private func notDetermined(_ reason: String) -> [CheckAnswer] {
    HTTPChecks.all.map(\.id).filter {
      $0 != "http.unavailable" && $0 != "http.server_error" && $0 != "http.redirect.missing"
    }
    .map { CheckAnswer($0, .notDetermined(reason: reason)) }
  }

  /// Answers that say more about how we were met than about the site.
  private func blocked(_ page: HTTPResponse) -> String? {
    switch page.status {
    case 403, 406, 418, 429, 503: "blocked or limited: status \(page.status)"
    case 500...: "the site answers with status \(page.status)"
    case ..<200: "the server talks something that is not HTTP"
    default: nil
    }
  }

  /// Why the head is not that of a page; nil where it is.
  private func noPage(_ page: HTTPResponse) -> String? {
    if (200..<300).contains(page.status) { return nil }
    return walk.notFollowed ?? walk.failure?.sentence ?? "status \(page.status)"
  }

  private func serverError(_ response: HTTPResponse) -> CheckAnswer {
    CheckAnswer("http.server_error", response.status >= 500 ? .yes : .no, "status \(response.status)")
  }

  private func hsts(_ page: HTTPResponse) -> [CheckAnswer] {
    let ids = ["http.hsts.missing", "http.hsts.short", "http.hsts.no_subdomains"]
    guard walk.lastScheme == "https" else {
      return ids.map { CheckAnswer($0, .notDetermined(reason: "does not apply: the page comes over plain HTTP")) }
    }
    guard let line = page.first("strict-transport-security"), let policy = HSTSPolicy(line) else {
      return [CheckAnswer(ids[0], .yes)]
        + ids.dropFirst().map { CheckAnswer($0, .notDetermined(reason: "does not apply: there is no HSTS")) }
    }
    let evidence = "max-age=\(policy.maxAge)"
    return [
      CheckAnswer(ids[0], policy.maxAge > 0 ? .no : .yes, evidence),
      CheckAnswer(ids[1], policy.maxAge < HTTPJudgement.shortHSTS ? .yes : .no, evidence),
      CheckAnswer(ids[2], policy.includesSubdomains ? .no : .yes),
    ]
  }

  private func policy(_ page: HTTPResponse) -> [CheckAnswer] {
    let lines = page.values("content-security-policy")
    guard !lines.isEmpty else {
      return [
        CheckAnswer("http.csp.missing", .yes),
        CheckAnswer("http.csp.unsafe", .notDetermined(reason: "does not apply: there is no policy")),
      ]
    }
    let unsafe = CSPolicy(lines).unsafeScripts
    return [
      CheckAnswer("http.csp.missing", .no),
      CheckAnswer("http.csp.unsafe", unsafe == nil ? .no : .yes, unsafe ?? ""),
    ]
  }

  private func sniffing(_ page: HTTPResponse) -> CheckAnswer {
    let value = page.first("x-content-type-options")
    return CheckAnswer(
      "http.content_type_options.missing", value?.lowercased() == "nosniff" ? .no : .yes,
      String((value ?? "").prefix(60)))
  }

  private func framing(_ page: HTTPResponse) -> CheckAnswer {
    let old = page.first("x-frame-options")?.lowercased()
    let isSet = old == "deny" || old == "sameorigin" || CSPolicy(page.values("content-security-policy")).limitsFraming
    return CheckAnswer("http.framing.missing", isSet ? .no : .yes, String((old ?? "").prefix(60)))
  }

  private func referrer(_ page: HTTPResponse) -> CheckAnswer {
    let value = page.first("referrer-policy")?.lowercased().split(separator: ",").last.map { String($0).trimmingSpace }
    let isWeak = value == nil || value == "unsafe-url" || value == "no-referrer-when-downgrade"
    return CheckAnswer("http.referrer_policy.missing", isWeak ? .yes : .no, String((value ?? "").prefix(60)))
  }

  private func cookies(_ page: HTTPResponse) -> [CheckAnswer] {
    let lines = (walk.first?.values("set-cookie") ?? []) + page.values("set-cookie")
    let cookies = Set(lines.compactMap { CookieLine($0) }.filter { !$0.isRemoval })
    func answer(_ id: String, _ isWeak: (CookieLine) -> Bool) -> CheckAnswer {
      let names = cookies.filter(isWeak).map(\.name).sorted()
      let shown = names.prefix(8).joined(separator: ", ")
      return CheckAnswer(id, names.isEmpty ? .no : .yes, names.isEmpty ? "" : "cookie \(shown)")
    }
    return [
      walk.lastScheme == "https"
        ? answer("http.cookie.no_secure") { !$0.isSecure }
        : CheckAnswer(
          "http.cookie.no_secure", .notDetermined(reason: "does not apply: the page comes over plain HTTP")),
      answer("http.cookie.no_httponly") { !$0.isHTTPOnly },
      answer("http.cookie.no_samesite") { $0.sameSite == nil || ($0.sameSite == "none" && !$0.isSecure) },
    ]
  }

  private func leaks(_ page: HTTPResponse) -> [CheckAnswer] {
    let server = page.first("server") ?? ""
    let powered = ["x-powered-by", "x-aspnet-version", "x-aspnetmvc-version", "x-generator"].compactMap { name in
      page.first(name).map { "\(name): \($0.prefix(60))" }
    }
    let tells = server.contains("/") && server.contains(where: \.isNumber)
    return [
      CheckAnswer("http.version_leak.server", tells ? .yes : .no, String(server.prefix(80))),
      CheckAnswer("http.version_leak.powered_by", powered.isEmpty ? .no : .yes, powered.joined(separator: ", ")),
    ]
  }

  /// What plain HTTP answered: only a redirect to https is a *no*, and silence is neither.
  static func redirect(_ id: String, _ response: HTTPResponse?, _ failure: ConnectionFailure?) -> CheckAnswer {
    if failure == .connectionRefused { return CheckAnswer(id, .no, "the plain port is closed") }
    guard let response else { return CheckAnswer(id, .notDetermined(reason: failure?.sentence ?? "not seen")) }
    let location = response.first("location")?.lowercased() ?? ""
    switch response.status {
    case 301, 302, 303, 307, 308:
      return CheckAnswer(id, location.hasPrefix("https://") ? .no : .yes, "status \(response.status)")
    case 200..<300: return CheckAnswer(id, .yes, "status \(response.status)")
    default: return CheckAnswer(id, .notDetermined(reason: "status \(response.status)"))
    }
  }
}

/// RFC 6797 section 6.1.
struct HSTSPolicy {
  var maxAge: Int
  var includesSubdomains = false

  init?(_ line: String) {
    var age: Int?
    for part in line.split(separator: ";") {
      let halves = part.split(separator: "=", maxSplits: 1).map { String($0).trimmingSpace.lowercased() }
      if halves.first == "max-age", halves.count == 2 {
        age = Int(halves[1].filter { $0 != "\"" })
      } else if halves.first == "includesubdomains" {
        includesSubdomains = true
      }
    }
    guard let age, age >= 0 else { return nil }
    maxAge = age
  }
}

/// The two questions that are asked of a Content-Security-Policy; several policies apply together.
struct CSPolicy {
  private let policies: [[String: [String]]]

  init(_ lines: [String]) {
    policies = lines.flatMap { $0.split(separator: ",") }.map { line in
      var directives: [String: [String]] = [:]
      for part in line.split(separator: ";") {
        let words = part.split(separator: " ").map { $0.lowercased() }
        if let name = words.first, directives[name] == nil { directives[name] = Array(words.dropFirst()) }
      }
      return directives
    }
  }

  var limitsFraming: Bool {
    policies.contains { policy in policy["frame-ancestors"].map { !$0.contains("*") } ?? false }
  }

  /// Why scripts are not held back by any of the policies; nil where one does.
  var unsafeScripts: String? {
    let reasons = policies.map { policy -> String? in
      guard let sources = policy["script-src"] ?? policy["default-src"] else { return "script-src is missing" }
      let isStrict = sources.contains { $0.hasPrefix("'nonce-") || $0.hasPrefix("'sha") || $0 == "'strict-dynamic'" }
      if sources.contains("'unsafe-inline'"), !isStrict { return "'unsafe-inline'" }
      if sources.contains("'unsafe-eval'") { return "'unsafe-eval'" }
      let broad = ["*", "http:", "https:", "data:"].first { sources.contains($0) }
      return isStrict ? nil : broad
    }
    return reasons.contains { $0 == nil } ? nil : reasons.compactMap(\.self).first
  }
}
