internal import Records

/// The way from an address to the page that a visitor gets, on the same host only: other hosts have other
/// authorisations.
struct HTTPWalk {
  let target: Target
  let endpoint: Endpoint
  let context: ScanContext
  let exchange: HTTPExchange
  private(set) var first: HTTPResponse?
  private(set) var last: HTTPResponse?
  /// Where `last` was had.
  private(set) var page: Target
  private(set) var failure: ConnectionFailure?
  /// Where a redirect leads that was not followed, and why.
  private(set) var notFollowed: String?
  /// The host that was not followed to, for showing.
  private(set) var otherHost: String?
  /// Whether the last redirect, not followed, leads to https.
  private(set) var leadsToHTTPS = false
  private(set) var isLoop = false
  /// From https to http, somewhere on the way.
  private(set) var isDowngraded = false
  /// Each hop as `301 https://host/path`, queries left out: they may hold secrets.
  private(set) var hops: [String] = []
  private var stopsAtHTTPS = false

  /// A page's first half megabyte tells what it loads.
  static let pageLimit = 512 << 10

  init(target: Target, endpoint: Endpoint, exchange: HTTPExchange, context: ScanContext) {
    (self.target, self.endpoint, self.exchange, self.context, page) = (target, endpoint, exchange, context, target)
  }

  mutating func follow(limit: Int) {
    var seen: Set<Target> = [target]
    var here = target
    for _ in 0..<limit {
      var request = HTTPRequest(url: here.url, host: here.host, keepsBody: true)
      (request.bodyLimit, request.decodes) = (HTTPWalk.pageLimit, true)
      switch exchange.send(request, at: Endpoint(address: endpoint.address, port: here.port)) {
      case .failure(let problem):
        failure = problem
        return
      case .success(let response):
        if first == nil { first = response }
        (last, page) = (response, here)
        guard (300..<400).contains(response.status), let location = response.first("location") else { return }
        guard let next = step(response.status, location) else { return }
        if stopsAtHTTPS, next.scheme == "https" { return }
        guard seen.insert(next).inserted else {
          (isLoop, notFollowed) = (true, "the redirects go in a circle")
          return
        }
        here = next
      }
    }
    (isLoop, notFollowed) = (true, "more than \(limit) redirects")
  }

  /// The same, as long as the way is plain: what lies behind HTTPS another walk has seen.
  mutating func followToHTTPS(limit: Int) {
    stopsAtHTTPS = true
    follow(limit: limit)
  }

  private mutating func step(_ status: Int, _ location: String) -> Target? {
    leadsToHTTPS = location.lowercased().hasPrefix("https://")
    guard let next = RedirectTarget.resolve(location, from: page) else {
      otherHost = RedirectTarget.host(of: location)
      if page.scheme == "https", location.lowercased().hasPrefix("http://") { isDowngraded = true }
      hops.append("\(status) \(otherHost.map { "//\($0)/" } ?? "elsewhere")")
      notFollowed = "the page redirects to another host, which is not followed"
      return nil
    }
    leadsToHTTPS = next.scheme == "https"
    if page.scheme == "https", next.scheme == "http" { isDowngraded = true }
    hops.append("\(status) \(next.url.prefix { $0 != "?" }.prefix(120))")
    return next
  }

  var facts: [Fact] {
    var facts: [Fact] = []
    if let first { facts.append(Fact("status", "\(first.status)")) }
    if let last, last.status != first?.status { facts.append(Fact("status after redirects", "\(last.status)")) }
    if !hops.isEmpty { facts.append(Fact("redirects", hops.joined(separator: ", "))) }
    if let notFollowed { facts.append(Fact("redirect", notFollowed)) }
    if let otherHost { facts.append(Fact("redirect host", otherHost)) }
    if let server = last?.first("server") { facts.append(Fact("server", String(server.prefix(80)))) }
    return facts
  }

  private var shownHops: String { hops.joined(separator: ", ") }

  /// The redirects' own answers.
  var answers: [CheckAnswer] {
    let ids = ["http.redirect.loop", "http.redirect.downgrade", "http.redirect.other_host"]
    if let failure {
      // Where the way leads is seen although its end does not answer.
      return ids.map { id in
        let isSeen = id == ids[1] && isDowngraded
        return CheckAnswer(id, isSeen ? .yes : .notDetermined(reason: failure.sentence), isSeen ? shownHops : "")
      }
    }
    return [
      CheckAnswer(ids[0], isLoop ? .yes : .no, isLoop ? notFollowed ?? "" : ""),
      CheckAnswer(ids[1], isDowngraded ? .yes : .no, isDowngraded ? shownHops : ""),
      CheckAnswer(ids[2], otherHost == nil ? .no : .yes, otherHost ?? ""),
    ]
  }
}
