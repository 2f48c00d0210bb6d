import Engines
import Foundation
import Records
import Testing

/// The judge itself: a farm that lets everything pass would prove nothing.
@Suite struct LedgerTests {
  private static func server(sees: String, reasons: [String] = []) throws -> FarmServer {
    let row: [String: Any] = [
      "name": "made up", "software": "none", "address": "127.0.0.1", "port": 1, "scheme": "https", "host": "site.test",
      "engines": ["tls"], "sees": sees, "reasons": reasons, "versions": ["TLS 1.2"], "groups": [], "prefers": "server",
      "shows": [String](), "leaves": [String: String](), "weaknesses": [String](), "numbers": [Int](),
      "secondHandshake": false, "hasFallbackSCSV": true, "hasMasterSecret": true, "signatures": ["sha256"],
      "truth": ["suites": ["TLS 1.2": ["TLS_RSA_WITH_RC4_128_SHA"]], "certificates": []],
    ]
    return try JSONDecoder().decode(FarmServer.self, from: try JSONSerialization.data(withJSONObject: row))
  }

  private static func ledger(
    _ check: String, _ answer: Observation.Answer, sees: String = "all", reasons: [String] = []
  ) throws -> Ledger {
    var ledger = Ledger(try server(sees: sees, reasons: reasons))
    let facts =
      sees == "nothing" ? [] : [Fact("versions", "TLS 1.2"), Fact("suites of TLS 1.2", "TLS_RSA_WITH_RC4_128_SHA")]
    ledger.judge(EngineResult(status: .completed, answers: [CheckAnswer(check, answer)], facts: facts), of: "tls")
    return ledger
  }

  @Test("a weakness that is called absent is missed") func missed() throws {
    let ledger = try Self.ledger("tls.suite.rc4", .no)
    #expect(ledger.missed.count == 1)
    #expect(ledger.invented == [])
  }

  @Test("a weakness that is not there is invented") func invented() throws {
    #expect(try Self.ledger("tls.version.ssl2", .yes).invented.count == 1)
    #expect(try Self.ledger("tls.suite.rc4", .yes).invented == [])
  }

  @Test("not determined needs a reason that the table calls right") func reasons() throws {
    let answer = Observation.Answer.notDetermined(reason: "timed out")
    #expect(try Self.ledger("tls.suite.rc4", answer).missed.count == 1)
    #expect(try Self.ledger("tls.suite.rc4", answer, sees: "some", reasons: ["reset"]).missed.count == 1)
    #expect(try Self.ledger("tls.suite.rc4", answer, sees: "some", reasons: ["timed"]).notDetermined == 1)
    let evasion = Observation.Answer.notDetermined(reason: "does not apply: no idea")
    #expect(try Self.ledger("tls.suite.rc4", evasion).missed.count == 1)
    #expect(try Self.ledger("tls.suite.client_preference", evasion).found == 3)
  }

  @Test("of a server that shows nothing nothing may be claimed, by no check") func nothing() throws {
    for check in ["tls.suite.rc4", "tls.version.ssl2", "tls.some.check_that_is_not_mapped"] {
      #expect(try Self.ledger(check, .no, sees: "nothing").invented.count == 1)
      #expect(try Self.ledger(check, .yes, sees: "nothing").invented.count == 1)
    }
  }

  @Test("a planted secret that is told is invented") func secret() throws {
    var server = try Self.server(sees: "all")
    server.planted = ["hunter2"]
    var ledger = Ledger(server)
    ledger.search(EngineResult(status: .completed, answers: [CheckAnswer("content.secret.key", .yes, "a key")]))
    #expect(ledger.invented == [])
    ledger.search(EngineResult(status: .completed, memory: "hunter2"))
    #expect(ledger.invented.count == 1)
  }

  @Test("facts are compared word by word") func facts() throws {
    var ledger = Ledger(try Self.server(sees: "all"))
    let facts = [Fact("versions", "TLS 1.2, TLS 1.3"), Fact("suites of TLS 1.2", "")]
    ledger.judge(EngineResult(status: .completed, facts: facts), of: "tls")
    #expect(ledger.invented == ["versions: TLS 1.3"])
    #expect(ledger.missed == ["suites of TLS 1.2: TLS_RSA_WITH_RC4_128_SHA"])
  }
}
