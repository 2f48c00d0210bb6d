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
  /// Runs only on sites that name it, and only in scanners that have it: an external tool.
  package var isExternal = false

  package init(
    _ name: String, schemes: [String], probeClass: ProbeClass, deadlineMilliseconds: Int = 20_000,
    isExternal: Bool = false
  ) {
    self.name = name
    self.schemes = schemes
    self.probeClass = probeClass
    self.deadlineMilliseconds = deadlineMilliseconds
    self.isExternal = isExternal
  }

  /// What scanners may bring besides their own engines; each says which it has in its requests for leases.
  package static let external = [
    EngineProfile("sslscan", schemes: ["https"], probeClass: .intrusive, deadlineMilliseconds: 0, isExternal: true),
    EngineProfile("testssl", schemes: ["https"], probeClass: .intrusive, deadlineMilliseconds: 0, isExternal: true),
    EngineProfile(
      "nmap", schemes: ["http", "https"], probeClass: .intrusive, deadlineMilliseconds: 0, isExternal: true),
    EngineProfile(
      "nuclei", schemes: ["http", "https"], probeClass: .intrusive, deadlineMilliseconds: 0, isExternal: true),
  ]
}

package struct SchedulingConfiguration: Sendable, Hashable {
  package var engines = [
    EngineProfile("tls", schemes: ["https"], probeClass: .intrusive),
    EngineProfile("certificate", schemes: ["https"], probeClass: .observe),
    EngineProfile("availability", schemes: ["http", "https"], probeClass: .observe),
    EngineProfile("http", schemes: ["http", "https"], probeClass: .probe, deadlineMilliseconds: 0),
    EngineProfile("dns", schemes: ["http", "https"], probeClass: .probe, deadlineMilliseconds: 0),
    EngineProfile("ports", schemes: ["http", "https"], probeClass: .probe, deadlineMilliseconds: 0),
    EngineProfile("content", schemes: ["http", "https"], probeClass: .intrusive, deadlineMilliseconds: 0),
  ]
  /// Seconds between scans by the worst open weakness: critical, high, medium, clean (MODEL.md, cadence).
  package var cadence = Cadence()
  /// Part of an interval by which each due time is moved at random, either way: scans never come in step.
  package var jitter = 0.1
  /// New sites come due spread over so many seconds.
  package var initialSpread = 30.0
  /// Beyond a job's own deadline: resolving, queueing, the way back.
  package var leaseGrace = 40.0
  /// Jobs that may be out at once, over all scanners.
  package var leaseLimit = 64
  /// Who may be connected to; site addresses are asked here, resolved ones by the scanner again.
  package var addresses = AddressPolicy()

  package init() {}
}
