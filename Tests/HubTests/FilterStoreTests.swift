import ControlAPI
import Foundation
import Records
import Services
import Store
import Testing
import Wire

/// The filter language means one thing: what `Filter.matches` says of a row, the store's SQL says too.
@Suite struct FilterStoreTests {
  static let now = Timestamp(seconds: 1_800_000_000)
  private static let clocks = QueueClocks(criticalSeconds: 300, highSeconds: 900)
  static let words = [
    "web", "Shell", "100%", "a_b", "back\\slash", "it's", "后门", "É", "*", "tax", "TAX.example", "b.example", "", "1:2",
    "\"q\"",
  ]
  static let organisations = OrganisationNames(
    [("tax", nil), ("tax-east", "tax"), ("water", nil)].map { id, parent in
      Organisation(id: id, name: BilingualText(en: "Office \(id)", zh: "局"), parent: parent)
    })

  /// A store of rows of both wings in all states, by chance.
  private static func filled(_ folder: TestFolder, _ random: inout SeededRandom) throws -> Store {
    let store = try Store(folder: folder.path + "/data", rules: .standard)
    for batch in 0..<6 {
      var records: [BatchRecord] = []
      for _ in 0..<20 { records.append(try record(&random)) }
      let owner = SiteAttribution(
        site: Bool.random(using: &random) ? pick(["a.example", "TAX.example", "it's"], &random) : nil,
        organisation: pick(["tax", "tax-east", "gone", nil], &random), subject: pick(words, &random))
      let policy = IngestPolicy(ownerOfAlert: { _ in owner }, ownerOfObservation: { _ in owner })
      _ = try store.ingest(
        RecordBatch(source: "s", boot: UInt64(batch), first: 1, records: records), policy: policy,
        now: now.advanced(seconds: -Double(Int.random(in: 0...4000, using: &random))))
    }
    for row in try store.rows(QueueQuery(limit: 1000)) where Bool.random(using: &random) {
      let acts: [QueueAct] = [
        .acknowledge, .escalate, .close(pick(Verdict.allCases, &random)), .assign(pick(["li", "Me", "an'n"], &random)),
        .shelve(until: now.advanced(seconds: 60)),
      ]
      _ = try? store.act(pick(acts, &random), on: row.id, by: Actor(name: "li", origin: "test"), at: now)
    }
    return store
  }

  static func pick<T>(_ values: [T], _ random: inout SeededRandom) -> T {
    values[Int.random(in: 0..<values.count, using: &random)]
  }

  private static func record(_ random: inout SeededRandom) throws -> BatchRecord {
    let time = now.advanced(seconds: -Double(Int.random(in: 0...9000, using: &random)))
    if Int.random(in: 0..<4, using: &random) == 0 {
      let observation = Observation(
        time: time, engine: pick(["tls", "http"], &random), check: "w.\(Int.random(in: 0...9, using: &random))",
        title: BilingualText(en: pick(words, &random) + "!", zh: "旧"), severity: pick(Severity.allCases, &random),
        site: "a.example",
        target: Target(scheme: "https", host: "a.example", port: 443),
        answer: pick([.yes, .yes, .no], &random), evidence: pick(words, &random),
        confidence: Int.random(in: 0...100, using: &random))
      return BatchRecord(kind: .observation, bytes: try RecordJSON.encode(observation))
    }
    let alert = AlertRecord(
      timestamp: time, source: IPAddress("192.0.2.\(Int.random(in: 1...5, using: &random))"),
      destination: IPAddress("198.51.100.1"), destinationPort: 80,
      signature: AlertRecord.Signature(
        gid: 1, sid: UInt32.random(in: 1...12, using: &random), message: pick(words, &random) + " x",
        severity: pick(Severity.allCases, &random)),
      context: AlertRecord.Context(
        url: "/" + pick(words, &random), status: pick([200, 404, nil], &random), sensor: pick(["s1", "S2"], &random)))
    return BatchRecord(kind: .alert, bytes: Array(try eve(alert).utf8))
  }

