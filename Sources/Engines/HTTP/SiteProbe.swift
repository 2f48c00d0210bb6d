internal import Records

/// Requests of the class *probe* to one site on the connection kept. Ends when the server will not have us: what it
/// then hides is not determined.
final class SiteProbe {
  let page: Target
  private let endpoint: Endpoint
  private let exchange: HTTPExchange
  private let context: ScanContext
  /// Why no more is asked; nil while more is.
  private(set) var ended: String?
  private var refusals = 0

  /// Refusals in a row, by a firewall, a rate limit or no answer at all, after which no more is asked.
  static let refusalLimit = 3
  /// An error page's first bytes tell what it is.
  static let bodyLimit = 16 << 10

  init(_ walk: HTTPWalk) {
    (page, endpoint, exchange, context) = (walk.page, walk.endpoint, walk.exchange, walk.context)
  }

  struct Refused: Error { var reason: String }

  /// The answer to a path, or why it tells nothing.
  func ask(
    _ path: String, method: String = "GET", headers: [String] = [], limit: Int = SiteProbe.bodyLimit
  ) -> Result<HTTPResponse, Refused> {
    var target = page
    target.path = path
    var request = HTTPRequest(url: target.url, host: page.host, method: method, headers: headers, keepsBody: true)
    request.bodyLimit = limit
    return ask(request, port: page.port)
  }

  func ask(_ request: HTTPRequest, port: UInt16) -> Result<HTTPResponse, Refused> {
    if let ended { return .failure(Refused(reason: ended)) }
    switch exchange.send(request, at: Endpoint(address: endpoint.address, port: port)) {
    case .failure(let failure):
      // A server may hang up on a method that it does not know; that alone is no refusal of us.
      return refuse(failure.sentence, counts: request.method == "GET" || failure == .deadline || failure == .stopped)
    case .success(let response):
      if case .blocked(let by) = PageVerdict(response) { return refuse("blocked by a WAF: \(by)", counts: true) }
      if response.status == 503 { return refuse("blocked or limited: status 503", counts: true) }
      refusals = 0
      return .success(response)
    }
  }

  private func refuse(_ reason: String, counts: Bool) -> Result<HTTPResponse, Refused> {
    if counts {
      refusals += 1
      if refusals >= SiteProbe.refusalLimit || context.isStopped || context.deadline.isPast { ended = reason }
    }
    return .failure(Refused(reason: reason))
  }

  /// A path that nobody has, of the same shape: folders, dots and extensions stay.
  static func random(like path: String) -> String {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    return parts.map { part -> String in
      guard let start = part.firstIndex(where: { $0 != "." }) else { return String(part) }
      let name = part[start...].prefix { $0 != "." }
      return part[..<start] + word(max(8, name.count)) + part[part.index(start, offsetBy: name.count)...]
    }.joined(separator: "/")
  }

  /// What rules of servers tell paths apart by: the folder, where it is one's own, the leading dot and the extension.
  static func shape(of path: String) -> String {
    path.split(separator: "/").map { part -> String in
      let end = part.dropFirst(part.hasPrefix(".") ? 1 : 0).firstIndex(of: ".")
      return (part.hasPrefix(".") ? "." : "") + "x" + (end.map { String(part[$0...]) } ?? "")
    }.joined(separator: "/")
  }

  static func word(_ count: Int) -> String {
    String((0..<count).map { _ in "abcdefghijkmnpqrstuvwxyz".randomElement() ?? "x" })
  }
}

extension Result where Success == HTTPResponse, Failure == SiteProbe.Refused {
  var response: HTTPResponse? { if case .success(let response) = self { response } else { nil } }
  var reason: String { if case .failure(let refused) = self { refused.reason } else { "" } }
}
