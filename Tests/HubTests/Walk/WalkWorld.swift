import ControlAPI
import Foundation
import Records
import Seam
import Testing
import Wire

@testable import Hub

/// A hub with two organisations that must not see each other, everything there is of both, and people of every role.
/// Every text of the other one has the word `meridian` in it, and none of ours has.
final class WalkWorld: Sendable {
  static let foreignMark = "meridian"
  /// Of an alert that belongs to no site: those who see all see it.
  static let nobodysMark = "nowhere.example"
  static let ownSite = "tax.boreal.example"
  static let foreignSite = "shop.meridian.example"

  let hub: RunningHub
  let backup: String
  let ownRow: Int64
  let foreignRow: Int64
  let nobodysRow: Int64
  let ownProposal: String
  let foreignProposal: String
  let foreignToken: String
  let services: WalkServices
  let walkers: [Walker]

  /// Somebody who asks: nil of `role` is nobody.
  struct Walker: Sendable {
    let name: String
    let secret: String?
    let role: PersonRole?
    let isScoped: Bool
  }

  private static let inventory = """
    organisations:
      - {id: boreal, name: {en: Boreal, zh: 北}, contacts: [{name: Bo, email: bo@boreal.example, rank: primary}]}
      - {id: boreal-east, name: {en: East, zh: 东}, parent: boreal}
      - {id: meridian, name: {en: meridian, zh: meridian}, contacts: [{name: meridian desk, phone: "1", email: desk@meridian.example, rank: primary}]}
    platforms:
      - {id: cloud-a, name: A, owner: boreal, networks: ["192.0.2.0/24"]}
      - {id: cloud-b, name: meridian hosting, owner: meridian, networks: ["198.51.100.0/24"]}
    authorisations:
      - {id: both, granted_by: office, document: letter, hosts: ["*.meridian.example", "*.boreal.example"],
         from: 2026-01-01, until: UNTIL, up_to: intrusive}
      - {id: for meridian, granted_by: meridian, document: letter, hosts: ["shop.meridian.example"],
         from: 2026-01-01, until: UNTIL, up_to: intrusive}
    sites:
      - {url: "https://tax.boreal.example/", organisation: boreal-east}
      - {url: "https://hosted.boreal.example/", organisation: boreal, platform: cloud-b}
      - {url: "https://home.boreal.example/", organisation: boreal, platform: cloud-a}
      - {url: "https://shop.meridian.example/", organisation: meridian}
      - {url: "https://shop.meridian.example:8443/", organisation: meridian}
      - {url: "https://hosted.meridian.example/", organisation: meridian, platform: cloud-b}
      - {url: "https://one.meridian.example/", organisation: meridian}
      - {url: "https://two.meridian.example/", organisation: meridian}
      - {url: "https://moving.meridian.example/", organisation: boreal}
    """
  private static let sites = [
    ownSite, "hosted.boreal.example", "home.boreal.example", foreignSite, "hosted.meridian.example",
  ]

  init(_ folder: TestFolder, change: (inout Configuration) -> Void = { _ in }) async throws {
    let hub = try await RunningHub(folder) { configuration in
      configuration.api.requestsPerSecond = 10_000
      configuration.api.burst = 100_000
      change(&configuration)
    }
    self.hub = hub
    try await WalkWorld.plant(hub)
    let rows = try await hub.client.call(API.queue, ListRequest(limit: 1000)).items.map(\.row)
    ownRow = try #require(rows.first { $0.site == WalkWorld.ownSite && $0.wing == .sensor }).id
    foreignRow = try #require(rows.first { $0.site == WalkWorld.foreignSite && $0.wing == .sensor }).id
    nobodysRow = try #require(rows.first { $0.site == nil && $0.platform == nil }).id
    try #require(rows.contains { $0.platform == "cloud-b" } && rows.contains { $0.platform == "cloud-a" })
    let proposals = try await hub.client.call(API.proposals, ProposalsRequest()).items
    ownProposal = try #require(proposals.first { $0.site == WalkWorld.ownSite }).id
    foreignProposal = try #require(proposals.first { $0.site == WalkWorld.foreignSite }).id
    try await WalkWorld.act(hub, on: foreignRow)
    services = try await WalkServices(hub, own: ownRow, foreign: foreignRow)
    var walkers: [Walker] = []
    for role in PersonRole.allCases {
      walkers.append(try await WalkWorld.walker(hub, role, []))
      if role != .administrator { walkers.append(try await WalkWorld.walker(hub, role, ["boreal"])) }
    }
    let gone = try await WalkWorld.token(hub, Person(id: "gone", name: BilingualText("gone"), role: .administrator))
    _ = try await hub.client.call(API.revokeToken, TokenEnd(id: gone.token.id))
    walkers.append(Walker(name: "a revoked token", secret: gone.secret, role: nil, isScoped: false))
    let wrong = String(gone.secret.dropLast()) + (gone.secret.hasSuffix("0") ? "1" : "0")
    walkers.append(Walker(name: "a wrong token", secret: wrong, role: nil, isScoped: false))
    self.walkers = walkers
    foreignToken = try await WalkWorld.token(hub, Person(id: "of-meridian", name: BilingualText("x"), role: .viewer))
      .token.id
    backup = folder.path + "/walk.sqlite"
    _ = try await hub.client.call(API.backup, BackupRequest(path: backup))
  }

  // MARK: planting

