package import Records
internal import Wire

/// HTTP posture: the page that a visitor gets and the way to it, and, where probing is permitted, what the server
/// should keep to itself.
///
/// Connections: one that is kept to the page's port, one to the plain port, one that offers HTTP/2; more only where the
/// server closes them.
package struct HTTPEngine: ScanEngine {
  package let name = "http"
  package let version = "2"
  package let title = BilingualText(en: "HTTP posture", zh: "HTTP 安全配置")
  package let checks = HTTPChecks.all

  /// Hops on the same host, the page included; a longer way is a loop.
  static let hopLimit = 5
  /// Of the plain port: two redirects on the way to HTTPS are more than enough.
  static let plainHopLimit = 2
  /// What observing asks at most: the way, the plain one, security.txt.
  private static let observedRequests = hopLimit + plainHopLimit + 1
  private static let observedMilliseconds = 20_000
  /// Beside the pace: an ordinary answer comes in less.
  private static let answerMilliseconds = 500

  package init() {}

  /// By the count of paths and the pace; each hit costs a request to compare with, and there are few.
  package func budget(for job: ScanJob, _ limits: ScanContext.Limits) -> ScanBudget {
    guard job.probeClass >= .probe else {
      return ScanBudget(connections: 2 * Self.observedRequests, milliseconds: Self.observedMilliseconds)
    }
    let probed = ExposedFiles.all.count + ExposedFiles.checks.count + ExposedFiles.shapes + BehaviourProbe.requestLimit
    let pace = limits.requestsPerSecond.isFinite ? Int(1000 / max(limits.requestsPerSecond, 0.01)) : 0
    let each = (pace + Self.answerMilliseconds) * (job.options.isSlow ? 2 : 1)
    // A server may close after each answer, and each may be asked twice.
    return ScanBudget(
      connections: 2 * (Self.observedRequests + probed), milliseconds: Self.observedMilliseconds + probed * each)
  }

  package func applies(to target: Target) -> Bool { target.scheme == "https" || target.scheme == "http" }

  package func unasked(_ reason: String, _ job: ScanJob, _ context: ScanContext) -> EngineResult? {
    unavailable(reason, reason, job, context)
  }

  package func run(_ job: ScanJob, _ context: ScanContext) -> EngineResult {
    switch context.resolve(job.target) {
    case .failure(let failure): return abandoned(failure, job: job)
    case .success(let endpoint): return run(job, context, endpoint)
    }
  }

  private func run(_ job: ScanJob, _ context: ScanContext, _ endpoint: Endpoint) -> EngineResult {
    let exchange = HTTPExchange(context)
    var walk = HTTPWalk(target: job.target, endpoint: endpoint, exchange: exchange, context: context)
    walk.follow(limit: Self.hopLimit)
    guard walk.first != nil else { return unavailable(walk, job, context) }
    let judgement = HTTPJudgement(walk: walk)
    var answers = [CheckAnswer("http.unavailable", .no)] + judgement.answers
    var facts = walk.facts + Technologies(walk.last ?? HTTPResponse(), judgement.resources).facts
    let (text, protocols) = securityText(walk, context)
    answers += text
    facts += protocols
    let plain = plainWalk(job, walk, context)
    answers += plain
    if job.probeClass >= .probe { answers += probe(walk, judgement) }
    var result = ended(answers, facts, job: job, context)
    if let host = walk.otherHost { result.sightings[.redirectHost] = [host] }
    return result
  }

  private func unavailable(_ walk: HTTPWalk, _ job: ScanJob, _ context: ScanContext) -> EngineResult {
    let failure = walk.failure ?? .closed
    switch failure {
    case .connectionRefused, .timedOut, .reset, .closed, .unreachable:
      return unavailable(failure.sentence, "asked twice: \(failure.sentence)", job, context)
    default: return failed(failure.sentence, job: job, context)
    }
  }

  private func unavailable(
    _ reason: String, _ evidence: String, _ job: ScanJob, _ context: ScanContext
  ) -> EngineResult {
    var result = failed(reason, job: job, context)
    result.answers = completed([CheckAnswer("http.unavailable", .yes, evidence)], job: job, else: reason)
    return result
  }

  /// Where plain HTTP leads. Asked on port 80 of a site on 443; a plain site is asked where it is.
  private func plainWalk(_ job: ScanJob, _ walk: HTTPWalk, _ context: ScanContext) -> [CheckAnswer] {
    let id = "http.redirect.missing"
    if job.target.scheme == "http" { return [HTTPJudgement.redirect(walk)] }
    guard job.target.port == 443 else {
      let reason = "does not apply: no plain port belongs to port \(job.target.port)"
      return [CheckAnswer(id, .notDetermined(reason: reason))]
    }
    let target = Target(scheme: "http", host: job.target.host, port: 80, path: job.target.path)
    var plain = HTTPWalk(target: target, endpoint: walk.endpoint, exchange: walk.exchange, context: context)
    plain.followToHTTPS(limit: Self.plainHopLimit)
    return [HTTPJudgement.redirect(plain)]
  }

  /// The one request that offers HTTP/2: it shows which protocols the site speaks beside what it is for.
  private func securityText(_ walk: HTTPWalk, _ context: ScanContext) -> ([CheckAnswer], [Fact]) {
    guard walk.page.scheme == "https" else {
      let open = HTTPChecks.securityText.map {
        CheckAnswer($0.id, .notDetermined(reason: "does not apply: security.txt is served over HTTPS"))
      }
      return (open, [])
    }
    var target = walk.page
    target.path = "/.well-known/security.txt"
    var request = HTTPRequest(url: target.url, host: target.host, keepsBody: true)
    (request.bodyLimit, request.offersHTTP2) = (SecurityText.limit, true)
    let endpoint = Endpoint(address: walk.endpoint.address, port: target.port)
    var result = walk.exchange.once(request, at: endpoint)
    if case .failure(let failure) = result, failure.isTransient || failure == .notHTTP || failure == .handshake {
      // What fails may be HTTP/2 alone.
      request.offersHTTP2 = false
      result = walk.exchange.once(request, at: endpoint)
    }
    var facts: [Fact] = []
    if case .success(let response) = result {
      let told = request.offersHTTP2 ? "not offered" : "not determined: the request that offered it failed"
      facts.append(Fact("http/2", response.isHTTP2 ? "offered" : told))
    }
    let services = walk.last?.values("alt-svc").joined(separator: ", ") ?? ""
    facts.append(Fact("http/3", services.lowercased().contains("h3") ? "offered by Alt-Svc" : "not offered by Alt-Svc"))
    return (SecurityText.answers(result, now: context.settings.now()), facts)
  }

  private func probe(_ walk: HTTPWalk, _ judgement: HTTPJudgement) -> [CheckAnswer] {
    if let reason = judgement.blocked, walk.last?.status != 403 {
      return (HTTPChecks.probed + ExposedFiles.checks).map { CheckAnswer($0.id, .notDetermined(reason: reason)) }
    }
    let probe = SiteProbe(walk)
    let behaviour = BehaviourProbe(probe, judgement.resources).run()
    var exposure = ExposureProbe(probe)
    return behaviour + exposure.run()
  }
}
