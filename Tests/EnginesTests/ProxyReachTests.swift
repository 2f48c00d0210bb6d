import Glibc
import Records
import Testing
import Wire

@testable import Engines

/// Engines through proxies on loopback: those that work, and those that are broken or hostile.
@Suite struct ProxyReachTests {
  private func settings(through text: String) throws -> ScanContext.Settings {
    var result = try EnginesTests.settings()
    result.proxy = try Proxy(parsing: text)
    return result
  }

  private static let page = "HTTP/1.1 200 OK\r\nServer: inner\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"

  @Test("HTTP and TLS are asked through a proxy as without one", arguments: ["http", "socks5"])
  func through(kind: String) throws {
    let proxy = try ProxyServer(kind == "http" ? .http : .socks5, user: "watch", password: "p@ss:word")
    let plain = try LoopbackServer { peer in
      _ = peer.receive()
      peer.send(Self.page)
    }
    let secure = try TLSServer(try Identity("site.test", names: ["site.test"]))
    defer { [proxy.server, plain, secure.server].forEach { $0.stop() } }
    let settings = try settings(through: "\(kind)://watch:p%40ss%3Aword@127.0.0.1:\(proxy.port)")
    let page = ask(HTTPEngine(), port: plain.port, scheme: "http", settings: settings)
    #expect(page.result.status == .completed, "\(page.result.reason)")
    #expect(page.fact("server") == "inner")
    #expect(page.context.counted.addresses == [IPAddress("127.0.0.1")])
    let chain = ask(CertificateEngine(), port: secure.port, settings: settings)
    #expect(chain.answer("certificate.name_mismatch") == .no, "\(chain.result.reason)")
    #expect(Set(proxy.requests) == ["127.0.0.1:\(plain.port)", "127.0.0.1:\(secure.port)"])
  }

  @Test("HTTPS by libcurl goes through the tunnel too", arguments: ["http", "socks5"])
  func tunnelled(kind: String) throws {
    let proxy = try ProxyServer(kind == "http" ? .http : .socks5)
    var served = TLSServer.Settings()
    served.response = Self.page
    let secure = try TLSServer(try Identity("site.test", names: ["site.test"]), served)
    defer { [proxy.server, secure.server].forEach { $0.stop() } }
    let asked = ask(
      HTTPEngine(), port: secure.port, settings: try settings(through: "\(kind)://127.0.0.1:\(proxy.port)"))
    #expect(asked.fact("server") == "inner", "\(asked.result.reason)")
    #expect(!proxy.requests.isEmpty)
  }

  @Test("a port that is closed behind a proxy: SOCKS5 says so of the site, CONNECT's 502 says nothing of it")
  func closed()
    throws
  {
    let gone = try LoopbackServer { _ in }
    let port = gone.port
    gone.stop()
    usleep(200_000)
    let (socks, connect) = (try ProxyServer(.socks5), try ProxyServer(.http))
    defer { [socks.server, connect.server].forEach { $0.stop() } }
    let refused = ask(
      HTTPEngine(), port: port, scheme: "http", deadline: 4000,
      settings: try settings(through: "socks5://127.0.0.1:\(socks.port)"))
    #expect(refused.result.reason == "connection refused")
    #expect(refused.answer("http.unavailable") == .yes)
    let unknown = ask(
      HTTPEngine(), port: port, scheme: "http", deadline: 4000,
      settings: try settings(through: "http://127.0.0.1:\(connect.port)"))
    #expect(unknown.result.reason == "the proxy answered 502")
    #expect(unknown.isOpen("http.unavailable"))
  }

  @Test("a refused address is not asked of the proxy, and the proxy's own may be private") func policy() throws {
    let proxy = try ProxyServer(.socks5)
    defer { proxy.stop() }
    var settings = try settings(through: "socks5://127.0.0.1:\(proxy.port)")
    // Nothing is exempt: the proxy on loopback is the operator's word, the target is not.
    settings.policy = AddressPolicy()
    let asked = ask(TLSEngine(), port: 443, deadline: 4000, settings: settings)
    #expect(asked.result.status == .refused)
    #expect(asked.result.reason == "refused target: 127.0.0.1 is loopback")
    let http = ask(HTTPEngine(), port: 80, scheme: "http", deadline: 4000, settings: settings)
    #expect(http.result.status == .refused)
    #expect(proxy.server.connections == 0)
  }

  struct Hostile: CustomTestStringConvertible, Sendable {
    var name: String
    var reason: String
    var serve: @Sendable (Peer) -> Void
    var testDescription: String { name }
  }

  static let hostile: [Hostile] = [
    Hostile(name: "silence", reason: "did not open the way: timed out") { $0.waitForEnd() },
    Hostile(name: "an end at once", reason: "did not open the way: the server closed the connection") { peer in
      _ = peer.receive()
    },
    Hostile(name: "a reset", reason: "did not open the way: the server reset the connection") { peer in
      _ = peer.receive()
      peer.reset()
    },
    Hostile(name: "garbage", reason: "talks something that is not") { peer in
      for _ in 0..<64 { peer.send([UInt8](repeating: 0xee, count: 1024)) }
    },
    Hostile(name: "a byte at a time without end", reason: "did not open the way: timed out") { peer in
      _ = peer.receive()
      for byte in Array("HTTP/1.1 200 ".utf8) + [UInt8](repeating: 0x41, count: 40) {
        peer.send([byte])
        usleep(100_000)
      }
    },
  ]

  @Test("a broken or hostile proxy is told as such and nothing is said of the site", arguments: hostile)
  func broken(_ hostile: Hostile) throws {
    let server = try LoopbackServer(hostile.serve)
    defer { server.stop() }
    let through = try settings(through: "http://127.0.0.1:\(server.port)")
    let tls = ask(TLSEngine(), port: 443, deadline: 6000, settings: through)
    #expect(tls.denied == [] && tls.result.status == .failed)
    #expect(tls.result.reason.hasPrefix("the proxy"), "\(tls.result.reason)")
    #expect(tls.result.reason.contains(hostile.reason), "\(tls.result.reason)")
    let http = ask(HTTPEngine(), port: 80, scheme: "http", deadline: 6000, settings: through)
    #expect(http.denied == [] && http.isOpen("http.unavailable"))
    #expect(http.result.reason.hasPrefix("the proxy"), "\(http.result.reason)")
  }

  @Test("what the server says before anything is asked is not lost behind a proxy") func early() throws {
    let server = try LoopbackServer { peer in
      _ = peer.receive()
      peer.send("HTTP/1.1 200 OK\r\n\r\n220 mail.test ready\r\n")
      peer.waitForEnd(milliseconds: 2000)
    }
    defer { server.stop() }
    let job = ScanJob(
      id: "t", engine: "t", target: Target(scheme: "https", host: "h", port: 25), probeClass: .probe, authorisation: "t"
    )
    let context = ScanContext(
      job: job, settings: try settings(through: "http://127.0.0.1:\(server.port)"), gate: AddressGate(),
      budget: ScanBudget(connections: 2))
    let connection = try Connection(to: Endpoint(address: IPAddress(v4: 0x7f00_0001), port: 25), context)
    #expect(try connection.receive(atMost: 4) == Array("220 ".utf8))
    #expect(try connection.receive() == Array("mail.test ready\r\n".utf8))
    #expect(connection.surrender() != nil)
  }
}
