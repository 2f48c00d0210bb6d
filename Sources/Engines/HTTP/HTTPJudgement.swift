internal import Records

/// A page's head as answers.
struct HTTPJudgement {
  let walk: HTTPWalk
  /// What the page itself loads and says; nil where it could not be read.
  let resources: PageResources?

  init(walk: HTTPWalk) {
    self.walk = walk
    resources = walk.last.flatMap { HTTPJudgement.isHTML($0) ? PageResources(page: $0.body) : nil }
  }

  var answers: [CheckAnswer] {
    guard let page = walk.last, let first = walk.first else { return [] }
    var answers = [serverError(first)] + walk.answers
    if let blocked { return answers + notDetermined(blocked) }
    answers += transport(page) + leaks(page) + cookies(page)
    if let reason = noPage(page) {
      answers += HTTPJudgement.pageChecks.map { CheckAnswer($0, .notDetermined(reason: reason)) }
    } else {
      answers += policy(page) + [sniffing(page), framing(page), referrer(page)] + isolation(page) + loaded(page)
    }
    return answers
  }

  static let pageChecks = HTTPChecks.page.map(\.id)

  private func notDetermined(_ reason: String) -> [CheckAnswer] {
    (HTTPChecks.head + HTTPChecks.page).map { CheckAnswer($0.id, .notDetermined(reason: reason)) }
  }

  /// Answers that say more about how we were met than about the site.
  var blocked: String? {
    guard let page = walk.last else { return nil }
    if case .blocked(let by) = PageVerdict(page) { return "blocked by a WAF: \(by)" }
    switch page.status {
    case 403, 406, 418, 429, 503: return "blocked or limited: status \(page.status)"
    case 500...: return "the site answers with status \(page.status)"
    case ..<200: return "the server talks something that is not HTTP"
    default: return nil
    }
  }

  /// Why the head is not that of a page; nil where it is.
  private func noPage(_ page: HTTPResponse) -> String? {
    if (200..<300).contains(page.status) { return nil }
    return walk.notFollowed ?? walk.failure?.sentence ?? "status \(page.status)"
  }

  /// By its type; where none is told, by its first bytes, as browsers do.
  static func isHTML(_ page: HTTPResponse) -> Bool {
    if let type = page.first("content-type")?.lowercased(), !type.isEmpty {
      return type.hasPrefix("text/html") || type.hasPrefix("application/xhtml")
    }
    let start = String(decoding: page.body.prefix(1024), as: UTF8.self).lowercased()
    return ["<html", "<!doctype html", "<head", "<body", "<script"].contains { start.contains($0) }
  }

  private func serverError(_ response: HTTPResponse) -> CheckAnswer {
    CheckAnswer("http.server_error", response.status >= 500 ? .yes : .no, "status \(response.status)")
  }

  private func sniffing(_ page: HTTPResponse) -> CheckAnswer {
    // Several lines are one list, of which the first counts (Fetch, "determine nosniff").
    let value = page.first("x-content-type-options")?.split(separator: ",").first.map { String($0).trimmingSpace }
    return CheckAnswer(
      "http.content_type_options.missing", value?.lowercased() == "nosniff" ? .no : .yes,
      String((value ?? "").prefix(60)))
  }

  private func framing(_ page: HTTPResponse) -> CheckAnswer {
    let old = page.first("x-frame-options")?.lowercased()
    let policies = CSPolicy.list(page.values("content-security-policy"))
    // frame-ancestors makes browsers pass over X-Frame-Options (CSP3 section 6.4.2.2).
    let names = policies.contains { $0.directives["frame-ancestors"] != nil }
    let isSet = names ? policies.contains(where: \.limitsFraming) : old == "deny" || old == "sameorigin"
    return CheckAnswer("http.framing.missing", isSet ? .no : .yes, String((old ?? "").prefix(60)))
  }

  private func referrer(_ page: HTTPResponse) -> CheckAnswer {
    // The last word that a browser knows counts (Referrer Policy section 8.1).
    let words = page.values("referrer-policy").flatMap { $0.lowercased().split(separator: ",") }
      .map { String($0).trimmingSpace }
    let value = words.last(where: HTTPJudgement.referrerPolicies.contains)
    let isWeak = value == nil || value == "unsafe-url" || value == "no-referrer-when-downgrade"
    return CheckAnswer("http.referrer_policy.missing", isWeak ? .yes : .no, String((value ?? "").prefix(60)))
  }

  private static let referrerPolicies: Set<String> = [
    "no-referrer", "no-referrer-when-downgrade", "same-origin", "origin", "strict-origin", "origin-when-cross-origin",
    "strict-origin-when-cross-origin", "unsafe-url",
  ]

  /// Which other sites' documents and loads are kept apart.
  private func isolation(_ page: HTTPResponse) -> [CheckAnswer] {
    let heads: [(String, String, Set<String>)] = [
      (
        "http.coop.missing", "cross-origin-opener-policy",
        ["same-origin", "same-origin-allow-popups", "noopener-allow-popups"]
      ),
      ("http.coep.missing", "cross-origin-embedder-policy", ["require-corp", "credentialless"]),
      ("http.corp.missing", "cross-origin-resource-policy", ["same-origin", "same-site", "cross-origin"]),
    ]
    let permissions = page.first("permissions-policy") ?? page.first("feature-policy")
    return heads.map { id, name, good in
      let value = page.first(name)?.split(separator: ";").first.map { String($0).trimmingSpace.lowercased() }
      return CheckAnswer(id, value.map(good.contains) == true ? .no : .yes, String((value ?? "").prefix(60)))
    } + [
      CheckAnswer("http.permissions_policy.missing", permissions?.isEmpty == false ? .no : .yes)
    ]
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
      walk.page.scheme == "https"
        ? answer("http.cookie.no_secure") { !$0.isSecure }
        : CheckAnswer(
          "http.cookie.no_secure", .notDetermined(reason: "does not apply: the page comes over plain HTTP")),
      answer("http.cookie.no_httponly") { !$0.isHTTPOnly },
      answer("http.cookie.no_samesite") { $0.sameSite == nil || ($0.sameSite == "none" && !$0.isSecure) },
      answer("http.cookie.prefix") { $0.brokenPrefix != nil },
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
      walk.context.settings.tables.endOfSupport.answer(
        Technologies(page, resources).found, at: walk.context.settings.now()),
    ]
  }
}
