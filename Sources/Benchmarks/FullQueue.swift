import Dispatch
import GRDB
import Glibc
import Records
import Services
import Store
import Wire

/// A queue of millions of alerts, filled by SQL and asked as the hub asks it: what each question takes.
struct FullQueue {
  let alerts: Int
  let rows: Int
  let folder: String
  private static let now = Timestamp(seconds: 1_800_000_000)
  private static let clocks = QueueClocks(criticalSeconds: 300, highSeconds: 900)
  private static let rounds = 40

  func run() throws {
    unsafe mkdir(folder, 0o700)
    let start = Self.seconds
    if try open().newestRow() < rows { try fill() }
    let store = try open()
    defer { store.close() }
    print(
      "\(alerts) alerts in \(rows) rows, \(try store.usedBytes() >> 20) MiB, filled in \(Int(Self.seconds - start)) s; "
        + "\(Self.rounds) rounds each")
    print("question                                   p50 ms   p99 ms   most ms")
    try ask(store)
    try keep(store)
  }

  private func open() throws -> Store { try Store(folder: folder, rules: .standard) }

  // MARK: filling

  /// By SQLite itself, with the tables' own triggers; the index of alerts is made at the end.
  private func fill() throws {
    let store = try open()
    let policy = IngestPolicy(
      ownerOfAlert: { _ in SiteAttribution(site: "model", organisation: "o", subject: "model") },
      ownerOfObservation: { _ in SiteAttribution(site: nil, subject: "-") })
    let batch = RecordBatch(
      source: "model", boot: 1, first: 1, records: [BatchRecord(kind: .alert, bytes: Array(FullQueue.line.utf8))])
    _ = try store.ingest(batch, policy: policy, now: Self.now)
    store.close()
    let database = try DatabaseQueue(path: folder + "/vigil.sqlite")
    try database.writeWithoutTransaction { db in
      try db.execute(sql: "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -400000")
      try db.execute(sql: "BEGIN; DROP INDEX alertRow")
      try db.execute(sql: FullQueue.rowsSQL, arguments: [rows - 1, Self.now.nanoseconds, alerts / rows])
      try db.execute(sql: FullQueue.alertsSQL, arguments: [alerts - 1, rows, Self.now.nanoseconds, FullQueue.line])
      try db.execute(sql: "CREATE INDEX alertRow ON alert(row, id); COMMIT; PRAGMA journal_mode = WAL")
    }
    try database.close()
  }

  private static let line = """
    {"timestamp":"2027-01-15T08:00:00.000000+0000","flow_id":1234567890,"event_type":"alert","src_ip":"198.51.100.9",\
    "src_port":50000,"dest_ip":"192.0.2.7","dest_port":443,"proto":"TCP","alert":{"action":"allowed","gid":1,\
    "signature_id":2024897,"rev":1,"signature":"exploit of a service","category":"attack","severity":2},\
    "http":{"hostname":"www.example.gov","url":"/cgi/login?q=1","status":200}}
    """

  /// 2,000 sites of 300 organisations, 500 rules; half of the rows closed, a tenth acknowledged, the rest new.
  private static let rowsSQL = """
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
    INSERT INTO queueRow (wing, key, titleEn, titleZh, severity, outcome, state, assignee, verdict, changedBy, changedAt, site,
      organisation, subject, checkName, count, firstSeen, lastSeen, body, alertsKept)
    SELECT 'sensor', 'k' || i, 'exploit of service ' || (i % 500), '利用服务漏洞 ' || (i % 500), (i * 7) % 5, (i / 5) % 5,
      CASE i % 10 WHEN 0 THEN 'acknowledged' WHEN 1 THEN 'new' WHEN 2 THEN 'new' WHEN 3 THEN 'new' WHEN 4 THEN 'new'
        ELSE 'closed' END,
      CASE i % 10 WHEN 0 THEN 'officer-' || (i % 40) END, CASE WHEN i % 10 > 4 THEN 'benign' END, 'li',
      ?2 - i * 40000000, 'site-' || (i % 2000), 'org-' || (i % 300), 'site-' || (i % 2000) || '.example.gov',
      '1:' || (2000000 + i % 500), ?3, ?2 - i * 50000000, ?2 - i * 40000000, body, ?3
    FROM n, (SELECT body FROM queueRow WHERE id = 1)
    """

  private static let alertsSQL = """
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
    INSERT INTO alert (row, time, isEVE, text) SELECT 1 + (i * 7919) % ?2, ?3 - i * 1000000, 1, ?4 FROM n
    """

  // MARK: asking

