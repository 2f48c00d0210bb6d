import Records
import Testing
import Wire

@testable import Engines

@Suite struct HTTPHeadTests {
  @Test(
    "Strict-Transport-Security is read as RFC 6797 writes it",
    arguments: [
      ("max-age=31536000", 31_536_000), ("max-age=\"0\"", 0), ("includeSubDomains; MAX-AGE = 5 ;;", 5),
      ("max-age=99999999999999999999", Int.max), ("max-age", nil), ("max-age=", nil), ("max-age=-1", nil),
      ("max-age=1; max-age=1", nil), ("includeSubDomains", nil), ("", nil), ("max-age=1e9", nil),
      ("max-age=1; preload; preload", nil),
    ] as [(String, Int?)]) func hsts(line: String, age: Int?)
  {
    #expect(HSTSPolicy(line)?.maxAge == age)
  }

  @Test("the preload list's terms are named where they are not met") func preload() {
    #expect(HSTSPolicy("max-age=31536000; includeSubDomains; preload")?.preloadGaps == [])
    #expect(HSTSPolicy("max-age=31535999")?.preloadGaps.count == 3)
  }

  @Test(
    "a policy holds scripts back, or says by what it does not",
    arguments: [
      ("script-src 'self'", nil), ("img-src *", "script-src is missing"),
      ("script-src 'unsafe-inline'", "'unsafe-inline'"), ("script-src 'unsafe-inline' 'nonce-abc'", nil),
      ("default-src 'unsafe-inline' 'sha256-abc='", nil), ("script-src 'strict-dynamic' 'nonce-a' https:", nil),
      ("script-src 'nonce-a' https:", "https:"), ("script-src 'nonce-a' 'unsafe-eval'", "'unsafe-eval'"),
      ("SCRIPT-SRC *", "*"), ("script-src data:", "data:"), ("script-src 'none'; script-src *", nil),
      ("default-src 'self'; script-src-attr 'unsafe-inline'", "'unsafe-inline' in script-src-attr"),
      ("script-src *; script-src-elem 'self'", nil),
    ] as [(String, String?)]) func scripts(policy: String, reason: String?)
  {
    #expect(CSPolicy(policy).unsafeScripts == reason)
  }

  @Test("what a policy leaves out is named") func policy() {
    let bare = CSPolicy("script-src 'self' http://a.test; frame-src *; nonsense")
    #expect(bare.missingObjects == "object-src is missing" && bare.missingBase == "base-uri is missing")
    #expect(bare.wildcard == "frame-src *" && bare.plainSource == "script-src" && bare.unknown == ["nonsense"])
    let whole = CSPolicy("default-src 'none'; base-uri 'none'; frame-ancestors 'self'; img-src *")
    #expect(whole.missingObjects == nil && whole.missingBase == nil && whole.wildcard == nil)
    #expect(whole.limitsFraming && !whole.inMeta().limitsFraming)
    #expect(CSPolicy.list(["default-src 'self', script-src 'none'", ""]).count == 2)
  }

  @Test(
    "names with a prefix keep what it promises",
    arguments: [
      ("__Host-a=1; Secure; Path=/", nil), ("__Host-a=1; Secure; Path=/; Domain=a.test", "__Host-"),
      ("__Host-a=1; Secure", "__Host-"), ("__host-a=1; Path=/", "__Host-"), ("__Secure-a=1; Secure", nil),
      ("__Secure-a=1", "__Secure-"), ("a=1", nil),
    ] as [(String, String?)]) func prefixes(line: String, broken: String?) throws
  {
    #expect(try #require(CookieLine(line)).brokenPrefix == broken)
  }

