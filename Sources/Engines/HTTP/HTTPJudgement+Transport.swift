internal import Records

/// HTTPS kept: Strict-Transport-Security, and where plain HTTP leads.
extension HTTPJudgement {
  func transport(_ page: HTTPResponse) -> [CheckAnswer] {
    let ids = ["http.hsts.missing", "http.hsts.short", "http.hsts.no_subdomains", "http.hsts.not_preloadable"]
    guard walk.page.scheme == "https" else {
      return ids.map { CheckAnswer($0, .notDetermined(reason: "does not apply: the page comes over plain HTTP")) }
    }
    let line = page.first("strict-transport-security")
    guard let line, let policy = HSTSPolicy(line) else {
      let absent = ids.dropFirst().map { CheckAnswer($0, .notDetermined(reason: "does not apply: there is no HSTS")) }
      return [CheckAnswer(ids[0], .yes, line == nil ? "" : "the header cannot be read")] + absent
    }
    let evidence = "max-age=\(policy.maxAge)"
    return [
      CheckAnswer(ids[0], policy.maxAge > 0 ? .no : .yes, evidence),
      CheckAnswer(ids[1], policy.maxAge < HSTSPolicy.shortAge ? .yes : .no, evidence),
      CheckAnswer(ids[2], policy.includesSubdomains ? .no : .yes), preload(policy),
    ]
  }

  /// hstspreload.org takes registrable domains only, and looks at the first answer over HTTPS, redirect or not.
  private func preload(_ policy: HSTSPolicy) -> CheckAnswer {
    let id = "http.hsts.not_preloadable"
    let host = walk.target.host.lowercased()
    guard PublicSuffix.registrable(host) == host else {
      return CheckAnswer(
        id, .notDetermined(reason: "does not apply: only a registrable domain is taken on the preload list"))
    }
    var gaps = policy.preloadGaps
    if walk.target.scheme == "https", let first = walk.first?.first("strict-transport-security") {
      gaps = HSTSPolicy(first)?.preloadGaps ?? ["the header cannot be read"]
    } else if walk.target.scheme == "https" {
      gaps = ["the first answer has no HSTS"]
    }
    return CheckAnswer(id, gaps.isEmpty ? .no : .yes, gaps.joined(separator: ", "))
  }

  /// What plain HTTP answered: only a way that leads to https is a *no*, and silence is neither.
  static func redirect(_ plain: HTTPWalk) -> CheckAnswer {
    let id = "http.redirect.missing"
    if plain.failure == .connectionRefused, plain.first == nil {
      return CheckAnswer(id, .no, "the plain port is closed")
    }
    guard let last = plain.last else {
      return CheckAnswer(id, .notDetermined(reason: plain.failure?.sentence ?? "not seen"))
    }
    let evidence = plain.hops.isEmpty ? "status \(last.status)" : plain.hops.joined(separator: ", ")
    if plain.leadsToHTTPS { return CheckAnswer(id, .no, evidence) }
    if let failure = plain.failure { return CheckAnswer(id, .notDetermined(reason: failure.sentence)) }
    if plain.isLoop { return CheckAnswer(id, .notDetermined(reason: plain.notFollowed ?? "a loop")) }
    if case .blocked(let by) = PageVerdict(last) {
      return CheckAnswer(id, .notDetermined(reason: "blocked by a WAF: \(by)"))
    }
    if plain.otherHost != nil {
      return CheckAnswer(id, .yes, "\(evidence), over plain HTTP")
    }
    switch last.status {
    case 200..<300: return CheckAnswer(id, .yes, evidence)
    case 301, 302, 303, 307, 308: return CheckAnswer(id, .yes, evidence)
    default: return CheckAnswer(id, .notDetermined(reason: "status \(last.status)"))
    }
  }
}
