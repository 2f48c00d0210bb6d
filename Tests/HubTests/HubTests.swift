import ControlAPI
import Foundation
import Records
import Seam
import Testing
import Wire

@testable import Hub

@Suite(.serialized, .timeLimit(.minutes(2))) struct HubTests {
  @Test("every endpoint of the table answers over a real socket")
  func everyEndpoint() async throws {
    let folder = try TestFolder()
    let hub = try await RunningHub(folder)
    let client = hub.client
    #expect(try await client.call(API.health).state == "good")
    #expect(try await client.call(API.versionOf).city == "test city")
    let overview = try await client.call(API.overview)
    #expect(overview.severities.map(\.hours.count) == [24, 24, 24, 24, 24])
    #expect(try await client.call(API.queue, ListRequest()).items.isEmpty)
    #expect(try await client.call(API.findings, ListRequest()).items.isEmpty)
    #expect(try await client.call(API.sites, ListRequest()).items.isEmpty)
    #expect(try await client.call(API.organisations).items.isEmpty)
    #expect(try await client.call(API.authorisations).items.isEmpty)
    #expect(try await client.call(API.scans).sites == 0)
    #expect(try await client.call(API.engines).items.map(\.name) == ["tls"])
    #expect(try await client.call(API.sensors).items.isEmpty)
    #expect(try await client.call(API.scanners).items.isEmpty)
    #expect(try await client.call(API.ingestCursor, id: "eve:/a b").cursor == nil)
    #expect(try await client.call(API.startScans, ScanRequest()).jobs == 0)
    #expect(try await client.call(API.stopScans, ScanRequest()).all)
    #expect(try await client.call(API.scans).stops.count == 1)
    #expect(try await client.call(API.resumeScans, ScanRequest()).all)
    let period = GuardPeriod(
      id: "g", name: "congress", from: Timestamp(seconds: 1), until: Timestamp(seconds: 1 << 33), frozenEngines: ["tls"]
    )
    #expect(try await client.call(API.setGuard, GuardRequest(period: period)).items == [period])
    #expect(try await client.call(API.guards).items == [period])
    #expect(try await client.call(API.endGuard, GuardEnd(id: "g")).items.isEmpty)
    #expect(try await client.call(API.noteScan, ScanNote(authorisedBy: "me", targets: ["a"])).done.isEmpty)
    let backup = folder.path + "/backup.sqlite"
    #expect(try await client.call(API.backup, BackupRequest(path: backup)).path == backup)
    #expect(try await client.call(API.restore, BackupRequest(path: backup)).path == backup)
    let acts = try await client.call(API.audit, ListRequest(filter: "who:\(NSUserName())")).items.map(\.act)
    #expect(acts.contains("restore"))
    await #expect { try await client.call(API.queueRow, id: "77") } throws: {
      "\($0)" == "there is no row 77 in the queue"
    }
    await #expect { try await client.call(API.site, id: "nowhere") } throws: {
      "\($0)" == "there is no site nowhere; see vigil sites list"
    }
    await #expect { try await client.call(API.acceptChange, id: "nowhere", AcceptRequest()) } throws: {
      "\($0)" == "there is no site nowhere; see vigil sites list"
    }
    await #expect { try await client.call(API.queue, ListRequest(filter: "severty:high")) } throws: {
      "\($0)" == "filter:1: no field is called severty; did you mean severity?"
    }
    await hub.end()
  }

  @Test("a batch is stored once, acknowledged, folded, and acted on by the peer's name")
  func ingestAndAct() async throws {
    let folder = try TestFolder()
    let hub = try await RunningHub(folder)
    let wire = try SeamWire(hub.configuration.data.ingestSocket)
    guard case .welcome(let welcome)? = try await wire.receive() else { throw Unexpected() }
    #expect(welcome.marks.isEmpty)
    let batch = Lines.batch([Lines.alert(), Lines.alert(), Lines.alert(sid: 5)])
    for _ in 0..<2 {
      try wire.send(.batch(batch))
      #expect(try await wire.receive() == .stored(.init(source: "sensor-1", boot: 1, last: 3)))
    }
    let page = try await hub.client.call(API.queue, ListRequest(filter: "wing:sensor", sort: ["-count"]))
    #expect(page.items.map(\.row.count) == [2, 1])
    let id = try #require(page.items.first?.row.id)
    #expect(page.items.first?.due != nil)

    let report = try await hub.client.call(API.act, ActRequest(ids: [id, 999], act: .acknowledge, comment: "mine"))
    #expect(report.done.map(\.row.triage.state) == [.acknowledged])
    #expect(report.refused.map(\.id) == [999])
    let detail = try await hub.client.call(API.queueRow, id: String(id))
    #expect(detail.alerts.count == 2)
    #expect(detail.comments.map(\.text) == ["mine"])
    #expect(detail.audit.first?.actor.name == NSUserName())
    #expect(detail.audit.first?.actor.origin.contains("pid \(getpid())") == true)

    await hub.end()
    let again = try await RunningHub(folder)
    let kept = try await again.client.call(API.queue, ListRequest(filter: "state:acknowledged"))
    #expect(kept.items.map(\.row.id) == [id])
    let back = try SeamWire(again.configuration.data.ingestSocket)
    #expect(try await back.receive() == .welcome(.init(marks: [.init(source: "sensor-1", boot: 1, last: 3)])))
    await again.end()
  }

  @Test("a role that speaks another version is told why")
  func otherVersion() async throws {
    let folder = try TestFolder()
    let hub = try await RunningHub(folder)
    let wire = try SeamWire(hub.configuration.data.ingestSocket, version: 99)
    #expect(try await wire.receive() == .refused("version 99 is not spoken here, 1 is"))
    await hub.end()
  }

  @Test("a second hub on the same folder is told in a sentence, and the first goes on")
  func secondHub() async throws {
    let folder = try TestFolder()
    let hub = try await RunningHub(folder)
    await #expect { _ = try await RunningHub(folder) } throws: {
      "\($0)".contains("is in use by another hub; end that hub, or name another data folder")
    }
    #expect(try await hub.client.call(API.health).state == "good")
    await hub.end()
  }

  @Test("the sockets are for their owner alone, and a dead hub's sockets are taken over")
  func sockets() async throws {
    let folder = try TestFolder()
    let hub = try await RunningHub(folder) { $0.api.group = "" }
    func mode(_ path: String) throws -> Int {
      let attributes = try FileManager.default.attributesOfItem(atPath: path)
      return (attributes[.posixPermissions] as? Int) ?? 0
    }
    let data = hub.configuration.data
    #expect(try mode(data.run) == 0o700)
    #expect(try mode(data.path) == (geteuid() == 0 ? 0o711 : 0o700))
    #expect(try mode(data.apiSocket) == 0o600)
    #expect(try mode(data.ingestSocket) == 0o600)
    #expect(try mode(data.store) == 0o600)
    await hub.end()
    let again = try await RunningHub(folder)
    #expect(SocketFile.answers(again.configuration.data.apiSocket))
    await again.end()
  }

  @Test("the stream gives every alert once, from a cursor on, across a restart of the hub")
  func stream() async throws {
    let folder = try TestFolder()
    let hub = try await RunningHub(folder)
    let wire = try SeamWire(hub.configuration.data.ingestSocket)
    _ = try await wire.receive()
    try wire.send(.batch(Lines.batch((1...600).map { Lines.alert(sid: $0 % 7 + 1) })))
    _ = try await wire.receive()
    var (cursor, alerts, rows) = ("a0.r0", 0, 0)
    for try await item in hub.client.stream(StreamRequest(since: cursor)) {
      cursor = item.cursor
      if item.kind == .alert { alerts += 1 } else if item.change == .made { rows += 1 }
      if alerts == 550 { break }
    }
    await hub.end()
    let again = try await RunningHub(folder)
    for try await item in again.client.stream(StreamRequest(since: cursor)) {
      if item.kind == .alert { alerts += 1 } else if item.change == .made { rows += 1 }
      if alerts == 600 { break }
    }
    #expect(rows == 7)
    var newest: [String] = []
    for try await item in again.client.stream(StreamRequest(since: "10m", most: 5)) where item.kind != .row {
      if item.kind == .beat { break }
      newest.append(item.cursor)
    }
    #expect(newest.count == 5 && newest.first?.hasPrefix("a596.") == true && newest.last?.hasPrefix("a600.") == true)
    let late = try SeamWire(again.configuration.data.ingestSocket)
    _ = try await late.receive()
    var seen: [UInt32] = []
    for try await item in again.client.stream(StreamRequest(since: "a600.r7", filter: "severity:critical")) {
      if item.kind == .beat || seen.isEmpty, item.kind != .alert {
        try late.send(.batch(Lines.batch([Lines.alert(sid: 3), Lines.alert(sid: 99, critical: true)], first: 601)))
      }
      if let alert = item.alert {
        seen.append(alert.signature.sid)
        break
      }
    }
    #expect(seen == [99])
    await again.end()
  }

  @Test("an inventory is tried dry, taken over, shown, and its mistakes are told with their places")
  func inventory() async throws {
    let folder = try TestFolder()
    let hub = try await RunningHub(folder)
    let text = """
      organisations:
        - {id: tax, name: {en: Tax bureau, zh: 税务局}}
      authorisations:
        - {id: a1, granted_by: city, document: "no. 7", hosts: ["*.example.gov"], from: 2020-01-01, until: 2099-01-01, up_to: probe}
      sites:
        - {url: "https://tax.example.gov", organisation: tax}
        - {url: "https://other.example.org"}
      """
    let dry = try await hub.client.call(
      API.importSites, ImportRequest(form: .yaml, name: "s.yaml", text: text, dryRun: true))
    #expect(dry.problems == [])
    #expect(dry.added.count == 2)
    #expect(try await hub.client.call(API.sites, ListRequest()).items.isEmpty)
    let report = try await hub.client.call(
      API.importSites, ImportRequest(form: .yaml, name: "s.yaml", text: text, dryRun: false))
    #expect(report.notAuthorised == ["other.example.org"])
    let found = try await hub.client.call(API.sites, ListRequest(filter: "organisation:tax authorised:yes"))
    #expect(found.items.map(\.site.id) == ["tax.example.gov"])
    #expect(found.items.first?.organisation?.zh == "税务局")
    #expect(try await hub.client.call(API.site, id: "tax.example.gov").authorisations.map(\.id) == ["a1"])
    let broken = try await hub.client.call(
      API.importSites, ImportRequest(form: .csv, name: "s.csv", text: "url\nftp://x\n", dryRun: false))
    #expect(broken.problems == ["s.csv:2:1: the scheme \"ftp\" is not http or https"])
    await hub.end()
  }

  private static let permitted = """
    organisations: [{id: tax, name: Tax, contacts: [{name: Li, rank: primary}]}]
    authorisations:
      - {id: a1, granted_by: city, document: "no. 7", hosts: ["*.example.gov"], from: 2020-01-01, until: 2099-01-01}
    sites: [{url: "https://tax.example.gov", organisation: tax, tags: [old]}]
    """

  @Test("an import says field by field what it changes, does it whole or not at all, and never over a change unseen")
  func importWhole() async throws {
    let folder = try TestFolder()
    let hub = try await RunningHub(folder)
    func send(
      _ text: String, dry: Bool = false, partial: Bool = false, replace: Bool = false, snapshot: String? = nil
    ) async throws -> ImportReport {
      try await hub.client.call(
        API.importSites,
        ImportRequest(
          form: .yaml, name: "s.yaml", text: text, dryRun: dry, partial: partial, replace: replace, snapshot: snapshot))
    }
    let first = try await send(Self.permitted)
    #expect(
      first.changes.map(\.description) == [
        "added organisation tax", "added authorisation a1", "added site tax.example.gov",
      ])
    let changed = "sites: [{url: \"https://tax.example.gov\", organisation: tax, tags: [new]}]\n"
    let dry = try await send(changed, dry: true)
    #expect(dry.changes.first?.fields == [.init(name: "tags", old: "old", new: "new")])
    #expect(try await send("sites: [\"https://b.example.gov\"]\n").added == ["b.example.gov"])
    await #expect { _ = try await send(changed, snapshot: dry.snapshot) } throws: {
      ($0 as? APIProblem)?.code == .conflict
    }
    let wrong = "sites: [\"https://c.example.gov\", \"ftp://d\"]\norganisations: [{id: x, parent: y}]\n"
    let refused = try await send(wrong)
    #expect(refused.problems.count == 2 && refused.changes.isEmpty)
    #expect(try await hub.client.call(API.sites, ListRequest()).items.count == 2)
    #expect(try await send(wrong, partial: true).added == ["c.example.gov"])
    let replaced = try await send(Self.permitted, replace: true)
    #expect(replaced.removed == ["b.example.gov", "c.example.gov"])
    for form in ImportRequest.Form.allCases {
      let export = try await hub.client.call(API.exportSites, ExportRequest(form: form))
      let again = try await hub.client.call(
        API.importSites,
        ImportRequest(form: form, name: "again", text: export.text, dryRun: false, replace: true))
      #expect(again.changes.isEmpty && again.problems.isEmpty && again.snapshot == export.snapshot, "\(form)")
    }
    let remarks = try await hub.client.call(API.checkSites, Nothing()).items
    #expect(remarks.map(\.kind) == [.noBackup])
    #expect(try await hub.client.call(API.scanningNotice, Nothing()).sites == 1)
    await hub.end()
  }

  @Test("a name on a certificate is proposed, and only a person's yes makes a site of it, without a permission")
  func proposals() async throws {
    let folder = try TestFolder()
    let hub = try await RunningHub(folder)
    _ = try await hub.client.call(
      API.importSites, ImportRequest(form: .yaml, name: "s.yaml", text: Self.permitted, dryRun: false))
    let wire = try SeamWire(hub.configuration.data.ingestSocket, role: .scanner, source: "scanner-1")
    _ = try await wire.receive()
    let sighting = Sighting(
      site: "tax.example.gov", engine: "certificate", kind: .certificateName,
      values: ["tax.example.gov", "pay.example.org", "*.example.gov"], time: WallClock.system.now())
    let record = BatchRecord(kind: .sighting, bytes: try RecordJSON.encode(sighting))
    try wire.send(.batch(RecordBatch(source: "scanner-1", boot: 1, first: 1, records: [record])))
    guard case .stored = try await wire.receive() else { throw Unexpected() }
    let found = try await hub.client.call(API.proposals, ProposalsRequest(state: .proposed)).items
    #expect(found.map(\.value) == ["pay.example.org"])
    #expect(try await hub.client.call(API.sites, ListRequest()).items.count == 1)
    let decision = ProposalDecision(ids: found.map(\.id) + ["none"], accept: true)
    let report = try await hub.client.call(API.decideProposals, decision)
    #expect(report.done.map(\.state) == [.accepted])
    #expect(report.notAuthorised == ["pay.example.org"])
    #expect(report.refused == ["none: there is no such proposal"])
    let site = try await hub.client.call(API.site, id: "pay.example.org")
    #expect(site.item.site.organisation == "tax" && !site.item.isAuthorised && site.authorisations.isEmpty)
    let audit = try await hub.client.call(API.audit, ListRequest()).items.map(\.act)
    #expect(audit.contains("accept proposal"))
    #expect(try await hub.client.call(API.decideProposals, decision).done.isEmpty)
    await hub.end()
  }

  @Test("a permission that ends within thirty days is announced once, also after a restart")
  func expiry() async throws {
    let folder = try TestFolder()
    let until = String(WallClock.system.now().advanced(seconds: 20 * 86_400).secondText.prefix(10))
    let text = Self.permitted.split(separator: "2099-01-01").joined(separator: until)
    for _ in 0..<2 {
      let hub = try await RunningHub(folder)
      _ = try await hub.client.call(
        API.importSites, ImportRequest(form: .yaml, name: "s.yaml", text: text, dryRun: false))
      var rows: [QueueItem] = []
      for _ in 0..<100 where rows.isEmpty {
        rows = try await hub.client.call(API.queue, ListRequest(filter: "rule:9000:5")).items
        if rows.isEmpty { try await Task.sleep(for: .milliseconds(100)) }
      }
      #expect(rows.map(\.row.count) == [1])
      #expect(rows.first?.row.severity == .low)
      #expect(rows.first?.row.title.en.hasPrefix("the authorisation a1 ends in ") == true)
      await hub.end()
    }
  }

  @Test("what an engine gave to be kept comes back with its next job on that site, and with no other")
  func memory() async throws {
    let folder = try TestFolder()
    let hub = try await RunningHub(folder)
    let text = """
      authorisations:
        - {id: a1, granted_by: city, document: "no. 7", hosts: ["*.example.gov"], from: 2020-01-01, until: 2099-01-01, up_to: probe}
      sites: ["https://tax.example.gov"]
      """
    _ = try await hub.client.call(
      API.importSites, ImportRequest(form: .yaml, name: "s.yaml", text: text, dryRun: false))
    let wire = try SeamWire(hub.configuration.data.ingestSocket, role: .scanner, source: "scanner-1")
    _ = try await wire.receive()
    let kept = EngineMemory(
      site: "tax.example.gov", engine: "tls", time: WallClock.system.now(), body: #"{"leaf":"ab"}"#)
    let record = BatchRecord(kind: .memory, bytes: try RecordJSON.encode(kept))
    try wire.send(.batch(RecordBatch(source: "scanner-1", boot: 1, first: 1, records: [record])))
    guard case .stored = try await wire.receive() else { throw Unexpected() }
    _ = try await hub.client.call(API.startScans, ScanRequest(sites: []))
    var jobs: [ScanJob] = []
    for _ in hub.configuration.scan.engines {
      try wire.send(.leaseRequest(.init(holder: "scanner-1", capacity: 8)))
      guard case .leaseGrant(let leases) = try await wire.receive(), let lease = leases.first else {
        throw Unexpected()
      }
      #expect(leases.count == 1, "one engine a host at a time")
      jobs.append(lease.job)
      let now = WallClock.system.now()
      let outcome = ScanOutcome(
        job: lease.job.id, engine: lease.job.engine, site: lease.job.site, status: .completed, started: now, ended: now)
      try wire.send(.leaseDone(.init(lease: lease.id, outcome: outcome)))
    }
    #expect(Set(jobs.map(\.engine)) == Set(hub.configuration.scan.engines))
    for job in jobs { #expect(job.known == (job.engine == "tls" ? kept.body : nil), "\(job.engine)") }
    await hub.end()
  }

  @Test("a hub that ends while visitors come and go ends in order, every time")
  func endsAmongVisitors() async throws {
    for _ in 0..<8 {
      let folder = try TestFolder()
      let hub = try await RunningHub(folder)
      let visits = Task.detached {
        var count = 0
        while SocketFile.answers(hub.configuration.data.apiSocket) {
          _ = SocketFile.answers(hub.configuration.data.ingestSocket)
          count += 1
        }
        return count
      }
      _ = try await hub.client.call(API.scans)
      await hub.end()
      #expect(await visits.value > 0)
    }
  }

  struct Unexpected: Error {}
}