  private static func eve(_ alert: AlertRecord) throws -> String {
    let metadata = alert.signature.severity == .critical ? ",\"metadata\":{\"signature_severity\":[\"Critical\"]}" : ""
    let status = alert.context.status.map { ",\"status\":\($0)" } ?? ""
    return """
      {"timestamp":"\(alert.timestamp.text)","event_type":"alert","host":\(try RecordJSON.text(alert.context.sensor)),\
      "src_ip":"\(alert.source?.description ?? "")","dest_ip":"\(alert.destination?.description ?? "")","dest_port":80,\
      "proto":"TCP","alert":{"action":"allowed","gid":1,"signature_id":\(alert.signature.sid),"rev":1,\
      "signature":\(try RecordJSON.text(alert.signature.message)),"category":"c",\
      "severity":\(max(1, 4 - alert.signature.severity.rank))\(metadata)},\
      "http":{"url":\(try RecordJSON.text(alert.context.url))\(status)}}
      """
  }

  // MARK: filters by chance, as text

  private static func quoted(_ text: String) -> String {
    "\"" + text.map { "\\\"".contains($0) ? "\\\($0)" : "\($0)" }.joined() + "\""
  }

  private static func value(_ form: FilterSchema.Form, _ random: inout SeededRandom) -> String {
    switch form {
    case .text:
      let word = pick(words + ["li", "me", "s1", "192.0.2.3", "w.3", "3", "office*", "局"], &random)
      return quoted(pick([word, word + "*", "*" + word, "*" + word + "*", String(word.prefix(1)) + "*"], &random))
    case .choice(let names): return pick(names + [String(names[0].prefix(2)) + "*", "*"], &random)
    case .ordered(let names): return pick(names, &random)
    case .number: return String(Int.random(in: 0...100, using: &random))
    case .flag: return pick(["true", "false"], &random)
    case .time: return pick(["1h", "10m", "2h", "2027-01-15T07:00:00Z", "0s"], &random)
    }
  }

  static func filter(_ schema: FilterSchema, depth: Int, _ random: inout SeededRandom) -> String {
    switch Int.random(in: 0..<(depth > 0 ? 10 : 6), using: &random) {
    case 0: return quoted(pick(words, &random))
    case 1...5:
      let field = pick(schema.fields, &random)
      let isOrdered =
        switch field.form {
        case .ordered, .number, .time: true
        default: false
        }
      let signs = isOrdered ? [":", "!=", ">=", "<=", ">", "<"] : [":", ":", "!="]
      let sign = pick(signs, &random)
      let isMany = [":", "!="].contains(sign) && Bool.random(using: &random)
      let values = (0..<(isMany ? 3 : 1)).map { _ in value(field.form, &random) }
      return field.name + sign + values.joined(separator: ",")
    case 6: return "-" + group(schema, depth, " ", &random)
    case 7: return "not " + filter(schema, depth: depth - 1, &random)
    case 8: return group(schema, depth, " or ", &random)
    default: return group(schema, depth, " ", &random)
    }
  }

  private static func group(
    _ schema: FilterSchema, _ depth: Int, _ word: String, _ random: inout SeededRandom
  ) -> String {
    "(" + (0..<2).map { _ in filter(schema, depth: depth - 1, &random) }.joined(separator: word) + ")"
  }

  // MARK: the property

  private static func due(_ row: QueueRow) -> Timestamp? {
    guard row.triage.state == .new, row.severity >= .high else { return nil }
    return (row.triage.changedAt ?? row.firstSeen).advanced(seconds: row.severity == .critical ? 300 : 900)
  }

  /// All rows of a query, in pages of chance sizes that go on behind each other.
  static func walk<Item>(
    _ query: ListQuery, _ random: inout SeededRandom, _ page: (ListQuery) throws -> ListSlice<Item>
  ) throws -> [Item] {
    var query = query
    var items: [Item] = []
    while true {
      query.limit = Int.random(in: 1...9, using: &random)
      let slice = try page(query)
      items += slice.items
      guard let next = slice.next else { return items }
      query.after = next
    }
  }

