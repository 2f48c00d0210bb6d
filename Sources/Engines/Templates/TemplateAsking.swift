internal import Records
internal import Wire

/// Asks what templates plan, each request once: an answer is kept as long as a later template needs it.
struct TemplateAsking {
  private let probe: SiteProbe
  private let plan: TemplatePlan
  private var kept: [PlannedRequest: Answer] = [:]
  private var keptBytes = 0
  /// Sent, redirects and comparisons among them.
  private(set) var asked = 0
  /// Answered from what another template had asked.
  private(set) var shared = 0

  typealias Answer = Result<TemplateResponse, SiteProbe.Refused>

  /// What a page with its scripts has; of more, what is absent is not determined.
  static let bodyLimit = 512 << 10
  /// Of one job: beyond it an answer is asked for again rather than kept.
  private static let keptLimit = 8 << 20

  init(_ probe: SiteProbe, _ plan: TemplatePlan) { (self.probe, self.plan) = (probe, plan) }

  /// For the template at `index` of the plan.
  mutating func answer(_ request: PlannedRequest, for index: Int) -> Answer {
    if let answer = kept[request] {
      shared += 1
      return answer
    }
    let answer = fresh(request)
    let size = answer.bytes
    if !plan.isOver(request, after: index), keptBytes + size <= TemplateAsking.keptLimit {
      kept[request] = answer
      keptBytes += size
    }
    return answer
  }

  /// Drops what no template after `index` needs.
  mutating func forget(after index: Int) {
    for request in kept.keys where plan.isOver(request, after: index) {
      keptBytes -= kept.removeValue(forKey: request)?.bytes ?? 0
    }
  }

  /// Asked now, whatever is kept.
  mutating func fresh(_ request: PlannedRequest) -> Answer {
    let lines: [String]
    switch TemplateHead.lines(of: request) {
    case .failure(let refused): return .failure(refused)
    case .success(let found): lines = found
    }
    var here = probe.page
    here.path = request.path
    var hops = request.followsRedirects ? min(max(request.redirectLimit, 0), TemplatePlan.hopLimit) : 0
    var seen: Set<Target> = [here]
    while true {
      asked += 1
      let response: HTTPResponse
      switch probe.ask(http(request, lines, at: here), port: here.port) {
      case .failure(let refused): return .failure(refused)
      case .success(let found): response = found
      }
      guard hops > 0, (300..<400).contains(response.status), let location = response.first("location"),
        let next = RedirectTarget.resolve(location, from: here), seen.insert(next).inserted
      else { return .success(TemplateResponse(response)) }
      (here, hops) = (next, hops - 1)
    }
  }

  private func http(_ request: PlannedRequest, _ lines: [String], at here: Target) -> HTTPRequest {
    var result = HTTPRequest(url: here.url, host: here.host, method: request.method, headers: lines, keepsBody: true)
    (result.bodyLimit, result.keepsPath) = (TemplateAsking.bodyLimit, true)
    let isReading = request.method == "GET" || request.method == "HEAD"
    if !request.body.isEmpty || !isReading { result.body = request.body }
    return result
  }
}

extension Result where Success == TemplateResponse {
  fileprivate var bytes: Int {
    guard case .success(let response) = self else { return 0 }
    return response.body.count + response.headers.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count }
  }
}

extension TemplateResponse {
  init(_ response: HTTPResponse) {
    let limit = "\(TemplateAsking.bodyLimit >> 10) KiB"
    self.init(
      status: response.status,
      headers: response.fields.map { HeaderLine(TemplateHead.spelled($0.name), $0.value) }, body: response.body,
      milliseconds: response.times.total / 1000,
      cut: response.isCut
        ? "the answer has more than \(limit), the limit" : response.isBroken ? "the answer broke off" : nil)
  }
}
