import Records
import Services
import Testing
import Wire

@testable import Store

struct ActTests {
  let folder: TemporaryFolder
  let store: Store
  init() throws {
    folder = try TemporaryFolder()
    store = try Store.open(folder)
  }

  @Test(
    "A walk of acts gives what the state machine gives, every act is audited, and undo takes back one",
    arguments: 0..<12)
  func walk(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    try store.take(Sample.alerts((1...3).map { Sample.line(sid: $0) }))
    var model: [Int64: (now: Triage, before: Triage?)] = [:]
    var audited = 0
    for id in try store.rows().map(\.id) { model[id] = (Triage(), nil) }
    for step in 0..<120 {
      let now = Sample.start.advanced(seconds: Double(step * 60))
      guard let id = model.keys.sorted().randomElement(using: &random), let entry = model[id] else { return }
      let act = ActTests.act(&random, now)
      var expected: Triage?
      if case .undo = act {
        expected = entry.before
      } else {
        expected = try? TriageMachine.apply(act, entry.now, Sample.actor, now).get()
      }
      let result = try? store.act(act, on: id, by: Sample.actor, at: now)
      #expect(result?.triage == expected, "seed \(seed) step \(step): \(act)")
      guard let expected else { continue }
      audited += 1
      if case .comment = act { continue }
      if case .undo = act { model[id] = (expected, nil) } else { model[id] = (expected, entry.now) }
    }
    for (id, entry) in model { #expect(try store.row(id).triage == entry.now) }
    #expect(try store.audit(limit: 1000).count == audited)
    let counters = try store.counters(since: Sample.start)
    for state in TriageState.allCases {
      let kept = counters.rows.filter { $0.state == state }.map(\.count).reduce(0, +)
      #expect(kept == model.values.count { $0.now.state == state })
    }
  }

  private static func act(_ random: inout SeededRandom, _ now: Timestamp) -> QueueAct {
    switch Int.random(in: 0..<8, using: &random) {
    case 0: .acknowledge
    case 1: .escalate
    case 2: .close(.falsePositive)
    case 3: .shelve(until: now.advanced(seconds: 600))
    case 4: .assign("wang")
    case 5: .comment("seen")
    default: .undo
    }
  }

  @Test("An act says who, when, from where, and what was before and after")
  func audit() throws {
    try store.take(Sample.alerts([Sample.line()]))
    let row = try store.act(.acknowledge, on: 1, by: Sample.actor, at: Sample.start)
    let entry = try #require(try store.audit(subject: "queue/1").first)
    #expect(entry.actor == Sample.actor && entry.time == Sample.start && entry.act == "acknowledge")
    #expect(try RecordJSON.decode(Triage.self, from: entry.before ?? "") == Triage())
    #expect(try RecordJSON.decode(Triage.self, from: entry.after ?? "") == row.triage)
  }

  @Test("Undo is refused where a machine changed the row since")
  func undo() throws {
    try store.take(Sample.alerts([Sample.line()]))
    _ = try store.act(.acknowledge, on: 1, by: Sample.actor, at: Sample.start)
    try store.take(Sample.alerts([Sample.line(severity: 1)], first: 2))
    let refusal = StoreError(
      .refused, "row 1 has changed since its last act, acknowledge by li", zh: "第 1 行在 li 上次操作后已变动")
    #expect(throws: refusal) {
      try store.act(.undo, on: 1, by: Sample.actor, at: Sample.start)
    }
  }

  @Test("Acts in bulk: those that refuse say why, the others are done")
  func bulk() throws {
    try store.take(Sample.alerts([Sample.line(sid: 1), Sample.line(sid: 2)]))
    _ = try store.act(.close(.fixed), on: 2, by: Sample.actor, at: Sample.start)
    let results = try store.act(.acknowledge, on: [1, 2, 3], by: Sample.actor, at: Sample.start)
    #expect(results.map(\.id) == [1, 2, 3])
    #expect(try results[0].result.get().triage.state == .acknowledged)
    let refusal = StoreError(
      .refused, "the row is closed and cannot be changed by acknowledge", zh: "该行已关闭，不能执行此操作")
    #expect(results[1].result == .failure(refusal))
    #expect(results[2].result == .failure(.noRow(3)))
  }

  @Test("A shelf that ran out brings the row back, audited as the clock's act")
  func shelves() throws {
    try store.take(Sample.alerts([Sample.line()]))
    _ = try store.act(.shelve(until: Sample.start.advanced(seconds: 60)), on: 1, by: Sample.actor, at: Sample.start)
    #expect(try store.elapse(now: Sample.start.advanced(seconds: 59)).isEmpty)
    #expect(try store.elapse(now: Sample.start.advanced(seconds: 60)).map(\.triage.state) == [.new])
    #expect(try store.audit().first?.act == "unshelve")
  }

  @Test(
    "A query finds what it names and nothing else",
    arguments: [
      (QueueQuery(), 4), (QueueQuery(wing: .scanner), 1), (QueueQuery(minimumSeverity: .high), 2),
      (QueueQuery(states: [.closed]), 1), (.open, 3), (QueueQuery(site: "b.example"), 1),
      (QueueQuery(text: "RULE 2"), 1), (QueueQuery(text: "旧"), 1), (QueueQuery(text: "%"), 0),
      (QueueQuery(text: "_"), 0),
      (QueueQuery(since: Sample.start.advanced(seconds: 50)), 1), (QueueQuery(limit: 2), 2),
      (QueueQuery(limit: 9, offset: 3), 1), (QueueQuery(until: Sample.start.advanced(seconds: 100)), 3),
      (QueueQuery(organisation: "o"), 4), (QueueQuery(assignee: "nobody"), 0),
    ])
  func queries(query: QueueQuery, count: Int) throws {
    try store.take(
      Sample.alerts([
        Sample.line(sid: 1), Sample.line(sid: 2, after: 100), Sample.line(sid: 3, severity: 1, host: "b.example"),
      ]), at: Sample.start.advanced(seconds: 1000))
    try store.take(try Sample.observations([Sample.observation()], first: 1))
    _ = try store.act(.close(.fixed), on: 1, by: Sample.actor, at: Sample.start)
    #expect(try store.rows(query).count == count)
  }

  @Test("The worst comes first")
  func order() throws {
    try store.take(
      Sample.alerts([Sample.line(sid: 1, severity: 3), Sample.line(sid: 2, severity: 1), Sample.line(sid: 3)]))
    #expect(try store.rows().map(\.check) == ["1:2", "1:3", "1:1"])
    #expect(try store.rows(QueueQuery(order: .id)).map(\.check) == ["1:1", "1:2", "1:3"])
  }
}
