import GRDB
import Records
import Services
import Testing
import Wire

@testable import Store

/// Suppressions, thresholds and our own scans in a real store.
struct HidingTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  static func suppression(_ change: (inout Suppression) -> Void) -> Suppression {
    var suppression = Suppression(
      id: "s1", reason: "r", author: "li", created: Sample.start, until: Sample.start.advanced(seconds: 86_400 * 7))
    change(&suppression)
    return suppression
  }

  static func policy(_ held: [Suppression], own: Bool = false) -> IngestPolicy {
    var policy = GatherWalkTests.policy
    let rules = SuppressionRules(held.map { SuppressionRules.Held($0) })
    policy.hiding = HidingRules(
      suppression: { rules.suppression($0, $1, $2) }, thresholds: { rules.thresholds($0, $1, $2) },
      isHolding: { rules.isHolding($0) })
    policy.mayBeOwn = { alert, _ in own && alert.source == IPAddress("10.0.0.7") }
    return policy
  }

  private func take(_ store: Store, _ lines: [[UInt8]], _ policy: IngestPolicy, first: UInt64, after: Double = 0) throws
  {
    _ = try store.ingest(
      Sample.alerts(lines, first: first), policy: policy, now: Sample.start.advanced(seconds: after))
  }
  private func rows(_ store: Store, _ place: RowPlace) throws -> [QueueRow] {
    try store.rows(QueueQuery(places: [place], order: .id))
  }

  @Test("What a suppression hides is kept apart and counted by day, and what succeeds is shown all the same")
  func hides() throws {
    let store = try Store.open(folder)
    let policy = Self.policy([Self.suppression { $0.network = IPPrefix("10.0.0.0/30") }])
    try take(
      store,
      [
        GatherWalkTests.line(sid: 1, source: 1, site: 1), GatherWalkTests.line(sid: 1, source: 1, site: 1),
        GatherWalkTests.line(sid: 1, source: 9, site: 1),
      ], policy, first: 1)
    #expect(try rows(store, .suppressed).map(\.count) == [2])
    #expect(try rows(store, .shown).map(\.count) == [1])
    #expect(try store.hiddenDays(id: "s1").map(\.alerts) == [2] && store.hiddenDays(id: "s1").map(\.rows) == [1])
    try take(
      store, [GatherWalkTests.line(sid: 1, source: 1, site: 1, category: "successful-user")], policy, first: 4)
    let shown = try rows(store, .shown)
    #expect(shown.count == 2 && shown.contains { $0.outcome == .succeeded && $0.hiddenBy == "s1" })
    #expect(try rows(store, .suppressed).isEmpty && store.hiddenDays(id: "s1").map(\.alerts) == [2])
    // It has ended: alerts come to the watch's own row again.
    try take(store, [GatherWalkTests.line(sid: 1, source: 1, site: 1)], Self.policy([]), first: 5)
    #expect(try rows(store, .shown).map(\.count).sorted() == [2, 3])
  }

  @Test("A hidden try that succeeds by what its source does later is seen, and told")
  func succeedsLater() throws {
    let store = try Store.open(folder)
    let policy = Self.policy([Self.suppression { $0.rule = "1:1" }])
    try take(store, [GatherWalkTests.line(sid: 1, source: 1, site: 1)], policy, first: 1)
    #expect(try rows(store, .shown).isEmpty)
    let entry = GatherWalkTests.line(sid: 2, source: 1, site: 1, after: 60, category: "successful-admin")
    let result = try store.ingest(Sample.alerts([entry], first: 2), policy: policy, now: Sample.start)
    let seen = try #require(result.changes.first { $0.row.check == "1:1" })
    #expect(seen.kind == .returned && seen.row.place == .shown && seen.row.outcome == .succeeded)
    #expect(try rows(store, .suppressed).isEmpty)
  }

  @Test("One that says so hides also what succeeds")
  func hidesSuccess() throws {
    let store = try Store.open(folder)
    let policy = Self.policy([
      Self.suppression {
        $0.rule = "1:1"
        $0.hidesSuccess = true
      }
    ])
    let line = GatherWalkTests.line(sid: 1, source: 1, site: 1, category: "successful-user")
    try take(store, [line, GatherWalkTests.line(sid: 2, source: 1, site: 1)], policy, first: 1)
    #expect(try rows(store, .suppressed).map(\.outcome) == [.succeeded])
    #expect(try rows(store, .shown).map(\.check) == ["1:2"])
  }

  @Test("A threshold lets so many new rows through in its window, counts the rest, and what it held shows when it ends")
  func threshold() throws {
    let store = try Store.open(folder)
    let limit = Self.suppression {
      $0.site = nil
      $0.limit = Suppression.Limit(most: 2, seconds: 3600, per: .rule)
    }
    let policy = Self.policy([limit])
    try take(store, (1...4).map { GatherWalkTests.line(sid: 1, source: $0, site: $0) }, policy, first: 1)
    #expect(try rows(store, .shown).map(\.site) == ["s1", "s2"])
    #expect(try rows(store, .suppressed).map(\.site) == ["s3", "s4"])
    #expect(try store.hiddenDays(id: "s1").first.map { [$0.alerts, $0.rows] } == [2, 2])
    try take(
      store, [GatherWalkTests.line(sid: 1, source: 8, site: 8, category: "successful-user")], policy, first: 5)
    #expect(try rows(store, .shown).map(\.site) == ["s1", "s2", "s8"])
    try take(store, [GatherWalkTests.line(sid: 1, source: 9, site: 9, after: 3700)], policy, first: 6, after: 3700)
    #expect(try rows(store, .shown).map(\.site) == ["s1", "s2", "s8", "s9"])
    // A return beyond the limit stays what it was.
    let first = try rows(store, .shown)[0].id
    _ = try store.act(.acknowledge, on: first, by: Sample.actor, at: Sample.start)
    try take(
      store,
      [
        GatherWalkTests.line(sid: 1, source: 10, site: 10, after: 3800),
        GatherWalkTests.line(sid: 1, source: 1, site: 1, after: 3800),
      ] + (0..<20).map { _ in GatherWalkTests.line(sid: 1, source: 1, site: 1, after: 3900) }, policy, first: 7,
      after: 3900)
    #expect(try store.row(first).triage.state == .acknowledged)
    try take(
      store, [GatherWalkTests.line(sid: 1, source: 3, site: 3, after: 4000)], Self.policy([]), first: 100, after: 4000)
    #expect(try rows(store, .shown).contains { $0.site == "s3" && $0.hiddenBy == nil })
  }

  @Test("A trial says what would have been hidden, day by day, and shouts where it mattered")
  func trial() throws {
    let store = try Store.open(folder)
    let plain = Self.policy([])
    try take(store, [GatherWalkTests.line(sid: 1, source: 1, site: 1)], plain, first: 1)
    try take(
      store,
      [
        GatherWalkTests.line(sid: 1, source: 1, site: 1, after: 86_400),
        GatherWalkTests.line(sid: 1, source: 2, site: 2, after: 86_400),
        GatherWalkTests.line(sid: 2, source: 2, site: 2, after: 86_400),
      ], plain, first: 2, after: 86_400)
    let since = Sample.start.advanced(seconds: -1)
    let source = IPAddress("10.0.0.1")
    func `try`(_ change: (inout Suppression) -> Void) throws -> SuppressionTrial {
      try store.try(Self.suppression(change), since: since, matches: { _ in true }, isFrom: { $0.source == source })
    }
    let rule = try `try` { $0.rule = "1:1" }
    #expect(rule.alerts == 3 && rule.rows == 2 && rule.alarmCount == 0 && rule.leftOut == nil)
    #expect(rule.days.map(\.alerts) == [1, 2] && rule.days.map(\.rows) == [1, 1])
    #expect(rule.sites.map(\.value) == ["s1", "s2"])
    let network = try `try` {
      $0.rule = "1:1"
      $0.network = IPPrefix("10.0.0.1/32")
    }
    #expect(network.alerts == 2 && network.rows == 1)
    let threshold = try `try` { $0.limit = Suppression.Limit(most: 1, seconds: 86_400 * 30, per: .site) }
    #expect(threshold.rows == 1 && threshold.alerts == 1)
    for (act, why) in [
      (QueueAct.judge(.succeeded, reason: "r"), SuppressionTrial.Alarm.Why.succeeded),
      (.judge(.compromised, reason: "r"), .compromised),
    ] {
      let row = try #require(try rows(store, .shown).first { $0.site == "s1" })
      _ = try store.act(act, on: row.id, by: Sample.actor, at: Sample.start)
      #expect(try `try` { $0.rule = "1:1" }.alarms.map(\.why) == [why])
      _ = try store.act(.undo, on: row.id, by: Sample.actor, at: Sample.start)
    }
    let row = try #require(try rows(store, .shown).first { $0.check == "1:2" })
    _ = try store.act(.close(.truePositive), on: row.id, by: Sample.actor, at: Sample.start)
    #expect(try `try` { $0.rule = "1:2" }.alarms.map(\.why) == [.truePositive])
  }

  // MARK: own scans

  private func own(_ port: UInt16, after: Double = 0, closed: Double? = nil) throws -> BatchRecord {
    let connection = OwnConnection(
      lease: 3, engine: "http", site: "s1", transport: "TCP", local: try #require(IPAddress("10.0.0.7")),
      localPort: port, remote: try #require(IPAddress("192.0.2.1")), remotePort: 80,
      opened: Sample.start.advanced(seconds: after), closed: closed.map { Sample.start.advanced(seconds: $0) })
    return BatchRecord(kind: .connection, bytes: try RecordJSON.encode(connection))
  }

  @Test("An alert of our own connection is labelled whichever comes first; one that shares only the address is not")
  func ownScan() throws {
    let store = try Store.open(folder)
    let policy = Self.policy([], own: true)
    let line = GatherWalkTests.line(sid: 1, source: 7, site: 1)
    // Its port is 4000; the scanner has 4001 open.
    _ = try store.ingest(
      RecordBatch(source: "scanner", boot: 1, first: 1, records: [own(4001)]), policy: policy, now: Sample.start)
    try take(store, [line, GatherWalkTests.line(sid: 1, source: 8, site: 1)], policy, first: 1)
    #expect(try store.waitingOwn() == 1)
    #expect(try rows(store, .shown).map(\.count) == [1], "another address waits for nobody")
    let soon = Sample.start.advanced(seconds: 1)
    #expect(try store.settleOwn(policy: policy, now: soon).alerts == 0)
    let later = Sample.start.advanced(seconds: OwnTable.waitSeconds)
    #expect(try store.settleOwn(policy: policy, now: later).alerts == 1)
    #expect(try store.waitingOwn() == 0 && rows(store, .own).isEmpty && rows(store, .shown).map(\.count) == [2])

    // The scanner's word comes after the alert, and before it.
    try take(store, [GatherWalkTests.line(sid: 1, source: 7, site: 1, after: 30)], policy, first: 3, after: 30)
    _ = try store.ingest(
      RecordBatch(
        source: "scanner", boot: 1, first: 2, records: [own(4000, after: 29), own(4000, after: 29, closed: 40)]),
      policy: policy, now: Sample.start.advanced(seconds: 30))
    #expect(try store.settleOwn(policy: policy, now: Sample.start.advanced(seconds: 31)).alerts == 1)
    try take(store, [GatherWalkTests.line(sid: 1, source: 7, site: 1, after: 35)], policy, first: 4, after: 35)
    #expect(try rows(store, .own).map(\.count) == [2] && rows(store, .shown).map(\.count) == [2])
    let counters = try store.counters(since: Sample.start)
    #expect(counters.hours.map(\.count).reduce(0, +) == 2 && counters.rows.map(\.count).reduce(0, +) == 1)
    // The same ends long after the connection was closed are somebody else's.
    try take(store, [GatherWalkTests.line(sid: 1, source: 7, site: 1, after: 50)], policy, first: 5, after: 50)
    _ = try store.settleOwn(policy: policy, now: Sample.start.advanced(seconds: 50 + OwnTable.waitSeconds))
    #expect(try rows(store, .own).map(\.count) == [2] && rows(store, .shown).map(\.count) == [3])
  }

  @Test("What waits for a scanner's word outlives a restart, and a flood from its address does not wait without end")
  func waiting() throws {
    let policy = Self.policy([], own: true)
    do {
      let store = try Store.open(folder)
      try take(store, [GatherWalkTests.line(sid: 1, source: 7, site: 1)], policy, first: 1)
      store.close()
    }
    let store = try Store.open(folder)
    #expect(try store.waitingOwn() == 1)
    try store.write { db in
      try db.execute(
        sql: """
          WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(OwnTable.mostWaiting))
            INSERT INTO ownWaiting (due, source, line) SELECT 0, 's', '{' FROM n
          """)
    }
    try take(store, [GatherWalkTests.line(sid: 1, source: 7, site: 2)], policy, first: 2)
    #expect(try rows(store, .shown).map(\.site) == ["s2"])
    var settled = 0
    for _ in 0..<3 { settled += try store.settleOwn(policy: policy, now: Sample.start.advanced(seconds: 60)).alerts }
    #expect(try store.waitingOwn() == 0 && settled == 1)
    #expect(try rows(store, .shown).count == 2)
  }
}
