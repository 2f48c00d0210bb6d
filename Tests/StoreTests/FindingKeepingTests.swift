import Records
import Services
import Testing
import Wire

@testable import Store

struct FindingKeepingTests {
  let folder: TemporaryFolder
  let store: Store
  init() throws {
    folder = try TemporaryFolder()
    store = try Store.open(folder)
  }

  private func time(_ days: Double) -> Timestamp { Sample.start.advanced(seconds: days * 86_400) }

  @Test("A no that repeats moves the engine's last word and nothing else; a word of doubt is kept with its reason")
  func repeated() throws {
    try store.take(try Sample.observations([Sample.observation(), Sample.observation(.no, day: 1)], first: 1))
    let before = try #require(try store.findings([1]).first)
    #expect(before.state == .verified)
    try store.take(
      try Sample.observations(
        [Sample.observation(.no, day: 2), Sample.observation(.notDetermined(reason: "cut off"), day: 3)], first: 3),
      at: time(3))
    var after = try #require(try store.findings([1]).first)
    #expect(after.answers.map(\.answer) == [.notDetermined(reason: "cut off")] && after.answers[0].holds == false)
    after.answers = before.answers
    #expect(after == before)
    #expect(try store.detail(1).observations.count == 2)
    store.close()
    #expect(try Store.open(folder).findings([1]).first?.answers.first?.time == time(3))
  }

  @Test(
    "Verdicts are read from the audit: an undone one is none, a later one counts, one of a row that came back stays")
  func verdicts() throws {
    try store.take(try Sample.observations((1...4).map { Sample.observation(check: "w\($0)") }, first: 1))
    try store.take(Sample.alerts([Sample.line()]))
    func act(_ act: QueueAct, _ id: Int64, _ day: Double) throws {
      _ = try store.act(act, on: id, by: Sample.actor, at: time(day))
    }
    for id in [1, 2, 3, 5] as [Int64] { try act(.close(.falsePositive), id, 0.1) }
    try act(.undo, 2, 0.2)
    try act(.undo, 3, 0.2)
    try act(.close(.truePositive), 3, 0.3)
    try act(.acknowledge, 4, 0.3)
    let rows = try store.judgedRows()
    #expect(rows.map(\.check) == ["w1", "w3", "1:1"])
    #expect(rows.map(\.verdict) == [.falsePositive, .truePositive, .falsePositive])
    #expect(rows.map(\.engines) == [["tls": 100], ["tls": 100], [:]])
    #expect(try store.judgedRows() == rows)
    #expect(Precision.table(rows).map(\.verdicts) == [1, 1, 1])
  }

  @Test("What was seen up to two moments: the same engine's evidence on both sides, and whether anybody looked")
  func sights() throws {
    func seen(_ evidence: String, _ day: Double, _ answer: Observation.Answer = .yes) -> Observation {
      var observation = Sample.observation(answer, day: day)
      observation.evidence = evidence
      return observation
    }
    try store.take(try Sample.observations([seen("one", 1), seen("two", 3), seen("three", 5)], first: 1), at: time(5))
    let sights = try store.sights(of: 1, since: time(2), until: time(4))
    #expect(sights.before?.evidence == "one" && sights.after?.evidence == "two" && sights.looked == time(3))
    #expect(try store.sights(of: 1, since: time(3.5), until: time(4)).looked == nil)
    try store.take(try Sample.observations([seen("", 6, .notDetermined(reason: "x"))], first: 4), at: time(6))
    #expect(try store.sights(of: 1, since: time(5.5), until: time(7)).looked == nil)
    try store.take(try Sample.observations([seen("", 8, .no), seen("", 9, .no)], first: 5), at: time(9))
    #expect(try store.sights(of: 1, since: time(8.5), until: time(10)).looked == time(9))
  }
}
