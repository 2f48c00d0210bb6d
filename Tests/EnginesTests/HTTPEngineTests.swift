import Records
import Testing
import Wire

@testable import Engines

@Suite(.serialized) struct HTTPEngineTests {
  static let strict = """
    HTTP/1.1 200 OK\r
    Strict-Transport-Security: max-age=31536000; includeSubDomains; preload\r
    Content-Security-Policy: default-src 'self'; base-uri 'none'; frame-ancestors 'none'\r
    Cross-Origin-Opener-Policy: same-origin\r
    Cross-Origin-Embedder-Policy: require-corp\r
    Cross-Origin-Resource-Policy: same-origin\r
    Permissions-Policy: camera=()\r
    Content-Type: text/plain\r
    X-Content-Type-Options: nosniff\r
    Referrer-Policy: strict-origin-when-cross-origin\r
    Set-Cookie: id=hunter2secret; Path=/; Secure; HttpOnly; SameSite=Lax\r
    Server: web\r
    Content-Length: 60\r
    Connection: close\r
    \r
    Contact: mailto:a@site.test\r
    Expires: 2099-01-01T00:00:00Z\r

    """

  func ask(_ response: String, probe: ProbeClass = .observe) throws -> Asked {
    let server = try TLSServer(try Identity("site.test", names: ["site.test"]), .init(response: response))
    defer { server.stop() }
    return EnginesTests.ask(HTTPEngine(), port: server.port, probe: probe, settings: try settings())
  }

