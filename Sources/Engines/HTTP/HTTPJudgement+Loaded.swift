internal import Records

/// What the page loads: over plain HTTP, and from others without a hash.
extension HTTPJudgement {
  static let loadedChecks = [
    "http.mixed_content.active", "http.mixed_content.passive", "http.form.plain", "http.form.password_plain",
    "http.sri.missing",
  ]

  func loaded(_ page: HTTPResponse) -> [CheckAnswer] {
    func open(_ reason: String) -> [CheckAnswer] {
      HTTPJudgement.loadedChecks.map { CheckAnswer($0, .notDetermined(reason: reason)) }
    }
    guard HTTPJudgement.isHTML(page) else { return open("does not apply: the answer is no HTML page") }
    guard let resources else { return open("the page's markup takes more time or memory than a page may") }
    // What was not read may still hold one: a *no* needs the whole page.
    let isWhole = !page.isCut && !resources.isCut
    let isSecure = walk.page.scheme == "https"
    let upgrades = CSPolicy.list(page.values("content-security-policy") + resources.policies).contains(
      where: \.upgrades)
    func answer(_ id: String, _ found: [String], applies: Bool = true, _ why: String = "") -> CheckAnswer {
      guard applies else { return CheckAnswer(id, .notDetermined(reason: "does not apply: \(why)")) }
      if !found.isEmpty {
        let shown = Set(found).sorted().prefix(8).joined(separator: ", ")
        return CheckAnswer(id, .yes, "\(found.count) from \(shown)")
      }
      return CheckAnswer(id, isWhole ? .no : .notDetermined(reason: "the page is longer than what was read"))
    }
    let plain = resources.resources.filter { address($0.address).hasPrefix("http://") }
    func hosts(_ kinds: Set<PageResources.Resource.Kind>) -> [String] {
      plain.filter { kinds.contains($0.kind) }.compactMap { host($0.address) }
    }
    let mixed = upgrades ? [] : hosts([.script, .style, .frame])
    let pictures = upgrades ? [] : hosts([.picture])
    let foreign = resources.resources.filter { ($0.kind == .script || $0.kind == .style) && !$0.hasIntegrity }
      .compactMap { host($0.address) }.filter { $0 != walk.page.host.lowercased() }
    return [
      answer("http.mixed_content.active", mixed, applies: isSecure, "the page comes over plain HTTP"),
      answer("http.mixed_content.passive", pictures, applies: isSecure, "the page comes over plain HTTP"),
      answer("http.form.plain", upgrades ? [] : hosts([.form]), applies: isSecure, "the page comes over plain HTTP"),
      answer(
        "http.form.password_plain", resources.hasPassword ? [walk.page.host] : [], applies: !isSecure,
        "the page comes over HTTPS"),
      answer("http.sri.missing", foreign),
    ]
  }

  /// Absolute as far as scheme and host go, lower case; a page's base counts.
  private func address(_ text: String) -> String {
    let lower = text.lowercased()
    if lower.hasPrefix("http://") || lower.hasPrefix("https://") { return lower }
    if lower.hasPrefix("//") { return "\(walk.page.scheme):\(lower)" }
    guard let base = resources?.base?.lowercased(), base.hasPrefix("http://") || base.hasPrefix("https://") else {
      return "\(walk.page.scheme)://\(walk.page.host.lowercased())/"
    }
    return base
  }

  /// Without its port: another port of the host is not somebody else's.
  private func host(_ text: String) -> String? {
    // data:, blob:, javascript: load from nowhere.
    let scheme = text.lowercased().prefix { $0.isLetter }
    if text.dropFirst(scheme.count).first == ":", scheme != "http", scheme != "https" { return nil }
    return RedirectTarget.host(of: address(text)).map { name in
      name.hasPrefix("[") ? name : String(name.prefix { $0 != ":" })
    }
  }
}
