import COpenSSL
import Records
import Testing
import Wire

@testable import Engines

/// Full handshakes: how few there are, and what is kept of them.
@Suite(.serialized) struct TLSSessionTests {
  private static let page = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
  private static let tls12 = TLSServer.Settings(versions: TLS1_2_VERSION...TLS1_2_VERSION, response: page)

  @Test("a session is resumed by its id and by its ticket in three handshakes, of which one is full") func three()
    throws
  {
    let server = try TLSServer(try Identity("site.test", names: ["site.test"]), Self.tls12)
    defer { server.stop() }
    let asked = ask(TLSEngine(), port: server.port, settings: try settings())
    #expect(asked.fact("resumption") == "ticket: yes, session id: yes")
    server.settle()
    #expect((server.handshakes, server.resumptions) == (3, 2))
  }

  @Test("a server that gives no session is asked to resume none") func none() throws {
    var settings = Self.tls12
    settings.givesSessions = false
    let server = try TLSServer(try Identity("site.test", names: ["site.test"]), settings)
    defer { server.stop() }
    let asked = ask(TLSEngine(), port: server.port, settings: try EnginesTests.settings())
    #expect(asked.fact("resumption") == "session id: no session id came")
    #expect(asked.answer("tls.resumption.missing") == .yes)
    server.settle()
    #expect((server.handshakes, server.resumptions) == (1, 0))
  }

  @Test("a server of one connection at a time is never kept waiting by another of ours", arguments: [true, false])
  func serial(givesSessions: Bool) throws {
    var settings = Self.tls12
    (settings.givesSessions, settings.isSerial) = (givesSessions, true)
    let server = try TLSServer(try Identity("site.test", names: ["site.test"]), settings)
    defer { server.stop() }
    let asked = ask(TLSEngine(), port: server.port, probe: .intrusive, settings: try EnginesTests.settings())
    #expect(asked.answer("tls.renegotiation.client_initiated") == .no, "\(asked.result.reason)")
    #expect(asked.context.counted.causes.isEmpty, "\(asked.context.counted.causes)")
  }

  @Test("the site's next connection resumes the TLS session, and requests are counted") func exchange() throws {
    let server = try TLSServer(try Identity("site.test", names: ["site.test"]), Self.tls12)
    defer { server.stop() }
    let asked = ask(HTTPEngine(), port: server.port, probe: .observe, settings: try settings())
    #expect(server.handshakes > 1)
    #expect(server.resumptions == server.handshakes - 1)
    let requests = server.handshakes
    let bytes = asked.context.counted.bytesSent
    #expect((requests * 60...requests * 400).contains(bytes), "\(bytes) bytes for \(requests) requests")
  }

  @Test("a certificate is parsed once, and what is kept of them is bounded") func cache() throws {
    let identity = try Identity("site.test", names: ["site.test"])
    let der = identity.der
    let first = try #require(CertificateCache.certificate(der))
    #expect(CertificateCache.certificate(der) === first)
    #expect(CertificateCache.certificate([1, 2, 3]) == nil)
    // Bytes behind a certificate are no part of it: these differ, and are large.
    for number in 0..<40 {
      let long = der + [UInt8](repeating: UInt8(number), count: 100_000)
      #expect(CertificateCache.certificate(long) != nil)
      #expect(CertificateCache.bytes <= CertificateCache.byteLimit)
    }
    #expect(CertificateCache.certificate(der + [UInt8](repeating: 0, count: CertificateCache.byteLimit)) != nil)
    #expect(CertificateCache.bytes <= CertificateCache.byteLimit)
    #expect(CertificateCache.certificate(der)?.der == der)
  }

  @Test("before TLS 1.2 a signed key exchange is signed with SHA-1", arguments: [true, false])
  func oldSignature(isSigned: Bool) throws {
    var settings = TLSServer.Settings(versions: TLS1_VERSION...TLS1_VERSION, response: Self.page)
    settings.suites = isSigned ? "ECDHE-RSA-AES128-SHA:AES128-SHA" : "AES128-SHA"
    let server = try TLSServer(try Identity("site.test", key: .rsa(2048), names: ["site.test"]), settings)
    defer { server.stop() }
    let asked = ask(TLSEngine(), port: server.port, settings: try EnginesTests.settings())
    let answer = asked.answer("tls.signature.sha1")
    #expect(answer == (isSigned ? .yes : .notDetermined(reason: "does not apply: no key exchange is signed")))
    if isSigned { #expect(asked.evidence("tls.signature.sha1") == "TLS 1.0 has nothing newer") }
  }

  @Test(
    "a second certificate, or a key on no curve, shows the curves that an ECDSA certificate hides",
    arguments: [true, false])
  func curves(isDual: Bool) throws {
    var settings = TLSServer.Settings(versions: TLS1_2_VERSION...TLS1_2_VERSION, response: Self.page)
    if isDual { settings.second = try Identity("site.test", key: .rsa(2048), names: ["site.test"]) }
    let first = try Identity("site.test", key: isDual ? .ec : .ed25519, names: ["site.test"])
    let server = try TLSServer(first, settings)
    defer { server.stop() }
    let asked = ask(TLSEngine(), port: server.port, settings: try EnginesTests.settings())
    let curves = asked.fact("curves below TLS 1.3")?.split(separator: ", ").map(String.init)
    #expect(Set(curves ?? []) == ["x25519", "secp256r1", "x448", "secp521r1", "secp384r1"])
  }
}