  @Test(
    "security.txt has what RFC 9116 demands, or lacks it by name",
    arguments: [
      ("Contact: mailto:a@b.test\nExpires: 2027-01-01T00:00:00Z\n", nil),
      ("# note\r\nCONTACT: https://a.test/\r\nexpires: 2027-01-01T00:00:00+08:00\r\n", nil),
      ("Expires: 2027-01-01T00:00:00Z", "no Contact"), ("Contact: mailto:a@b.test", "no Expires"),
      ("Contact: a@b.test\nExpires: 2027-01-01T00:00:00Z", "no Contact is a mailto, https or tel address"),
      ("Contact: tel:+1\nExpires: soon", "Expires is no date of RFC 3339"),
      (
        "Contact: tel:+1\nExpires: 2027-01-01T00:00:00Z\nExpires: 2028-01-01T00:00:00Z", "Expires stands twice"
      ),
      (
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n- Contact: tel:+1\nExpires: 2027-01-01T00:00:00Z\n"
          + "-----BEGIN PGP SIGNATURE-----\nExpires: x", nil
      ),
    ] as [(String, String?)]) func security(text: String, fault: String?)
  {
    #expect(SecurityText(text).fault == fault)
  }

  static func page(_ html: String, head: [String: String] = [:]) -> HTTPResponse {
    var response = HTTPResponse()
    response.add(line: Array("HTTP/1.1 200 OK".utf8))
    for (name, value) in head { response.add(line: Array("\(name): \(value)".utf8)) }
    response.body = Array(html.utf8)
    return response
  }

  @Test(
    "products and their versions are told by heads, cookies, generators and paths",
    arguments: [
      (
        "", ["Server": "Apache/2.2.34 (Unix) mod_ssl/2.2.34 OpenSSL/1.0.2k-fips"],
        ["Apache 2.2.34", "mod_ssl 2.2.34", "OpenSSL 1.0.2k-fips"],
        "Apache 2.2.34: the maker's support ended 2017-07-11"
      ),
      ("", ["X-Powered-By": "PHP/5.6.40"], ["PHP 5.6.40"], "PHP 5.6.40: the maker's support ended 2018-12-31"),
      ("", ["Server": "Microsoft-IIS/7.5"], ["Microsoft-IIS 7.5"], "ended 2020-01-14"),
      ("", ["Server": "Jetty(9.3.1.v2015)"], ["Jetty 9.3.1.v2015"], "ended 2020-12-07"),
      ("", ["Set-Cookie": "PHPSESSID=1"], ["PHP"], nil),
      ("<meta name=generator content='Drupal 7 (https://www.drupal.org)'>", [:], ["Drupal 7"], "ended 2025-01-05"),
      ("<script src=/js/vue@2.6.14.min.js></script>", [:], [], nil),
      ("<script src=/js/vue-2.6.14.min.js></script>", [:], ["Vue 2.6.14"], "ended 2023-12-31"),
      ("<script src=/jquery/3.7.1/jquery.min.js></script>", [:], ["jQuery 3.7.1"], nil),
      ("<script src=/wp-content/a.js></script>", [:], ["WordPress"], nil),
      ("", ["Server": "nginx/1.29.3"], ["nginx 1.29.3"], nil),
      ("", ["Server": "nginx/1.2.9"], ["nginx 1.2.9"], "ended 2013-04-24"),
      ("", ["Server": "PHP/10.0"], ["PHP 10.0"], nil),
    ] as [(String, [String: String], [String], String?)])
  func products(html: String, head: [String: String], expected: [String], ended: String?) throws {
    let response = Self.page("<html>\(html)</html>", head: head)
    let found = Technologies(response, PageResources(page: response.body)).found
    if !expected.isEmpty { #expect(found.map(\.shown) == expected) }
    let now = try #require(Timestamp(text: "2026-11-25T00:00:00Z"))
    let answer = try shippedTables().endOfSupport.answer(found, at: now)
    if let ended, !expected.isEmpty {
      #expect(answer.answer == .yes && answer.evidence.contains(ended))
    } else if ended == nil, !expected.isEmpty {
      #expect(answer.answer != .yes)
    }
  }

  @Test("a version whose end of support is not known is neither supported nor past it") func unknown() throws {
    let now = try #require(Timestamp(text: "2026-11-25T00:00:00Z"))
    let table = try shippedTables().endOfSupport
    func answer(_ name: String, _ version: String) -> Observation.Answer {
      table.answer([Technologies.Product(name: name, version: version)], at: now).answer
    }
    #expect(answer("PHP", "8.4.1") == .no && answer("PHP", "5.6.40") == .yes)
    #expect(
      answer("nginx", "1.99.1") == .notDetermined(reason: "does not apply: no end of support is known of nginx 1.99.1"))
  }
}

