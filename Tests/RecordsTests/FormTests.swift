import Testing
import Wire

@testable import Records

/// Places written in all ways that tools write them: equal ones give one key, others do not.
struct FormTests {
  @Test(
    "Every form of one host is one text",
    arguments: [
      ("example.org", ["EXAMPLE.ORG", "example.org.", "Example.Org."]),
      ("xn--mxtq1m.cn", ["政府.cn", "XN--MXTQ1M.CN", "政府.CN.", "政府。cn"]),
      ("xn--bcher-kva.example", ["bücher.example", "BÜCHER.EXAMPLE."]),
      ("192.0.2.1", ["::ffff:192.0.2.1", "[::ffff:192.0.2.1]", "::FFFF:c000:201", "192.0.2.1.", "[::ffff:c000:0201]"]),
      (
        "2001:db8::1",
        [
          "[2001:db8::1]", "2001:DB8:0:0:0:0:0:1", "2001:0db8::0001", "[2001:db8:0:0::1]", "2001:db8::1%eth0",
          "[2001:db8::1%25eth0]",
        ]
      ),
    ])
  func hosts(normal: String, forms: [String]) {
    #expect(HostForm.normal(normal) == normal)
    for form in forms { #expect(HostForm.normal(form) == normal, "\(form)") }
  }

  @Test("www. is the same house, unless nothing but a suffix is left; other hosts stay apart")
  func houses() {
    #expect(HostForm.key("WWW.Example.org.") == HostForm.key("example.org"))
    #expect(HostForm.key("www.gov.cn") == "gov.cn")
    #expect(HostForm.key("www.cn") == "www.cn")
    let others = [
      "example.org", "example.com", "a.example.org", "ww.example.org", "wwwexample.org", "192.0.2.1", "192.0.2.2",
      "2001:db8::1", "2001:db8::2", "::ffff:192.0.2.3", "64:ff9b::192.0.2.1", "xn--mxtq1m.cn", "localhost", "",
      "not a host", "127.1",
    ]
    #expect(Set(others.map(HostForm.key)).count == others.count)
  }

  @Test(
    "Every form of one path is one template",
    arguments: [
      ("/", ["", "/", "//", "/.", "/./", "/a/..", "/?x=1", "/#top", "?x", "/%2e/"]),
      ("/a/b", ["/a//b", "/a/./b", "/a/c/../b", "/%61/b", "/a/b?q#f", "a/b", "/a/%62", "/x/../a/b", "/../a/b"]),
      ("/a/{n}", ["/a/1", "/a/2024", "/a/00", "/a/%31"]),
      ("/a/{n}.html", ["/a/1.html", "/a/77.html", "/a/%317.html"]),
      ("/u/{id}/x", ["/u/3fa85f64-5717-4562-b3fc-2c963f66afa6/x", "/u/0123456789abcdef/x", "/u/0123456789ABCDEF/x"]),
      ("/%E6%94%BF/b", ["/政/b", "/%e6%94%bf/b", "/%E6%94%bf/b"]),
      ("/a%20b", ["/a b", "/a%20b"]), ("/%7Bn%7D", ["/{n}", "/%7bn%7d"]),
      ("/app/login.jsp", ["/app/login.jsp;jsessionid=0A1B", "/app;JSESSIONID=x/login.jsp", "/app/login.jsp;sid=1"]),
      ("/app/x", ["/(S(lit3py55t21z5v55vlm25s55))/app/x", "/app/(S(lit3py55t21z5v55vlm25s55))/x"]),
      ("/a;v=1/b", ["/a;v=1/b"]), ("/a%2Fb", ["/a%2fb"]), ("/100%", ["/100%"]), ("/a/", ["/a/", "/a/?x", "/a//"]),
    ])
  func paths(template: String, forms: [String]) {
    for form in forms { #expect(PathForm.template(form) == template, "\(form)") }
  }

  @Test("Other paths stay apart")
  func otherPaths() {
    let others = [
      "/", "/a", "/a/", "/A", "/a/b", "/a%2Fb", "/a;v=1", "/a;v=2", "/1", "/1.html", "/1.php", "/a1", "/{n}", "/{id}",
      "/0123456789abcde", "/0123456789abcdef", "/a%", "/a%25", "/%zz", "/a b", "/a+b", "/a~b",
    ]
    #expect(Set(others.map(PathForm.template)).count == others.count)
  }

  @Test("A normal form stays what it is, and a path of any bytes and length ends")
  func fixed() {
    var random = SystemRandomNumberGenerator()
    let seed = random.next()
    var walk = SeededRandom(seed: seed)
    let pieces = [
      "/", "..", ".", "%", "2", "e", "E", ";", "=", "(", "S(", "))", "jsessionid", "?", "a", "政", "\u{0}", " ", "9",
    ]
    for _ in 0..<3000 {
      let text = (0..<Int.random(in: 0..<12, using: &walk)).map { _ in pieces.randomElement(using: &walk) ?? "" }
        .joined()
      let once = PathForm.normal(text)
      #expect(PathForm.normal(once) == once, "seed \(seed): \(text.debugDescription)")
      #expect(once.hasPrefix("/") && once.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f }, "seed \(seed)")
      let host = HostForm.normal(text)
      #expect(HostForm.normal(host) == host, "seed \(seed): \(text.debugDescription)")
    }
    #expect(PathForm.normal(String(repeating: "/%", count: 100_000)).utf8.count <= 3 * 4096)
    #expect(!HostForm.normal(String(repeating: "a", count: 100_000)).isEmpty)
  }

  // MARK: the whole key

  private struct Place: Hashable {
    var scheme: Int
    var host: Int
    var port: Int
    var path: Int
    var parameter: Int
  }

  /// Each inner list: ways to write one and the same; different lists: different things.
  private static let schemes = [["http", "https", "HTTPS", "Http"], ["smtp", "SMTP"]]
  private static let hosts = [
    ["example.org", "www.example.org", "EXAMPLE.org.", "WWW.example.ORG"], ["a.example.org", "A.Example.Org."],
    ["政府.cn", "xn--mxtq1m.cn", "www.政府.cn"], ["192.0.2.1", "::ffff:192.0.2.1", "[::ffff:c000:201]"],
    ["2001:db8::1", "[2001:DB8:0::1]"],
  ]
  private static let ports: [[UInt16]] = [[80, 443], [8080], [8443]]
  private static let paths: [[String?]] = [
    [nil], ["/", "", "/./"], ["/a/1", "/a/2;jsessionid=f", "/a/./3?q"], ["/a/b", "/a/%62", "/x/../a/b"], ["/A/b"],
  ]
  private static let parameters: [[String?]] = [[nil], ["id"], ["user[name]", "user%5Bname%5D"]]

  @Test("Any two ways to write one place give one key, and any two places two")
  func keys() {
    var random = SystemRandomNumberGenerator()
    let seed = random.next()
    var walk = SeededRandom(seed: seed)
    var known: [FoldKey: Place] = [:]
    var keys: [Place: FoldKey] = [:]
    for _ in 0..<6000 {
      let place = Place(
        scheme: .random(in: 0..<Self.schemes.count, using: &walk),
        host: .random(in: 0..<Self.hosts.count, using: &walk),
        port: .random(in: 0..<Self.ports.count, using: &walk), path: .random(in: 0..<Self.paths.count, using: &walk),
        parameter: .random(in: 0..<Self.parameters.count, using: &walk))
      let key = FoldKey.finding(
        site: "s", weakness: "w", scheme: Self.schemes[place.scheme].randomElement(using: &walk) ?? "",
        host: Self.hosts[place.host].randomElement(using: &walk) ?? "",
        port: Self.ports[place.port].randomElement(using: &walk) ?? 0,
        path: Self.paths[place.path].randomElement(using: &walk) ?? nil,
        parameter: Self.parameters[place.parameter].randomElement(using: &walk) ?? nil)
      #expect(keys[place, default: key] == key, "seed \(seed): \(place)")
      #expect(known[key, default: place] == place, "seed \(seed): \(place)")
      (keys[place], known[key]) = (key, place)
    }
    #expect(keys.count > 300)
  }

  @Test("A platform's key has no host, and none of a site's")
  func platforms() {
    func platform(_ id: String, _ port: UInt16 = 443) -> FoldKey {
      .finding(platform: id, weakness: "w", scheme: "https", port: port, path: nil, parameter: nil)
    }
    #expect(
      platform("a") == platform("a", 80) && platform("a") != platform("b") && platform("a") != platform("a", 8443))
    let site = FoldKey.finding(
      site: "platform:a", weakness: "w", scheme: "https", host: "a.example", port: 443, path: nil, parameter: nil)
    #expect(site != platform("a"))
  }

  @Test("The longest line of the scope table decides; what no line names is the site's")
  func scopes() {
    #expect(
      FindingScope.of("tls.version.tls1_0") == .platform && FindingScope.of("ports.database.exposed") == .platform)
    #expect(FindingScope.of("http.version_leak.server") == .platform)
    #expect(FindingScope.of("http.version_leak.powered_by") == .site && FindingScope.of("http.hsts.missing") == .site)
    #expect(FindingScope.of("certificate.name_mismatch") == .site && FindingScope.of("anything.else") == .site)
    #expect(Set(FindingScope.table.map(\.prefix)).count == FindingScope.table.count)
  }
}