  @Test("a strict site has no weakness, and every check is answered") func strict() throws {
    let asked = try ask(Self.strict, probe: .probe)
    #expect(asked.result.answers.filter { $0.answer == .yes }.map(\.check) == [])
    let open = Set(HTTPEngine().checks.map(\.id)).subtracting(asked.denied)
    #expect(
      open == Set(HTTPJudgement.loadedChecks + ["http.redirect.missing", "http.technology.end_of_support"]))
    #expect(asked.result.status == .completed)
    #expect(Set(asked.result.answers.map(\.check)) == Set(HTTPEngine().checks.map(\.id)))
    #expect(asked.context.openConnections == 0)
  }

  @Test(
    "each weakness is found alone",
    arguments: [
      ("Strict-Transport-Security: max-age=31536000; includeSubDomains; preload\r\n", "", ["http.hsts.missing"]),
      ("max-age=31536000", "max-age=86400", ["http.hsts.short", "http.hsts.not_preloadable"]),
      ("; includeSubDomains", "", ["http.hsts.no_subdomains", "http.hsts.not_preloadable"]),
      ("; preload", "", ["http.hsts.not_preloadable"]),
      ("max-age=31536000", "max-age=1; max-age=31536000", ["http.hsts.missing"]),
      ("base-uri 'none'; ", "", ["http.csp.base_uri"]),
      ("default-src 'self'; ", "default-src 'self'; object-src *; ", ["http.csp.object_src", "http.csp.wildcard"]),
      ("default-src 'self'; ", "default-src 'self'; connect-src *; ", ["http.csp.wildcard"]),
      ("default-src 'self'; ", "default-src 'self'; img-src http://a.test; ", ["http.csp.plain_http"]),
      ("default-src 'self'; ", "default-src 'self'; default-src *; ", ["http.csp.duplicate"]),
      ("default-src 'self'; ", "default-src 'self'; script_src 'self'; ", ["http.csp.unknown"]),
      (
        "Content-Security-Policy: default-src 'self'; base-uri 'none'; frame-ancestors 'none'",
        "X-Frame-Options: DENY\r\nContent-Security-Policy-Report-Only: default-src 'self'",
        ["http.csp.missing", "http.csp.report_only"]
      ),
      ("; frame-ancestors 'none'", "; frame-ancestors *\r\nX-Frame-Options: DENY", ["http.framing.missing"]),
      ("Cross-Origin-Opener-Policy: same-origin", "X: y", ["http.coop.missing"]),
      ("require-corp", "unsafe-none", ["http.coep.missing"]),
      ("Cross-Origin-Resource-Policy: same-origin", "X: y", ["http.corp.missing"]),
      ("Permissions-Policy: camera=()", "X: y", ["http.permissions_policy.missing"]),
      ("Set-Cookie: id", "Set-Cookie: __Host-id", []),
      ("Set-Cookie: id=hunter2secret; Path=/", "Set-Cookie: __Host-id=1; Path=/a", ["http.cookie.prefix"]),
      ("Path=/; Secure", "Path=/; Domain=site.test; Secure", []),
      ("Contact: mailto", "Kontakt: mailto", ["http.security_txt.invalid"]),
      ("2099-01-01T00", "2020-01-01T00", ["http.security_txt.expired"]),
      ("Expires: 2099-01-01T00", "Expires: 2099/01/01 00", ["http.security_txt.invalid"]),
      ("200 OK", "404 Not Found", ["http.security_txt.missing"]),
      ("Server: web", "Server: Apache/2.2.34", ["http.version_leak.server", "http.technology.end_of_support"]),

      ("default-src 'self'; ", "default-src 'self' 'unsafe-inline'; ", ["http.csp.unsafe"]),
      ("; frame-ancestors 'none'", "", ["http.framing.missing"]),
      (
        "Content-Security-Policy: default-src 'self'; base-uri 'none'; frame-ancestors 'none'\r\n",
        "X-Frame-Options: DENY\r\n",
        ["http.csp.missing"]
      ),
      ("nosniff", "yes", ["http.content_type_options.missing"]),
      ("strict-origin-when-cross-origin", "unsafe-url", ["http.referrer_policy.missing"]),
      ("Secure; ", "", ["http.cookie.no_secure"]),
      ("HttpOnly; ", "", ["http.cookie.no_httponly"]),
      ("; SameSite=Lax", "", ["http.cookie.no_samesite"]),
      ("Server: web", "Server: nginx/1.29.0", ["http.version_leak.server"]),
      ("Server: web", "X-Powered-By: PHP/9.9", ["http.version_leak.powered_by"]),
    ]) func weakness(from: String, to: String, expected: [String]) throws
  {
    #expect(Self.strict.contains(from))
    let text = Self.strict.split(separator: from, omittingEmptySubsequences: false).joined(separator: to)
    let asked = try ask(text)
    #expect(Set(asked.result.answers.filter { $0.answer == .yes }.map(\.check)) == Set(expected), "\(to)")
  }

  @Test("a cookie's value is nowhere in what is kept") func masked() throws {
    let asked = try ask(Self.strict.split(separator: "Secure; HttpOnly; ").joined(separator: ""))
    #expect(asked.evidence("http.cookie.no_secure") == "cookie id")
    let kept = asked.result.answers.map { "\($0)" }.joined() + asked.result.facts.map(\.value).joined()
    #expect(!kept.contains("hunter2"))
  }

  @Test("a firewall that blocks us is not a safe site", arguments: [403, 429, 503]) func blocked(status: Int) throws {
    let asked = try ask("HTTP/1.1 \(status) No\r\nContent-Length: 0\r\n\r\n")
    #expect(
      asked.isOpen("http.csp.missing") && asked.isOpen("http.cookie.no_secure") && asked.isOpen("http.hsts.missing"))
    #expect(asked.answer("http.server_error") == (status == 503 ? .yes : .no))
  }

  func plain(_ response: @escaping @Sendable (String) -> String) throws -> (Asked, Int) {
    let server = try LoopbackServer { peer in
      let request = String(decoding: peer.receive(), as: UTF8.self)
      peer.send(response(request))
    }
    defer { server.stop() }
    let asked = EnginesTests.ask(
      HTTPEngine(), port: server.port, scheme: "http", probe: .observe, settings: try settings())
    return (asked, server.connections)
  }

  @Test("plain HTTP that stays plain is found, one that redirects is not") func redirect() throws {
    let (stays, _) = try plain { _ in "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n" }
    #expect(stays.answer("http.redirect.missing") == .yes)
    let (moves, count) = try plain { _ in
      "HTTP/1.1 301 Moved\r\nLocation: https://www.elsewhere.test/\r\nContent-Length: 0\r\n\r\n"
    }
    #expect(moves.answer("http.redirect.missing") == .no)
    #expect(moves.evidence("http.redirect.other_host") == "www.elsewhere.test")
    #expect(moves.isOpen("http.csp.missing"))
    #expect(count == 1)
  }

  @Test("a redirect to another host or an inner address is not followed; a loop ends") func hops() throws {
    for location in [
      "http://169.254.169.254/latest", "//elsewhere.test/", "http://user@site.test/", "gopher://site.test/",
    ] {
      let (asked, count) = try plain { _ in "HTTP/1.1 302 Found\r\nLocation: \(location)\r\nContent-Length: 0\r\n\r\n" }
      #expect(count == 1, "\(location)")
      #expect(asked.fact("redirect") == "the page redirects to another host, which is not followed")
    }
    let (loop, count) = try plain { _ in "HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n" }
    #expect(count == 2)
    #expect(loop.fact("redirect") == "the redirects go in a circle")
    #expect(loop.answer("http.redirect.loop") == .yes)
    let (long, number) = try plain { request in
      "HTTP/1.1 302 Found\r\nLocation: \(request.split(separator: " ")[1])a\r\nContent-Length: 0\r\n\r\n"
    }
    #expect(number == 5 && long.fact("redirect") == "more than 5 redirects")
  }

  @Test("a head without end and a body without end are bounded") func endless() throws {
    let head = try LoopbackServer { peer in
      _ = peer.receive()
      peer.send("HTTP/1.1 200 OK\r\n")
      for index in 0..<3000 { peer.send("X-\(index): \(String(repeating: "a", count: 100))\r\n") }
    }
    defer { head.stop() }
    let first = EnginesTests.ask(
      HTTPEngine(), port: head.port, scheme: "http", probe: .observe, deadline: 5000, settings: try settings())
    #expect(first.context.counted.bytesReceived < 200_000)
    let body = try LoopbackServer { peer in
      _ = peer.receive()
      peer.send("HTTP/1.1 200 OK\r\n\r\n")
      for _ in 0..<5000 { peer.send([UInt8](repeating: 65, count: 10_000)) }
    }
    defer { body.stop() }
    let second = EnginesTests.ask(
      HTTPEngine(), port: body.port, scheme: "http", probe: .observe, deadline: 5000, settings: try settings())
    #expect(second.result.status == .completed)
    #expect(second.context.counted.bytesReceived < 2_000_000)
  }

  @Test("the user agent names us, and a proxy of the environment is not used") func polite() throws {
    let (asked, _) = try plain { request in
      request.contains("User-Agent: Vigil/") && request.hasPrefix("GET / HTTP/1.1\r\n")
        ? "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n" : "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n"
    }
    #expect(asked.answer("http.server_error") == .no)
  }

  @Test("addresses outside the authorisation are refused at the socket") func reach() throws {
    let server = try LoopbackServer { _ in }
    defer { server.stop() }
    let context = ScanContext(
      job: ScanJob(
        id: "t", engine: "http", target: Target(scheme: "http", host: "x", port: 1), probeClass: .probe,
        authorisation: "t", allowedNetworks: [IPPrefix("192.0.2.0/24")].compactMap(\.self)),
      settings: try settings(), gate: AddressGate(), budget: ScanBudget(connections: 4))
    let endpoint = Endpoint(address: try #require(IPAddress("127.0.0.1")), port: server.port)
    let request = HTTPRequest(url: "http://site.test:\(server.port)/", host: "site.test")
    let result = HTTPExchange.send(request, at: endpoint, context)
    guard case .failure(.refusedTarget(let sentence)) = result else {
      Issue.record("it was not refused")
      return
    }
    #expect(sentence == "not authorised: 127.0.0.1 is outside the authorised networks")
    #expect(server.connections == 0)
  }
}

