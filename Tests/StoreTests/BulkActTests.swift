import Records
import Services
import Testing
import Wire

@testable import Store

struct BulkActTests {
  let folder: TemporaryFolder
  let store: Store
  init() throws {
    folder = try TemporaryFolder()
    store = try Store.open(folder)
  }

  private func bulk(_ acts: [QueueAct], on ids: [Int64], at now: Timestamp = Sample.start) throws -> Int64 {
    let id = try store.beginBulk(acts[0].name, "all of the test", by: Sample.actor, at: now)
    for part in stride(from: 0, to: ids.count, by: 3).map({ Array(ids[$0..<min($0 + 3, ids.count)]) }) {
      _ = try store.act(acts, on: part, bulk: id, by: Sample.actor, at: now)
    }
    return id
  }

  @Test("A bulk act is taken back as one, but for rows that somebody or something changed since", arguments: 0..<4)
  func undo(round: Int) throws {
    let seed = UInt64.random(in: 0 ... .max)
    var random = SeededRandom(seed: seed)
    try store.take(Sample.alerts((1...12).map { Sample.line(sid: $0, source: $0) }))
    let ids = try store.rows(QueueQuery(order: .id)).map(\.id)
    for id in ids where Bool.random(using: &random) {
      _ = try store.act(.assign("wang"), on: id, by: Sample.actor, at: Sample.start)
    }
    let before = try Dictionary(uniqueKeysWithValues: ids.map { ($0, try store.row($0).triage) })
    let bulk = try bulk([.close(.benign), .comment("storm")], on: ids)
    let changed = Set(ids.filter { _ in Int.random(in: 0..<3, using: &random) == 0 })
    for id in changed {
      _ = try store.act(.assign("zhao"), on: id, by: Actor(name: "zhao", origin: "test"), at: Sample.start)
    }
    let rows = try store.rows(ofBulk: bulk, at: Sample.start)
    #expect(rows == ids, "seed \(seed)")
    let results = try store.undo(bulk: bulk, rows: rows, by: Sample.actor, at: Sample.start)
    for (id, result) in results {
      switch result {
      case .success(let row):
        #expect(!changed.contains(id) && row.triage == before[id], "seed \(seed)")
        #expect(try store.row(id).triage == before[id], "seed \(seed)")
      case .failure(let error):
        #expect(changed.contains(id), "seed \(seed)")
        #expect(error.sentence == "row \(id) has changed since by zhao")
        #expect(try store.row(id).triage.state == .closed)
      }
    }
    // Cut off and sent again it does the same, and once ended it is refused.
    let again = try store.undo(bulk: bulk, rows: rows, by: Sample.actor, at: Sample.start)
    #expect(again.map { (try? $0.result.get()) != nil } == results.map { (try? $0.result.get()) != nil })
    try store.endUndo(bulk: bulk, by: Sample.actor, at: Sample.start)
    #expect(throws: StoreError.self) { try store.rows(ofBulk: bulk, at: Sample.start) }
  }

  @Test("Each row's own audit tells of the bulk act and of its undo, and the bulk has a line of what was asked")
  func audit() throws {
    try store.take(Sample.alerts((1...4).map { Sample.line(sid: $0) }))
    let bulk = try bulk([.acknowledge], on: [1, 2, 3])
    _ = try store.undo(bulk: bulk, rows: [1, 2, 3], by: Sample.actor, at: Sample.start)
    try store.endUndo(bulk: bulk, by: Sample.actor, at: Sample.start)
    #expect(try store.audit(subject: "queue/2").map(\.act) == ["undo", "acknowledge"])
    #expect(try store.audit(subject: "bulk/\(bulk)").map(\.act) == ["bulk undo", "bulk acknowledge"])
    #expect(try store.audit(subject: "bulk/\(bulk)").last?.after == "all of the test")
    #expect(try store.audit(subject: "queue/4").isEmpty)
    let counters = try store.counters(since: Sample.start)
    #expect(counters.rows.filter { $0.state == .new }.map(\.count).reduce(0, +) == 4)
  }

