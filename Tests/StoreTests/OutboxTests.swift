import Foundation
import GRDB
import Records
import Testing
import Wire

@testable import Store

@Suite struct OutboxTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func time(_ seconds: Double) -> Timestamp { Sample.start.advanced(seconds: seconds) }

  private func dispatch(
    _ id: String, to: String = "a@example.gov", kind: Dispatch.Kind = .notice, channel: ContactChannel = .mail,
    isDrill: Bool = false
  ) -> Dispatch {
    Dispatch(
      id: id, kind: kind, address: ContactAddress(channel, to), language: "en", subject: "s", text: "t",
      isDrill: isDrill, created: Sample.start)
  }

  @Test("a lane gives what is due, until it is delivered or dead, and nothing of another lane")
  func lanes() throws {
    let store = try Store.open(folder)
    for index in 0..<3 {
      try store.add(OutboxEntry(channel: "w", body: "\(index)", created: time(0), due: time(Double(index))))
    }
    try store.add(dispatch("d").entry())
    var due = try store.dueOutbox(lane: "w", now: time(1), limit: 10)
    #expect(due.map(\.body) == ["0", "1"])
    due[0].state = .delivered
    due[1].attempts = 1
    due[1].due = time(5)
    due[1].lastError = "refused"
    for entry in due { try store.settle(entry) }
    #expect(try store.dueOutbox(lane: "w", now: time(4), limit: 10).map(\.body) == ["2"])
    #expect(try store.outboxCounts() == [.delivered: 1, .waiting: 3])
    #expect(try store.dueOutbox(lane: "mail", now: time(4), limit: 10).map(\.dispatch?.id) == ["d"])
  }

  @Test("behind one that waits for its next try stay the later ones to its address; pages and reports go by themselves")
  func sequence() throws {
    let store = try Store.open(folder)
    try store.add(dispatch("1").entry())
    try store.add(dispatch("2", kind: .reminder).entry())
    try store.add(dispatch("3", to: "b@example.gov").entry())
    try store.add(dispatch("4", kind: .report).entry())
    try store.add(dispatch("5", kind: .page).entry())
    func due(_ seconds: Double) throws -> [String] {
      try store.dueOutbox(lane: "mail", now: time(seconds), limit: 10).compactMap(\.dispatch?.id)
    }
    #expect(try due(0) == ["5", "1", "3", "4"])
    var first = try #require(try store.outboxEntry(1))
    first.due = time(60)
    try store.settle(first)
    #expect(try due(0) == ["5", "3", "4"])
    #expect(try due(60) == ["5", "1", "3", "4"])
    first.state = .dead
    try store.settle(first)
    #expect(try due(0) == ["5", "2", "3", "4"], "what was given up holds up nobody")
  }

  @Test("a dispatch is kept once for an address, a drill is never due, and a body that is none is dead")
  func once() throws {
    let store = try Store.open(folder)
    try store.add(dispatch("1").entry())
    try store.add(dispatch("1").entry())
    try store.add(dispatch("1", to: "b@example.gov").entry())
    try store.add(dispatch("2", isDrill: true).entry())
    try store.add(OutboxEntry(channel: Dispatch.channel, body: "{}", created: time(0), due: time(0)))
    #expect(try store.outboxCounts() == [.waiting: 2, .withheld: 1, .dead: 1])
    #expect(try store.outbox(state: .withheld).map(\.lastError) == ["drill"])
    #expect(try store.dueOutbox(lane: "mail", now: time(9), limit: 10).count == 2)
  }

  @Test("what was given up is tried again by a person, who is in the audit; a drill and what was delivered are not")
  func acts() throws {
    let store = try Store.open(folder)
    for (id, state) in [("1", OutboxEntry.State.dead), ("2", .delivered), ("3", .waiting)] {
      try store.add(dispatch(id, to: "\(id)@example.gov").entry())
      var entry = try #require(try store.outboxEntry(Int64(id) ?? 0))
      entry.state = state
      entry.attempts = 7
      entry.lastError = "no"
      try store.settle(entry)
    }
    try store.add(dispatch("4", isDrill: true).entry())
    let retried = try (1...5).map { try store.retryOutbox($0, by: Sample.actor, at: time(9)) }
    #expect(retried == [true, false, false, false, false])
    let entry = try #require(try store.outboxEntry(1))
    #expect(entry.state == .waiting && entry.attempts == 0 && entry.since == time(9) && entry.created == time(0))
    let dropped = try (1...5).map { try store.dropOutbox($0, by: Sample.actor, at: time(10)) }
    #expect(dropped == [true, false, true, false, false])
    #expect(
      try store.audit().map { "\($0.act) \($0.subject) \($0.before ?? "")" } == [
        "drop outbox outbox/3 waiting: no", "drop outbox outbox/1 waiting", "retry outbox outbox/1 dead: no",
      ])
  }

  @Test("one that was dropped while it was tried stays so, unless the receiver took it")
  func raced() throws {
    let store = try Store.open(folder)
    for id in 1...2 {
      try store.add(dispatch("\(id)", to: "\(id)@example.gov").entry())
      var entry = try #require(try store.outboxEntry(Int64(id)))
      #expect(try store.dropOutbox(Int64(id), by: Sample.actor, at: time(0)))
      entry.lastError = "busy"
      if id == 2 { entry.state = .delivered }
      try store.settle(entry)
    }
    #expect(try store.outboxEntry(1)?.state == .dropped)
    #expect(try store.outboxEntry(2)?.state == .delivered)
  }

  @Test("what waits too long is given up with its last reason, and lanes tell their oldest")
  func age() throws {
    let store = try Store.open(folder)
    try store.add(dispatch("1", to: "office", channel: .wecom).entry())
    var entry = try #require(try store.outboxEntry(1))
    entry.lastError = "nobody answers"
    try store.settle(entry)
    #expect(try store.outboxLanes() == [OutboxLaneCount(lane: "wecom:office", waiting: 1, oldest: time(0), dead: 0)])
    #expect(try store.expireOutbox(lane: "wecom:office", before: time(0), reason: "too old") == 0)
    #expect(try store.expireOutbox(lane: "wecom:office", before: time(1), reason: "too old") == 1)
    #expect(try store.outboxEntry(1)?.lastError == "too old: nobody answers")
    #expect(try store.outboxLanes() == [OutboxLaneCount(lane: "wecom:office", waiting: 0, oldest: nil, dead: 1)])
  }

  @Test("a lane with 20,000 waiting gives its first handful without reading the rest")
  func many() throws {
    let store = try Store.open(folder)
    try store.write { db in
      for index in 0..<20_000 { try Store.add(dispatch("d\(index)", to: "\(index % 500)@example.gov").entry(), db) }
    }
    #expect(try store.dueOutbox(lane: "mail", now: time(1), limit: 16).count == 16)
    let plan = try store.read { db in
      try Row.fetchAll(
        db,
        sql: """
          EXPLAIN QUERY PLAN SELECT * FROM outbox AS o INDEXED BY outboxLane
            WHERE lane = 'mail' AND state = 'waiting' AND due <= 1 AND (sequence IS NULL OR NOT EXISTS (
              SELECT 1 FROM outbox AS e WHERE e.lane = 'mail' AND e.state = 'waiting' AND e.sequence = o.sequence
                AND e.sequence IS NOT NULL AND e.id < o.id))
            ORDER BY urgent DESC, id LIMIT 16
          """
      ).map { $0["detail"] as String }
    }
    #expect(!plan.contains { $0.contains("TEMP B-TREE") }, "\(plan)")
    #expect(plan.contains { $0.contains("outboxSequence") }, "\(plan)")
  }
}
