import ControlAPI
import Records
import Seam
import Testing
import Wire

@testable import Hub

/// Leases over the seam: given, renewed, and known again by a hub that was away.
@Suite(.serialized, .timeLimit(.minutes(2))) struct LeaseTests {
  static let inventory = """
    authorisations:
      - {id: a1, granted_by: city, document: "no. 7", hosts: ["*.example.gov"], from: 2020-01-01, until: 2099-01-01, up_to: probe}
    sites:
      - {url: "https://tax.example.gov", engines: [tls]}
      - {url: "https://water.example.gov", engines: [tls]}
    """

  static func lease(_ wire: SeamWire, _ capacity: Int) async throws -> [Lease] {
    try wire.send(.leaseRequest(.init(holder: "scanner-1", capacity: capacity)))
    guard case .leaseGrant(let leases) = try await wire.receive() else { throw HubTests.Unexpected() }
    return leases
  }

  static func connect(_ hub: RunningHub) async throws -> SeamWire {
    let wire = try SeamWire(hub.configuration.data.ingestSocket, role: .scanner, source: "scanner-1")
    guard case .welcome = try await wire.receive() else { throw HubTests.Unexpected() }
    return wire
  }

  @Test(
    "a hub that comes back knows who holds what: the host stays held, the end counts, an unknown lease is taken back")
  func restart() async throws {
    let folder = try TestFolder()
    var hub = try await RunningHub(folder)
    _ = try await hub.client.call(
      API.importSites, ImportRequest(form: .yaml, name: "s.yaml", text: Self.inventory, dryRun: false))
    _ = try await hub.client.call(API.startScans, ScanRequest(sites: ["tax.example.gov"]))
    var wire = try await Self.connect(hub)
    let held = try #require(try await Self.lease(wire, 1).first)
    #expect(held.job.site == "tax.example.gov")
    #expect(try await hub.client.call(API.scans).jobs.map(\.site) == ["tax.example.gov"])
    await hub.end()

    hub = try await RunningHub(folder)
    wire = try await Self.connect(hub)
    _ = try await hub.client.call(API.startScans, ScanRequest())
    let others = try await Self.lease(wire, 8)
    #expect(others.map(\.job.site) == ["water.example.gov"])
    #expect(others.allSatisfy { $0.id > held.id })
    try wire.send(.leaseRenew([held.id, 7]))
    guard case .leaseRevoked(let lost) = try await wire.receive() else { throw HubTests.Unexpected() }
    #expect(lost == [7])
    let now = WallClock.system.now()
    let outcome = ScanOutcome(
      job: held.job.id, engine: "tls", site: "tax.example.gov", status: .completed, started: now, ended: now)
    try wire.send(.leaseDone(.init(lease: held.id, outcome: outcome)))
    // The wish came while the job was out: its host, free now, is asked once more.
    let again = try await Self.lease(wire, 8)
    #expect(again.map(\.job.site) == ["tax.example.gov"] && again.allSatisfy { $0.id > held.id })
    let scans = try await hub.client.call(API.scans)
    #expect(Set(scans.jobs.map(\.site)) == ["water.example.gov", "tax.example.gov"])
    #expect(scans.classes.map(\.name) == ["availability", "watch", "pages", "risk"])
    #expect(scans.classes.last?.jobs == 2 && scans.classes.last?.running == 2)
    await hub.end()
  }

  @Test("a scanner that comes back and knows of no lease gets the jobs that it had, without waiting for their end")
  func forgotten() async throws {
    let folder = try TestFolder()
    let hub = try await RunningHub(folder)
    _ = try await hub.client.call(
      API.importSites, ImportRequest(form: .yaml, name: "s.yaml", text: Self.inventory, dryRun: false))
    _ = try await hub.client.call(API.startScans, ScanRequest())
    var wire = try await Self.connect(hub)
    let held = try await Self.lease(wire, 8)
    #expect(held.count == 2)
    wire = try await Self.connect(hub)
    #expect(try await Self.lease(wire, 8).isEmpty, "before its first word nothing is given twice")
    // It knows of one: the other went down with the connection.
    try wire.send(.leaseRenew([held[0].id]))
    let again = try await Self.lease(wire, 8)
    #expect(again.map(\.job.site) == [held[1].job.site] && again.allSatisfy { $0.job.attempt == 1 })
    // Its later words are no such word: what was given since stays.
    try wire.send(.leaseRenew([]))
    #expect(try await Self.lease(wire, 8).isEmpty)
    await hub.end()
  }

  @Test("a guard period is refused with a reason where it is none")
  func guards() async throws {
    let folder = try TestFolder()
    let hub = try await RunningHub(folder)
    let (from, until) = (Timestamp(seconds: 1_800_000_000), Timestamp(seconds: 1_800_086_400))
    let wrong: [(GuardPeriod, String)] = [
      (GuardPeriod(id: "", name: "", from: from, until: until), "a guard period needs an id of 1 to 64 bytes"),
      (GuardPeriod(id: "g", name: "", from: until, until: from), "the guard period g ends before it begins"),
      (GuardPeriod(id: "g", name: "", from: from, until: until, cadenceFactor: 0), "the cadence factor 0.0 is outside"),
      (GuardPeriod(id: "g", name: "", from: from, until: until, sites: ["x"]), "there is no site x"),
      (GuardPeriod(id: "g", name: "", from: from, until: until, frozenEngines: ["no"]), "no engine is called no"),
    ]
    for (period, sentence) in wrong {
      await #expect { try await hub.client.call(API.setGuard, GuardRequest(period: period)) } throws: {
        "\($0)".hasPrefix(sentence)
      }
    }
    _ = try await hub.client.call(
      API.setGuard, GuardRequest(period: GuardPeriod(id: "g", name: "n", from: from, until: until)))
    await hub.end()
    let again = try await RunningHub(folder)
    #expect(try await again.client.call(API.guards).items.map(\.id) == ["g"])
    let acts = try await again.client.call(API.audit, ListRequest()).items.map(\.act)
    #expect(acts.contains("set guard period") && acts.contains("set cadence"))
    await again.end()
  }
}
