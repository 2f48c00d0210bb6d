internal import Records

/// A site's own pages, breadth first from the home page, asked one after another at the pace allowed.
struct SiteWalk {
  struct Visited {
    var address: PageAddress
    var page: Page
    /// Of the body as it came.
    var body: [UInt8]
    /// The answer went over its limit, or ended early.
    var isIncomplete: Bool
    /// Its length was told and came.
    var isFramed = false
  }

  let context: ScanContext
  let endpoint: Endpoint
  let job: ScanJob
  private(set) var visited: [Visited] = []
  /// Why there is no home page to judge; nil where there is one.
  private(set) var failure: String?
  /// Why other pages were not seen: reason and how many.
  private(set) var missed: [(reason: String, count: Int)] = []
  private(set) var links = 0
  private(set) var forbidden = 0
  private var robots = RobotsRules()
  private var seen: Set<String> = []
  /// One connection for all pages, as a browser's: a handshake costs more than a page.
  private let exchange: HTTPExchange

  static let redirectLimit = 5
  /// Pages waiting: the walk visits at most 50.
  private static let queueLimit = 2000

  init(_ job: ScanJob, _ endpoint: Endpoint, _ context: ScanContext) {
    (self.job, self.endpoint, self.context, exchange) = (job, endpoint, context, HTTPExchange(context))
  }

  /// `known` are the pages of the last look: where they are still linked they come first.
  mutating func run(pages limit: Int, known: Set<String>) {
    let home = PageAddress(job.target)
    robots = readRobots(home)
    guard robots.allows(home.whole) else {
      failure = robots.refusal ?? "robots.txt forbids the home page"
      return
    }
    switch visit(home) {
    case .success(let first): visited.append(first)
    case .failure(let problem):
      failure = problem.reason
      return
    }
    guard let start = visited.first?.address else { return }
    seen = [home.path, start.path]
    var queue: [PageAddress] = []
    collect(visited[0], start, &queue, known)
    while visited.count < limit, !queue.isEmpty {
      let next = queue.removeFirst()
      switch visit(next) {
      case .success(let page):
        if visited.contains(where: { $0.address == page.address }) { continue }
        visited.append(page)
        if queue.count < limit { collect(page, start, &queue, known) }
      case .failure(let problem):
        miss(problem.reason)
        if problem.isFinal { return }
      }
    }
  }

  var facts: [Fact] {
    var facts = [Fact("pages", "\(visited.count)")]
    if forbidden > 0 { facts.append(Fact("not covered", "robots.txt forbids \(forbidden) of \(links) links")) }
    if robots.isCut {
      facts.append(
        Fact("robots.txt", "has more than \(RobotsRules.byteLimit >> 10) KiB, the limit: rules behind it are not read"))
    }
    facts += missed.map { Fact("not covered", "\($0.count) page\($0.count == 1 ? "" : "s"): \($0.reason)") }
    let cut = visited.count { $0.page.isCut || $0.isIncomplete }
    if cut > 0 { facts.append(Fact("not covered", "\(cut) page\(cut == 1 ? "" : "s") read in part: over a limit")) }
    return facts
  }

  // MARK: links

  /// Of one path only the first query is taken, so that a calendar does not become a thousand pages.
  private mutating func collect(
    _ from: Visited, _ start: PageAddress, _ queue: inout [PageAddress], _ known: Set<String>
  ) {
    let base = from.page.base.flatMap { from.address.resolve($0) } ?? from.address
    var found: [PageAddress] = []
    for link in from.page.links {
      guard found.count + queue.count < SiteWalk.queueLimit else { break }
      guard let address = base.resolve(link.address), address.isPage, address.host == start.host,
        address.scheme == start.scheme, address.port == start.port, seen.insert(address.path).inserted
      else { continue }
      links += 1
      if robots.allows(address.whole) { found.append(address) } else { forbidden += 1 }
    }
    let ranked = found.enumerated().sorted { one, other in
      let ranks = [one, other].map { ($0.element, known.contains($0.element.whole) ? 0 : 1) }
      return (ranks[0].1, ranks[0].0.depth, one.offset) < (ranks[1].1, ranks[1].0.depth, other.offset)
    }
    queue += ranked.map(\.element)
  }

  private mutating func miss(_ reason: String) {
    if let index = missed.firstIndex(where: { $0.reason == reason }) {
      missed[index].count += 1
    } else if missed.count < 8 {
      missed.append((reason, 1))
    }
  }

  // MARK: asking

  struct Missing: Error {
    var reason: String
    /// Nothing further will be answered in this job.
    var isFinal = false
  }

  /// One page, with the redirects that stay on the host.
  func visit(_ address: PageAddress, headers: [String] = []) -> Result<Visited, Missing> {
    var here = address
    for _ in 0..<SiteWalk.redirectLimit {
      let response: HTTPResponse
      switch ask(here, headers) {
      case .failure(let problem): return .failure(problem)
      case .success(let answer): response = answer
      }
      guard (300..<400).contains(response.status), let location = response.first("location") else {
        return PageAnswer.read(response).map {
          Visited(
            address: here, page: $0.page, body: response.body, isIncomplete: $0.isIncomplete,
            isFramed: $0.isFramed)
        }.mapError { Missing(reason: $0.reason) }
      }
      guard let next = here.resolve(location), next.host == address.host else {
        return .failure(Missing(reason: "the page redirects to another host, which is not followed"))
      }
      if !robots.allows(next.whole) { return .failure(Missing(reason: "robots.txt forbids where the page redirects")) }
      here = next
    }
    return .failure(Missing(reason: "more than \(SiteWalk.redirectLimit) redirects"))
  }

  private func ask(_ address: PageAddress, _ headers: [String]) -> Result<HTTPResponse, Missing> {
    let target = address.target(like: job.target)
    let request = HTTPRequest(url: target.url, host: target.host, headers: headers, keepsBody: true)
    let at = Endpoint(address: endpoint.address, port: address.port)
    return exchange.send(request, at: at).mapError { failure in
      switch failure {
      case .stopped, .deadline, .connectionLimit, .refusedTarget: Missing(reason: failure.sentence, isFinal: true)
      default: Missing(reason: failure.sentence)
      }
    }
  }

  /// RFC 9309 section 2.3.1: absent means allowed, unreachable means forbidden.
  private func readRobots(_ home: PageAddress) -> RobotsRules {
    guard var here = home.resolve("/robots.txt") else { return RobotsRules() }
    for _ in 0..<SiteWalk.redirectLimit {
      switch ask(here, []) {
      case .failure(let problem): return RobotsRules(refusal: problem.reason)
      case .success(let response):
        switch response.status {
        case 200..<300: return RobotsRules(response.body)
        case 300..<400:
          guard let next = response.first("location").flatMap({ here.resolve($0) }), next.host == home.host else {
            return RobotsRules()
          }
          here = next
        case 429, 500...: return RobotsRules(refusal: "robots.txt is not to be had: status \(response.status)")
        default: return RobotsRules()
        }
      }
    }
    return RobotsRules()
  }
}
