internal import Records

/// How the server meets what a browser of another site or nobody would ask: foreign origins, methods, a path that
/// nobody has, a folder without a page.
struct BehaviourProbe {
  private let probe: SiteProbe
  private let resources: PageResources?

  init(_ probe: SiteProbe, _ resources: PageResources?) { (self.probe, self.resources) = (probe, resources) }

  /// Two origins, two methods, one path that nobody has, the folders and one more to compare with.
  static let requestLimit = 6 + folderLimit
  private static let folderLimit = 4

  func run() -> [CheckAnswer] { errors() + origins() + methods() + listing() }

  // MARK: Cross-origin resource sharing (Fetch section 3.3)

  private func origins() -> [CheckAnswer] {
    let origin = "https://\(SiteProbe.word(10)).example"
    let foreign = probe.ask(probe.page.path, headers: ["Origin: \(origin)"])
    let null = probe.ask(probe.page.path, headers: ["Origin: null"])
    let readers = foreign.response?.first("access-control-allow-origin") ?? ""
    let credentials = foreign.response?.first("access-control-allow-credentials") == "true"
    func answer(_ id: String, _ asked: Result<HTTPResponse, SiteProbe.Refused>, _ isWeak: Bool, _ why: String = "")
      -> CheckAnswer
    {
      guard asked.response != nil else { return CheckAnswer(id, .notDetermined(reason: asked.reason)) }
      return CheckAnswer(id, isWeak ? .yes : .no, isWeak ? why : "")
    }
    let takesNull = null.response?.first("access-control-allow-origin") == "null"
    let nullCredentials = null.response?.first("access-control-allow-credentials") == "true"
    return [
      answer(
        "http.cors.reflected_credentials", foreign, readers == origin && credentials,
        "a foreign origin is given back, with credentials"),
      answer(
        "http.cors.any_origin", foreign, readers == "*" || readers == origin,
        readers == "*" ? "Access-Control-Allow-Origin: *" : "a foreign origin is given back"),
      answer(
        "http.cors.null_origin", null, takesNull, nullCredentials ? "null, with credentials" : "null"),
    ]
  }

  // MARK: methods

  private static let writing: Set<String> = [
    "PUT", "DELETE", "PATCH", "CONNECT", "MKCOL", "COPY", "MOVE", "PROPPATCH", "LOCK",
  ]

  private func methods() -> [CheckAnswer] {
    let options = probe.ask(probe.page.path, method: "OPTIONS")
    var answers: [CheckAnswer] = []
    if let response = options.response {
      let words = (response.values("allow") + response.values("public"))
        .flatMap { $0.split(separator: ",") }.map { String($0).trimmingSpace.uppercased() }
      let told = words.filter(BehaviourProbe.writing.contains)
      answers.append(
        CheckAnswer("http.methods.writing", told.isEmpty ? .no : .yes, Set(told).sorted().joined(separator: ", ")))
    } else {
      answers.append(CheckAnswer("http.methods.writing", .notDetermined(reason: options.reason)))
    }
    // RFC 9110 section 9.3.8: the request comes back as the body.
    let token = SiteProbe.word(16)
    let trace = probe.ask(probe.page.path, method: "TRACE", headers: ["X-Vigil-Trace: \(token)"])
    guard let response = trace.response else {
      return answers + [CheckAnswer("http.methods.trace", .notDetermined(reason: trace.reason))]
    }
    let isEcho = response.status == 200 && response.body.contains(phrase: token)
    return answers + [CheckAnswer("http.methods.trace", isEcho ? .yes : .no, "status \(response.status)")]
  }

  // MARK: error pages

  private func errors() -> [CheckAnswer] {
    let ids = ["http.error_page.stack_trace", "http.error_page.debug", "http.error_page.version"]
    let asked = probe.ask("/" + SiteProbe.word(12))
    guard let response = asked.response else {
      return ids.map { CheckAnswer($0, .notDetermined(reason: asked.reason)) }
    }
    let words = ErrorPageWords(response.body)
    return zip(ids, [words.stackTrace, words.debugger, words.version]).map { id, seen in
      CheckAnswer(id, seen == nil ? .no : .yes, seen ?? "")
    }
  }

  // MARK: directories

  /// Folders that the page itself loads from, and two that sites have.
  private var folders: [String] {
    let own = (resources?.resources ?? []).compactMap { resource -> String? in
      guard resource.kind != .form, let target = RedirectTarget.resolve(resource.address, from: probe.page),
        target.port == probe.page.port
      else { return nil }
      let parts = target.path.prefix { $0 != "?" }.split(separator: "/").dropLast()
      return parts.isEmpty || parts.contains("..") ? nil : "/" + parts.joined(separator: "/") + "/"
    }
    var seen: Set<String> = []
    return Array((own + ["/uploads/", "/images/"]).filter { seen.insert($0).inserted }.prefix(Self.folderLimit))
  }

  private func listing() -> [CheckAnswer] {
    let id = "http.directory_listing"
    var listed: [String] = []
    var reason: String?
    for folder in folders {
      let asked = probe.ask(folder)
      guard let response = asked.response else {
        reason = reason ?? asked.reason
        continue
      }
      if response.status == 200, ErrorPageWords(response.body).isListing { listed.append(folder) }
    }
    if let first = listed.first {
      let control = probe.ask(SiteProbe.random(like: first))
      guard let other = control.response else { return [CheckAnswer(id, .notDetermined(reason: control.reason))] }
      if other.status == 200, ErrorPageWords(other.body).isListing {
        return [CheckAnswer(id, .notDetermined(reason: "a path that nobody has gets the same kind of answer"))]
      }
      return [CheckAnswer(id, .yes, listed.map { String($0.prefix(80)) }.joined(separator: ", "))]
    }
    return [CheckAnswer(id, reason.map { .notDetermined(reason: $0) } ?? .no)]
  }
}
