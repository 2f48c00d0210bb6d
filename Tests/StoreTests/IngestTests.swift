import GRDB
import Records
import Synchronization
import Testing
import Wire

@testable import Store

struct IngestTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  @Test("Alerts fold into rows whose counts, facets and counters are kept across a restart")
  func folds() throws {
    do {
      let store = try Store.open(folder)
      let result = try store.take(Sample.alerts((0..<10).map { Sample.line(sid: $0 % 2 + 1, source: $0) }))
      #expect(result.storedThrough == 10 && result.alerts == 10)
      #expect(result.changes.map(\.kind) == [.made, .made])
      let again = try store.take(Sample.alerts([Sample.line(severity: 1)], first: 11))
      #expect(again.changes.map(\.row.severity) == [.high])
      store.close()
    }
    let store = try Store.open(folder)
    let rows = try store.rows()
    #expect(rows.map(\.check) == ["1:1", "1:2"])
    #expect(rows.map(\.count) == [6, 5])
    let detail = try store.detail(rows[0].id)
    #expect(detail.group?.facets.sources.total == 6)
    #expect(detail.alerts.count == 6)
    let counters = try store.counters(since: Sample.start)
    #expect(counters.count(severity: .high) == 1 && counters.count(severity: .medium) == 1)
    #expect(counters.hours.map(\.count).reduce(0, +) == 11)
  }

  @Test("However batches are repeated, cut and overlapped, each record is stored once", arguments: 0..<20)
  func duplicates(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let store = try Store.open(folder)
    let lines = (0..<60).map { Sample.line(sid: $0 % 7 + 1, source: $0) }
    var next = 0
    while next < lines.count {
      let start = Int.random(in: 0...next, using: &random)
      let end = Int.random(in: start...min(start + 12, lines.count), using: &random)
      let result = try store.take(Sample.alerts(Array(lines[start..<end]), first: UInt64(start + 1)))
      next = max(next, end)
      #expect(result.storedThrough == UInt64(next))
      #expect(result.missing == 0)
    }
    #expect(try store.rows().map(\.count).reduce(0, +) == 60)
    #expect(try store.alerts(limit: 1000).count == 60)
  }

  @Test("Boots and sources are numbered apart, and a jump is told as missing")
  func numbering() throws {
    let store = try Store.open(folder)
    try store.take(Sample.alerts([Sample.line()], boot: 1))
    try store.take(Sample.alerts([Sample.line()], boot: .max))
    try store.take(Sample.alerts([Sample.line()], source: "s2"))
    let jump = try store.take(Sample.alerts([Sample.line()], first: 5))
    #expect(jump.missing == 3)
    #expect(try store.rows().first?.count == 4)
    #expect(try store.marks(source: "s1").map(\.last).sorted() == [1, 5])
    #expect(try store.marks(source: "s1").map(\.boot).sorted() == [1, .max])
  }

  @Test("What cannot be read is counted with a reason, acknowledged, and stops nothing")
  func unreadable() throws {
    let store = try Store.open(folder)
    var batch = Sample.alerts([Array("{".utf8), Sample.line(), Array("{\"event_type\":\"flow\"}".utf8)])
    batch.records.append(BatchRecord(kind: .observation, bytes: [1]))
    batch.records.append(BatchRecord(kind: RecordKind(rawValue: 99), bytes: []))
    let result = try store.take(batch)
    #expect(result.storedThrough == 5 && result.alerts == 1 && result.unreadable == 3)
    #expect(result.firstReason == "not a JSON object")
  }

  @Test("A finding lives in the same queue: made, verified by a no, reopened within 90 days")
  func findings() throws {
    let store = try Store.open(folder)
    let late = Sample.start.advanced(seconds: 1e8)
    try store.take(try Sample.observations([Sample.observation()], first: 1), at: late)
    let row = try #require(try store.rows(QueueQuery(wing: .scanner)).first)
    #expect(row.title.zh == "旧" && row.severity == .critical && row.findingState == .open)
    _ = try store.act(.acknowledge, on: row.id, by: Sample.actor, at: late)
    try store.take(try Sample.observations([Sample.observation(.no, day: 1)], first: 2), at: late)
    #expect(try store.row(row.id).findingState == .verified)
    let result = try store.take(try Sample.observations([Sample.observation(day: 50)], first: 3), at: late)
    #expect(result.changes.map(\.kind) == [.returned])
    let detail = try store.detail(row.id)
    #expect(detail.finding?.state == .reopened && detail.row.triage.state == .new && detail.observations.count == 3)
    #expect(try store.dueOutbox(lane: "webhook", now: late, limit: 50).map(\.body) == ["row \(row.id)"])
  }

  @Test("Of what engines want to find again the newest is kept by site and engine, and nothing over the limit")
  func memory() throws {
    let store = try Store.open(folder)
    let bodies = [
      ("a.example", "tls", "1"), ("a.example", "dns", "2"), ("b.example", "tls", "3"), ("a.example", "tls", "4"),
      ("a.example", "dns", String(repeating: "x", count: EngineMemory.bodyLimit + 1)),
    ]
    let records = try bodies.map { site, engine, body in
      let memory = EngineMemory(site: site, engine: engine, time: Sample.start, body: body)
      return BatchRecord(kind: .memory, bytes: try RecordJSON.encode(memory))
    }
    let result = try store.take(RecordBatch(source: "scanner", boot: 1, first: 1, records: records))
    #expect(result.unreadable == 0 && result.storedThrough == 5)
    #expect(try store.memory(site: "a.example", engine: "tls")?.body == "4")
    #expect(try store.memory(site: "a.example", engine: "dns")?.body == "2")
    #expect(try store.memory(site: "b.example", engine: "tls")?.body == "3")
    #expect(try store.memory(site: "b.example", engine: "dns") == nil)
  }

  @Test("A failure at any write leaves nothing half stored, and the same calls succeed afterwards", arguments: 1...8)
  func nthFailure(nth: Int) throws {
    let calls = Counter()
    let store = try Store.open(folder) {
      if calls.next() == nth { throw DatabaseError(resultCode: .SQLITE_FULL) }
    }
    var stored = 0
    for index in 0..<8 {
      let batch = Sample.alerts([Sample.line(sid: index + 1)], first: UInt64(index + 1))
      do {
        try store.take(batch)
      } catch let error as StoreError {
        #expect(error.code == .diskFull)
        #expect(try store.rows().count == stored)
        try store.take(batch)
      }
      stored += 1
    }
    #expect(try store.rows().count == 8)
  }

  @Test("The place in a followed file moves with its alerts or not at all")
  func cursors() throws {
    let fail = Counter()
    let store = try Store.open(folder) { if fail.next() == 2 { throw DatabaseError(resultCode: .SQLITE_IOERR) } }
    var cursor = IngestCursor(source: "eve", device: 1, inode: .max, offset: 100, head: "h")
    _ = try store.ingest(eve: [Sample.line()], cursor: cursor, policy: Sample.policy, now: Sample.start)
    #expect(try store.cursor(source: "eve") == cursor)
    cursor.offset = 200
    #expect(throws: StoreError.self) {
      try store.ingest(eve: [Sample.line()], cursor: cursor, policy: Sample.policy, now: Sample.start)
    }
    #expect(try store.cursor(source: "eve")?.offset == 100)
    #expect(try store.rows().first?.count == 1)
  }
}

final class Counter: Sendable {
  private let value = Mutex(0)
  func next() -> Int {
    value.withLock {
      $0 += 1
      return $0
    }
  }
}