  private func ask(_ store: Store) throws {
    let open = Filter.Term.field(name: "open", comparison: .equal, values: [.flag(true)])
    func field(_ name: String, _ value: Filter.Value, _ comparison: Filter.Comparison = .equal) -> Filter.Term {
      .field(name: name, comparison: comparison, values: [value])
    }
    let organisation = Set((0..<30).map { "org-\($0)" })
    let lists: [(String, [Filter.Term], [SortKey])] = [
      ("first page of the queue", [], []),
      ("severity>=high state:new", [field("severity", .rank(3), .atLeast), field("state", .pattern("new"))], []),
      ("site:site-7", [field("site", .pattern("site-7"))], []),
      ("organisation:tax* (30 of them)", [field("organisation", .members(organisation))], []),
      ("since:2h severity:critical", [field("since", .ago(7_200_000_000_000)), field("severity", .rank(4))], []),
      ("assignee:me", [field("who", .members(["officer-10"]))], []),
      ("overdue:true", [field("overdue", .flag(true))], []),
      ("check:1:2000123", [field("check", .pattern("1:2000123"))], []), ("\"service 123\"", [.text("service 123")], []),
      ("\"found nowhere\"", [.text("found nowhere")], []),
      ("source:198.51.100.9", [field("source", .pattern("198.51.100.9"))], []),
      ("source:203.0.113.1 (nowhere)", [field("source", .pattern("203.0.113.1"))], []),
      ("by -count", [], [SortKey("count", isDescending: true)]),
      ("by site, -last", [], [SortKey("site"), SortKey("last", isDescending: true)]),
    ]
    for (name, terms, sort) in lists {
      let query = ListQuery(filter: Filter(.all(terms + [open])), sort: sort, now: Self.now)
      measure(name) { _ = try store.queue(query, clocks: Self.clocks) }
    }
    var deep = ListQuery(filter: Filter(.all([open])), limit: 1000, now: Self.now)
    for _ in 0..<50 { deep.after = try store.queue(deep, clocks: Self.clocks).next ?? deep.after }
    deep.limit = 100
    measure("page behind 50,000 rows") { _ = try store.queue(deep, clocks: Self.clocks) }
    let all = ListQuery(filter: Filter(.all([open])), now: Self.now)
    measure("how many are open (kept)") { _ = try store.queueCount(all, clocks: Self.clocks) }
    measure("counters") { _ = try store.counters(since: Timestamp(seconds: Self.now.seconds - 86_400)) }
    measure("overdue") { _ = try store.overdue(Self.clocks, now: Self.now) }
    measure("cells of 2,000 sites") { _ = try store.siteCounts() }
    measure("groups by rule (kept)") { _ = try store.groups(all, by: .rule, clocks: Self.clocks) }
    measure("one row with everything behind it") { _ = try store.detail(Int64.random(in: 1...Int64(rows))) }
  }

  private func measure(_ name: String, _ body: () throws -> Void) {
    var times: [Double] = []
    for _ in 0..<Self.rounds {
      let start = Self.seconds
      do { try body() } catch { return print("\(name): \(error)") }
      times.append((Self.seconds - start) * 1000)
    }
    Self.told(name, times)
  }

  /// Retention over a part of it while acts go on: how long an act waits.
  private func keep(_ store: Store) throws {
    let policy = RetentionPolicy(closedSeconds: Double(rows) * 0.04 * 0.8, byteLimit: .max)
    let group = DispatchGroup()
    DispatchQueue.global().async(group: group) {
      let start = Self.seconds
      let result = try? store.retain(policy, now: Self.now)
      print(
        "retention: \(result?.rows ?? 0) rows and \(result?.alerts ?? 0) alerts deleted in \(Int(Self.seconds - start)) s"
      )
    }
    var times: [Double] = []
    var id: Int64 = 1
    while group.wait(timeout: .now()) == .timedOut {
      let start = Self.seconds
      _ = try store.act([.comment("beside retention")], on: [id], by: Actor(name: "li", origin: "-"), at: Self.now)
      times.append((Self.seconds - start) * 1000)
      id += 10
      usleep(20_000)
    }
    Self.told("an act beside retention", times)
  }

  private static func told(_ name: String, _ times: [Double]) {
    let sorted = times.sorted()
    func at(_ share: Double) -> String {
      guard !sorted.isEmpty else { return "-" }
      let value = sorted[min(Int(Double(sorted.count) * share), sorted.count - 1)]
      let tenths = Int((value * 10).rounded())
      return "\(tenths / 10).\(tenths % 10)"
    }
    func padded(_ text: String, _ width: Int) -> String {
      String(repeating: " ", count: max(0, width - text.count)) + text
    }
    print(
      name + String(repeating: " ", count: max(1, 40 - name.count)) + padded(at(0.5), 9) + padded(at(0.99), 9)
        + padded(at(1), 9))
  }

  private static var seconds: Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
