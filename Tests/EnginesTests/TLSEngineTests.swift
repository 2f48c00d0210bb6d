import COpenSSL
import Engines
import Records
import Testing
import Wire

@Suite(.serialized) struct TLSEngineTests {
  @Test("a good server has no weakness, and every check is answered") func good() throws {
    let root = try Identity("Test Root", isAuthority: true)
    let server = try TLSServer(try Identity("site.test", names: ["site.test"], issuer: root))
    defer { server.stop() }
    let asked = ask(TLSEngine(), port: server.port, settings: try settings(trust: root))
    #expect(asked.result.status == .completed, "\(asked.result.reason)")
    // OpenSSL at security level 0 still signs with SHA-1, and OpenSSL 3.0 has no ML-KEM.
    #expect(
      Set(asked.result.answers.filter { $0.answer == .yes }.map(\.check)) == [
        "tls.signature.sha1", "tls.key_exchange.no_post_quantum",
      ])
    #expect(Set(asked.result.answers.map(\.check)) == Set(TLSEngine().checks.map(\.id)))
    #expect(asked.fact("versions") == "TLS 1.2, TLS 1.3")
    #expect(asked.context.counted.connections < 33)
    #expect(asked.context.openConnections == 0)
  }

  @Test("old versions are found, and only where they are") func versions() throws {
    var settings = TLSServer.Settings()
    settings.versions = TLS1_VERSION...TLS1_1_VERSION
    settings.suites = "ALL"
    settings.prefersOwn = false
    let server = try TLSServer(try Identity("site.test", key: .rsa(2048), names: ["site.test"]), settings)
    defer { server.stop() }
    let asked = ask(TLSEngine(), port: server.port, settings: try EnginesTests.settings())
    for check in [
      "tls.version.tls1_0", "tls.version.tls1_1", "tls.version.no_modern", "tls.version.no_tls1_3",
      "tls.suite.no_forward_secrecy", "tls.suite.client_preference",
    ] {
      #expect(asked.answer(check) == .yes, "\(check)")
    }
    for check in [
      "tls.version.ssl2", "tls.version.ssl3", "tls.suite.null", "tls.suite.rc4", "tls.compression",
      "tls.renegotiation.insecure",
    ] {
      #expect(asked.answer(check) == .no, "\(check)")
    }
  }

  @Test("every accepted suite is listed, and weak ones are named") func suites() throws {
    var settings = TLSServer.Settings()
    settings.versions = TLS1_2_VERSION...TLS1_2_VERSION
    settings.suites = "ECDHE-RSA-AES128-GCM-SHA256:AES256-SHA:NULL-SHA256:ADH-AES128-SHA"
    let server = try TLSServer(try Identity("site.test", key: .rsa(2048), names: ["site.test"]), settings)
    defer { server.stop() }
    let asked = ask(TLSEngine(), port: server.port, settings: try EnginesTests.settings())
    #expect(asked.answer("tls.suite.null") == .yes)
    #expect(asked.evidence("tls.suite.null") == "TLS 1.2 TLS_RSA_WITH_NULL_SHA256")
    #expect(asked.answer("tls.suite.no_forward_secrecy") == .yes)
    #expect(asked.answer("tls.suite.3des") == .no)
    #expect(asked.answer("tls.version.no_tls1_3") == .yes)
    #expect(asked.answer("tls.suite.client_preference") == .no)
    let listed = asked.fact("suites of TLS 1.2") ?? ""
    #expect(
      listed.hasPrefix("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 TLS_RSA_WITH_AES_256_CBC_SHA TLS_RSA_WITH_NULL_SHA256"))
  }

  @Test("what observing does not permit is not asked") func observing() throws {
    let server = try TLSServer(try Identity("site.test", names: ["site.test"]))
    defer { server.stop() }
    let asked = ask(TLSEngine(), port: server.port, probe: .observe, settings: try settings())
    #expect(asked.answer("tls.version.tls1_0") == .notDetermined(reason: "not authorised: this check needs probe"))
    #expect(asked.answer("tls.version.no_modern") == .no)
    #expect(asked.context.counted.connections <= 4)
  }

  @Test("an address outside the authorised networks or refused gets no packet") func reach() throws {
    let server = try TLSServer(try Identity("site.test", names: ["site.test"]))
    defer { server.stop() }
    let outside = ask(
      TLSEngine(), port: server.port, networks: [IPPrefix("192.0.2.0/24")].compactMap(\.self), settings: try settings())
    #expect(outside.result.status == .refused)
    #expect(outside.result.reason == "not authorised: 127.0.0.1 is outside the authorised networks")
    let refused = ask(TLSEngine(), port: server.port, settings: ScanContext.Settings())
    #expect(refused.result.reason == "refused target: 127.0.0.1 is loopback")
    #expect(server.server.connections == 0)
    #expect(outside.denied.isEmpty && refused.denied.isEmpty)
  }
}
