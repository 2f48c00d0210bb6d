import Testing

@testable import DemoCity

@Suite("The city's pages")
struct HTTPTests {
  private struct Head {
    let status: Int
    private let lines: [(name: String, value: String)]

    init(_ text: String) {
      let all = (text.firstRange(of: "\r\n\r\n").map { text[..<$0.lowerBound] } ?? text[...]).split(separator: "\r\n")
      status = all.first.flatMap { Int($0.split(separator: " ").dropFirst().first ?? "") } ?? 0
      lines = all.dropFirst().compactMap { line in
        let halves = line.split(separator: ":", maxSplits: 1)
        return halves.count == 2 ? (halves[0].lowercased(), String(halves[1].dropFirst())) : nil
      }
    }

    subscript(name: String) -> String? { lines.first { $0.name == name }?.value }
  }

  private func head(_ site: CitySite, _ path: String = "/") throws -> Head {
    let parts = try RunningCity.get()
    if site.scheme == .https { return Head(try TLSVisit(site, parts).get(site.host, path)) }
    let request = Array("GET \(path) HTTP/1.1\r\nHost: \(site.host)\r\n\r\n".utf8)
    let answer = try #require(try exchange(site, parts, request))
    return Head(String(decoding: answer, as: UTF8.self))
  }

  @Test(
    "a page's head has the weaknesses of the table, and no others",
    arguments: CityTable.sites.filter { !$0.weaknesses.contains(where: \.isMute) })
  func page(site: CitySite) throws {
    let (head, weaknesses) = (try head(site), site.weaknesses)
    guard site.scheme == .https || weaknesses.contains(.noRedirect) else {
      #expect(head.status == 301)
      #expect(head["location"] == "https://\(site.host):\(try RunningCity.get().server.ports.tls)/")
      return
    }
    #expect(head.status == (weaknesses.contains(.serverError) ? 500 : 200))
    let isTLS = site.scheme == .https
    #expect((head["strict-transport-security"] != nil) == (isTLS && !weaknesses.contains(.noHSTS)))
    if isTLS, !weaknesses.contains(.noHSTS) {
      #expect(
        head["strict-transport-security"]?.hasPrefix(
          weaknesses.contains(.shortHSTS) ? "max-age=86400;" : "max-age=31536000;") == true)
    }
    #expect((head["content-security-policy"] == nil) == weaknesses.contains(.noPolicy))
    #expect(
      (head["content-security-policy"]?.contains("unsafe-inline") ?? false) == weaknesses.contains(.unsafePolicy))
    #expect((head["x-content-type-options"] == nil) == weaknesses.contains(.noSniffing))
    #expect((head["x-frame-options"] == nil) == weaknesses.contains(.noFraming))
    #expect((head["referrer-policy"] == nil) == weaknesses.contains(.noReferrer))
    #expect((head["x-powered-by"] != nil) == weaknesses.contains(.poweredBy))
    #expect((head["server"]?.contains("/") ?? false) == weaknesses.contains(.serverVersion))
    let cookie = try #require(head["set-cookie"])
    #expect(cookie.contains("; Secure") == (isTLS && !weaknesses.contains(.cookieNoSecure)))
    #expect(cookie.contains("; HttpOnly") != weaknesses.contains(.cookieNoHTTPOnly))
    #expect(cookie.contains("; SameSite=Lax") != weaknesses.contains(.cookieNoSameSite))
  }

  private func site(_ weakness: Weakness) throws -> CitySite {
    try #require(CityTable.sites.first { $0.weaknesses.contains(weakness) })
  }

  @Test("a page that is not there is 404, and what is no request is 400")
  func others() throws {
    let healthy = try #require(CityTable.sites.first { $0.scheme == .https && $0.weaknesses.isEmpty })
    #expect(try head(healthy, "/.git/config?x").status == 404)
    #expect(try head(healthy, "/a b").status == 400)
  }

  @Test("plain HTTP on a TLS port answers a hello with a sentence about HTTP")
  func plainHTTP() throws {
    let answer = try exchange(try site(.plainHTTP), try RunningCity.get(), [22, 3, 1, 0, 5, 1, 0, 0, 1, 0])
    #expect(answer.map { String(decoding: $0, as: UTF8.self).hasPrefix("HTTP/1.1 400 ") } == true)
  }

  @Test("the resetting site resets, the garbage-talking one talks garbage")
  func resetsAndGarbage() throws {
    let parts = try RunningCity.get()
    #expect(try exchange(try site(.resets), parts, [22, 3, 1]) == nil)
    #expect(try exchange(try site(.garbage), parts, [22, 3, 1])?.first == 0x7f)
  }

  @Test("the stalling site accepts and says nothing, and the others are served meanwhile")
  func stalls() throws {
    let parts = try RunningCity.get()
    let stalling = try (0..<20).map { _ in try connected(try site(.stalls), parts.server.ports) }
    defer { for descriptor in stalling { Closing.close(descriptor) } }
    let healthy = try #require(CityTable.sites.first { $0.scheme == .https && $0.weaknesses.isEmpty })
    #expect(try head(healthy).status == 200)
    #expect(Closing.isSilent(stalling[0]))
  }
}
