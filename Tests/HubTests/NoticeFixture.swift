import ControlAPI
import Foundation
import Logging
import Records
import Reports
import Scheduling
import Seam
import Services
import Store
import TestSupport
import Wire

@testable import Hub

extension FastClock {
  convenience init(_ text: String) { self.init(Timestamp(text: text) ?? Timestamp(seconds: 1_772_000_000)) }
  var wall: WallClock { WallClock { self.now } }
}

/// The hub's state over a real store, without its sockets: whoever is a scanner takes its leases and ingests by the
/// same doors.
struct NoticeHub {
  let core: HubCore
  let store: Store
  let clock: FastClock
  let folder: TestFolder

  static let city = """
    organisations:
      - {id: province, name: {en: Province, zh: 省}, contacts: [{name: Chen, email: chen@province.example, rank: primary}]}
      - {id: city, name: {en: City, zh: 市}, parent: province, contacts: [{name: Zhao, email: zhao@city.example, rank: primary}]}
      - {id: district, name: {en: District, zh: 区}, parent: city, contacts: [{name: Qian, email: qian@district.example, rank: primary}]}
      - {id: tax, name: {en: Tax Bureau, zh: 税务局}, parent: district, contacts: [{name: Li, email: li@tax.example, rank: primary}, {name: Sun, email: sun@tax.example, rank: backup}]}
      - {id: water, name: {en: Water, zh: 水务局}, parent: district}
    authorisations:
      - {id: a1, granted_by: city, document: "no. 7", hosts: ["*.example.gov"], from: 2020-01-01, until: 2099-01-01, up_to: probe}
    sites:
      - {id: tax, url: "https://tax.example.gov/", organisation: tax}
      - {id: duty, url: "https://duty.example.gov/", organisation: tax}
      - {id: water, url: "https://water.example.gov/", organisation: water}
    """

  init(
    _ folder: TestFolder, _ clock: FastClock, beforeWrite: @escaping @Sendable () throws -> Void = {},
    change: (inout Configuration) -> Void = { _ in }
  ) async throws {
    var configuration = Configuration()
    configuration.data = DataFolder(path: folder.path + "/data")
    configuration.city = "Test"
    configuration.scan.engines = ["tls"]
    configuration.notices.page = "https://notices.example"
    change(&configuration)
    try configuration.data.make()
    self.clock = clock
    self.folder = folder
    store = try Store(folder: configuration.data.path, rules: .standard, beforeWrite: beforeWrite)
    core = try HubCore(
      configuration: configuration, store: store, engines: [],
      tree: try IndicatorReader.read(folder: Checkout.folder + "/Rules/posture"),
      guide: try GradingGuideReader.read(path: Checkout.folder + "/Rules/grading/incidents.yaml"), content: nil,
      notices: try NoticeRulesReader.read(folder: Checkout.folder + "/Rules/notices"), clock: clock.wall,
      logger: Logger(label: "test"))
    if try store.inventory().sites.isEmpty {
      _ = try await core.importSites(
        .init(form: .yaml, name: "i.yaml", text: NoticeHub.city, dryRun: false), by: NoticeHub.lead)
    }
  }

  static let lead = Actor(name: "wang", origin: "test")
  static let analyst = Actor(name: "zhou", origin: "test")

  /// What the engine saw, without a job.
  func see(
    _ answer: Observation.Answer, site: String = "tax", check: String = "tls.version.ssl3", severity: Severity = .high,
    evidence: String = "planted-evidence"
  ) async throws {
    try await ingest([(.observation, try RecordJSON.encode(observation(answer, site, check, severity, evidence)))])
  }

  private func observation(
    _ answer: Observation.Answer, _ site: String, _ check: String, _ severity: Severity, _ evidence: String
  ) -> Observation {
    Observation(
      time: clock.now, engine: "tls", check: check, title: BilingualText(en: "planted-title", zh: "埋设标题"),
      severity: severity, site: site, target: Target(scheme: "https", host: "\(site).example.gov", port: 443),
      path: "/planted-path", answer: answer, evidence: evidence, confidence: 100)
  }

  private func ingest(_ records: [(RecordKind, [UInt8])]) async throws {
    let batch = RecordBatch(
      source: "scanner-\(UInt64.random(in: 0 ... .max))", boot: 1, first: 1,
      records: records.map { BatchRecord(kind: $0.0, bytes: $0.1) })
    // A scanner sends again what the hub could not take.
    do { _ = try await core.store(batch) } catch is StoreError { _ = try await core.store(batch) }
  }

  /// A scanner takes the due jobs on the site; each sees what is said, and ends so. Nil: no job was due.
  @discardableResult func scan(
    _ answer: Observation.Answer, site: String = "tax", check: String = "tls.version.ssl3",
    source: ScanOutcome.Source = .vigil, status: ScanOutcome.Status = .completed
  ) async throws -> Int {
    clock.advance(1)
    let jobs = await core.leases(clock.now)
    for lease in jobs {
      clock.advance(2)
      let outcome = ScanOutcome(
        job: lease.job.id, engine: lease.job.engine, site: lease.job.site, status: status,
        reason: status == .failed ? "blocked by a WAF: Test" : "", source: source,
        started: clock.now.advanced(seconds: -1), ended: clock.now)
      var records: [(RecordKind, [UInt8])] = []
      if lease.job.site == site, status != .failed {
        records.append(
          (.observation, try RecordJSON.encode(observation(answer, site, check, .high, "planted-evidence"))))
      }
      records.append((.outcome, try RecordJSON.encode(outcome)))
      try await ingest(records)
      await core.done(lease, outcome, clock.now)
    }
    return jobs.count { $0.job.site == site }
  }

  /// Everything that went out, in order.
  func dispatches() throws -> [Dispatch] {
    try store.outbox(limit: 10_000).reversed().filter { $0.channel == Dispatch.channel }
      .map { try RecordJSON.decode(Dispatch.self, from: $0.body) }
  }

  func secret(_ dispatch: Dispatch?) -> String { dispatch?.link?.split(separator: "/").last.map(String.init) ?? "" }

  func days(_ count: Double) async {
    clock.advance(count * 86_400)
    await core.tick()
  }
}

extension HubCore {
  func leases(_ now: Timestamp) -> [Lease] {
    scheduler.tick(now: now)
    return scheduler.lease(holder: "scanner-1", engines: ["tls"], limit: 100, now: now)
  }
  func done(_ lease: Lease, _ outcome: ScanOutcome, _ now: Timestamp) {
    _ = scheduler.completed(lease: lease.id, outcome: outcome, now: now)
  }
}
