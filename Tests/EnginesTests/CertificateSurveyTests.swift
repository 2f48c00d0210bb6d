import COpenSSL
import Engines
import Records
import Testing
import Wire

/// Which chains are found, and what finding them costs.
@Suite(.serialized) struct CertificateSurveyTests {
  private func two(_ root: Identity) throws -> (ec: Identity, rsa: Identity) {
    (
      try Identity("site.test", names: ["site.test"], issuer: root),
      try Identity("site.test", key: .rsa(2048), names: ["site.test"], issuer: root)
    )
  }

  @Test("both chains of a site with two certificates are found", arguments: [TLS1_2_VERSION, TLS1_3_VERSION])
  func dual(lowest: Int32) throws {
    let root = try Identity("Test Root", isAuthority: true)
    let pair = try two(root)
    var wanted = TLSServer.Settings()
    (wanted.second, wanted.versions) = (pair.rsa, lowest...TLS1_3_VERSION)
    let server = try TLSServer(pair.ec, chain: [], wanted)
    defer { server.stop() }
    let asked = ask(CertificateEngine(), port: server.port, probe: .observe, settings: try settings(trust: root))
    let main = try #require(asked.fact("key"))
    let other = try #require(asked.fact(main == "EC 256" ? "RSA chain" : "ECDSA chain"))
    #expect(other.hasPrefix(main == "EC 256" ? "RSA 2048" : "EC 256"))
    #expect(asked.result.answers.filter { $0.answer == .yes }.map(\.check) == [])
    #expect(asked.answer("certificate.sni_differs") == .no)
    #expect(asked.context.counted.connections == (lowest == TLS1_2_VERSION ? 3 : 4))
  }

  @Test("a weakness of the second chain alone is the site's, and named as that chain's") func secondWeak() throws {
    let root = try Identity("Test Root", isAuthority: true)
    var wanted = TLSServer.Settings()
    wanted.second = try Identity("site.test", key: .rsa(1024), names: ["site.test"], until: -60, issuer: root)
    let server = try TLSServer(try two(root).ec, wanted)
    defer { server.stop() }
    let asked = ask(CertificateEngine(), port: server.port, probe: .observe, settings: try settings(trust: root))
    #expect(asked.answer("certificate.expired") == .yes)
    #expect(asked.evidence("certificate.expired").hasPrefix("RSA 1024 certificate: valid until"))
    #expect(asked.answer("certificate.weak_key") == .yes)
    #expect(asked.answer("certificate.untrusted") == .no)
  }

  @Test(
    "a server with one chain costs three connections, and its other kinds are no open question",
    arguments: [Identity.Key.rsa(2048), .ec, .ed25519])
  func single(kind: Identity.Key) throws {
    let root = try Identity("Test Root", isAuthority: true)
    var wanted = TLSServer.Settings()
    wanted.suites = "ALL"
    let server = try TLSServer(try Identity("site.test", key: kind, names: ["site.test"], issuer: root), wanted)
    defer { server.stop() }
    let asked = ask(CertificateEngine(), port: server.port, probe: .observe, settings: try settings(trust: root))
    #expect(asked.result.status == .completed, "\(asked.result.reason)")
    #expect(asked.result.answers.filter { $0.answer == .yes }.map(\.check) == [])
    #expect(asked.isOpen("certificate.revoked"))
    #expect(asked.fact("RSA chain") == nil && asked.fact("ECDSA chain") == nil)
    let isEdwards = if case .ed25519 = kind { true } else { false }
    #expect(asked.context.counted.connections == (isEdwards ? 4 : 3))
  }

  @Test("who sends no name and sees another certificate is told so, without blame for the site")
  func nameless() throws {
    let root = try Identity("Test Root", isAuthority: true)
    var wanted = TLSServer.Settings()
    wanted.nameless = try Identity("default.test", names: ["default.test"], until: -60)
    let server = try TLSServer(try two(root).ec, wanted)
    defer { server.stop() }
    let asked = ask(CertificateEngine(), port: server.port, probe: .observe, settings: try settings(trust: root))
    #expect(asked.result.answers.filter { $0.answer == .yes }.map(\.check) == ["certificate.sni_differs"])
    #expect(asked.evidence("certificate.sni_differs").contains("default.test"))
    var options = ScanOptions()
    options.omitsServerName = true
    let bare = ask(
      CertificateEngine(), port: server.port, probe: .observe, options: options, settings: try settings(trust: root))
    #expect(bare.answer("certificate.expired") == .yes)
    #expect(bare.answer("certificate.sni_differs") == .notDetermined(reason: "does not apply: no server name is sent"))
  }

  @Test("a server that wants a name shows another certificate to nobody") func needsName() throws {
    let root = try Identity("Test Root", isAuthority: true)
    var wanted = TLSServer.Settings()
    wanted.needsName = true
    let server = try TLSServer(try two(root).ec, wanted)
    defer { server.stop() }
    let asked = ask(CertificateEngine(), port: server.port, probe: .observe, settings: try settings(trust: root))
    #expect(asked.answer("certificate.sni_differs") == .no)
    #expect(asked.fact("without server name")?.hasPrefix("refused: ") == true)
    #expect(asked.context.counted.connections <= 4)
  }

  @Test("a renewal, another issuer and another kind of key are told apart, and stay said") func change() throws {
    let root = try Identity("Test Root", isAuthority: true, organisation: "Test Authority")
    let other = try Identity("Other Root", isAuthority: true, organisation: "Other Authority")
    func look(_ identity: Identity, _ known: String?) throws -> Asked {
      let server = try TLSServer(identity)
      defer { server.stop() }
      return ask(
        CertificateEngine(), port: server.port, probe: .observe, known: known, settings: try settings(trust: root))
    }
    let first = try look(try Identity("site.test", names: ["site.test"], issuer: root), nil)
    let memory = try #require(first.result.memory)
    #expect(first.answer("certificate.changed") == .notDetermined(reason: "does not apply: this is the first look"))
    let longer = try Identity("site.test", names: ["site.test"], until: 180 * 86_400, issuer: root)
    let renewed = try look(longer, memory)
    #expect(renewed.answer("certificate.renewed") == .yes)
    #expect(renewed.answer("certificate.changed") == .no)
    let again = try look(longer, renewed.result.memory)
    #expect(again.answer("certificate.renewed") == .yes, "still said at the next look")
    let stranger = try look(
      try Identity("site.test", names: ["site.test"], until: 200 * 86_400, issuer: other), memory)
    #expect(stranger.answer("certificate.changed") == .yes)
    #expect(stranger.evidence("certificate.changed").contains("CN=Test Root"))
    #expect(stranger.evidence("certificate.changed").contains("CN=Other Root"))
    let rsa = try look(
      try Identity("site.test", key: .rsa(2048), names: ["site.test"], until: 200 * 86_400, issuer: root), memory)
    #expect(rsa.answer("certificate.changed") == .yes)
    let broken = try look(longer, "{\"entries\":7}")
    #expect(broken.answer("certificate.changed") == .notDetermined(reason: "does not apply: this is the first look"))
  }
}
