/// The head of a request, gathered until its empty line.
struct RequestHead {
  /// What servers commonly allow; more is answered with 400.
  static let largest = 8192
  private var bytes: [UInt8] = []
  private(set) var isWhole = false

  var isEmpty: Bool { bytes.isEmpty }

  /// False when the head is too large, or no HTTP from its first byte on.
  mutating func take(_ more: [UInt8]) -> Bool {
    bytes += more
    isWhole = String(decoding: bytes.suffix(more.count + 3), as: UTF8.self).contains("\r\n\r\n")
    return bytes.count <= Self.largest && bytes.first.map { $0 >= 0x41 && $0 <= 0x5a } ?? true
  }

  /// Nil where the first line is no request line.
  var request: (method: Substring, path: Substring)? {
    guard isWhole else { return nil }
    let line = String(decoding: bytes.prefix { $0 != 13 }, as: UTF8.self)
    let words = line.split(separator: " ")
    guard words.count == 3, words[2].hasPrefix("HTTP/1.") else { return nil }
    return (words[0], words[1].prefix { $0 != "?" })
  }
}

/// What a site answers: a page whose head has the weaknesses of the table, and no others.
struct SiteAnswer {
  private let site: CitySite
  private let ports: CityPorts

  init(_ site: CitySite, _ ports: CityPorts) {
    self.site = site
    self.ports = ports
  }

  func text(to head: RequestHead) -> String {
    guard let request = head.request else { return whole(400, "Bad Request", [], "<h1>400 Bad Request</h1>\n") }
    let isHead = request.method == "HEAD"
    if site.scheme == .http, !site.weaknesses.contains(.noRedirect) {
      let location = "https://\(site.host):\(ports.tls)\(request.path)"
      return whole(301, "Moved Permanently", ["Location: \(location)"], "", isHead: isHead)
    }
    if site.weaknesses.contains(.serverError) {
      return whole(500, "Internal Server Error", pageHead, page("500"), isHead: isHead)
    }
    guard request.path == "/" || request.path == "/index.html" else {
      return whole(404, "Not Found", pageHead, page("404"), isHead: isHead)
    }
    return whole(200, "OK", pageHead, page(site.host), isHead: isHead)
  }

  private func whole(_ status: Int, _ reason: String, _ head: [String], _ body: String, isHead: Bool = false) -> String
  {
    let lines =
      ["HTTP/1.1 \(status) \(reason)"] + head + ["Content-Length: \(body.utf8.count)", "Connection: close", "", ""]
    return lines.joined(separator: "\r\n") + (isHead ? "" : body)
  }

  private func has(_ weakness: Weakness) -> Bool { site.weaknesses.contains(weakness) }

  private var pageHead: [String] {
    var head = ["Content-Type: text/html; charset=utf-8"]
    head.append(has(.serverVersion) ? "Server: nginx/1.14.2" : "Server: web")
    if has(.poweredBy) { head.append("X-Powered-By: PHP/5.6.40") }
    if site.scheme == .https, !has(.noHSTS) {
      head.append("Strict-Transport-Security: max-age=\(has(.shortHSTS) ? 86_400 : 31_536_000); includeSubDomains")
    }
    if !has(.noPolicy) {
      let scripts = has(.unsafePolicy) ? "'self' 'unsafe-inline'" : "'self'"
      head.append("Content-Security-Policy: default-src 'self'; script-src \(scripts)")
    }
    if !has(.noSniffing) { head.append("X-Content-Type-Options: nosniff") }
    if !has(.noFraming) { head.append("X-Frame-Options: DENY") }
    if !has(.noReferrer) { head.append("Referrer-Policy: no-referrer") }
    head.append("Set-Cookie: visit=demonstration; Path=/" + cookieFlags)
    return head
  }

  private var cookieFlags: String {
    (site.scheme == .https && !has(.cookieNoSecure) ? "; Secure" : "") + (has(.cookieNoHTTPOnly) ? "" : "; HttpOnly")
      + (has(.cookieNoSameSite) ? "" : "; SameSite=Lax")
  }

  private func page(_ title: String) -> String {
    let name = CityTable.organisations.first { $0.label == site.organisation }
    return """
      <!doctype html>
      <html lang="zh"><head><title>\(title)</title></head>
      <body><h1>\(name?.chinese ?? "") · \(name?.english ?? "")</h1>
      <p>\(CityTable.chinese). A site of Vigil's demonstration; nothing here is real.</p></body></html>

      """
  }
}