@Suite(.serialized) struct HTTPLoadedTests {
  func ask(_ html: String, head: String = "", scheme: String = "https") throws -> Asked {
    let text =
      "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\(head)Content-Length: \(html.utf8.count)\r\n"
      + "Connection: close\r\n\r\n\(html)"
    if scheme == "http" {
      let server = try AvailabilityTests.server { $0.send(text) }
      defer { server.stop() }
      return EnginesTests.ask(
        HTTPEngine(), port: server.port, scheme: "http", probe: .observe, settings: try settings())
    }
    let server = try TLSServer(try Identity("site.test", names: ["site.test"]), .init(response: text))
    defer { server.stop() }
    return EnginesTests.ask(HTTPEngine(), port: server.port, probe: .observe, settings: try settings())
  }

  @Test(
    "what a page loads over plain HTTP or from others is found",
    arguments: [
      ("<script src=http://a.test/x.js></script>", "", ["http.mixed_content.active", "http.sri.missing"]),
      ("<img src=http://a.test/x.png>", "", ["http.mixed_content.passive"]),
      ("<iframe src=http://a.test/></iframe>", "", ["http.mixed_content.active"]),
      ("<form action=http://site.test/login></form>", "", ["http.form.plain"]),
      ("<script src=https://a.test/x.js></script>", "", ["http.sri.missing"]),
      ("<script src=//a.test/x.js></script>", "", ["http.sri.missing"]),
      ("<script src=https://a.test/x.js integrity=sha384-abc></script>", "", []),
      ("<base href=https://a.test/><script src=x.js></script>", "", ["http.sri.missing"]),
      ("<script src=/x.js></script><script src=https://SITE.test:8443/y.js></script>", "", []),
      ("<script src=data:text/javascript,1></script>", "", []),
      (
        "<img src=http://a.test/x.png>", "Content-Security-Policy: upgrade-insecure-requests\r\n", []
      ),
      ("<a href=http://a.test/>a link</a>", "", []),
    ]) func loads(html: String, head: String, expected: [String]) throws
  {
    let asked = try ask("<!doctype html><html>\(html)</html>", head: head)
    let found = asked.result.answers.filter { HTTPJudgement.loadedChecks.contains($0.check) && $0.answer == .yes }
    #expect(Set(found.map(\.check)) == Set(expected))
  }

  @Test("a password asked for in clear is found, a policy in the page counts") func page() throws {
    let plain = try ask("<html><input type=PASSWORD></html>", scheme: "http")
    #expect(plain.answer("http.form.password_plain") == .yes)
    let meta = try ask(
      "<html><head><meta http-equiv=Content-Security-Policy content=\"default-src 'self'; frame-ancestors 'none'\"></html>"
    )
    #expect(meta.answer("http.csp.missing") == .no && meta.answer("http.framing.missing") == .yes)
  }

  @Test("a page that is cut or nested without end denies nothing") func bounds() throws {
    let long = try ask("<html>" + String(repeating: "<p>a</p>", count: 80_000) + "</html>")
    #expect(long.isOpen("http.sri.missing") && long.isOpen("http.mixed_content.active"))
    let deep = try ask("<html>" + String(repeating: "<div>", count: 60_000))
    #expect(deep.isOpen("http.sri.missing"))
  }
}