  @Test(
    "a filter of chance finds in the store what it matches in memory, in any order and page by page", arguments: 0..<4)
  func property(round: Int) throws {
    let seed = UInt64.random(in: 0 ... .max)
    var random = SeededRandom(seed: seed)
    let folder = try TestFolder()
    let store = try Self.filled(folder, &random)
    defer { store.close() }
    let rows = try store.rows(QueueQuery(order: .id, limit: 1000))
    let items = try rows.map { row in
      FacetedQueueItem(
        QueueItem(row: row, due: Self.due(row)).at(Self.now), try store.detail(row.id, alerts: 0).group?.facets)
    }
    #expect(rows.count > 15, "seed \(seed)")
    let context = FilterContext(me: "Me", organisations: Self.organisations)
    for _ in 0..<150 {
      let text = Self.filter(.queue, depth: 3, &random)
      let filter = try Filter(text, .queue).resolved(in: context)
      let expected = zip(rows, items).filter { filter.matches($1, now: Self.now) }.map { $0.0.id }
      let sort = (0..<Self.pick([0, 2], &random)).map { _ in
        SortKey(Self.pick(Store.queueSorts, &random), isDescending: Bool.random(using: &random))
      }
      let query = ListQuery(filter: filter, sort: sort, now: Self.now)
      let found = try Self.walk(query, &random) { try store.queue($0, clocks: Self.clocks) }.map(\.id)
      #expect(found.sorted() == expected, "seed \(seed): \(text) by \(sort)")
      let counted = try store.queueCount(query, clocks: Self.clocks)
      #expect(counted == .exactly(expected.count) || counted == nil, "seed \(seed): \(text)")
      if sort.isEmpty {
        let worst = expected.compactMap { id in rows.first { $0.id == id } }.sorted {
          ($0.severity, $0.outcome, $0.lastSeen, $0.id) > ($1.severity, $1.outcome, $1.lastSeen, $1.id)
        }
        #expect(found == worst.map(\.id), "seed \(seed): \(text)")
      }
      let groups = try store.groups(
        ListQuery(filter: filter, limit: 1000, now: Self.now), by: .rule, clocks: Self.clocks)
      #expect(groups.map(\.rows).reduce(0, +) == expected.count, "seed \(seed): \(text)")
    }
  }

  @Test("the same of findings with the words of their engines", arguments: 0..<2)
  func findings(round: Int) throws {
    let seed = UInt64.random(in: 0 ... .max)
    var random = SeededRandom(seed: seed)
    let folder = try TestFolder()
    let store = try Self.filled(folder, &random)
    defer { store.close() }
    let rows = try store.rows(QueueQuery(wing: .scanner, order: .id, limit: 1000))
    let findings = try store.findings(rows.map(\.id), answers: .max)
    for _ in 0..<150 {
      let text = Self.filter(.findings, depth: 3, &random)
      let filter = try Filter(text, .findings)
      let expected = findings.filter { finding in
        let item = QueueItem(row: finding.row, due: Self.due(finding.row)).at(Self.now)
        return filter.matches(TimedFinding(FindingItem(finding: finding), item), now: Self.now)
      }
      let query = ListQuery(filter: filter, now: Self.now)
      let found = try Self.walk(query, &random) { try store.findings($0, clocks: Self.clocks) }
      #expect(found.map(\.row.id).sorted() == expected.map(\.row.id).sorted(), "seed \(seed): \(text)")
    }
  }

  @Test("the audit is asked in the same words, newest first")
  func audit() throws {
    var random = SeededRandom(seed: 7)
    let folder = try TestFolder()
    let store = try Self.filled(folder, &random)
    defer { store.close() }
    let entries = try store.audit(limit: 1000)
    for text in [
      "", "act:close", "who:LI on:queue/*", "act!=close or \"an'n\"", "since:0s", "on:\"queue/1\"", "-act:a*",
    ] {
      let filter = try Filter(text, .audit)
      let found = try Self.walk(ListQuery(filter: filter, now: Self.now), &random) { try store.audit($0) }
      #expect(found == entries.filter { filter.matches($0, now: Self.now) }, "\(text)")
    }
  }

