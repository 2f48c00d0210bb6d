import Records
import Services
import Testing
import Wire

@testable import Store

/// Rows folded under one, in a real store, over batches and restarts.
struct GatherWalkTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  static let policy = IngestPolicy(
    ownerOfAlert: { alert in
      SiteAttribution(
        site: alert.requestedHost, organisation: "o", subject: alert.requestedHost ?? "-", remote: alert.source,
        isOutbound: false)
    }, ownerOfObservation: { SiteAttribution(site: $0.site, subject: $0.target.host) })

  static func line(
    sid: Int, source: Int, site: Int, status: Int = 200, after: Double = 0, category: String = "c",
    toClient: Bool = false
  ) -> [UInt8] {
    Array(
      """
      {"timestamp":"\(Sample.start.advanced(seconds: after).text)","event_type":"alert",\
      "src_ip":"10.\(source >> 16 & 255).\(source >> 8 & 255).\(source & 255)","src_port":4000,"dest_ip":"192.0.2.1",\
      "dest_port":80,"proto":"TCP","app_proto":"http","direction":"\(toClient ? "to_client" : "to_server")",\
      "alert":{"gid":1,"signature_id":\(sid),"rev":1,"signature":"rule \(sid)","category":"\(category)","severity":2},\
      "http":{"hostname":"s\(site)","url":"/x","http_method":"GET","status":\(status)}}
      """.utf8)
  }

  private func take(_ store: Store, _ lines: [[UInt8]], first: UInt64, at now: Timestamp = Sample.start) throws
    -> IngestResult
  {
    try store.ingest(Sample.alerts(lines, first: first), policy: Self.policy, now: now)
  }

  private func shown(_ store: Store) throws -> [QueueRow] {
    try store.rows(QueueQuery(places: [.shown], limit: 10_000))
  }

  /// No alert in two rows of the top, and every alert in one.
  private func check(_ store: Store, alerts: Int, _ comment: Testing.Comment? = nil) throws {
    let rows = try store.rows(QueueQuery(order: .id, limit: 100_000))
    #expect(rows.filter { $0.place != .member }.reduce(0) { $0 + $1.count } == Int64(alerts), comment)
    for row in rows where row.gathering != nil {
      let members = rows.filter { $0.parent == row.id }
      #expect(row.count == members.reduce(0) { $0 + $1.count } && row.gathering?.members == members.count, comment)
    }
    for row in rows where row.place == .member {
      #expect(rows.contains { $0.id == row.parent && $0.gathering != nil }, comment)
      #expect(row.outcome < .succeeded, comment)
    }
    let counted = try store.counters(since: Sample.start).rows.reduce(0) { $0 + $1.count }
    #expect(counted == rows.count { $0.place == .shown }, comment)
  }

  @Test("One rule from one source over more than five sites is one row, across batches and a restart")
  func campaign() throws {
    do {
      let store = try Store.open(folder)
      for site in 1...5 { _ = try take(store, [Self.line(sid: 1, source: 7, site: site)], first: UInt64(site)) }
      #expect(try shown(store).count == 5)
      store.close()
    }
    let store = try Store.open(folder)
    let result = try take(store, [Self.line(sid: 1, source: 7, site: 6)], first: 6)
    #expect(result.changes.contains { $0.kind == .made && $0.row.gathering?.axis == .campaign })
    let row = try #require(try shown(store).first)
    #expect(try shown(store).count == 1 && row.count == 6 && row.gathering?.members == 6)
    #expect(row.gathering?.source == "10.0.0.7" && row.site == nil && row.check == "1:1")
    #expect(try store.rows(QueueQuery(parent: row.id)).count == 6)
    #expect(try store.detail(row.id).alerts.count == 6)
    _ = try take(store, [Self.line(sid: 1, source: 7, site: 7), Self.line(sid: 1, source: 7, site: 1)], first: 7)
    #expect(try shown(store).map(\.count) == [8])
    try check(store, alerts: 8)
  }

  @Test("A member whose attack goes further stands by itself again, and is told")
  func success() throws {
    let store = try Store.open(folder)
    _ = try take(store, (1...6).map { Self.line(sid: 1, source: 7, site: $0) }, first: 1)
    let leak = Self.line(sid: 2, source: 7, site: 3, after: 60, category: "successful-admin", toClient: false)
    let result = try take(store, [leak], first: 7)
    let raised = try #require(result.changes.first { $0.row.check == "1:1" && $0.row.site == "s3" })
    #expect(raised.row.place == .shown && raised.row.outcome == .succeeded && raised.kind == .returned)
    #expect(try store.detail(raised.row.id).group?.judgements.last?.rule == .followUp)
    #expect(try shown(store).count == 3)
    try check(store, alerts: 7)
  }

  @Test("Rows that a storm has taken are looked at once for a wave of their rule, not with each alert")
  func trimmed() throws {
    let store = try Store.open(folder)
    // Ten rules at forty sites each, by turns: the storm begins long before any rule has rows enough for a wave.
    let lines = (0..<400).map { Self.line(sid: 1 + $0 % 10, source: 1000 + $0, site: $0) }
    for part in 0..<8 {
      _ = try take(store, Array(lines[(part * 50)..<(part * 50 + 50)]), first: UInt64(part * 50 + 1))
    }
    let most = GatherMachine.limit(.wave).most
    for sid in 1...10 {
      let track = try #require(try store.read { try GatherTable.track($0, GatherKey(.wave, "1:\(sid)")) })
      #expect(track.row != nil || track.touched.count <= most, "rule \(sid) holds \(track.touched.count) rows")
    }
    try check(store, alerts: 400)
  }

  @Test("What is done to a campaign is done to its members, in one line of the audit log, and taken back")
  func acts() throws {
    let store = try Store.open(folder)
    _ = try take(store, (1...6).map { Self.line(sid: 1, source: 7, site: $0) }, first: 1)
    let campaign = try #require(try shown(store).first)
    func states() throws -> Set<TriageState> {
      Set(try store.rows(QueueQuery(parent: campaign.id)).map(\.triage.state))
    }
    let now = Sample.start.advanced(seconds: 10)
    _ = try store.act(.acknowledge, on: campaign.id, by: Sample.actor, at: now)
    #expect(try states() == [.acknowledged])
    _ = try take(store, [Self.line(sid: 1, source: 7, site: 9, after: 20)], first: 7)
    #expect(try states() == [.acknowledged] && shown(store).map(\.triage.state) == [.acknowledged])
    _ = try store.act(.undo, on: campaign.id, by: Sample.actor, at: now.advanced(seconds: 20))
    #expect(try states() == [.new])
    _ = try store.act(.close(.falsePositive), on: campaign.id, by: Sample.actor, at: now.advanced(seconds: 30))
    #expect(try states() == [.closed])
    #expect(try store.rows(QueueQuery(parent: campaign.id)).allSatisfy { $0.triage.verdict == .falsePositive })
    let acts = try store.audit(subject: "queue/\(campaign.id)")
    #expect(
      acts.map(\.act) == ["close", "close members", "undo", "undo members", "acknowledge", "acknowledge members"])
    #expect(acts.first { $0.act == "acknowledge members" }?.before == "new 1-5,7" || acts.last?.before == "new 1-6")
    _ = try store.act(.undo, on: campaign.id, by: Sample.actor, at: now.advanced(seconds: 40))
    #expect(try states() == [.new])
    try check(store, alerts: 7)
  }

  @Test("A person's word on the outcome stands over the machine's, is audited and taken back")
  func judging() throws {
    let store = try Store.open(folder)
    _ = try take(store, [Self.line(sid: 1, source: 7, site: 1)], first: 1)
    let id = try #require(try shown(store).first).id
    let word = QueueAct.judge(.failed, reason: "the page says so to everybody")
    let judged = try store.act(word, on: id, by: Sample.actor, at: Sample.start)
    #expect(judged.outcome == .failed && judged.triage.judged?.machine == .attempted)
    _ = try take(store, [Self.line(sid: 1, source: 7, site: 1, after: 5)], first: 2)
    #expect(try store.row(id).outcome == .failed)
    #expect(try store.detail(id).audit.first?.act == "judge")
    _ = try store.act(.undo, on: id, by: Sample.actor, at: Sample.start)
    #expect(try store.row(id).outcome == .attempted && store.row(id).triage.judged == nil)
    _ = try store.act(word, on: id, by: Sample.actor, at: Sample.start)
    // More than the machine knew then: the row says so, and comes back.
    _ = try take(store, [Self.line(sid: 1, source: 7, site: 1, after: 9, category: "successful-user")], first: 3)
    #expect(try store.row(id).outcome == .succeeded)
    #expect(throws: StoreError.self) {
      try store.act(.judge(.failed, reason: ""), on: id, by: Sample.actor, at: Sample.start)
    }
  }

  @Test(
    "Whatever comes and whatever people do, every alert is counted in one row of the top",
    arguments: 0..<12 as Range<UInt64>)
  func walk(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    var store = try Store.open(folder)
    var (first, alerts, clock) = (UInt64(1), 0, 0.0)
    for step in 0..<40 {
      clock += Double.random(in: 0...6000, using: &random)
      let now = Sample.start.advanced(seconds: clock)
      switch Int.random(in: 0..<10, using: &random) {
      case 0..<7:
        let lines = (0..<Int.random(in: 1...40, using: &random)).map { _ in
          Self.line(
            sid: Int.random(in: 1...14, using: &random), source: Int.random(in: 1...3, using: &random),
            site: Int.random(in: 1...30, using: &random), status: [200, 200, 404].randomElement(using: &random) ?? 200,
            after: clock,
            category: Int.random(in: 0..<60, using: &random) == 0 ? "successful-admin" : "c")
        }
        _ = try take(store, lines, first: first, at: now)
        first += UInt64(lines.count)
        alerts += lines.count
      case 7, 8:
        let rows = try store.rows(QueueQuery(order: .id, limit: 1000))
        let acts: [QueueAct] = [
          .acknowledge, .close(.benign), .undo, .escalate, .assign("li"), .judge(.succeeded, reason: "r"),
          .shelve(until: now.advanced(seconds: 60)), .judge(.failed, reason: "r"),
        ]
        guard let row = rows.randomElement(using: &random), let act = acts.randomElement(using: &random) else {
          continue
        }
        _ = try store.act(act, on: [row.id], by: Sample.actor, at: now)
      default:
        store.close()
        store = try Store.open(folder)
      }
      try check(store, alerts: alerts, "seed \(seed) step \(step)")
    }
  }

  @Test("A storm of distinct keys and sources leaves a queue that a person can read, and every alert in it")
  func storm() throws {
    var random = SeededRandom(seed: 5)
    let store = try Store.open(folder)
    var first = UInt64(1)
    for _ in 0..<20 {
      let lines = (0..<500).map { _ in
        Self.line(
          sid: Int.random(in: 1...4000, using: &random), source: Int.random(in: 1...100_000, using: &random),
          site: Int.random(in: 1...2000, using: &random))
      }
      _ = try take(store, lines, first: first)
      first += UInt64(lines.count)
    }
    let rows = try shown(store)
    #expect(rows.count <= GatherMachine.limit(.storm).most + 10)
    #expect(rows.contains { $0.gathering?.axis == .storm })
    try check(store, alerts: 10_000)
  }

  @Test("Tracks are bounded: the oldest go first, and are counted")
  func evicted() throws {
    let store = try Store.open(folder)
    _ = try take(store, (1...300).map { Self.line(sid: 1, source: $0, site: $0, after: Double($0)) }, first: 1)
    let before = try store.gatherCounts()
    #expect(before.evicted == 0 && before.tracks > 600)
    try store.write { db in try GatherTable.bound(db, most: 2100) }
    #expect(try store.gatherCounts() == before)
    try store.write { db in try GatherTable.bound(db, most: 100) }
    let after = try store.gatherCounts()
    #expect(after.tracks == 0 && after.evicted == before.tracks)
    _ = try take(store, [Self.line(sid: 1, source: 1, site: 1, after: 400)], first: 301)
    try check(store, alerts: 301)
  }
}
