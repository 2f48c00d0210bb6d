import Foundation
import Testing

extension EndToEnd {
  /// `vigil people` as an administrator uses it, and a token as a program on another machine does.
  @Suite(.serialized, .timeLimit(.minutes(3)))
  struct PeopleTests {
    private let space: Workspace
    init() throws { space = try Workspace() }

    @Test("people are added, changed and told; a token works over TLS, and is refused once revoked")
    func people() async throws {
      let port = 20_000 + Int.random(in: 0..<20_000)
      _ = try await run([
        "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout",
        space.file("hub.key"), "-out", space.file("hub.pem"), "-days", "2", "-subj", "/CN=hub", "-addext",
        "subjectAltName=IP:127.0.0.1",
      ])
      let config = try space.write(
        "vigil.yaml",
        """
        data: \(space.file("data"))
        sensor: {enabled: no}
        scan: {enabled: no}
        organisations: [{id: tax, name: Tax}]
        api: {listen: "127.0.0.1:\(port)", certificate: hub.pem, key: hub.key}

        """)
      let hub = try Child([VigilBinary.path, "hub", "--config", config])
      try await require("the hub is ready", within: 60) { hub.output.contains("hub ready on") }
      func people(_ words: String...) async throws -> Answer {
        try await vigil(["people"] + words + ["--config", config])
      }
      #expect(try await people("list").output == "nobody is added: the hub's own user and root are administrators")
      #expect(try await people("add", "ann", "--role", "lead", "--name", "Ann Li", "--organisation", "tax").status == 0)
      let twice = try await people("add", "ann")
      #expect(
        twice.status == 2 && twice.complaint == "vigil: ann: this person is there already; see vigil people change")
      let boss = try await people("change", "ann", "--role", "administrator")
      #expect(boss.status == 2 && boss.complaint.contains("an administrator sees all"))
      let changed = try await people("change", "ann", "--role", "analyst", "--language", "zh")
      #expect(changed.output == "ann\tanalyst\tAnn Li\ttax\t-\t-")

      let token = space.file("ann.token")
      #expect(
        try await people("token", "add", "ann", "--name", "screen", "--role", "viewer", "--file", token).status == 0)
      #expect(try await people("token", "add", "ann", "--name", "screen", "--file", token).status == 2)
      let far = ["--hub", "https://127.0.0.1:\(port)", "--hub-ca", space.file("hub.pem"), "--token-file", token]
      let me = try await vigil(["people", "whoami"] + far)
      #expect(me.output.hasPrefix("ann: viewer, sees tax, from token ") && me.output.hasSuffix("127.0.0.1"), "\(me)")
      let refused = try await vigil(["people", "list"] + far)
      #expect(refused.status == 2 && refused.complaint.contains("needs the role administrator"), "\(refused)")
      #expect(try await vigil(["sites", "list"] + far).status == 0)
      #expect(try await vigil(["dashboard", "--once", "--plain", "--size", "100x30"] + far).status == 0)
      let open = try await vigil(["people", "whoami", "--hub", "http://127.0.0.1:\(port)", "--token-file", token])
      #expect(open.status == 2 && open.complaint.contains("a token does not go in the clear"))

      let list = try await people("token", "list")
      let id = String(list.output.prefix(8))
      #expect(list.output.contains("\tann\tviewer\tholds\t"))
      #expect(try await people("token", "revoke", id).output.contains("\trevoked\t"))
      let gone = try await vigil(["people", "whoami"] + far)
      #expect(gone.status == 2 && gone.complaint.contains("this token is nobody's"), "\(gone)")
      #expect(try await people("remove", "ann").output == "removed ann")
    }

    @Test("a hub that should listen without a certificate does not start")
    func withoutCertificate() async throws {
      let config = try space.write("vigil.yaml", "data: \(space.file("data"))\napi: {listen: \"127.0.0.1:8443\"}\n")
      let hub = try Child([VigilBinary.path, "hub", "--config", config])
      #expect(try await hub.end(within: 60) == 2)
      #expect(hub.complaint.contains("api.listen without a certificate would carry tokens in the clear"))
    }

    private func vigil(_ words: [String]) async throws -> Answer {
      let child = try Child([VigilBinary.path] + words)
      return Answer(status: try await child.end(within: 60), output: child.output, complaint: child.complaint)
    }
  }
}