  @Test("counters by rule and site are those of the rows, whatever was done to them")
  func counters() throws {
    let seed = UInt64.random(in: 0 ... .max)
    var random = SeededRandom(seed: seed)
    let folder = try TestFolder()
    let store = try Self.filled(folder, &random)
    defer { store.close() }
    let rows = try store.rows(QueueQuery(limit: 1000)).filter(\.triage.isOpen)
    let open = ListQuery(filter: try Filter("open:true", .queue), limit: 1000, now: Self.now)
    let groups = try store.groups(open, by: .rule, clocks: Self.clocks)
    let expected = Dictionary(grouping: rows, by: \.check).mapValues { rows in
      [rows.count, rows.count { $0.triage.state == .new }, rows.map(\.severity.rank).max() ?? -1]
    }
    #expect(
      Dictionary(uniqueKeysWithValues: groups.map { ($0.value, [$0.rows, $0.new, $0.worst.rank]) }) == expected,
      "seed \(seed)")
    let sites = Dictionary(grouping: rows.filter { $0.site != nil }, by: { $0.site ?? "" })
    let kept = try store.siteCounts()
    #expect(Set(kept.keys) == Set(sites.keys), "seed \(seed)")
    for (site, rows) in sites {
      #expect(kept[site]?.openAlerts == rows.count { $0.wing == .sensor }, "seed \(seed)")
      #expect(kept[site]?.worst == rows.map(\.severity).max(), "seed \(seed)")
      let live = rows.count { $0.wing == .scanner && ($0.findingState ?? .open).isLive }
      #expect(kept[site]?.liveFindings == live, "seed \(seed)")
    }
    let late = rows.count { Self.due($0).map { $0 < Self.now } ?? false }
    #expect(try store.overdue(Self.clocks, now: Self.now) == .exactly(late), "seed \(seed)")
  }

  @Test("a query that takes too long ends, says so, and harms nothing")
  func slow() throws {
    var random = SeededRandom(seed: 3)
    let folder = try TestFolder()
    let store = try Self.filled(folder, &random)
    defer { store.close() }
    // Thousands of comparisons a row, and no time for them.
    let terms = (0..<400).map { Filter.Term.text("nothing like it \($0)") }
    let query = ListQuery(filter: Filter(.any(terms)), now: Self.now, seconds: 0)
    do {
      _ = try store.queue(query, clocks: Self.clocks)
      Issue.record("it was answered in no time")
    } catch {
      #expect(error.code == .tooSlow)
    }
    #expect(try !store.queue(ListQuery(now: Self.now), clocks: Self.clocks).items.isEmpty)
  }
}

/// Filters at the bounds of the language are statements that SQLite takes.
@Suite struct FilterBoundTests {
  @Test(
    "the longest, the deepest and the strangest filters are statements",
    arguments: [
      String(repeating: "a ", count: 2000), String(repeating: "a or ", count: 800) + "b",
      String(repeating: "-", count: 30) + "x",
      String(repeating: "-(", count: 9) + "x" + String(repeating: ")", count: 9),
      "site:" + Array(repeating: "a", count: 1900).joined(separator: ","),
      String(repeating: "(a -(b or ", count: 5) + "c" + String(repeating: "))", count: 5),
      "\"'; DROP TABLE queueRow; --\"", "site:\"%\\\\_'\" \"%\"", "count>=1e300 id<-0.5", "since>9999d first<0s",
    ])
  func bounds(text: String) throws {
    let trial = try FilterTrial()
    for list in [FilterTrial.List.queue, .findings] {
      let filter = try Filter(text, list == .queue ? .queue : .findings)
      for word in Store.queueSorts {
        try trial.run(filter, list, sort: [SortKey(word), SortKey("count", isDescending: true)])
      }
    }
  }
}
