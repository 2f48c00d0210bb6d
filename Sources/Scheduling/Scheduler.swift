package import Records
package import Wire

/// The schedule of every (site, engine), as one value. Not `Sendable` work: its owner (Hub) serialises the calls.
///
/// Invariants, kept here and walked at random by the tests: one lease a host; no lease without an authorisation that
/// is valid now; no lease on a stopped site; every entry is either leased, ready, waiting for its time, or says in
/// the coverage why not.
package struct Scheduler: Sendable {
  package struct Key: Hashable, Sendable, Codable {
    package var site: String
    package var engine: String
    package init(site: String, engine: String) {
      self.site = site
      self.engine = engine
    }
  }

  /// What a (site, engine) has behind and before it.
  package struct Entry: Hashable, Sendable, Codable {
    package var due: Timestamp
    /// 0 routine; higher goes first (a retest, an operator's wish).
    package var priority = 0
    package var step = 0
    package var failures = 0
    /// Leases that ran out without an outcome since the last one.
    package var deaths = 0
    package var lastTested: Timestamp?
    /// The worst *yes* of the running, then of the last completed scan.
    package var worst: Severity?
  }

  package internal(set) var configuration: SchedulingConfiguration
  package internal(set) var inventory = Inventory()
  package internal(set) var leases: [Int64: Lease] = [:]
  package internal(set) var stops: [ScanStop] = []
  package internal(set) var coverage = CoverageLedger()
  var entries: [Key: Entry] = [:]
  var sites: [String: Site] = [:]
  var leasedKeys: [Key: Int64] = [:]
  var lockedHosts: [String: Int64] = [:]
  var queue = DueQueue()
  var ready: [Key] = []
  var random: SeededRandom
  var nextLease: Int64
  /// The worst *yes* seen of jobs that are out.
  var seen: [Key: Severity] = [:]

  /// `nextLease` goes on from the snapshot, so that an id never names two leases.
  package init(configuration: SchedulingConfiguration = .init(), seed: UInt64, nextLease: Int64 = 1) {
    self.configuration = configuration
    random = SeededRandom(seed: seed)
    self.nextLease = nextLease
  }

  // MARK: inventory

  /// New (site, engine) pairs come due within the initial spread; those that stay keep their times; those that went
  /// are forgotten, and their leases are returned to be cut off, as are those that lost their authorisation.
  package mutating func replace(_ inventory: Inventory, now: Timestamp) -> [Lease] {
    self.inventory = inventory
    sites = Dictionary(inventory.sites.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    let wanted = Set(inventory.sites.flatMap { site in profiles(of: site).map { Key(site: site.id, engine: $0.name) } })
    let gone = Set(entries.keys.map(\.site)).subtracting(sites.keys)
    entries = entries.filter { wanted.contains($0.key) }
    ready.removeAll { !wanted.contains($0) }
    coverage.forget(sites: gone)
    for key in wanted.sorted(by: { ($0.site, $0.engine) < ($1.site, $1.engine) }) {
      if var entry = entries[key] {
        // A pair that waits because it was not permitted is asked again under the new inventory.
        if coverage.status(key) == .notAuthorised {
          entry.due = now
          schedule(key, entry)
        }
        continue
      }
      schedule(
        key, Entry(due: now.advanced(seconds: Double.random(in: 0...configuration.initialSpread, using: &random))))
    }
    let permitted = leases.values.filter { lease in
      guard let site = lease.job.site.flatMap({ sites[$0] }) else { return false }
      if case .granted = verdict(site, lease.job.probeClass, now) { return true }
      return false
    }
    let kept = Set(permitted.map(\.id))
    return cutOff(now) { !kept.contains($0.id) }
  }

  func profiles(of site: Site) -> [EngineProfile] {
    configuration.engines.filter { profile in
      profile.schemes.contains(site.scheme)
        && (site.engines.isEmpty ? !profile.isExternal : site.engines.contains(profile.name))
    }
  }

  mutating func schedule(_ key: Key, _ entry: Entry) {
    entries[key] = entry
    queue.push(key, entry.due)
  }

  // MARK: operators

  /// In force until `resume`. Returns the leases to be cut off now; they come back to the queue, untested.
  package mutating func stop(_ stop: ScanStop, now: Timestamp) -> [Lease] {
    if !stops.contains(where: { $0.site == stop.site }) { stops.append(stop) }
    return cutOff(now) { lease in stop.site == nil || lease.job.site == stop.site }
  }

  /// Takes back the stop of one site, or of all (nil takes back every stop).
  package mutating func resume(site: String?) {
    stops.removeAll { site == nil || $0.site == site }
  }

  package func isStopped(site: String) -> Bool { stops.contains { $0.site == nil || $0.site == site } }

  /// Scans the site as soon as its host is free: a retest, or an operator's wish. False for an unknown site.
  package mutating func hasten(site: String, engine: String? = nil, priority: Int = 10, now: Timestamp) -> Bool {
    let keys = entries.keys.filter { $0.site == site && (engine == nil || $0.engine == engine) }
    for key in keys where leasedKeys[key] == nil {
      guard var entry = entries[key] else { continue }
      entry.priority = max(entry.priority, priority)
      entry.due = min(entry.due, now)
      schedule(key, entry)
    }
    return !keys.isEmpty
  }

  private mutating func cutOff(_ now: Timestamp, _ isCut: (Lease) -> Bool) -> [Lease] {
    let cut = leases.values.filter(isCut).sorted { $0.id < $1.id }
    for lease in cut {
      let key = release(lease)
      guard var entry = entries[key] else { continue }
      entry.due = now
      schedule(key, entry)
    }
    return cut
  }

  mutating func release(_ lease: Lease) -> Key {
    let key = Key(site: lease.job.site ?? "", engine: lease.job.engine)
    leases[lease.id] = nil
    if leasedKeys[key] == lease.id { leasedKeys[key] = nil }
    if lockedHosts[lease.job.target.host] == lease.id { lockedHosts[lease.job.target.host] = nil }
    return key
  }

  /// What the store must keep since the last call.
  package mutating func takeCoverage() -> [CoverageEntry] { coverage.takeChanges() }

  package func entry(_ key: Key) -> Entry? { entries[key] }

  /// Authorisations of the inventory that end within `days` (30 by MODEL.md), soonest first.
  package func expiringAuthorisations(now: Timestamp, days: Double = 30) -> [Authorisation] {
    let horizon = now.advanced(seconds: days * 86_400)
    return inventory.authorisations.filter { $0.until > now && $0.until <= horizon }.sorted { $0.until < $1.until }
  }
}

extension CoverageLedger {
  func status(_ key: Scheduler.Key) -> CoverageEntry.Status? {
    entries[Key(site: key.site, engine: key.engine, check: "*")]?.status
  }
}
