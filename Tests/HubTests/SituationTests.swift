import ControlAPI
import Foundation
import Records
import Seam
import Services
import Store
import Testing
import Wire

@testable import Hub

struct SituationOfHubTests {
  let folder: TestFolder
  init() throws { folder = try TestFolder() }

  private static let names = (1...7).map { "s\($0)" }
  private static let inventory =
    """
    organisations:
      - {id: city, name: {en: City, zh: 市}}
      - {id: tax, name: {en: Tax Bureau, zh: 税务局}, parent: city}
    sites:

    """
    + names.map { name in
      let organisation = name == "s1" ? "tax" : "city"
      let weight = name == "s2" ? "critical" : "ordinary"
      return
        "  - {id: \(name), url: \"http://\(name).example.gov/\", organisation: \(organisation), criticality: \(weight)}\n"
    }.joined()

  private func store(_ records: [BatchRecord], _ role: SeamMessage.Role, _ source: String, _ hub: RunningHub)
    async throws
  {
    let wire = try SeamWire(hub.configuration.data.ingestSocket, role: role, source: source)
    try wire.send(.batch(RecordBatch(source: source, boot: 1, first: 1, records: records)))
    while let message = try await wire.receive() { if case .stored = message { return } }
    Issue.record("the batch of \(source) was not stored")
  }

  private func finding(_ check: String, _ site: String, _ answer: Observation.Answer = .yes) throws -> BatchRecord {
    let observation = Observation(
      time: WallClock.system.now(), engine: "http", check: check, title: BilingualText(check), severity: .high,
      site: site, target: Target(scheme: "http", host: "\(site).example.gov", port: 80), answer: answer)
    return BatchRecord(kind: .observation, bytes: try RecordJSON.encode(observation))
  }

