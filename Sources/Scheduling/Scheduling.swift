/// Scheduling decides what is scanned when, by whose permission and by which scanner. It opens no socket and reads
/// no clock: a time goes in with every call.
///
///     CSV or YAML -> InventoryImport -> Inventory -> Scheduler.replace
///     Scheduler.lease(holder, now) -> [Lease] -> (scanner) -> ScanOutcome, Observation -> Scheduler.completed, observed
///     Scheduler.tick(now) takes back what a dead scanner held; Scheduler.takeCoverage() is what the ledger must keep
///
/// No lease is given without a valid authorisation, none on a stopped site, never two on one host. What cannot be
/// scanned is said in the coverage, with its reason. It keeps nothing itself: `Scheduler.snapshot` goes to the store
/// and comes back after a restart. Called by Hub, and by `vigil sites` for import.
package import Records

/// Everything that is protected, and by whose permission it may be probed.
package struct Inventory: Sendable, Hashable, Codable {
  package var organisations: [Organisation]
  package var platforms: [Platform]
  package var sites: [Site]
  package var authorisations: [Authorisation]

  package init(
    organisations: [Organisation] = [], platforms: [Platform] = [], sites: [Site] = [],
    authorisations: [Authorisation] = []
  ) {
    self.organisations = organisations
    self.platforms = platforms
    self.sites = sites
    self.authorisations = authorisations
  }
}

/// What the scheduler knows of an engine; the engines themselves live in the scanner's process.
package struct EngineProfile: Sendable, Hashable, Codable {
  package var name: String
  package var schemes: [String]
  /// The class that its most curious routine check needs; a lower authorisation still gets a job of that class.
  package var probeClass: ProbeClass
  /// 0: the engine declares its own from the job's counts; the lease then lives by its holder's renewals.
  package var deadlineMilliseconds: Int
  package var cadence: CadenceClass
  /// Between its whole scans the engine looks at so many pages, at the cadence of the watch.
  package var lightPages: Int?
  /// What a job takes of its organisation's turn, 1 to `FairQueue.quantum`: about how long it holds its host.
  package var cost: Int
  /// Runs only on sites that name it: an external tool.
  package var isExternal: Bool

  package init(
    _ name: String, schemes: [String] = ["http", "https"], probeClass: ProbeClass, deadlineMilliseconds: Int = 0,
    cadence: CadenceClass, lightPages: Int? = nil, cost: Int = 1, isExternal: Bool = false
  ) {
    self.name = name
    self.schemes = schemes
    self.probeClass = probeClass
    self.deadlineMilliseconds = deadlineMilliseconds
    self.cadence = cadence
    self.lightPages = lightPages
    self.cost = min(max(cost, 1), FairQueue.quantum)
    self.isExternal = isExternal
  }

  /// Whether it is late when it is late by minutes.
  var isWatch: Bool { cadence == .availability || cadence == .watch || lightPages != nil }

  /// What scanners may bring besides their own engines; each says which it has in its requests for leases.
  package static let external = [
    external("sslscan", ["https"]), external("testssl", ["https"]), external("nmap"), external("nuclei"),
  ]

  /// A run is long: it takes a whole turn.
  private static func external(_ name: String, _ schemes: [String] = ["http", "https"]) -> EngineProfile {
    EngineProfile(
      name, schemes: schemes, probeClass: .intrusive, cadence: .risk, cost: FairQueue.quantum, isExternal: true)
  }
}

package struct SchedulingConfiguration: Sendable, Hashable {
  package var engines = [
    EngineProfile(
      "tls", schemes: ["https"], probeClass: .intrusive, deadlineMilliseconds: 20_000, cadence: .risk, cost: 3),
    EngineProfile(
      "certificate", schemes: ["https"], probeClass: .observe, deadlineMilliseconds: 20_000, cadence: .watch),
    EngineProfile("availability", probeClass: .observe, deadlineMilliseconds: 20_000, cadence: .availability),
    EngineProfile("http", probeClass: .probe, cadence: .risk, cost: 3),
    EngineProfile("dns", probeClass: .probe, cadence: .watch),
    EngineProfile("ports", probeClass: .probe, cadence: .risk, cost: 4),
    EngineProfile("content", probeClass: .intrusive, cadence: .pages, lightPages: 1, cost: 2),
    EngineProfile("templates", probeClass: .intrusive, cadence: .risk, cost: 4),
  ]
  package var cadence = Cadence()
  /// Part of an interval by which each due time is moved at random, either way: scans never come in step.
  package var jitter = 0.1
  /// New sites come due spread over so many seconds.
  package var initialSpread = 30.0
  /// Beyond a job's own deadline: resolving, queueing, the way back.
  package var leaseGrace = 40.0
  /// Jobs that may be out at once, over all scanners.
  package var leaseLimit = 64
  package var limits = JobLimits()
  /// Who may be connected to; site addresses are asked here, resolved ones by the scanner again.
  package var addresses = AddressPolicy()

  package init() {}
}
