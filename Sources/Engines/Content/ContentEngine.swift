package import Records
internal import Wire

/// The pages of a site as its visitors get them: against what they were, and for what should not stand in them.
package struct ContentEngine: ScanEngine {
  package let name = "content"
  package let version = "1"
  package let title = BilingualText(en: "Page content", zh: "网页内容")
  package let checks = ContentChecks.all

  package static let defaultPages = 3
  /// Politeness and the baseline's room: what more pages would tell is not worth an hour of asking.
  package static let pageLimit = 50
  /// robots.txt, redirects of the home page, the second look as a search engine.
  private static let otherRequests = 8
  /// What an ordinary page takes at most beside its turn.
  private static let millisecondsPerRequest = 1500.0

  package init() {}

  static func pages(of job: ScanJob) -> Int { min(max(job.options.pages ?? defaultPages, 1), pageLimit) }

  /// Every request may be tried twice; at one request a second three pages have 40 s, fifty have three minutes.
  package func budget(for job: ScanJob, _ limits: ScanContext.Limits) -> ScanBudget {
    let requests = ContentEngine.pages(of: job) + ContentEngine.otherRequests
    let rate = min(limits.requestsPerSecond, limits.requestsPerSecondAndPlatform)
    let turn = rate > 0 ? min(1000 / rate, 60_000) : 60_000
    let milliseconds = Double(requests) * (turn + ContentEngine.millisecondsPerRequest)
    return ScanBudget(
      connections: requests * 2, milliseconds: 12_000 + Int(job.options.isSlow ? milliseconds * 2 : milliseconds))
  }

  package func applies(to target: Target) -> Bool { target.scheme == "https" || target.scheme == "http" }

  package func unasked(_ reason: String, _ job: ScanJob, _ context: ScanContext) -> EngineResult? {
    failed(reason, job: job, context)
  }

  package func run(_ job: ScanJob, _ context: ScanContext) -> EngineResult {
    switch context.resolve(job.target) {
    case .failure(let failure): return abandoned(failure, job: job)
    case .success(let endpoint): return run(job, context, endpoint)
    }
  }

  private func run(_ job: ScanJob, _ context: ScanContext, _ endpoint: Endpoint) -> EngineResult {
    let baseline = job.known.flatMap { Baseline(json: $0) }
    var walk = SiteWalk(job, endpoint, context)
    walk.run(pages: ContentEngine.pages(of: job), known: Set(baseline?.pages.keys.map(\.self) ?? []))
    guard walk.failure == nil else {
      var result = failed(walk.failure ?? "not seen", job: job, context)
      result.facts = walk.facts
      return result
    }
    var judgement = ContentJudgement(
      pages: walk.visited, host: job.target.host, baseline: baseline,
      acceptsChange: job.options.acceptsChange)
    judgement.judge()
    if job.probeClass >= .intrusive { judgement.judge(cloak: CloakingLook(walk: walk).visit()) }
    judgement.settle(isLight: job.options.pages != nil)
    return ended(judgement.answers, walk.facts + judgement.facts, job: job, context, memory: judgement.memory)
  }
}

/// The home page once more, as a search engine that comes from a search: some intruders show their page to it alone.
struct CloakingLook {
  let walk: SiteWalk

  private static let headers = [
    "User-Agent: Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)",
    "Referer: https://www.baidu.com/s?wd=site",
  ]

  func visit() -> Result<Page, SiteWalk.Missing> {
    guard let home = walk.visited.first else { return .failure(SiteWalk.Missing(reason: "not seen")) }
    return walk.visit(home.address, headers: CloakingLook.headers).map(\.page)
  }
}

extension ContentEngine {
  /// Everything that is judged of one page's bytes, without a server: by tests and by the fuzzer. Nil where the bytes
  /// are no page of a site.
  package static func judge(page body: [UInt8], contentType: String, known: String?) -> [CheckAnswer]? {
    var response = HTTPResponse()
    response.status = 200
    response.add(line: Array("content-type: \(contentType)".utf8))
    (response.body, response.bodyBytes) = (body, body.count)
    guard case .success(let read) = PageAnswer.read(response) else { return nil }
    let target = Target(scheme: "http", host: "site.test", port: 80)
    let visited = SiteWalk.Visited(
      address: PageAddress(target), page: read.page, body: body, isIncomplete: read.isIncomplete)
    var judgement = ContentJudgement(
      pages: [visited], host: target.host, baseline: known.flatMap { Baseline(json: $0) })
    judgement.judge()
    judgement.judge(cloak: .success(read.page))
    return judgement.answers
  }
}
