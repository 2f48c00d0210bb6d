internal import Glibc

/// One HTTP answer of a planned site.
struct PlannedAnswer {
  let page: PlannedPage
  /// Whether it came over the plain port.
  let isPlain: Bool
  private var site: PlannedSite { page.site }
  private var traits: Set<SiteTrait> { page.traits }

  init(_ page: PlannedPage, isPlain: Bool) { (self.page, self.isPlain) = (page, isPlain) }

  func bytes(to request: PlannedRequest) -> [UInt8] {
    if isPlain, !site.isPlain, !traits.contains(.redirectDowngrade) {
      let place = "https://\(site.host):\(page.ports.tls)\(request.path)"
      return whole("301 Moved Permanently", ["Location: \(place)"], [], request)
    }
    if traits.contains(.serverError) { return whole("500 Internal Server Error", [], "<h1>500</h1>", request) }
    // A filter that lets visitors in and scanners not: what is wrong behind it stays as it was.
    if traits.contains(.blocking), !request.isOfBrowser {
      return whole("403 Forbidden", ["Content-Type: text/html; charset=utf-8"], "<p>您的请求已被拦截</p>", request)
    }
    switch request.method {
    case "OPTIONS":
      let writing = traits.contains(.methodWriting) ? ", PUT, DELETE" : ""
      return whole("204 No Content", ["Allow: GET, HEAD, OPTIONS\(writing)"], [], request)
    case "TRACE":
      guard traits.contains(.methodTrace) else { return whole("405 Method Not Allowed", [], [], request) }
      return whole("200 OK", ["Content-Type: message/http"], request.head, request)
    case "GET", "HEAD", "POST": return got(request)
    default: return whole("405 Method Not Allowed", [], [], request)
    }
  }

  private func got(_ request: PlannedRequest) -> [UInt8] {
    if let file = PlannedFiles.byPath[request.path], traits.contains(file.trait) {
      return whole("200 OK", ["Content-Type: application/octet-stream"], file.body, request)
    }
    if request.path == "/.well-known/security.txt", let text = contact {
      return whole("200 OK", ["Content-Type: text/plain"], Array(text.utf8), request)
    }
    if request.path == "/uploads/", traits.contains(.directoryListing) {
      let text = "<html><head><title>Index of /uploads/</title></head><body><h1>Index of /uploads/</h1></body></html>"
      return whole("200 OK", ["Content-Type: text/html"], text, request)
    }
    if let place = redirect(request.path) {
      return whole("302 Found", pageHead(request) + ["Location: \(place)"], [], request)
    }
    if let html = page.html(request.path) { return whole("200 OK", pageHead(request), html, request) }
    return whole("404 Not Found", ["Content-Type: text/html; charset=utf-8"], missing, request)
  }

  private func redirect(_ path: String) -> String? {
    guard path == "/" || path == "/start" else { return nil }
    if traits.contains(.redirectLoop) { return path == "/" ? "/start" : "/" }
    guard path == "/" else { return nil }
    if traits.contains(.redirectOther) { return "https://www.elsewhere-sites.com/" }
    if traits.contains(.redirectDowngrade), !isPlain { return "http://\(site.host):\(page.ports.plain)/" }
    return nil
  }

  private var missing: String {
    if traits.contains(.errorStack) {
      return "<pre>Traceback (most recent call last):\n  File \"site.py\", line 7, in find\nKeyError: 'page'</pre>"
    }
    if traits.contains(.errorDebug) { return "<h1>Page not found</h1><p>Using the URLconf defined in site.urls</p>" }
    if traits.contains(.errorVersion) { return "<center>404 Not Found</center><hr><center>nginx/1.29.4</center>" }
    return "<h1>404 Not Found</h1>"
  }

  private var contact: String? {
    if traits.contains(.contactMissing) { return nil }
    let days = traits.contains(.contactExpired) ? -40 : 200
    let expires = traits.contains(.contactInvalid) ? "" : "Expires: \(PlannedAnswer.day(days))T00:00:00Z\n"
    return "Contact: mailto:security@\(site.organisation).\(CityNames.domain)\n\(expires)"
  }

  /// UTC, so many days from now.
  static func day(_ days: Int, now: Int = time(nil)) -> String {
    var (moment, parts) = unsafe (now + days * 86_400, tm())
    unsafe gmtime_r(&moment, &parts)
    func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return unsafe "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))"
  }