@Suite struct RegistryTests {
  @Test("check ids are unique, dotted, lower case and titled in both languages") func table() {
    let checks = EngineRegistry.all.flatMap(\.checks)
    #expect(Set(checks.map(\.id)).count == checks.count)
    for check in checks {
      #expect(check.id.contains(".") && check.id.allSatisfy { $0.isLowercase || $0.isNumber || $0 == "." || $0 == "_" })
      #expect(!check.title.en.isEmpty && check.title.zh.unicodeScalars.contains { $0.value > 0x2e80 })
    }
    #expect(
      EngineRegistry.named("tls") != nil && EngineRegistry.named("http") != nil && EngineRegistry.named("x") == nil)
  }

  @Test("the table of suites agrees with the registry's numbers") func suites() {
    for (code, name) in [
      (0x0005, "TLS_RSA_WITH_RC4_128_SHA"), (0x001b, "TLS_DH_anon_WITH_3DES_EDE_CBC_SHA"),
      (0x0016, "TLS_DHE_RSA_WITH_3DES_EDE_CBC_SHA"),
      (0x0039, "TLS_DHE_RSA_WITH_AES_256_CBC_SHA"), (0x009f, "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384"),
      (0xc009, "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA"),
      (0xc014, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA"), (0xc02f, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"),
      (0xc030, "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"),
      (0xc027, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256"), (0xc061, "TLS_ECDHE_RSA_WITH_ARIA_256_GCM_SHA384"),
    ] as [(UInt16, String)] {
      #expect(TLSCipherSuite(rawValue: code).description == name)
    }
    #expect(TLSOffer.suites(in: .tls12).count + TLSOffer.suites(in: .tls13).count > 180)
  }
}
