import COpenSSL
import Records
import Testing
import Wire

@testable import Engines

/// Staples, and what an authority answers where it may be asked.
@Suite(.serialized) struct CertificateRevocationTests {
  struct StapleCase: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var isInvalid: Bool
    var revoked: Bool?
    var make: @Sendable (_ leaf: Identity, _ root: Identity) throws -> [UInt8]
  }

  @Test(
    "a staple is believed only where it is this authority's, about this certificate and in date",
    arguments: [
      StapleCase(testDescription: "good", isInvalid: false, revoked: false) {
        try Staples.response(about: $0, issuer: $1)
      },
      StapleCase(testDescription: "without a next update", isInvalid: false, revoked: false) {
        try Staples.response(about: $0, issuer: $1, until: nil)
      },
      StapleCase(testDescription: "revoked", isInvalid: false, revoked: true) {
        try Staples.response(about: $0, issuer: $1, status: V_OCSP_CERTSTATUS_REVOKED)
      },
      StapleCase(testDescription: "revoked, out of date", isInvalid: true, revoked: true) {
        try Staples.response(about: $0, issuer: $1, status: V_OCSP_CERTSTATUS_REVOKED, from: -9000, until: -4000)
      },
      StapleCase(testDescription: "unknown", isInvalid: true, revoked: nil) {
        try Staples.response(about: $0, issuer: $1, status: V_OCSP_CERTSTATUS_UNKNOWN)
      },
      StapleCase(testDescription: "out of date", isInvalid: true, revoked: nil) {
        try Staples.response(about: $0, issuer: $1, from: -9000, until: -4000)
      },
      StapleCase(testDescription: "in the future", isInvalid: true, revoked: nil) {
        try Staples.response(about: $0, issuer: $1, from: 9000, until: 90_000)
      },
      StapleCase(testDescription: "about another certificate", isInvalid: true, revoked: nil) { _, root in
        try Staples.response(about: try Identity("site.test", issuer: root), issuer: root)
      },
      StapleCase(testDescription: "signed by a stranger", isInvalid: true, revoked: nil) {
        try Staples.response(
          about: $0, issuer: $1, status: V_OCSP_CERTSTATUS_REVOKED, signer: try Identity("Stranger", isAuthority: true))
      },
      StapleCase(testDescription: "signed by a site of the authority", isInvalid: true, revoked: nil) {
        try Staples.response(about: $0, issuer: $1, signer: try Identity("other.test", issuer: $1))
      },
      StapleCase(testDescription: "signed by the authority's responder", isInvalid: false, revoked: false) {
        let purpose = ("extendedKeyUsage", "OCSPSigning")
        let responder = try Identity("Responder", issuer: $1, extensions: [purpose])
        return try Staples.response(about: $0, issuer: $1, signer: responder)
      },
      StapleCase(testDescription: "garbage", isInvalid: true, revoked: nil) { _, _ in [0x30, 3, 1, 2, 3] },
      StapleCase(testDescription: "try later", isInvalid: true, revoked: nil) { _, _ in [0x30, 3, 0x0a, 1, 3] },
    ]) func staples(test: StapleCase) throws
  {
    let root = try Identity("Test Root", isAuthority: true)
    let leaf = try Identity("site.test", names: ["site.test"], issuer: root)
    let staple = try test.make(leaf, root)
    // Issued by a root that is not sent: the trust store knows it.
    var wanted = TLSServer.Settings()
    wanted.staple = staple
    let server = try TLSServer(leaf, wanted)
    defer { server.stop() }
    let asked = ask(CertificateEngine(), port: server.port, probe: .observe, settings: try settings(trust: root))
    #expect(asked.answer("certificate.staple_invalid") == (test.isInvalid ? .yes : .no))
    switch test.revoked {
    case true?: #expect(asked.answer("certificate.revoked") == .yes)
    case false?: #expect(asked.answer("certificate.revoked") == .no)
    case nil: #expect(asked.isOpen("certificate.revoked"))
    }
    #expect(asked.fact("OCSP staple") != nil)
  }

  @Test("a must-staple certificate with its staple lacks nothing") func mustStaple() throws {
    let root = try Identity("Test Root", isAuthority: true)
    let feature = ("tlsfeature", "status_request")
    let leaf = try Identity("site.test", names: ["site.test"], issuer: root, extensions: [feature])
    var wanted = TLSServer.Settings()
    wanted.staple = try Staples.response(about: leaf, issuer: root)
    wanted.versions = TLS1_2_VERSION...TLS1_2_VERSION
    let server = try TLSServer(leaf, wanted)
    defer { server.stop() }
    let asked = ask(CertificateEngine(), port: server.port, probe: .observe, settings: try settings(trust: root))
    #expect(asked.answer("certificate.staple_missing") == .no)
    #expect(asked.result.status == .completed, "\(asked.result.reason)")
  }

  /// What an authority's web server answers, by the first word of the path.
  private final class Box: @unchecked Sendable { var answers: [String: [UInt8]] = [:] }

  /// A server whose certificate names an authority on loopback; the authority's answers are made for the leaf.
  private func look(
    allowed: Bool = true, networks: [IPPrefix] = [],
    _ answers: (Identity, Identity) throws -> [String: [UInt8]]
  ) throws -> (asked: Asked, requests: Int) {
    let root = try Identity("Test Root", isAuthority: true)
    let box = Box()
    let web = try LoopbackServer { peer in
      let words = String(decoding: peer.receive(), as: UTF8.self).split(separator: " ")
      let path = words.count > 1 ? words[1].split(separator: "/").first.map(String.init) ?? "" : ""
      guard let body = box.answers[path] else {
        return peer.send("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
      }
      peer.send("HTTP/1.1 200 OK\r\nContent-Length: \(body.count)\r\n\r\n")
      peer.send(body)
      peer.waitForEnd(milliseconds: 2000)
    }
    defer { web.stop() }
    let leaf = try Identity(
      "site.test", names: ["site.test"], issuer: root,
      extensions: [
        ("authorityInfoAccess", "OCSP;URI:http://127.0.0.1:\(web.port)/ocsp"),
        ("crlDistributionPoints", "URI:http://127.0.0.1:\(web.port)/list"),
      ])
    box.answers = try answers(leaf, root)
    let server = try TLSServer(leaf)
    defer { server.stop() }
    var settings = try EnginesTests.settings(trust: root)
    settings.asksRevocation = allowed
    return (
      ask(CertificateEngine(), port: server.port, probe: .observe, networks: networks, settings: settings),
      web.connections
    )
  }

  @Test("the authority is asked only where the settings allow it") func notAllowed() throws {
    let (asked, requests) = try look(allowed: false) { leaf, root in
      ["ocsp": try Staples.response(about: leaf, issuer: root, status: V_OCSP_CERTSTATUS_REVOKED)]
    }
    #expect(requests == 0)
    let why = "not authorised: there is no valid staple, and the settings do not allow to ask the authority"
    #expect(asked.answer("certificate.revoked") == .notDetermined(reason: why))
  }

  @Test("OCSP settles it, else the revocation list") func asking() throws {
    let revoked = try look { leaf, root in
      ["ocsp": try Staples.response(about: leaf, issuer: root, status: V_OCSP_CERTSTATUS_REVOKED)]
    }
    #expect(revoked.asked.answer("certificate.revoked") == .yes)
    #expect(revoked.requests == 1)
    let good = try look { leaf, root in ["ocsp": try Staples.response(about: leaf, issuer: root)] }
    #expect(good.asked.answer("certificate.revoked") == .no)
    let listed = try look { leaf, root in ["list": try Staples.list(of: root, revoking: [leaf])] }
    #expect(listed.asked.answer("certificate.revoked") == .yes)
    #expect(listed.requests == 2)
    let unlisted = try look { _, root in
      ["ocsp": [1, 2, 3], "list": try Staples.list(of: root, revoking: [try Identity("other.test", issuer: root)])]
    }
    #expect(unlisted.asked.answer("certificate.revoked") == .no)
    #expect(unlisted.asked.evidence("certificate.revoked").contains("revocation list"))
  }

  @Test("an old list, a stranger's list, a list without end and no answer at all settle nothing") func unsettled()
    throws
  {
    let old = try look { leaf, root in ["list": try Staples.list(of: root, revoking: [], until: -60)] }
    let strange = try look { leaf, _ in
      ["list": try Staples.list(of: try Identity("Test Root", isAuthority: true), revoking: [leaf])]
    }
    let endless = try look { _, _ in ["list": [UInt8](repeating: 0x30, count: 1_100_000)] }
    let none = try look { _, _ in [:] }
    for asked in [old, strange, endless, none].map(\.asked) { #expect(asked.isOpen("certificate.revoked")) }
    guard case .notDetermined(let reason) = endless.asked.answer("certificate.revoked") else { return }
    #expect(reason.hasSuffix("revocation list: the answer has more than 1024 KiB, the limit"))
  }

  @Test(
    "an address that a certificate names is taken apart strictly",
    arguments: [
      ("http://ocsp.example.test", "ocsp.example.test:80/"), ("HTTP://A.test:8080/x?y", "a.test:8080/x?y"),
      ("http://a.test?x", "a.test:80/?x"), ("https://a.test/", nil), ("http://u@a.test/", nil),
      ("http://a.test:0/", nil), ("http://a.test:99999/", nil), ("http://a.test\\@b.test/", nil), ("http:///x", nil),
      ("http://a.test/\r\nX: y", nil), ("http://[::1]/", nil), ("ldap://a.test/", nil), ("http://a.test/#x", nil),
    ] as [(String, String?)])
  func places(text: String, expected: String?) {
    #expect(HTTPPlace(text).map { "\($0.host):\($0.port)\($0.path)" } == expected)
  }
}