  private static func plant(_ hub: RunningHub) async throws {
    let until = WallClock.system.now().advanced(seconds: 10 * 86_400).secondText.prefix(10)
    let text = inventory.replacing("UNTIL", with: until)
    let imported = try await hub.client.call(
      API.importSites, ImportRequest(form: .yaml, name: "i.yaml", text: text, dryRun: false))
    try #require(imported.problems.isEmpty)
    let alerts = sites.map { Lines.alert(host: $0, critical: true) } + [Lines.alert(sid: 7, host: nobodysMark)]
    try await store(alerts.map { BatchRecord(kind: .alert, bytes: $0) }, in: hub, .sensor, "sensor-1") { wire in
      // To whose ends the traffic went.
      let now = WallClock.system.now()
      var status = SensorStatus(sensor: "sensor-1", boot: 1, time: now, started: now, interface: "eth0")
      let end = TrafficEnds.End(name: foreignSite, address: IPAddress(v4: 0xc633_6401), port: 443, bytes: 7)
      status.ends = TrafficEnds(from: now, until: now, ends: [end], restBytes: 0)
      try wire.send(.sensorStatus(status))
    }
    var records: [BatchRecord] = []
    for site in sites {
      for check in ["tls.version.ssl3", "http.hsts.missing"] {
        records.append(BatchRecord(kind: .observation, bytes: try RecordJSON.encode(observation(check, site))))
      }
      let word = EngineCoverage([
        CoverageEntry(site: site, engine: "tls", status: .tested, time: WallClock.system.now())
      ])
      records.append(BatchRecord(kind: .coverage, bytes: try RecordJSON.encode(try #require(word))))
      let memory = EngineMemory(site: site, engine: "tls", time: WallClock.system.now(), body: "{}")
      records.append(BatchRecord(kind: .memory, bytes: try RecordJSON.encode(memory)))
      let sighting = Sighting(
        site: site, engine: "http", kind: .redirectHost, values: ["new." + site], time: WallClock.system.now())
      records.append(BatchRecord(kind: .sighting, bytes: try RecordJSON.encode(sighting)))
    }
    try await store(records, in: hub, .scanner, "scanner-1")
    for site in [ownSite, foreignSite] {
      let period = GuardPeriod(
        id: "for " + site, name: site, from: Timestamp(seconds: 1), until: Timestamp(seconds: 1 << 33), sites: [site],
        frozenEngines: ["tls"])
      _ = try await hub.client.call(API.setGuard, GuardRequest(period: period))
    }
    _ = try await hub.client.call(API.stopScans, ScanRequest(sites: [foreignSite]))
  }

  static func observation(_ check: String, _ site: String) -> Observation {
    Observation(
      time: WallClock.system.now().advanced(seconds: -60), engine: "tls", engineVersion: "7", check: check,
      title: BilingualText(check), severity: .high, site: site, target: Target(scheme: "https", host: site, port: 443),
      answer: .yes, evidence: "seen at \(site)", confidence: 80)
  }

  static func store(
    _ records: [BatchRecord], in hub: RunningHub, _ role: SeamMessage.Role, _ source: String,
    before: (SeamWire) throws -> Void = { _ in }
  ) async throws {
    let wire = try SeamWire(hub.configuration.data.ingestSocket, role: role, source: source)
    try before(wire)
    try wire.send(.batch(RecordBatch(source: source, boot: 1, first: 1, records: records)))
    while let message = try await wire.receive() {
      if case .stored(let mark) = message {
        try #require(mark.last == UInt64(records.count))
        return
      }
    }
    throw NotStored()
  }

  private struct NotStored: Error {}

  private static func act(_ hub: RunningHub, on row: Int64) async throws {
    let request = ActRequest(ids: [row], act: .comment, comment: "a word about meridian")
    try #require(try await hub.client.call(API.act, request).done.count == 1)
  }

  static func token(_ hub: RunningHub, _ person: Person) async throws -> TokenAnswer {
    _ = try await hub.client.call(API.putPerson, PersonRequest(person: person))
    return try await hub.client.call(
      API.addToken,
      TokenRequest(person: person.id, name: "walk", expires: WallClock.system.now().advanced(seconds: 3600)))
  }

  private static func walker(_ hub: RunningHub, _ role: PersonRole, _ organisations: [String]) async throws -> Walker {
    let id = "\(role.rawValue)-\(organisations.isEmpty ? "whole" : "boreal")"
    let person = Person(id: id, name: BilingualText(id), role: role, organisations: organisations)
    return Walker(
      name: id, secret: try await token(hub, person).secret, role: role, isScoped: !organisations.isEmpty)
  }

  // MARK: what must stay

  /// Everything of the other organisation that somebody could have changed.
  func foreignState() async throws -> [String] {
    let rows = try await hub.client.call(API.queue, ListRequest(filter: "open:true,false", limit: 1000)).items
      .filter { $0.row.organisation == "meridian" || $0.row.id == nobodysRow }
    let stops = try await hub.client.call(API.scans).stops.filter { $0.site.map { $0.contains("meridian") } ?? true }
    let proposals = try await hub.client.call(API.proposals, ProposalsRequest()).items
      .filter { $0.site.contains("meridian") }
    let guards = try await hub.client.call(API.guards).items.filter { $0.id.contains("meridian") }
    let sites = try await hub.client.call(API.sites, ListRequest(filter: "organisation:meridian")).items.map(\.site)
    let audit = try await hub.client.call(API.audit, ListRequest(limit: 1000)).items
      .filter { $0.subject.contains("meridian") || $0.subject == "queue/\(foreignRow)" }.map(\.act)
    return try [
      RecordJSON.text(rows.map(\.row.triage)), RecordJSON.text(rows.map(\.row.comments)), RecordJSON.text(stops),
      RecordJSON.text(proposals.map(\.state)), RecordJSON.text(guards), RecordJSON.text(sites), RecordJSON.text(audit),
    ] + (try await services.foreignState(hub))
  }
}
