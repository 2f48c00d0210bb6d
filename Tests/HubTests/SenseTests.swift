import ControlAPI
import Foundation
import Records
import Seam
import Synchronization
import Testing
import Wire

@testable import Hub

/// What rows mean, at a real hub: suppressions over the API, clients behind proxies, our own scans.
@Suite(.serialized, .timeLimit(.minutes(3))) struct SenseTests {
  static let inventory = """
    organisations: [{id: city, name: City}, {id: tax, name: Tax, parent: city}]
    platforms: [{id: cloud, name: Cloud, proxies: [203.0.113.0/24]}]
    authorisations:
      - {id: a1, granted_by: city, document: "no. 7", hosts: ["*.example.gov"], from: 2020-01-01, until: 2099-01-01, up_to: probe}
    sites:
      - {url: "https://tax.example.gov", organisation: tax, platform: cloud, engines: [tls], addresses: [192.168.0.7]}
      - {url: "https://plain.example.gov", organisation: city, engines: [tls]}
    """

  static func line(
    source: String = "198.51.100.9", port: Int = 50_000, host: String = "tax.example.gov", sid: Int = 5,
    category: String = "x", extra: String = "", destination: String = "192.168.0.7"
  ) -> [UInt8] {
    Array(
      """
      {"timestamp":"\(WallClock.system.now().text)","event_type":"alert","src_ip":"\(source)","src_port":\(port),\
      "dest_ip":"\(destination)","dest_port":80,"proto":"TCP","app_proto":"http","direction":"to_server",\
      "alert":{"action":"allowed","gid":1,"signature_id":\(sid),"rev":1,"signature":"try","category":"\(category)",\
      "severity":2},"http":{"hostname":"\(host)","url":"/a","http_method":"GET","status":200\(extra)}}
      """.utf8)
  }

  private func start(_ folder: TestFolder) async throws -> (RunningHub, SeamWire) {
    let hub = try await RunningHub(folder) { $0.scan.allow = [IPPrefix("192.168.0.0/16")].compactMap(\.self) }
    let report = try await hub.client.call(
      API.importSites, ImportRequest(form: .yaml, name: "s.yaml", text: Self.inventory, dryRun: false))
    #expect(report.problems == [] && report.added.count == 2)
    let wire = try SeamWire(hub.configuration.data.ingestSocket)
    _ = try await wire.receive()
    return (hub, wire)
  }

  private func send(_ lines: [[UInt8]], first: UInt64, _ wire: SeamWire) async throws {
    try wire.send(.batch(Lines.batch(lines, first: first)))
    guard case .stored = try await wire.receive() else { throw HubTests.Unexpected() }
  }

  private func queue(_ hub: RunningHub, _ filter: String = "") async throws -> [QueueRow] {
    try await hub.client.call(API.queue, ListRequest(filter: filter)).items.map(\.row)
  }

  @Test("A suppression is tried, put in force, counts what it hides, is listed, and ends; a lead's words are audited")
  func suppression() async throws {
    let folder = try TestFolder()
    let (hub, wire) = try await start(folder)
    try await send([Self.line()], first: 1, wire)
    let until = WallClock.system.now().advanced(seconds: 7 * 86_400)
    var request = SuppressionRequest(organisation: "city", filter: "rule:5", reason: "known", until: until)
    let trial = try await hub.client.call(API.trySuppression, request)
    #expect(trial.alerts == 1 && trial.rows == 1 && trial.alarmCount == 0)
    #expect(try await hub.client.call(API.suppressions).items.isEmpty)

    request.until = WallClock.system.now().advanced(seconds: 91 * 86_400)
    await #expect { _ = try await hub.client.call(API.addSuppression, request) } throws: {
      "\($0)".hasPrefix("the suppression cannot hold: it may hold until ")
    }
    request.until = until
    request.filter = "rul:5"
    await #expect { _ = try await hub.client.call(API.addSuppression, request) } throws: {
      "\($0)" == "filter:1: no field is called rul; did you mean rule?"
    }
    request.filter = "rule:5"
    let added = try await hub.client.call(API.addSuppression, request)
    #expect(added.suppression.id == "s1" && added.holds && added.suppression.author == NSUserName())
    try await send([Self.line(), Self.line(sid: 6), Self.line(host: "plain.example.gov")], first: 2, wire)
    #expect(try await queue(hub).map(\.count).sorted() == [1, 1])
    let hidden = try await queue(hub, "hidden:s1")
    #expect(hidden.map(\.place) == [.suppressed, .suppressed])
    #expect(try await hub.client.call(API.suppressions).items.map(\.alerts) == [2])

    // The organisation above has it, and so has the one below; the next batch after its end is shown.
    await hub.end()
    let again = try await RunningHub(folder)
    let back = try SeamWire(again.configuration.data.ingestSocket)
    _ = try await back.receive()
    try await send([Self.line()], first: 5, back)
    #expect(try await again.client.call(API.suppressions).items.map(\.alerts) == [3])
    #expect(try await again.client.call(API.endSuppression, SuppressionEnd(id: "s1")).holds == false)
    try await send([Self.line()], first: 6, back)
    #expect(try await queue(again, "rule:5").map(\.count) == [2])
    let acts = try await again.client.call(API.audit, ListRequest(filter: "on:suppression/s1")).items.map(\.act)
    #expect(acts == ["end suppression", "suppress"])
    await #expect { _ = try await again.client.call(API.endSuppression, SuppressionEnd(id: "s1")) } throws: {
      "\($0)" == "suppression s1 has ended already"
    }
    await again.end()
  }

  /// What was done to the first suppression, the newest first.
  private func acts(_ hub: RunningHub) async throws -> [AuditEntry] {
    let request = ListRequest(filter: "on:suppression/s1")
    return try await hub.client.call(API.audit, request).items
  }

  @Test("The end of a suppression is said once, a day ahead, and written down when it has come")
  func end() async throws {
    let folder = try TestFolder()
    let ahead = Mutex(0.0)
    let clock = WallClock { WallClock.system.now().advanced(seconds: ahead.withLock { $0 }) }
    let hub = try await RunningHub(folder, clock: clock)
    let until = clock.now().advanced(seconds: 3 * 86_400)
    _ = try await hub.client.call(API.addSuppression, SuppressionRequest(rule: "1:5", reason: "known", until: until))
    ahead.withLock { $0 = 2.5 * 86_400 }
    while try await queue(hub, "rule:9000:20").isEmpty { try await Task.sleep(for: .milliseconds(100)) }
    let row = try #require(try await queue(hub, "rule:9000:20").first)
    #expect(row.subject == "s1" && row.title.en.hasSuffix("it has hidden 0 alerts") && row.count == 1)
    ahead.withLock { $0 = 3.1 * 86_400 }
    while try await acts(hub).count < 3 { try await Task.sleep(for: .milliseconds(100)) }
    #expect(try await acts(hub).map(\.act) == ["end suppression", "announce end", "suppress"])
    #expect(try await acts(hub).first?.actor.name == "vigil")
    #expect(try await queue(hub, "rule:9000:20").map(\.count) == [1])
    #expect(try await hub.client.call(API.suppressions).items.map(\.holds) == [false])
    await hub.end()
  }

  @Test("Behind a declared proxy the client counts; from anywhere else what a request says of clients is not believed")
  func proxies() async throws {
    let folder = try TestFolder()
    let (hub, wire) = try await start(folder)
    func xff(_ chain: String) -> String { ",\"xff\":\"\(chain)\"" }
    try await send(
      [
        Self.line(source: "203.0.113.5", extra: xff("1.2.3.4, 198.51.100.77")),
        Self.line(source: "198.51.100.9", extra: xff("10.1.1.1")),
        Self.line(source: "203.0.113.5", host: "plain.example.gov", extra: xff("198.51.100.78")),
        Self.line(source: "203.0.113.5"),
      ], first: 1, wire)
    let rows = try await queue(hub)
    let tax = try #require(rows.first { $0.site == "tax.example.gov" })
    let detail = try await hub.client.call(API.queueRow, id: String(tax.id))
    let sources = detail.group?.facets.sources.entries.map(\.value) ?? []
    #expect(Set(sources) == ["198.51.100.77", "198.51.100.9", "203.0.113.5"])
    let behind = try #require(detail.alerts.first { $0.client != nil })
    #expect(behind.client?.description == "198.51.100.77" && behind.source?.description == "203.0.113.5")
    #expect(behind.context.forwardedFor == "1.2.3.4, 198.51.100.77")
    let plain = try #require(rows.first { $0.site == "plain.example.gov" })
    let other = try await hub.client.call(API.queueRow, id: String(plain.id))
    #expect(other.group?.facets.sources.entries.map(\.value) == ["203.0.113.5"])
    await hub.end()
  }

  @Test("An alert waits for the scanner's word although the look was over before anybody asked which sites are scanned")
  func brief() async throws {
    let folder = try TestFolder()
    let (hub, wire) = try await start(folder)
    let scanner = try await LeaseTests.connect(hub)
    let now = WallClock.system.now()
    let address = try #require(IPAddress("192.0.2.99"))
    try scanner.send(
      .scannerStatus(ScannerStatus(scanner: "scanner-1", boot: 1, time: now, started: now, addresses: [address])))
    _ = try await hub.client.call(API.startScans, ScanRequest())
    for lease in try await LeaseTests.lease(scanner, 8) {
      let outcome = ScanOutcome(
        job: lease.job.id, engine: "tls", site: lease.job.site, status: .completed, started: now, ended: now)
      try scanner.send(.leaseDone(.init(lease: lease.id, outcome: outcome)))
    }
    try await send([Self.line(source: "192.0.2.99", port: 41_000)], first: 1, wire)
    #expect(try await queue(hub, "rule:5").isEmpty)
    let connection = OwnConnection(
      lease: nil, engine: "tls", site: "tax.example.gov", transport: "TCP", local: address, localPort: 41_000,
      remote: try #require(IPAddress("192.168.0.7")), remotePort: 80, opened: now)
    let record = BatchRecord(kind: .connection, bytes: try RecordJSON.encode(connection))
    try scanner.send(.batch(RecordBatch(source: "scanner-1", boot: 1, first: 1, records: [record])))
    guard case .stored = try await scanner.receive() else { throw HubTests.Unexpected() }
    while try await queue(hub, "own:yes").isEmpty { try await Task.sleep(for: .milliseconds(50)) }
    #expect(try await queue(hub, "rule:5 place:shown").isEmpty)
    await hub.end()
  }

  @Test("Our own scans are known by lease and five-tuple; an attacker who shares the scanner's address is shown")
  func own() async throws {
    let folder = try TestFolder()
    let (hub, wire) = try await start(folder)
    let scanner = try await LeaseTests.connect(hub)
    _ = try await hub.client.call(API.startScans, ScanRequest())
    let leases = try await LeaseTests.lease(scanner, 8)
    let held = try #require(leases.first { $0.job.site == "tax.example.gov" })
    let now = WallClock.system.now()
    let address = try #require(IPAddress("192.0.2.99"))
    try scanner.send(
      .scannerStatus(ScannerStatus(scanner: "scanner-1", boot: 1, time: now, started: now, addresses: [address])))
    let connection = OwnConnection(
      lease: held.id, engine: "tls", site: held.job.site, transport: "TCP", local: address, localPort: 41_000,
      remote: try #require(IPAddress("192.168.0.7")), remotePort: 80, opened: now)
    func tell(_ connection: OwnConnection, first: UInt64) async throws {
      let record = BatchRecord(kind: .connection, bytes: try RecordJSON.encode(connection))
      try scanner.send(.batch(RecordBatch(source: "scanner-1", boot: 1, first: first, records: [record])))
      guard case .stored = try await scanner.receive() else { throw HubTests.Unexpected() }
    }
    try await tell(connection, first: 1)
    try await send(
      [
        Self.line(source: "192.0.2.99", port: 41_000), Self.line(source: "192.0.2.99", port: 41_001),
        Self.line(source: "192.0.2.99", port: 41_002), Self.line(source: "198.51.100.9"),
      ], first: 1, wire)
    #expect(try await queue(hub, "own:yes").map(\.count) == [1])
    #expect(try await queue(hub).map(\.count) == [1], "those of the scanner's address wait for its word")
    var late = connection
    late.localPort = 41_002
    try await tell(late, first: 2)
    while try await queue(hub).map(\.count) != [2] { try await Task.sleep(for: .milliseconds(100)) }
    #expect(try await queue(hub, "own:yes").map(\.count) == [2])
    let overview = try await hub.client.call(API.overview)
    #expect(overview.queue.new == 1)
    await hub.end()
  }

  @Test("A row's outcome is judged with its reason, corrected by a person, and a campaign is one row of the list")
  func judgedAndGathered() async throws {
    let folder = try TestFolder()
    let (hub, wire) = try await start(folder)
    try await send(
      (1...8).map { Self.line(host: "h\($0).example.org", sid: 9, destination: "192.0.2.\($0)") }, first: 1, wire)
    let rows = try await queue(hub)
    let campaign = try #require(rows.first)
    #expect(rows.count == 1 && campaign.count == 8 && campaign.gathering?.members == 8)
    #expect(try await queue(hub, "under:\(campaign.id)").count == 8)
    #expect(try await queue(hub, "subject:192.0.2.3*").map(\.parent) == [campaign.id])
    let member = try #require(try await queue(hub, "under:\(campaign.id)").first)
    let detail = try await hub.client.call(API.queueRow, id: String(member.id))
    #expect(detail.group?.judgements.first?.rule == .answered)
    let act = ActRequest(ids: [member.id], act: .judge, outcome: .succeeded, reason: "the page is changed")
    let judged = try await hub.client.call(API.act, act)
    #expect(judged.done.map(\.row.outcome) == [.succeeded] && judged.done.map(\.row.place) == [.shown])
    #expect(try await queue(hub).map(\.count).sorted() == [1, 7])
    let closing = ActRequest(ids: [campaign.id], act: .close, verdict: .benign)
    _ = try await hub.client.call(API.act, closing)
    #expect(try await queue(hub).map(\.id) == [member.id])
    await hub.end()
  }

  @Test("The stream counts up the row that gathers others; those under it only for one who asks for them")
  func countedMembers() async throws {
    let folder = try TestFolder()
    let (hub, wire) = try await start(folder)
    func round(_ number: UInt64) async throws {
      let lines = (1...8).map { Self.line(host: "h\($0).example.org", sid: 9, destination: "192.0.2.\($0)") }
      try await send(lines, first: 8 * number + 1, wire)
    }
    try await round(0)
    let campaign = try #require(try await queue(hub).first)
    let members = try await queue(hub, "under:\(campaign.id)").map(\.id)
    func counted(_ filter: String, during number: UInt64) async throws -> Set<Int64> {
      var (ids, alerts, isSent): (Set<Int64>, UInt64, Bool) = ([], 0, false)
      for try await item in hub.client.stream(StreamRequest(since: "a0.r0", filter: filter)) {
        // It listens: what it says first was there before.
        if !isSent { try await round(number) }
        isSent = true
        if item.change == .counted, let row = item.row { ids.insert(row.id) }
        if item.kind == .alert { alerts += 1 }
        if alerts == 8 * (number + 1) { break }
      }
      return ids
    }
    #expect(members.count == 8)
    #expect(try await counted("", during: 1) == [campaign.id])
    #expect(try await counted("under:\(campaign.id)", during: 2) == Set(members))
    await hub.end()
  }
}
