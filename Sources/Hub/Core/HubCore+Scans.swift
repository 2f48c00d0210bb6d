internal import ControlAPI
internal import Records
internal import Scheduling
internal import Store
internal import Wire

/// Scans as people see and steer them.
extension HubCore {
  /// More running jobs than these are counted, not listed.
  private static let jobsShown = 64

  /// Of a part of the city the classes, what is due and what is held are not told: the schedule knows no organisations.
  func scanOverview(_ now: Timestamp, within purview: Purview) -> ScanOverview {
    var (fresh, never, denied) = (0, 0, 0)
    let inventory = scheduler.inventory.within(purview)
    for site in inventory.sites {
      let tested = scheduler.coverage.entries(site: site.id).filter { $0.status == .tested }
      if !isAuthorised(site, now) { denied += 1 }
      if tested.isEmpty { never += 1 } else if tested.contains(where: { isFresh($0, now) }) { fresh += 1 }
    }
    let status = scheduler.status(now: now)
    let running = scheduler.leases.values.filter { purview.has(site: $0.job.site, platform: nil) }.sorted {
      $0.id < $1.id
    }
    let stops = scheduler.stops.filter { $0.site.map(purview.has(site:)) ?? true }
    guard purview.isAll else {
      return ScanOverview(
        sites: inventory.sites.count, fresh: fresh, never: never, notAuthorised: denied, running: running.count, due: 0,
        stops: stops, jobs: running.prefix(HubCore.jobsShown).map(item),
        guards: guards(within: purview).filter { $0.until > now })
    }
    return ScanOverview(
      sites: inventory.sites.count, fresh: fresh, never: never, notAuthorised: denied,
      running: running.count, due: status.classes.reduce(0) { $0 + $1.due }, stops: stops,
      nextDue: scheduler.nextDue, classes: status.classes.map { item($0) },
      held: status.held.sorted { $0.key < $1.key }.map { ScanHold(reason: $0.key, jobs: $0.value) },
      jobs: running.prefix(HubCore.jobsShown).map(item), guards: scheduler.guards.filter { $0.until > now })
  }

  private func item(_ lease: Lease) -> RunningScan {
    RunningScan(site: lease.job.site ?? "", engine: lease.job.engine, scanner: lease.holder, until: lease.until)
  }

  private func item(_ status: ScheduleStatus.ClassStatus) -> ScanClass {
    ScanClass(
      name: status.kind.rawValue, jobs: status.jobs, running: status.running, due: status.due,
      lagSeconds: status.lag)
  }

  private func isFresh(_ entry: CoverageEntry, _ now: Timestamp) -> Bool {
    guard let longest = scheduler.freshness(.init(site: entry.site, engine: entry.engine)) else { return false }
    return Double(now.nanoseconds(since: entry.time)) / 1e9 <= longest
  }

  func isAuthorised(_ site: Site, _ now: Timestamp) -> Bool { scheduler.isAuthorised(site: site.id, now: now) }

  func startScans(_ request: ScanRequest, by actor: Actor, within purview: Purview) throws -> ScanReport {
    let now = clock.now()
    let asked = try asked(request, purview) { site($0, within: purview) != nil }
    let known = asked.isAll ? scheduler.inventory.sites.map(\.id) : asked.known
    var refused = asked.unknown.map { "there is no site \($0)" }
    var hastened = 0
    for id in known {
      guard let site = sites[id] else { continue }
      if scheduler.isStopped(site: id) {
        refused.append("scans of \(id) are stopped")
      } else if !isAuthorised(site, now) {
        refused.append("no valid authorisation covers \(id)")
      } else {
        for engine in asked.engines.isEmpty ? [nil] : asked.engines.map(Optional.some) {
          hastened += scheduler.hasten(site: id, engine: engine, now: now)
        }
      }
    }
    // Of names that are no sites of hers the audit of those sites says nothing.
    if asked.isAll || !known.isEmpty {
      let subject = asked.isAll ? "scans" : known.prefix(20).map { "site/\($0)" }.joined(separator: " ")
      try store.append(AuditEntry(time: now, actor: actor, act: "scan", subject: subject))
    }
    // What was answered outlives this process.
    _ = keepSchedule()
    return ScanReport(sites: known, all: asked.isAll, jobs: hastened, refused: refused)
  }

  func stopScans(_ request: ScanRequest, by actor: Actor, within purview: Purview) async throws -> ScanReport {
    let now = clock.now()
    let asked = try asked(request, purview) { site($0, within: purview) != nil }
    try store.stop(asked.places, by: actor, at: now)
    let cut = scheduler.stop(asked.places.map { ScanStop(site: $0, by: actor.name, since: now) }, now: now)
    await revoke(cut)
    return ScanReport(
      sites: asked.known, all: asked.isAll, jobs: cut.count, refused: asked.unknown.map { "there is no site \($0)" })
  }

