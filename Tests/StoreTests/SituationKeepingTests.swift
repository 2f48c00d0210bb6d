import GRDB
import Records
import Services
import Testing
import Wire

@testable import Store

struct SituationKeepingTests {
  let folder: TemporaryFolder
  let store: Store
  init() throws {
    folder = try TemporaryFolder()
    store = try Store.open(folder)
  }

  @Test(
    "A summary of bounded size is never too high and short by at most what it says, whatever comes", arguments: 0..<20)
  func summary(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var (exact, kept): ([Int: Int64], [Int: Int64]) = ([:], [:])
    var short: Int64 = 0
    for _ in 0..<3_000 {
      // A few frequent values among many rare ones.
      let value =
        Bool.random(using: &random) ? Int.random(in: 0..<5, using: &random) : Int.random(in: 0..<2_000, using: &random)
      exact[value, default: 0] += 1
      kept[value, default: 0] += 1
      if kept.count > 64 { short += HeavyHitters.shrink(&kept, capacity: 32) }
      #expect(kept.count <= 64)
    }
    for (value, count) in exact {
      let told = kept[value] ?? 0
      #expect(told <= count && count <= told + short, "seed \(seed) value \(value)")
    }
    #expect(short <= 3_000 / 32)
  }

  /// `count` alerts a source, so that the frequent ones can be told from the flood.
  private func flood(_ sources: Range<Int>, times: Int = 1, first: UInt64) throws -> UInt64 {
    var lines: [[UInt8]] = []
    for source in sources { for _ in 0..<times { lines.append(Sample.line(source: source)) } }
    var next = first
    for start in stride(from: 0, to: lines.count, by: 500) {
      let part = Array(lines[start..<min(start + 500, lines.count)])
      try store.take(Sample.alerts(part, first: next))
      next += UInt64(part.count)
    }
    return next
  }

  @Test("Sources are counted exactly while they are few, and a flood of others neither hides nor raises a frequent one")
  func sources() throws {
    var next = try flood(1..<4, times: 40, first: 1)
    var found = try store.frequent(.source, since: Sample.start, limit: 10)
    #expect(found.entries.map(\.count) == [40, 40, 40] && found.total == 120 && found.short == 0)
    next = try flood(100..<5_100, first: next)
    next = try flood(1..<2, times: 10, first: next)
    found = try store.frequent(.source, since: Sample.start, limit: 1)
    #expect(found.total == 5_130 && found.short > 0)
    let most = try #require(found.entries.first)
    #expect(most.value == "10.0.0.1" && most.count <= 50 && most.count + found.short >= 50)
    let values = try store.read { db in
      try Int.fetchOne(db, sql: "SELECT count(*) FROM attackHour WHERE kind = 'source'")
    }
    #expect(try #require(values) <= 2 * HeavyHitters.capacity)
    let targets = try store.frequent(.target, since: Sample.start, limit: 10)
    #expect(targets.entries == [Facet.Entry(value: "a.example", count: 5_130)] && targets.short == 0)
  }

  @Test("A batch that comes again is counted once, and what was refused not at all")
  func once() throws {
    let batch = Sample.alerts([Sample.line(), Sample.line()])
    try store.take(batch)
    try store.take(batch)
    #expect(try store.frequent(.source, since: Sample.start, limit: 5).total == 2)
    store.close()
    let failing = FailingWrites()
    let again = try Store.open(folder, beforeWrite: failing.fail)
    failing.isOn = true
    #expect(throws: (any Error).self) { try again.take(Sample.alerts([Sample.line()], first: 3)) }
    failing.isOn = false
    #expect(try again.frequent(.source, since: Sample.start, limit: 5).total == 2)
    again.close()
  }

  @Test("A sensor's clock that runs years ahead counts in the hour that is, so that nothing stands in the way for ever")
  func ahead() throws {
    try store.take(Sample.alerts([Sample.line(after: 9 * 365 * 86_400)]))
    let later = Sample.start.advanced(seconds: 2 * 3600)
    #expect(try store.frequent(.source, since: Sample.start, limit: 5).total == 1)
    #expect(try store.frequent(.source, since: later, limit: 5).total == 0)
  }

