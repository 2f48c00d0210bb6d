import Records
import Testing
import Wire

@testable import ControlAPI

@Suite struct MessageTests {
  @Test("a list's query is read as it was written")
  func listRoundTrip() throws {
    let request = ListRequest(filter: "site:a b", sort: ["-count", "site"], limit: 7, offset: 3, after: "x=")
    let query = Dictionary(request.query.map { ($0.name, $0.value) }, uniquingKeysWith: { a, _ in a })
    #expect(try ListRequest(query: query) == request)
    #expect(Set(query.keys) == Set(ListRequest.queryNames))
  }

  @Test("a limit that is none is told", arguments: ["0", "1001", "many", "-1"])
  func badLimit(_ text: String) {
    #expect { try ListRequest(query: ["limit": text]) } throws: {
      "\($0)" == "limit is \(text), not 1 to 1000"
    }
  }

  @Test(
    "an act without what it needs is refused in a sentence",
    arguments: [
      (
        ActRequest(ids: [1], act: .close),
        "closing wants a verdict; one of truePositive, falsePositive, benign, "
          + "duplicate, expected, fixed"
      ),
      (ActRequest(ids: [1], act: .shelve), "shelving wants a time until when; for example 2h"),
      (ActRequest(ids: [1], act: .comment), "a comment wants a text"),
      (ActRequest(ids: [], act: .acknowledge), "an act is on 1 to 10000 rows, not 0"),
      (
        ActRequest(ids: [1], query: ActQuery(filter: ""), act: .acknowledge),
        "an act is on rows by number or on a query, not on both"
      ),
      (ActRequest(bulk: 7, act: .acknowledge), "only an undo is of a bulk act, and it names no rows besides"),
      (ActRequest(ids: [1], bulk: 7, act: .undo), "only an undo is of a bulk act, and it names no rows besides"),
      (ActRequest(ids: [1], act: .comment, comment: ""), "a comment has 1 to 4000 characters, not 0"),
    ])
  func incompleteActs(_ request: ActRequest, _ told: String) {
    #expect { try request.acts() } throws: { "\($0)" == told }
  }

  @Test("an act with a comment is both")
  func actWithComment() throws {
    let request = ActRequest(ids: [1], act: .close, verdict: .fixed, comment: "seen")
    #expect(try request.acts() == [.close(.fixed), .comment("seen")])
  }

  @Test(
    "an act on an incident without what it needs is refused in a sentence",
    arguments: [
      (IncidentActRequest(.join), "it wants 1 to 1000 rows and sites, not 0"),
      (IncidentActRequest(.awareness), "awareness wants a time"),
      (IncidentActRequest(.fact, text: "b"), "fact wants a measure"),
      (IncidentActRequest(.fact, text: "b", measure: .lossYuan), "fact wants a value"),
      (IncidentActRequest(.mark, text: "n"), "mark wants what was done"),
      (IncidentActRequest(.operator), "operator wants the kind of operator"),
    ])
  func incompleteIncidentActs(_ request: IncidentActRequest, _ told: String) {
    #expect { try request.incidentAct() } throws: { "\($0)" == told }
  }

  @Test("only escalating takes rows into an incident")
  func escalationOnly() throws {
    #expect(try ActRequest(ids: [1], act: .escalate, incident: "new").acts() == [.escalate])
    #expect { try ActRequest(ids: [1], act: .acknowledge, incident: "new").acts() } throws: {
      "\($0)" == "only escalating opens or joins an incident"
    }
    #expect { try IncidentDecision(.level, text: "r").incidentAct() } throws: {
      "\($0)" == "level wants a level; I, II, III or IV"
    }
  }

  @Test("how far back a situation looks is bounded", arguments: ["0", "169", "-1", "x"])
  func situationHours(_ text: String) {
    #expect { try SituationRequest(query: ["hours": text]) } throws: { "\($0)" == "hours is not 1 to 168" }
  }

  @Test("texts in a URL are escaped byte by byte")
  func escaping() {
    #expect(Client.escaped("a b/é\"*~") == "a%20b%2F%C3%A9%22%2A~")
  }

  @Test("lines are cut out of the pieces they come in")
  func lines() {
    let whole = Array("one\n\ntwo\nrest".utf8)
    for split in 0...whole.count {
      let seen = Lines()
      let reader = LineReader { $0.forEach { seen.add($0) } }
      reader.receive(Array(whole[..<split]))
      reader.receive(Array(whole[split...]))
      #expect(seen.texts == ["one", "two"])
      #expect(reader.rest == Array("rest".utf8))
    }
  }

  @Test("a socket where nobody answers is told with what to do")
  func noHub() async {
    let client = Client(socket: "/nonexistent/vigil.sock")
    await #expect {
      try await client.call(API.health)
    } throws: {
      "\($0)" == "/nonexistent/vigil.sock: no hub answers there; start one with: vigil up"
        && ($0 as? OperatorMistake)?.words.zh == "/nonexistent/vigil.sock：中枢未应答；start one with: vigil up"
    }
  }
}

private final class Lines: @unchecked Sendable {
  var texts: [String] = []
  func add(_ bytes: [UInt8]) { texts.append(String(decoding: bytes, as: UTF8.self)) }
}