  /// A stop of all the city is taken back by those alone who see all of it; one of a site that is gone like any other.
  func resumeScans(_ request: ScanRequest, by actor: Actor, within purview: Purview) throws -> ScanReport {
    let now = clock.now()
    let asked = try asked(request, purview) { purview.has(site: $0) }
    try store.resume(asked.places, by: actor, at: now)
    scheduler.resume(asked.places)
    return ScanReport(
      sites: asked.known, all: asked.isAll, jobs: 0, refused: asked.unknown.map { "there is no site \($0)" })
  }

  private struct AskedSites {
    /// The whole city: nothing was named by somebody who sees it.
    var isAll = false
    var known: [String] = []
    var unknown: [String] = []
    var engines: [String] = []

    var places: [String?] { isAll ? [nil] : known.map(Optional.some) }
  }

  /// Who sees a part of the city and names no site means all of hers, were that none.
  private func asked(
    _ request: ScanRequest, _ purview: Purview, isHers: (String) -> Bool
  ) throws(APIProblem) -> AskedSites {
    let request = try request.once()
    var asked = AskedSites(isAll: request.sites.isEmpty && purview.isAll, engines: request.engines)
    for name in request.sites.isEmpty ? purview.sites.sorted() : request.sites {
      // No name is the city's in the store.
      if !name.isEmpty, isHers(name) { asked.known.append(name) } else { asked.unknown.append(name) }
    }
    return asked
  }

  // MARK: guard periods

  /// As many as a year of weekly occasions, and room.
  private static let mostGuards = 256

  /// Those that touch a site of hers, without the other sites and organisations that they name.
  func guards(within purview: Purview) -> [GuardPeriod] {
    let all = scheduler.guards.sorted { ($0.from, $0.id) < ($1.from, $1.id) }
    guard !purview.isAll else { return all }
    let hers = scheduler.inventory.within(purview).sites
    return all.compactMap { period in
      guard hers.contains(where: { period.covers($0, lineage: lineage(of: $0)) }) else { return nil }
      var period = period
      if !period.sites.isEmpty { period.sites.removeAll { !purview.has(site: $0) } }
      period.organisations.removeAll { !purview.has(organisation: $0) }
      return period
    }
  }

  /// A site's organisation and all above it.
  private func lineage(of site: Site) -> [String] {
    let parents = Dictionary(
      scheduler.inventory.organisations.map { ($0.id, $0.parent) }, uniquingKeysWith: { first, _ in first })
    var line: [String] = []
    var next = site.organisation
    while let id = next, !line.contains(id) {
      line.append(id)
      next = parents[id] ?? nil
    }
    return line
  }

  func setGuard(_ request: GuardRequest, by actor: Actor) throws -> [GuardPeriod] {
    let period = request.period
    try validate(period)
    try store.setGuard(period.id, to: period, by: actor, at: clock.now())
    scheduler.set(guards: try store.guards(), now: clock.now())
    return guards(within: .all)
  }

  func endGuard(_ request: GuardEnd, by actor: Actor) async throws -> [GuardPeriod] {
    guard scheduler.guards.contains(where: { $0.id == request.id }) else {
      throw APIProblem(
        .notFound, "there is no guard period \(request.id.prefix(64))", zh: "没有保障期 \(request.id.prefix(64))")
    }
    await closePeriod(request.id, by: actor)
    try store.setGuard(request.id, to: nil, by: actor, at: clock.now())
    scheduler.set(guards: try store.guards(), now: clock.now())
    return guards(within: .all)
  }

  private func validate(_ period: GuardPeriod) throws {
    func refuse(_ sentence: String) -> APIProblem { APIProblem(.badRequest, sentence) }
    guard !period.id.isEmpty, period.id.utf8.count <= 64, period.name.utf8.count <= 256 else {
      throw refuse("a guard period needs an id of 1 to 64 bytes and a name of at most 256")
    }
    guard period.from < period.until else { throw refuse("the guard period \(period.id) ends before it begins") }
    guard GuardPeriod.factors.contains(period.cadenceFactor) else {
      throw refuse("the cadence factor \(period.cadenceFactor) is outside 0.1 to 1")
    }
    if let site = period.sites.first(where: { sites[$0] == nil }) {
      throw refuse("there is no site \(site.prefix(128))")
    }
    let engines = scheduler.configuration.engines.map(\.name)
    // Templates are guarded against before they run.
    let known = Set(engines + GuardPeriod.usuallyFrozen)
    if let engine = period.frozenEngines.first(where: { !known.contains($0) }) {
      throw refuse("no engine is called \(engine.prefix(64)); there are \(engines.joined(separator: ", "))")
    }
    guard scheduler.guards.count < HubCore.mostGuards || scheduler.guards.contains(where: { $0.id == period.id }) else {
      throw refuse("there are \(HubCore.mostGuards) guard periods already: end one that is over")
    }
  }
}