  @Test(
    "A source over many sites is found with its sites; where the hour is full the answer says that it may not be all")
  func reach() throws {
    let hosts = (0..<7).map { "site\($0)" }
    try store.take(Sample.alerts(hosts.map { Sample.line(sid: 7, source: 9, host: $0) }))
    var found = try store.reaches(since: Sample.start, sites: 6)
    #expect(found.isComplete && found.reaches.map(\.value) == ["10.0.0.9", "1:7"])
    #expect(found.reaches.allSatisfy { $0.sites == hosts })
    try store.write { db in
      try db.execute(
        sql: "UPDATE attackReachHeld SET pairs = ? WHERE kind = 'source'", arguments: [SituationTable.reachLimit])
    }
    try store.take(Sample.alerts([Sample.line(sid: 7, source: 9, host: "more")], first: 8))
    found = try store.reaches(since: Sample.start, sites: 6)
    #expect(
      !found.isComplete && found.reaches.map { $0.sites.count } == [8, 7], "the rule's pairs have room of their own")
    // What was not seen for a day makes room.
    let next = Sample.start.advanced(seconds: 25 * 3600)
    try store.take(Sample.alerts([Sample.line(sid: 7, source: 9, after: 25 * 3600, host: "more")], first: 9), at: next)
    found = try store.reaches(since: next.advanced(seconds: -3600), sites: 1)
    #expect(found.isComplete && found.reaches.map(\.sites) == [["more"], ["more"]])
  }

  @Test("A row that a machine brings back, one that people close and one that is new are what changed since a look")
  func looks() throws {
    try store.take(Sample.alerts((1...3).map { Sample.line(sid: $0) }))
    _ = try store.act(.acknowledge, on: 1, by: Sample.actor, at: Sample.start)
    _ = try store.act(.shelve(until: Sample.start.advanced(seconds: 60)), on: 3, by: Sample.actor, at: Sample.start)
    let mark = try store.lookMark(at: Sample.start)
    let none = try store.rowsMade(since: mark, limit: 10)
    #expect(none.total == 0 && none.rows.isEmpty)
    try store.take(Sample.alerts([Sample.line(sid: 1, severity: 1), Sample.line(sid: 9)], first: 4))
    _ = try store.elapse(now: Sample.start.advanced(seconds: 61))
    _ = try store.act(.close(.benign), on: 2, by: Sample.actor, at: Sample.start)
    #expect(try store.rowsMade(since: mark, limit: 10).rows.map(\.check) == ["1:9"])
    #expect(try store.rowsReturned(since: mark, limit: 10).rows.map(\.id) == [1, 3])
    #expect(try store.rowsReturned(since: mark, limit: 1) == Store.Some(rows: [try store.row(1)], total: 2))
    #expect(try store.rowsClosed(since: mark, limit: 10).rows.map(\.id) == [2])
    // A closure that was undone is none.
    _ = try store.act(.undo, on: 2, by: Sample.actor, at: Sample.start)
    #expect(try store.rowsClosed(since: mark, limit: 10).total == 0)
    let later = try store.lookMark(at: Sample.start)
    #expect(try store.rowsReturned(since: later, limit: 10).total == 0)
  }

  @Test("A weakness that an attack made use of is kept once a row, with the worst that came of it")
  func exploits() throws {
    try store.take(Sample.observations([Sample.observation(check: "git")], first: 1))
    let finding = try #require(try store.rows().first?.id)
    var policy = Sample.policy
    policy.ownerOfAlert = {
      SiteAttribution(site: $0.requestedHost, subject: "-", weakness: finding, remote: $0.source)
    }
    func take(_ first: UInt64) throws {
      _ = try store.ingest(Sample.alerts([Sample.line(sid: 5)], first: first), policy: policy, now: Sample.start)
    }
    try take(1)
    #expect(try store.exploits(since: Sample.start).isEmpty)
    #expect(try store.attacksOnFindings(since: Sample.start) == [finding: .init(count: 1, outcome: .attempted)])
    // Whoever judges the row writes its outcome; the next alert carries it into the picture.
    try store.write { db in try db.execute(sql: "UPDATE queueRow SET outcome = 3 WHERE wing = 'sensor'") }
    try take(2)
    try take(3)
    let found = try store.exploits(since: Sample.start)
    #expect(found.count == 1 && found[0].check == "git" && found[0].site == "a.example" && found[0].finding == finding)
    #expect(try store.attacksOnFindings(since: Sample.start) == [finding: .init(count: 3, outcome: .succeeded)])
    _ = try store.retain(RetentionPolicy(), now: Sample.start.advanced(seconds: 32 * 86_400))
    #expect(try store.attacksOnFindings(since: Sample.start).isEmpty)
  }

  @Test("What sensors saw adds up by sensor and hour; blind intervals are kept and found")
  func sight() throws {
    var sum = Store.SightSum()
    sum.sight.bytes = 100
    sum.sight.encryptedBytes = 60
    (sum.ended, sum.attributed, sum.untold) = (90, 50, 10)
    for hour in 0..<3 { try store.add(sum, sensor: "s1", at: Sample.start.advanced(seconds: Double(hour) * 3600)) }
    let found = try store.sights(since: Sample.start.advanced(seconds: 3600))
    #expect(found["s1"]?.sight.bytes == 200 && found["s1"]?.attributed == 100 && found.count == 1)
    let interval = BlindInterval(
      sensor: "s1", from: Sample.start, until: Sample.start.advanced(seconds: 30), packets: 9,
      reason: "the sensor died")
    let record = BatchRecord(kind: .blindness, bytes: try RecordJSON.encode(interval))
    try store.take(RecordBatch(source: "s1", boot: 1, first: 1, records: [record]))
    let end = Sample.start.advanced(seconds: 3600)
    let span = BlindSpan(
      cause: .sensor, source: "s1", from: interval.from, until: interval.until, reason: "the sensor died", packets: 9)
    #expect(try store.blindness(from: Sample.start, until: end, now: end) == [span])
    #expect(try store.blindness(from: interval.until, until: end, now: end).isEmpty)
  }

  @Test("What a store from before keeps of blindness in two tables is in one")
  func blindnessOfBefore() throws {
    func at(_ seconds: Double) -> Timestamp { Sample.start.advanced(seconds: seconds) }
    let intervals = [(0.0, UInt64?.some(4)), (60, nil), (120, .max)].map { from, packets in
      BlindInterval(sensor: "s1", from: at(from), until: at(from + 9), packets: packets, reason: "died")
    }
    let records = try intervals.dropLast().map {
      BatchRecord(kind: .blindness, bytes: try RecordJSON.encode($0))
    }
    try store.take(RecordBatch(source: "s1", boot: 1, first: 1, records: records))
    // As it was: each twice, and one only with the situation.
    try store.write { db in
      try db.execute(
        sql: """
          ALTER TABLE blindness DROP COLUMN packets;
          DELETE FROM grdb_migrations WHERE identifier = '5 blindness';
          CREATE TABLE blindInterval (
            number INTEGER PRIMARY KEY AUTOINCREMENT, sensor TEXT NOT NULL, began INTEGER NOT NULL,
            ended INTEGER NOT NULL, json TEXT NOT NULL);
          """)
      for interval in intervals {
        try db.execute(
          sql: "INSERT INTO blindInterval (sensor, began, ended, json) VALUES (?, ?, ?, ?)",
          arguments: [
            interval.sensor, interval.from.nanoseconds, interval.until.nanoseconds, RecordJSON.text(interval),
          ])
      }
    }
    try Schema.migrator.migrate(store.pool)
    let kept = try store.blindness(from: at(0), until: at(999), now: at(999))
    #expect(kept.map(\.from) == intervals.map(\.from) && kept.allSatisfy { $0.reason == "died" })
    #expect(kept.map(\.packets) == [4, nil, UInt64(Int64.max)])
  }
}

/// Writes that fail while it is on.
private final class FailingWrites: @unchecked Sendable {
  var isOn = false
  @Sendable func fail() throws { if isOn { throw StoreError(.diskFull, "full") } }
}
