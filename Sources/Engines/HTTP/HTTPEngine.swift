package import Records
internal import Wire

/// HTTP posture: one answer of the site's page over its own scheme, and one of plain HTTP.
package struct HTTPEngine: ScanEngine {
  package let name = "http"
  package let version = "1"
  package let title = BilingualText(en: "HTTP posture", zh: "HTTP 安全配置")
  package let checks = HTTPChecks.all
  /// Hops on the same host; a longer way is a loop.
  private static let hopLimit = 5

  package init() {}

  /// Up to five hops and the plain one, each tried twice.
  package func budget(for job: ScanJob, _ limits: ScanContext.Limits) -> ScanBudget { ScanBudget(connections: 16) }

  package func applies(to target: Target) -> Bool { target.scheme == "https" || target.scheme == "http" }

  package func run(_ job: ScanJob, _ context: ScanContext) -> EngineResult {
    switch context.resolve(job.target) {
    case .failure(let failure): return abandoned(failure, job: job)
    case .success(let endpoint): return run(job, context, endpoint)
    }
  }

  private func run(_ job: ScanJob, _ context: ScanContext, _ endpoint: Endpoint) -> EngineResult {
    var walk = HTTPWalk(target: job.target, endpoint: endpoint, context: context)
    walk.follow(limit: HTTPEngine.hopLimit)
    guard walk.first != nil else { return unavailable(walk, job, context) }
    var answers = [CheckAnswer("http.unavailable", .no)]
    answers += HTTPJudgement(walk: walk).answers
    answers.append(redirect(job, walk, context, endpoint))
    let whole = completed(answers, job: job, else: "not seen")
    return EngineResult(
      status: context.isStopped ? .stopped : walk.failure == nil ? .completed : .partial,
      reason: walk.failure?.sentence ?? "", answers: whole, facts: walk.facts)
  }

  private func unavailable(_ walk: HTTPWalk, _ job: ScanJob, _ context: ScanContext) -> EngineResult {
    let failure = walk.failure ?? .closed
    let reason = failure.sentence
    var answers: [CheckAnswer] = []
    switch failure {
    case .connectionRefused, .timedOut, .reset, .closed, .unreachable:
      answers = [CheckAnswer("http.unavailable", .yes, "asked twice: \(reason)")]
    default: break
    }
    var result = EngineResult(
      status: .failed, reason: reason, source: .site, retry: .after(seconds: 60),
      answers: completed(answers, job: job, else: reason))
    switch failure {
    case .stopped: (result.status, result.source, result.retry) = (.stopped, .policy, .no)
    case .refusedTarget: (result.status, result.source, result.retry) = (.refused, .policy, .no)
    default: break
    }
    return result
  }

  /// Where plain HTTP leads. Asked on port 80 of a site on 443; a plain site is asked where it is.
  private func redirect(_ job: ScanJob, _ walk: HTTPWalk, _ context: ScanContext, _ endpoint: Endpoint) -> CheckAnswer {
    let id = "http.redirect.missing"
    if job.target.scheme == "http" { return HTTPJudgement.redirect(id, walk.first, nil) }
    guard job.target.port == 443 else {
      return CheckAnswer(id, .notDetermined(reason: "does not apply: no plain port belongs to port \(job.target.port)"))
    }
    let plain = Target(scheme: "http", host: job.target.host, port: 80, path: job.target.path)
    let result = HTTPExchange.send(
      HTTPRequest(url: plain.url, host: plain.host), at: Endpoint(address: endpoint.address, port: 80), context)
    switch result {
    case .success(let response): return HTTPJudgement.redirect(id, response, nil)
    case .failure(let failure): return HTTPJudgement.redirect(id, nil, failure)
    }
  }
}

/// The way from the site's address to the page that a visitor gets, on the same host only: other hosts have other
/// authorisations.
struct HTTPWalk {
  let target: Target
  let endpoint: Endpoint
  let context: ScanContext
  private(set) var first: HTTPResponse?
  private(set) var last: HTTPResponse?
  private(set) var lastScheme = ""
  private(set) var failure: ConnectionFailure?
  /// Where a redirect leads that was not followed, and why.
  private(set) var notFollowed: String?

  init(target: Target, endpoint: Endpoint, context: ScanContext) {
    (self.target, self.endpoint, self.context) = (target, endpoint, context)
  }

  mutating func follow(limit: Int) {
    var here = target
    for _ in 0..<limit {
      let at = Endpoint(address: endpoint.address, port: here.port)
      switch HTTPExchange.send(HTTPRequest(url: here.url, host: here.host), at: at, context) {
      case .failure(let problem):
        failure = problem
        return
      case .success(let response):
        if first == nil { first = response }
        (last, lastScheme) = (response, here.scheme)
        guard (300..<400).contains(response.status), let location = response.first("location") else { return }
        guard let next = RedirectTarget.resolve(location, from: here) else {
          notFollowed = "the page redirects to another host, which is not followed"
          return
        }
        here = next
      }
    }
    notFollowed = "more than \(limit) redirects"
  }

  var facts: [Fact] {
    var facts = [Fact("status", "\(first?.status ?? 0)")]
    if let last, last.status != first?.status { facts.append(Fact("status after redirects", "\(last.status)")) }
    if let notFollowed { facts.append(Fact("redirect", notFollowed)) }
    if let server = last?.first("server") { facts.append(Fact("server", String(server.prefix(80)))) }
    return facts
  }
}

/// A Location header, resolved as far as it stays on the host.
enum RedirectTarget {
  static func resolve(_ location: String, from here: Target) -> Target? {
    var next = here
    guard location.utf8.count <= 2048, location.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value < 0x7f }) else {
      return nil
    }
    let bare = String(location.prefix { $0 != "#" })
    if bare.hasPrefix("//") { return absolute(here.scheme, bare.dropFirst(2), here) }
    if bare.hasPrefix("/") {
      next.path = bare
      return next
    }
    if let colon = bare.firstIndex(of: ":"), bare[colon...].hasPrefix("://") {
      return absolute(bare[..<colon].lowercased(), bare[bare.index(colon, offsetBy: 3)...], here)
    }
    if bare.prefix(while: { $0 != "/" && $0 != "?" }).contains(":") { return nil }
    let folder = here.path.prefix { $0 != "?" }.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    next.path = folder.joined(separator: "/") + "/" + bare
    return next
  }

  private static func absolute(_ scheme: String, _ rest: Substring, _ here: Target) -> Target? {
    guard scheme == "http" || scheme == "https" else { return nil }
    let authority = rest.prefix { $0 != "/" && $0 != "?" }
    let tail = rest.dropFirst(authority.count)
    guard !authority.contains("@") else { return nil }
    var host = String(authority).lowercased()
    var port: UInt16 = scheme == "https" ? 443 : 80
    if let colon = host.lastIndex(of: ":"), !host.hasSuffix("]") {
      guard let number = UInt16(host[host.index(after: colon)...]) else { return nil }
      (host, port) = (String(host[..<colon]), number)
    }
    if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
    guard host == here.host.lowercased() else { return nil }
    let path = tail.hasPrefix("/") ? String(tail) : "/" + tail
    return Target(
      scheme: scheme, host: here.host, address: here.address, port: port, serverName: here.serverName, path: path)
  }
}
