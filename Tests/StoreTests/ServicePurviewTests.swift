import GRDB
import Records
import Services
import Testing
import Wire

@testable import Store

/// Things of the services, of all owners by chance: the database lets through those of which all is within the purview.
@Suite struct ServicePurviewTests {
  private static let hosts = (0..<6).map { "h\($0).example" }
  private static let organisations = ["tax", "water", "parks"]
  private let folder: TemporaryFolder
  private let store: Store
  private let rows: [QueueRow]

  init() throws {
    folder = try TemporaryFolder()
    store = try Store.open(folder)
    let sited = Self.hosts.enumerated().map { Sample.line(sid: $0 + 1, source: $0 + 1, host: $1) }
    try store.take(Sample.alerts(sited + [Sample.line(sid: 98, source: 98), Sample.line(sid: 99, source: 99)]))
    // One of a hosting, and one of nobody.
    try store.write { db in
      try db.execute(sql: "UPDATE queueRow SET site = NULL, platform = 'cloud' WHERE checkName = '1:98'")
      try db.execute(sql: "UPDATE queueRow SET site = NULL WHERE checkName = '1:99'")
    }
    rows = try store.rows(QueueQuery(order: .id, limit: 100)).filter { $0.gathering == nil }
  }

  private func some<T>(_ values: [T], _ least: Int = 0) -> [T] {
    Array(values.shuffled().prefix(Int.random(in: least...2)))
  }

  private var purviews: [Purview] {
    (0..<12).map { _ in
      Purview(
        organisations: Set(some(Self.organisations)), sites: Set(Self.hosts.filter { _ in Bool.random() }),
        platforms: Bool.random() ? ["cloud"] : [])
    } + [.all, Purview(organisations: [], sites: [], platforms: [])]
  }

  private func has(_ purview: Purview, rows ids: [Int64]) -> Bool {
    ids.allSatisfy { id in rows.first { $0.id == id }.map(purview.has) ?? false }
  }

  private func ids<T>(_ body: () throws -> T?) -> Bool { ((try? body()) ?? nil) != nil }

  @Test("A notice is hers whose organisation is, and every row that it tells of")
  func notices() throws {
    let notices = try (0..<30).map { _ in
      let draft = Notice(
        severity: .high, organisation: try #require(Self.organisations.randomElement()), findings: some(rows).map(\.id),
        alerts: some(rows).map(\.id), title: BilingualText("t"), author: "li", created: Sample.start)
      return try store.step(draft, at: Sample.start) { given, _ in
        var write = NoticeWrite(given)
        write.audit = [
          AuditEntry(time: Sample.start, actor: Sample.actor, act: "draft", subject: "notice/\(given.id)")
        ]
        write.tasks = [DutyTask(.approval, "notice/\(given.id)", BilingualText("t"), created: Sample.start)]
        return write
      }
    }
    for purview in purviews {
      let own = notices.filter {
        purview.has(organisation: $0.organisation) && has(purview, rows: $0.findings + $0.alerts)
      }
      let expected = purview.isAll ? notices : own
      let query = ListQuery(sort: [SortKey("id")], now: Sample.start, purview: purview)
      #expect(try store.notices(query).items == expected)
      #expect(try store.noticeCount(query) == .exactly(expected.count))
      #expect(notices.filter { notice in ids { try store.notice(notice.id, within: purview) } } == expected)
      try expect(expected.map { "notice/\($0.id)" }, purview)
    }
  }