  @Test("After a day a bulk act is not taken back as one, and an unknown one never was")
  func late() throws {
    try store.take(Sample.alerts([Sample.line(sid: 1), Sample.line(sid: 2)]))
    let bulk = try bulk([.acknowledge], on: [1, 2])
    #expect(throws: StoreError.self) {
      try store.rows(ofBulk: bulk, at: Sample.start.advanced(seconds: Store.undoSeconds + 1))
    }
    #expect(throws: StoreError(.notFound, "there is no bulk act 99")) { try store.rows(ofBulk: 99, at: Sample.start) }
  }

  @Test("Alerts beyond a row's bound go, the oldest first, and the row says how many are kept and how many came")
  func thinned() throws {
    for batch in 0..<5 {
      let lines = (0..<250).map { Sample.line(sid: 1, source: batch * 250 + $0, after: Double(batch)) }
      try store.take(Sample.alerts(lines, first: UInt64(batch * 250 + 1)))
    }
    try store.take(Sample.alerts([Sample.line(sid: 2)], boot: 2))
    let result = try store.retain(RetentionPolicy(alertsPerRow: 40), now: Sample.start)
    #expect(result.alerts == 1210 && result.rows == 0)
    let detail = try store.detail(1, alerts: 100)
    #expect(detail.row.count == 1250 && detail.alertsKept == 40 && detail.alerts.count == 40)
    #expect(detail.alerts.allSatisfy { $0.timestamp >= Sample.start.advanced(seconds: 4) })
    #expect(try store.detail(2).alertsKept == 1)
    #expect(try store.retain(RetentionPolicy(alertsPerRow: 40), now: Sample.start).alerts == 0)
    // What comes later is counted on.
    try store.take(Sample.alerts([Sample.line(sid: 1)], first: 1251))
    #expect(try store.detail(1).alertsKept == 41)
  }

  @Test("Closed rows go by age with all of their alerts, however many, and the kept counters follow")
  func closed() throws {
    try store.take(Sample.alerts((0..<700).map { Sample.line(sid: 1, source: $0) }))
    try store.take(Sample.alerts([Sample.line(sid: 2)], boot: 2))
    _ = try store.act(.close(.benign), on: 1, by: Sample.actor, at: Sample.start)
    let later = Sample.start.advanced(seconds: 1000)
    let result = try store.retain(RetentionPolicy(closedSeconds: 500), now: later)
    #expect(result.rows == 1 && result.alerts == 700)
    #expect(try store.alerts(limit: 10).count == 1)
    #expect(try store.siteCounts().mapValues(\.openAlerts) == ["a.example": 1])
    let all = try store.groups(
      ListQuery(now: later), by: .rule, clocks: QueueClocks(criticalSeconds: 1, highSeconds: 1))
    #expect(all.map(\.value) == ["1:2"])
  }

  @Test("A row's alerts are paged newest first by a filter, and a page goes on where the last ended")
  func alerts() throws {
    try store.take(Sample.alerts((0..<50).map { Sample.line(sid: 1, source: $0) }))
    var found: [String] = []
    var from = Int64.max
    while true {
      let slice = try store.alerts(row: 1, before: from, limit: 4, seconds: 60) {
        $0.source?.description.hasSuffix("1") ?? false
      }
      found += slice.items.compactMap { $0.source?.description }
      guard case .integer(let id)? = slice.next?.first else { break }
      from = id
    }
    #expect(found == ["10.0.0.41", "10.0.0.31", "10.0.0.21", "10.0.0.11", "10.0.0.1"])
    // Out of time at the first: nothing is lost, the next goes on.
    let short = try store.alerts(row: 1, before: .max, limit: 4, seconds: 0) { _ in false }
    #expect(short.items.isEmpty && short.next != nil)
  }
}