  // MARK: heads

  private func has(_ trait: SiteTrait) -> Bool { traits.contains(trait) }

  private func pageHead(_ request: PlannedRequest) -> [String] {
    var head = ["Content-Type: text/html; charset=utf-8"]
    head.append(
      has(.endOfSupport) ? "Server: nginx/1.14.2" : has(.serverVersion) ? "Server: nginx/1.29.4" : "Server: web")
    if has(.poweredBy) { head.append("X-Powered-By: Express") }
    if !site.isPlain, !isPlain, !has(.noHSTS) {
      let rest = has(.hstsNoSubdomains) ? "" : "; includeSubDomains"
      head.append("Strict-Transport-Security: max-age=\(has(.shortHSTS) ? 86_400 : 63_072_000)\(rest)")
    }
    head += policy
    if !has(.noSniffing) { head.append("X-Content-Type-Options: nosniff") }
    if !has(.noFraming) { head.append("X-Frame-Options: DENY") }
    if !has(.noReferrer) { head.append("Referrer-Policy: no-referrer") }
    if !has(.noOpenerPolicy) { head.append("Cross-Origin-Opener-Policy: same-origin") }
    if !has(.noEmbedderPolicy) { head.append("Cross-Origin-Embedder-Policy: require-corp") }
    if !has(.noResourcePolicy) { head.append("Cross-Origin-Resource-Policy: same-origin") }
    if !has(.noPermissions) { head.append("Permissions-Policy: camera=(), microphone=()") }
    return head + [cookie] + origins(request)
  }

  private var policy: [String] {
    if has(.noPolicy) { return [] }
    let sources: String =
      has(.policyUnsafe)
      ? "default-src 'self'; script-src 'self' 'unsafe-inline'"
      : has(.policyNoObjects)
        ? "script-src 'self'"
        : has(.policyWildcard)
          ? "default-src 'self'; connect-src *"
          : has(.policyPlain)
            ? "default-src 'self'; img-src 'self' http://img.elsewhere-sites.com" : "default-src 'self'"
    var line = sources
    if !has(.policyNoBase) { line += "; base-uri 'none'" }
    if !has(.noFraming) { line += "; frame-ancestors 'none'" }
    if has(.policyDuplicate) { line += "; form-action 'self'; form-action 'none'" }
    if has(.policyUnknown) { line += "; scripts-src 'self'" }
    return ["Content-Security-Policy\(has(.policyReportOnly) ? "-Report-Only" : ""): \(line)"]
  }

  private var cookie: String {
    if has(.cookiePrefix) { return "Set-Cookie: __Host-visit=1; Path=/inner; Secure; SameSite=Lax" + httpOnly }
    return "Set-Cookie: visit=1; Path=/" + (site.isPlain || has(.cookieNoSecure) ? "" : "; Secure")
      + (has(.cookieNoSameSite) ? "" : "; SameSite=Lax") + httpOnly
  }
  private var httpOnly: String { has(.cookieNoHTTPOnly) ? "" : "; HttpOnly" }

  private func origins(_ request: PlannedRequest) -> [String] {
    guard let origin = request.origin else { return [] }
    if has(.corsAny) { return ["Access-Control-Allow-Origin: *"] }
    if has(.corsNull), origin == "null" { return ["Access-Control-Allow-Origin: null"] }
    guard has(.corsReflected), origin != "null" else { return [] }
    return ["Access-Control-Allow-Origin: \(origin)", "Access-Control-Allow-Credentials: true"]
  }

  private func whole(_ status: String, _ head: [String], _ body: String, _ request: PlannedRequest) -> [UInt8] {
    whole(status, head, Array(body.utf8), request)
  }

  private func whole(_ status: String, _ head: [String], _ body: [UInt8], _ request: PlannedRequest) -> [UInt8] {
    var text = "HTTP/1.1 \(status)\r\n"
    for line in head {
      text += line
      text += "\r\n"
    }
    text += "Content-Length: \(body.count)\r\n\(request.closes ? "Connection: close\r\n" : "")\r\n"
    return request.method == "HEAD" ? Array(text.utf8) : Array(text.utf8) + body
  }
}
