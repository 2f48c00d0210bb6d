import Engines
import Records
import Testing
import Wire

@Suite(.serialized) struct CertificateEngineTests {
  struct CertificateCase: CustomTestStringConvertible, Sendable {
    var weakness: String
    var make: @Sendable (Identity) throws -> (Identity, [Identity])
    var testDescription: String { weakness }
  }

  @Test(
    "a certificate's weakness is found alone",
    arguments: [
      CertificateCase(weakness: "certificate.expired") { root in
        (try Identity("site.test", names: ["site.test"], from: -9_000_000, until: -100, issuer: root), [])
      },
      CertificateCase(weakness: "certificate.not_yet_valid") { root in
        (try Identity("site.test", names: ["site.test"], from: 86_400, issuer: root), [])
      },
      CertificateCase(weakness: "certificate.expires_soon") { root in
        (try Identity("site.test", names: ["site.test"], until: 20 * 86_400, issuer: root), [])
      },
      CertificateCase(weakness: "certificate.name_mismatch") { root in
        (try Identity("other.test", names: ["other.test", "*.site.test"], issuer: root), [])
      },
      CertificateCase(weakness: "certificate.weak_key") { root in
        (try Identity("site.test", key: .rsa(1024), names: ["site.test"], issuer: root), [])
      },
      CertificateCase(weakness: "certificate.weak_signature") { root in
        (try Identity("site.test", names: ["site.test"], digest: "SHA1", issuer: root), [])
      },
      CertificateCase(weakness: "certificate.chain_order") { root in
        let stray = try Identity("Stray", isAuthority: true, issuer: try Identity("Elsewhere", isAuthority: true))
        let middle = try Identity("Middle", isAuthority: true, issuer: root)
        return (try Identity("site.test", names: ["site.test"], issuer: middle), [stray, middle])
      },
      CertificateCase(weakness: "certificate.extra_root") { root in
        (try Identity("site.test", names: ["site.test"], issuer: root), [root])
      },
      CertificateCase(weakness: "certificate.duplicate") { root in
        let middle = try Identity("Middle", isAuthority: true, issuer: root)
        return (try Identity("site.test", names: ["site.test"], issuer: middle), [middle, middle])
      },
      CertificateCase(weakness: "certificate.chain_expired") { root in
        let middle = try Identity("Middle", from: -9_000_000, until: -100, isAuthority: true, issuer: root)
        return (try Identity("site.test", names: ["site.test"], issuer: middle), [middle])
      },
      CertificateCase(weakness: "certificate.no_san") { root in (try Identity("site.test", issuer: root), []) },
      CertificateCase(weakness: "certificate.wildcard_public_suffix") { root in
        (try Identity("site.test", names: ["site.test", "*.com.cn"], issuer: root), [])
      },
      CertificateCase(weakness: "certificate.usage") { root in
        let purpose = ("keyUsage", "critical,keyEncipherment")
        return (try Identity("site.test", names: ["site.test"], issuer: root, extensions: [purpose]), [])
      },
      CertificateCase(weakness: "certificate.leaf_is_authority") { root in
        (try Identity("site.test", names: ["site.test"], isAuthority: true, issuer: root), [])
      },
      CertificateCase(weakness: "certificate.staple_missing") { root in
        let feature = ("tlsfeature", "status_request")
        return (try Identity("site.test", names: ["site.test"], issuer: root, extensions: [feature]), [])
      },
    ]) func certificates(test: CertificateCase) throws
  {
    let root = try Identity("Test Root", isAuthority: true)
    let (leaf, chain) = try test.make(root)
    let server = try TLSServer(leaf, chain: chain, .init(suites: "ECDHE+AESGCM"))
    defer { server.stop() }
    let asked = ask(CertificateEngine(), port: server.port, probe: .observe, settings: try settings(trust: root))
    let found = asked.result.answers.filter { $0.answer == .yes }.map(\.check)
    #expect(found == [test.weakness])
    #expect(Set(asked.result.answers.map(\.check)) == Set(CertificateEngine().checks.map(\.id)))
    #expect(asked.context.counted.connections <= 4)
  }

  @Test("self-signed, unknown and incomplete chains are told apart") func trust() throws {
    let root = try Identity("Test Root", isAuthority: true)
    let middle = try Identity("Test Middle", isAuthority: true, issuer: root)
    let leaf = try Identity("site.test", names: ["site.test"], issuer: middle)
    func found(_ identity: Identity, _ chain: [Identity], trust: Identity) throws -> [String] {
      let server = try TLSServer(identity, chain: chain)
      defer { server.stop() }
      let asked = ask(CertificateEngine(), port: server.port, probe: .observe, settings: try settings(trust: trust))
      return asked.result.answers.filter { $0.answer == .yes }.map(\.check)
        .sorted()
    }
    let lone = try Identity("site.test", names: ["site.test"])
    let other = try Identity("Other Root", isAuthority: true)
    #expect(try found(leaf, [middle], trust: root) == [])
    #expect(try found(leaf, [], trust: root) == ["certificate.chain_incomplete", "certificate.untrusted"])
    #expect(try found(leaf, [middle], trust: other) == ["certificate.untrusted"])
    #expect(try found(lone, [], trust: root) == ["certificate.self_signed", "certificate.untrusted"])
  }
}
