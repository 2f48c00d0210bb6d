import Records
import Testing
import Wire

@testable import Engines

@Suite(.serialized) struct HTTPHostileTests {
  func send(_ request: HTTPRequest? = nil, _ serve: @escaping @Sendable (Peer) -> Void) throws
    -> (Result<HTTPResponse, ConnectionFailure>, ScanContext)
  {
    let server = try LoopbackServer { peer in
      _ = peer.receive()
      serve(peer)
    }
    defer { server.stop() }
    let context = try Self.context()
    var sent = request ?? HTTPRequest(url: "", host: "site.test", keepsBody: true)
    sent.url = "http://site.test:\(server.port)/"
    let endpoint = Endpoint(address: try #require(IPAddress("127.0.0.1")), port: server.port)
    return (HTTPExchange(context).once(sent, at: endpoint), context)
  }

  static func context() throws -> ScanContext {
    ScanContext(
      job: ScanJob(
        id: "t", engine: "http", target: Target(scheme: "http", host: "x", port: 1), probeClass: .probe,
        authorisation: "t", deadlineMilliseconds: 8000),
      settings: try settings(), gate: AddressGate(), budget: ScanBudget(connections: 40))
  }

  /// 10,225 bytes of gzip that are 10 MB of zeros.
  static let bomb: [UInt8] = {
    // A stored head, one block of fixed codes: a zero, then matches of 258 bytes at distance 1, of 13 bits each.
    var bits: [UInt8] = []
    var pending: UInt32 = 0
    var count: UInt32 = 0
    func put(_ value: UInt32, _ length: UInt32) {
      for index in 0..<length {
        pending |= ((value >> (length - 1 - index)) & 1) << count
        count += 1
        if count == 8 {
          bits.append(UInt8(truncatingIfNeeded: pending))
          (pending, count) = (0, 0)
        }
      }
    }
    put(1, 1)
    put(0b10, 2)
    put(0b0011_0000, 8)
    // Length 258: code 285, 11000101; distance 1: code 0 of five bits.
    for _ in 0..<40_000 {
      put(0b1100_0101, 8)
      put(0, 5)
    }
    put(0, 7)
    put(0, 8)
    return [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3] + bits
  }()

  @Test("a gzip bomb is cut at the limit of decoded bytes") func gzip() throws {
    var request = HTTPRequest(url: "", host: "site.test", keepsBody: true)
    (request.bodyLimit, request.decodes) = (100_000, true)
    let (result, context) = try send(request) { peer in
      peer.send("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: \(Self.bomb.count)\r\n\r\n")
      peer.send(Self.bomb)
    }
    let response = try result.get()
    #expect(response.isCut && response.body.count == 100_000 && response.body.allSatisfy { $0 == 0 })
    #expect(context.counted.bytesReceived < 200_000)
  }

  @Test(
    "codings one upon the other are not read",
    arguments: ["Content-Encoding: gzip, gzip", "Content-Encoding: deflate\r\nContent-Encoding: gzip"])
  func stacked(head: String) throws {
    var request = HTTPRequest(url: "", host: "site.test", keepsBody: true)
    request.decodes = true
    let (result, _) = try send(request) { peer in
      peer.send("HTTP/1.1 200 OK\r\n\(head)\r\nContent-Length: \(Self.bomb.count)\r\n\r\n")
      peer.send(Self.bomb)
    }
    let response = try result.get()
    #expect(response.isCut && response.body.isEmpty)
  }

  @Test("a flood of interim answers is bounded") func interim() throws {
    let (result, context) = try send { peer in
      for index in 0..<20_000 { peer.send("HTTP/1.1 103 Early Hints\r\nLink: </\(index)>\r\n\r\n") }
      peer.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    }
    #expect(context.counted.bytesReceived < 100_000)
    if case .success(let response) = result { #expect(response.isCut) }
  }

  @Test("a kept connection serves many requests, and one that the server closed is opened anew") func kept() throws {
    let site = try HTTPSite { request in
      HTTPSite.Answer("x", head: request.path.hasSuffix("close") ? "Connection: close\r\n" : "")
    }
    defer { site.stop() }
    let context = try Self.context()
    let exchange = HTTPExchange(context)
    let endpoint = Endpoint(address: try #require(IPAddress("127.0.0.1")), port: site.server.port)
    for path in ["/a", "/b", "/c", "/close", "/d", "/e"] {
      let request = HTTPRequest(url: "http://site.test:\(site.server.port)\(path)", host: "site.test", keepsBody: true)
      #expect(try exchange.once(request, at: endpoint).get().body == [0x78])
      #expect(context.openConnections <= 1)
    }
    exchange.close()
    #expect(site.paths.count == 6 && context.counted.connections <= 3 && context.openConnections == 0)
  }

  @Test("an exchange to another port closes the one that it kept") func ports() throws {
    let (one, two) = (try HTTPSite { _ in HTTPSite.Answer("1") }, try HTTPSite { _ in HTTPSite.Answer("2") })
    defer { [one, two].forEach { $0.stop() } }
    let context = try Self.context()
    let exchange = HTTPExchange(context)
    for site in [one, two, one] {
      let endpoint = Endpoint(address: try #require(IPAddress("127.0.0.1")), port: site.server.port)
      let request = HTTPRequest(url: "http://site.test:\(site.server.port)/", host: "site.test")
      _ = try exchange.once(request, at: endpoint).get()
      #expect(context.openConnections == 1)
    }
  }

  @Test("what is garbage, cut or dripped is read without a trap") func parsers() {
    let lines = [
      "max-age=31536000; includeSubDomains; preload", "default-src 'self'; script-src 'nonce-a' https:, img-src *",
      "__Host-a=1; Secure; Path=/; SameSite=None; Max-Age=0", "Contact: mailto:a\nExpires: 2027-01-01T00:00:00Z\n",
      "https://user:secret@a.test:8443/p?q#f",
    ]
    for line in lines {
      let bytes = Array(line.utf8)
      for count in 0...bytes.count {
        for changed in [0, 0x3b, 0x3d, 0xff] as [UInt8] {
          let text = String(decoding: Array(bytes.prefix(count)) + [changed] + bytes.dropFirst(count), as: UTF8.self)
          _ = HSTSPolicy(text)?.preloadGaps
          _ = CSPolicy.list([text]).map { [$0.unsafeScripts, $0.wildcard, $0.plainSource, $0.missingObjects] }
          _ = CookieLine(text)?.brokenPrefix
          _ = SecurityText(text).fault
          #expect(RedirectTarget.host(of: text)?.contains("secret") != true)
        }
      }
    }
  }
}