  @Test("What came to us is hers that names her site or organisation, and nobody else's")
  func intakes() throws {
    let intakes = try (0..<30).map { _ in
      let draft = Intake(
        source: .public, sender: "s", title: "t", site: some(Self.hosts).first,
        organisation: some(Self.organisations).first,
        received: Sample.start, due: Sample.start, enteredBy: "li")
      return try store.save(
        draft, audit: AuditEntry(time: Sample.start, actor: Sample.actor, act: "enter", subject: ""),
        task: DutyTask(.intake, "", BilingualText("t"), created: Sample.start), at: Sample.start)
    }
    for purview in purviews {
      let own = intakes.filter { intake in
        (intake.site != nil || intake.organisation != nil) && intake.site.map(purview.has(site:)) ?? true
          && intake.organisation.map(purview.has(organisation:)) ?? true
      }
      let expected = purview.isAll ? intakes : own
      #expect(
        try store.intakes(ListQuery(sort: [SortKey("id")], now: Sample.start, purview: purview)).items == expected)
      #expect(intakes.filter { intake in ids { try store.intake(intake.id, within: purview) } } == expected)
      try expect(expected.map { "intake/\($0.id)" }, purview)
    }
  }

  @Test("A case is hers in which nothing was ever anybody else's; what has left it counts")
  func incidents() throws {
    var (incidents, parts): ([Incident], [String: (rows: [Int64], sites: [String])]) = ([], [:])
    for _ in 0..<30 {
      let free = try rows.filter { try store.row($0.id).incident == nil }.map(\.id)
      let (joined, sites) = (some(free), some(Self.hosts))
      let draft = Incident(title: "t", kind: .attack, opened: Sample.start, openedBy: "li")
      let incident = try store.openIncident(
        draft, rows: joined, sites: sites, year: 2026, by: Sample.actor, at: Sample.start
      ).incident
      let left = IncidentAct.remove(rows: some(joined), sites: some(sites), reason: "r")
      if case .remove(let rows, let sites, _) = left, !rows.isEmpty || !sites.isEmpty {
        _ = try store.act(
          left, onIncident: incident.id, by: Sample.actor, at: Sample.start, rule: IncidentMachine.apply)
      }
      incidents.append(incident)
      parts[incident.id] = (joined, sites)
    }
    try expectIncidents(incidents, parts)
    // The same where a store from before has to be told whose its cases were.
    try store.write { db in
      try db.execute(sql: "DROP TABLE incidentPart; DELETE FROM grdb_migrations WHERE identifier = '5 scope'")
    }
    try Schema.migrator.migrate(store.pool)
    let untold = try incidents.filter { incident in
      try store.incidentLog(incident.id).contains { $0.kind == .removed && $0.text.contains("site ") }
    }.map(\.id)
    try expectIncidents(incidents, parts.filter { !untold.contains($0.key) })
  }

  /// A case without parts is told to nobody who sees a part of the city.
  private func expectIncidents(
    _ incidents: [Incident], _ parts: [String: (rows: [Int64], sites: [String])]
  ) throws {
    for purview in purviews {
      let own = incidents.filter { incident in
        guard let (rows, sites) = parts[incident.id], !rows.isEmpty || !sites.isEmpty else { return false }
        return has(purview, rows: rows) && sites.allSatisfy(purview.has(site:))
      }
      let expected = purview.isAll ? incidents.map(\.id) : own.map(\.id)
      #expect(try store.incidents(within: purview).map(\.id).sorted() == expected)
      #expect(
        incidents.map(\.id).filter { id in ids { try store.incident(id, within: purview) } } == expected)
      let site = Self.hosts[0]
      let steps = try store.incidentSteps(sites: [site], within: purview, limit: 100).map(\.incident)
      let here = try expected.filter { try store.incidentSites($0).contains(site) }
      #expect(Set(steps) == Set(here))
      #expect(try Set(store.incidents(sites: [site], within: purview).map(\.id)) == Set(here))
      try expect(own.map { "incident/\($0.id)" }, purview, isOfTasks: false)
    }
  }

  @Test("Addresses are hers of her organisations, and so are their tasks; a finding's task goes with its row")
  func contactsAndTasks() throws {
    for organisation in Self.organisations {
      let contact = NoticeContact(
        organisation: organisation, address: "li@\(organisation).example", since: Sample.start)
      let subject = "contact/\(organisation)/\(contact.address)"
      try store.save(
        contact, task: DutyTask(.unconfirmedContact, subject, BilingualText("t"), created: Sample.start),
        audit: AuditEntry(time: Sample.start, actor: Sample.actor, act: "x", subject: subject))
    }
    for row in rows {
      try store.add(DutyTask(.undetermined, "finding/\(row.id)", BilingualText("t"), created: Sample.start))
      try store.append(
        AuditEntry(time: Sample.start, actor: Sample.actor, act: "x", subject: "finding/\(row.id)"))
    }
    for purview in purviews {
      let own = Self.organisations.filter(purview.has(organisation:)).sorted()
      #expect(try store.contacts(within: purview).map(\.organisation) == own)
      let subjects =
        own.map { "contact/\($0)/li@\($0).example" } + rows.filter(purview.has).map { "finding/\($0.id)" }
      try expect(subjects, purview)
      for task in try store.tasks() where !subjects.contains(task.subject) {
        let refusal = #expect(throws: StoreError.self) {
          try store.endTask(task.id, within: purview, by: Sample.actor, at: Sample.start)
        }
        #expect(refusal == StoreError(.notFound, "there is no task \(task.id)"))
      }
    }
    #expect(try store.tasks().count == rows.count + Self.organisations.count)
  }

  @Test("What changed since a look is counted within the purview, by the database")
  func looks() throws {
    let mark = Store.LookMark(time: Sample.start)
    for row in rows { _ = try store.act(.close(.benign), on: row.id, by: Sample.actor, at: Sample.start) }
    for purview in purviews {
      let expected = Set(rows.filter(purview.has).map(\.id))
      let scope = Store.LookScope(purview: purview)
      for found in [
        try store.rowsMade(since: mark, of: scope, limit: 100),
        try store.rowsClosed(since: mark, of: scope, limit: 100),
      ] { #expect(Set(found.rows.map(\.id)) == expected && found.total == expected.count) }
      let one = Store.LookScope(sites: [Self.hosts[0], Self.hosts[1]], purview: purview)
      let here = rows.filter { row in purview.has(row) && row.site.map(Self.hosts[...1].contains) ?? false }
      #expect(try store.rowsMade(since: mark, of: one, limit: 1).total == here.count)
      #expect(try store.rowsMade(since: mark, of: one, limit: 1).rows.count == min(1, here.count))
    }
  }

  /// Of all subjects in the audit and among the tasks she is told of these; of those who see all nothing is left out.
  private func expect(_ subjects: [String], _ purview: Purview, isOfTasks: Bool = true) throws {
    let told = try store.audit(ListQuery(limit: 1000, now: Sample.start, purview: purview)).items.map(\.subject)
    if purview.isAll { return #expect(Set(told).isSuperset(of: subjects)) }
    #expect(Set(told.filter { !$0.hasPrefix("queue/") }) == Set(subjects))
    if isOfTasks { #expect(Set(try store.tasks(within: purview).map(\.subject)) == Set(subjects)) }
  }
}
