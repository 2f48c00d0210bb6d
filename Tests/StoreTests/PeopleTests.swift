import Records
import Testing
import Wire

@testable import Store

@Suite struct PeopleKeepingTests {
  private static let clocks = QueueClocks(criticalSeconds: 0, highSeconds: 0)
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func person(_ id: String, _ role: PersonRole = .viewer) -> Person {
    Person(id: id, name: BilingualText(id), role: role)
  }
  private func token(_ id: String, of person: String) -> KeptToken {
    let token = AccessToken(
      id: id, person: person, name: "n", role: .viewer, created: Sample.start,
      expires: Sample.start.advanced(seconds: 60))
    return KeptToken(token: token, hash: Array(repeating: 7, count: 32))
  }

  @Test("People and tokens outlive the hub, and each change is in the audit with what was before")
  func keeping() throws {
    let store = try Store.open(folder)
    try store.put(person("ann"), by: Sample.actor, at: Sample.start)
    try store.put(person("ann", .lead), by: Sample.actor, at: Sample.start)
    try store.add(token("0badcafe", of: "ann"), by: Sample.actor, at: Sample.start)
    try store.add(token("0badcaff", of: "ann"), by: Sample.actor, at: Sample.start)
    try store.revoke(token("0badcafe", of: "ann").token, by: Sample.actor, at: Sample.start)
    store.close()
    let again = try Store.open(folder)
    #expect(try again.people() == [person("ann", .lead)])
    #expect(try again.tokens().map(\.token.revoked) == [Sample.start, nil])
    #expect(try again.tokens().map(\.hash) == [Array(repeating: 7, count: 32), Array(repeating: 7, count: 32)])
    let later = Sample.start.advanced(seconds: 5)
    try again.remove(person: "ann", by: Sample.actor, at: later)
    #expect(try again.people().isEmpty)
    #expect(try again.tokens().map(\.token.revoked) == [Sample.start, later])
    let audit = try again.audit(subject: "person/ann")
    #expect(
      audit.map(\.act) == ["remove person", "revoke token", "add token", "add token", "change person", "add person"])
    #expect(audit.map { $0.before != nil } == [true, true, false, false, true, false])
    #expect(audit.allSatisfy { !($0.after ?? "").contains(String(repeating: "07", count: 32)) }, "no hash in the audit")
  }

  @Test("A failed write leaves neither a person nor a word in the audit")
  func atomic() throws {
    let store = try Store.open(folder, beforeWrite: { throw StoreError(.diskFull, "full") })
    #expect(throws: StoreError.self) { try store.put(person("ann"), by: Sample.actor, at: Sample.start) }
    #expect(try store.people().isEmpty && store.audit().isEmpty)
  }

  @Test("The database lets through a purview exactly the rows that the purview has")
  func purview() throws {
    let store = try Store.open(folder)
    // More than the number from which the list is walked instead of the sites' index.
    let hosts = (0..<30).map { "h\($0).example" }
    try store.take(Sample.alerts(hosts.flatMap { host in (1...3).map { Sample.line(sid: $0, host: host) } }))
    let all = try store.rows(QueueQuery(limit: 1000))
    #expect(all.count >= 90, "and rows that gather others")
    var random = SystemRandomNumberGenerator()
    for _ in 0..<30 {
      let share = Int.random(in: 0...4, using: &random)
      let sites = Set(hosts.filter { _ in Int.random(in: 0..<4, using: &random) < share })
      let purview = Purview(organisations: [], sites: sites, platforms: Bool.random(using: &random) ? ["p"] : [])
      let expected = Set(all.filter(purview.has).map(\.id))
      #expect(Set(try store.rows(QueueQuery(purview: purview, limit: 1000)).map(\.id)) == expected)
      #expect(try store.ids(all.map(\.id) + [999], within: purview) == expected)
      let counted = try store.openCounts(within: purview).rows.reduce(0) { $0 + $1.count }
      // Those under a row of the whole city's stand by themselves here.
      let standing = all.filter { row in
        expected.contains(row.id) && (row.place == .shown || row.parent.map { !expected.contains($0) } ?? false)
      }
      #expect(counted == standing.count)
      let query = ListQuery(limit: 1000, now: Sample.start, purview: purview, isStanding: true)
      #expect(Set(try store.queue(query, clocks: Self.clocks).items.map(\.id)) == Set(standing.map(\.id)))
    }
    #expect(try store.ids([999], within: .all) == [999])
  }

  @Test("A purview's audit is of its rows, sites and organisations")
  func audit() throws {
    let store = try Store.open(folder)
    try store.take(Sample.alerts([Sample.line(host: "mine.example"), Sample.line(host: "yours.example")]))
    let rows = try store.rows(QueueQuery(order: .id))
    for row in rows { _ = try store.act(.acknowledge, on: row.id, by: Sample.actor, at: Sample.start) }
    for subject in ["site/mine.example", "site/yours.example", "organisation/mine", "organisation/yours", "store"] {
      try store.append(AuditEntry(time: Sample.start, actor: Sample.actor, act: "x", subject: subject))
    }
    let purview = Purview(organisations: ["mine"], sites: ["mine.example"], platforms: [])
    let mine = rows.first { $0.site == "mine.example" }.map { "queue/\($0.id)" }
    #expect(
      try store.audit(ListQuery(limit: 10, now: Sample.start, purview: purview)).items.map(\.subject)
        == ["organisation/mine", "site/mine.example", mine ?? ""])
    #expect(try store.audit(ListQuery(limit: 10, now: Sample.start, purview: .all)).items.count == 7)
    #expect(try store.audit(ListQuery(limit: 1, now: Sample.start, purview: purview)).items.count == 1)
  }
}