  private func tested(_ sites: [String]) throws -> [BatchRecord] {
    try sites.map { site in
      let word = EngineCoverage([
        CoverageEntry(site: site, engine: "http", status: .tested, time: WallClock.system.now())
      ])
      return BatchRecord(kind: .coverage, bytes: try RecordJSON.encode(try #require(word)))
    }
  }

  private func attacks(sid: Int = 9_000_220, _ sites: [String]) -> [BatchRecord] {
    sites.map { BatchRecord(kind: .alert, bytes: Lines.alert(sid: sid, host: "\($0).example.gov", severity: 2)) }
  }

  private func hub() async throws -> RunningHub {
    let hub = try await RunningHub(folder) { $0.scan.engines = ["http", "tls"] }
    _ = try await hub.client.call(
      API.importSites, ImportRequest(form: .yaml, name: "i.yaml", text: Self.inventory, dryRun: false))
    return hub
  }

  @Test(
    "The city's situation: risks with their product, sources, targets, coverage, a campaign; of a part only its own")
  func city() async throws {
    let hub = try await hub()
    try await store(
      [try finding("http.exposed.git", "s1"), try finding("http.exposed.git", "s2")] + tested(["s1", "s2"]), .scanner,
      "scanner-1", hub)
    try await store(attacks(Self.names) + attacks(["s1"]), .sensor, "sensor-1", hub)
    let report = try await hub.client.call(API.situation, SituationRequest())
    #expect(report.posture.sites == 7 && report.posture.tested == 2)
    let risks = report.risks
    #expect(risks.map(\.site) == ["s2", "s1"])
    #expect(risks.map(\.attacks) == [1, 2] && risks[0].outcome == .succeeded)
    #expect(risks.map(\.score) == [320, 80])
    #expect(risks[0].explanation.en == "high (20) x criticality (4) x 1 alerts on it, succeeded (4.0) = 320")
    #expect(report.sources?.entries == [Facet.Entry(value: "198.51.100.9", count: 8)] && report.sources?.short == 0)
    #expect(report.targets.entries.first == Facet.Entry(value: "s1", count: 2) && report.targets.total == 8)
    let http = try #require(report.coverage.first { $0.engine == "http" })
    #expect(http.sites == 7 && http.never + http.fresh + http.stale == 7 && !http.reasons.isEmpty)
    #expect(Set(report.early.map(\.kind)) == [.source, .technique, .weakness])
    #expect(report.early.filter { $0.kind != .weakness }.allSatisfy { $0.seenSites == 7 && $0.isComplete })

    let glance = try #require(try await hub.client.call(API.overview, Nothing()).situation)
    #expect(
      glance.sources.entries == report.sources?.entries && glance.earlyCount == report.early.count
        && !glance.early.isEmpty)

    let tax = try await hub.client.call(API.organisationSituation, id: "tax", SituationRequest())
    #expect(tax.risks.map(\.site) == ["s1"] && tax.sources == nil)
    #expect(tax.targets.entries == [Facet.Entry(value: "s1", count: 2)] && tax.targets.total == nil)
    #expect(tax.posture.sites == 1 && tax.title.zh == "税务局")
    let site = try await hub.client.call(API.siteSituation, id: "s3", SituationRequest())
    #expect(site.risks.isEmpty && site.targets.entries == [Facet.Entry(value: "s3", count: 1)])
    await #expect(throws: APIProblem.self) {
      try await hub.client.call(API.siteSituation, id: "nowhere", SituationRequest())
    }
    await #expect(throws: APIProblem.self) {
      try await hub.client.call(API.situation, SituationRequest(hours: 169))
    }
    await hub.end()
  }

  @Test("What changed is told from the caller's own last look on, which only a look moves; what nobody saw is told too")
  func changes() async throws {
    let hub = try await hub()
    let client = hub.client
    try await store(
      [try finding("http.exposed.git", "s1"), try finding("http.exposed.env", "s2")] + tested(["s1", "s2"]), .scanner,
      "scanner-1", hub)
    try await store(attacks(sid: 11, ["s1", "s2"]), .sensor, "sensor-1", hub)
    let first = try await client.call(API.changes, ChangesRequest())
    #expect(!first.isSinceLook && first.made.total == 2 && first.findings.counts.new == 2)
    #expect(first.notLooked.never == 5 && first.notLooked.logBegins != nil)
    #expect(try await client.call(API.look, Nothing()).before == nil)

    var now = try await client.call(API.changes, ChangesRequest())
    #expect(now.isSinceLook && now.made.total == 0 && now.scores.isEmpty && now.findings.counts.new == 0)
    #expect(now.notLooked.sites == 7 && now.notLooked.findings == 2)

    let down = Observation(
      time: WallClock.system.now(), engine: "availability", check: "availability.down", title: BilingualText("down"),
      severity: .high, site: "s3", target: Target(scheme: "http", host: "s3.example.gov", port: 80), answer: .yes)
    try await store(
      [
        try finding("http.exposed.git", "s1", .no), try finding("http.exposed.git", "s4"),
        BatchRecord(kind: .observation, bytes: try RecordJSON.encode(down)),
      ] + tested(["s1", "s4"]), .scanner, "scanner-2", hub)
    try await store(attacks(sid: 12, ["s1"]), .sensor, "sensor-2", hub)
    let row = try #require(try await client.call(API.queue, ListRequest(filter: "rule:1:11 site:s2")).items.first)
    _ = try await client.call(API.act, ActRequest(ids: [row.id], act: .close, verdict: .benign))
    let incident = try await client.call(API.openIncident, IncidentOpening(title: "case", sites: ["s1"]))

    // Asking does not move the mark.
    for _ in 0..<2 {
      now = try await client.call(API.changes, ChangesRequest())
      #expect(now.made.rows.map(\.check) == ["1:12"] && now.made.total == 1)
      #expect(now.closed.rows.map(\.id) == [row.id])
      #expect(now.findings.counts.gone == 1 && now.findings.counts.new == 2 && now.findings.counts.notCovered == 1)
      #expect(now.down == ["s3"] && now.up.isEmpty)
      #expect(now.scores.contains { $0.site == "s1" && $0.before == 80 && $0.after == 100 })
      #expect(now.scores.contains { $0.site == "s4" && $0.before == nil && $0.after == 80 })
      #expect(now.incidents.map(\.incident) == [incident.item.id])
      #expect(now.notLooked.findings == 1 && now.notLooked.never == 4)
    }
    let site = try await client.call(API.changes, ChangesRequest(scope: "site/s1"))
    #expect(site.made.total == 1 && site.closed.total == 0 && site.findings.counts.new == 0 && site.score.after == 100)
    let other = try await client.call(API.changes, ChangesRequest(scope: "site/s2"))
    #expect(other.made.total == 0 && other.closed.total == 1 && other.incidents.isEmpty)
    _ = try await client.call(API.look, Nothing())
    #expect(try await client.call(API.changes, ChangesRequest()).closed.total == 0)
    #expect(try await client.call(API.changes, ChangesRequest(since: "1h")).closed.total == 1)
    await #expect(throws: APIProblem.self) { try await client.call(API.changes, ChangesRequest(since: "soon")) }
    await hub.end()
  }

  /// An alert on the finding that is judged as having succeeded.
  private func exploit(_ finding: Int64, at site: String, _ path: String) throws {
    let rules = QueueRules(
      absorbAlert: { alert, owner, group, now in
        var group = AlertFold.absorb(alert, owner, group, now)
        group.row.outcome = .succeeded
        return group
      }, absorbObservation: FindingFold.absorb, apply: TriageMachine.apply, elapse: TriageMachine.elapse,
      gather: GatherMachine(), follow: FollowUpMachine())
    let store = try Store(folder: path, rules: rules)
    let policy = IngestPolicy(
      ownerOfAlert: { SiteAttribution(site: site, subject: site, weakness: finding, remote: $0.source) },
      ownerOfObservation: { _ in SiteAttribution(site: nil, subject: "-") })
    let batch = Lines.batch([Lines.alert(host: "\(site).example.gov")], source: "sensor-9")
    _ = try store.ingest(batch, policy: policy, now: WallClock.system.now())
    store.close()
  }

  @Test("A weakness exploited at one site warns every other site that has it, and no site that has another")
  func exploited() async throws {
    var hub = try await hub()
    try await store(
      [
        try finding("http.exposed.git", "s1"), try finding("http.exposed.git", "s2"),
        try finding("http.exposed.git", "s4"), try finding("http.exposed.env", "s3"),
      ], .scanner, "scanner-1", hub)
    #expect(try await hub.client.call(API.earlyWarnings, SituationRequest()).items.isEmpty)
    let rows = try await hub.client.call(API.findings, ListRequest(filter: "check:http.exposed.git")).items
    let exploited = try #require(rows.first { $0.finding.row.site == "s1" })
    await hub.end()
    try exploit(exploited.id, at: "s1", hub.configuration.data.path)
    hub = try await RunningHub(folder)
    let warning = try #require(try await hub.client.call(API.earlyWarnings, SituationRequest()).items.first)
    #expect(warning.id == "weakness/http.exposed.git" && warning.seenAt == ["s1"])
    #expect(warning.exposed.map(\.site) == ["s2", "s4"])
    #expect(Set(warning.exposed.map(\.finding)) == Set(rows.map(\.id)).subtracting([exploited.id]))
    #expect(try await hub.client.call(API.changes, ChangesRequest()).early.map(\.id) == [warning.id])
    let site = try await hub.client.call(API.siteSituation, id: "s3", SituationRequest())
    #expect(site.early.isEmpty)
    await hub.end()
  }

  @Test("What sensors tell once a minute adds up to shares: encrypted, one-sided, no site's, and what nobody can say")
  func blindness() async throws {
    let hub = try await hub()
    let wire = try SeamWire(hub.configuration.data.ingestSocket, role: .sensor, source: "sensor-1")
    _ = try await wire.receive()
    func tell(_ bytes: UInt64, ends: [TrafficEnds.End]?, rest: UInt64 = 0) throws {
      let now = WallClock.system.now()
      var status = SensorStatus(sensor: "sensor-1", boot: 1, time: now, started: now, interface: "eth0")
      var sight = TrafficSight()
      (sight.flows, sight.bytes, sight.encryptedBytes, sight.oneSidedBytes) = (
        bytes / 100, bytes, bytes / 2, bytes / 10
      )
      status.sight = sight
      status.ends = ends.map { TrafficEnds(from: now, until: now, ends: $0, restBytes: rest) }
      try wire.send(.sensorStatus(status))
    }
    func end(_ name: String?, _ bytes: UInt64) -> TrafficEnds.End {
      TrafficEnds.End(name: name, address: IPAddress(v4: 0xc633_6401), port: 80, bytes: bytes)
    }
    try tell(1000, ends: [end("s1.example.gov", 500), end("elsewhere.example", 300)], rest: 200)
    try tell(1500, ends: nil)
    try tell(2000, ends: [end("S2.example.gov:80", 900), end(nil, 100)])
    // A counter that fell is not believed.
    try tell(100, ends: [])
    let interval = BlindInterval(
      sensor: "sensor-1", from: WallClock.system.now().advanced(seconds: -30), until: WallClock.system.now(),
      reason: "the sensor died")
    try wire.send(
      .batch(
        RecordBatch(
          source: "sensor-1", boot: 1, first: 1,
          records: [BatchRecord(kind: .blindness, bytes: try RecordJSON.encode(interval))])))
    while let message = try await wire.receive() { if case .stored = message { break } }
    let blindness = try await hub.client.call(API.situation, SituationRequest()).blindness
    let sensor = try #require(blindness.sensors.first { $0.sensor == "sensor-1" })
    #expect(sensor.state == .seeing && sensor.shares == blindness.all)
    #expect(sensor.shares.bytes == 2000 && sensor.shares.encrypted == 50 && sensor.shares.oneSided == 10)
    #expect(sensor.shares.unattributed == 20 && sensor.shares.notDetermined == 10)
    #expect(blindness.intervals == [interval])
    await hub.end()
  }
}
