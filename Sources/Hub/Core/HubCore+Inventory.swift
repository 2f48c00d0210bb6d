internal import ControlAPI
internal import Documents
internal import Logging
internal import Records
internal import Scheduling
internal import Services
internal import Store
internal import Wire

/// The inventory: from files at the start, from people by import.
extension HubCore {
  /// Nothing is awaited between the look at what is in force and the writing: what was checked is what is replaced.
  func importSites(_ request: ImportRequest, by actor: Actor) async throws -> ImportReport {
    let current = scheduler.inventory
    let snapshot = current.snapshot
    if let expected = request.snapshot, expected != snapshot {
      throw APIProblem(
        .conflict, "the inventory was changed since the dry run",
        hint: "make the dry run again, and look at what it would change now")
    }
    let base = request.replace == true ? Scheduling.Inventory() : current
    let read = try InventoryReader.read(request, addresses: scheduler.configuration.addresses, over: base)
    let isTaken = read.errors.isEmpty || request.partial == true
    let next = isTaken ? base.overlaid(by: read.inventory) : current
    var report = difference(from: current, to: next, imported: read.inventory, dryRun: request.dryRun)
    report.problems = read.errors.map(\.description)
    report.warnings = read.warnings.map(\.description)
    report.snapshot = snapshot
    if isTaken, !request.dryRun, !report.changes.isEmpty {
      try await put(next, by: actor)
      report.snapshot = next.snapshot
    }
    return report
  }

  /// What the configuration and its files say, over what was imported before.
  func loadConfigured() async throws {
    let current = scheduler.inventory
    guard let read = try InventoryReader.configured(configuration, scheduler.configuration.addresses, over: current)
    else { return }
    for warning in read.warnings { logger.warning("\(warning)") }
    let merged = current.overlaid(by: read.inventory)
    guard merged != current else { return }
    try await put(merged, by: Actor(name: "vigil", origin: "configuration"))
  }

  private func put(_ inventory: Scheduling.Inventory, by actor: Actor) async throws {
    let now = clock.now()
    try store.replace(Store.Inventory(inventory), by: actor, at: now)
    try await follow(inventory, now)
  }

  /// Puts in force what the store has.
  func follow(_ inventory: Scheduling.Inventory, _ now: Timestamp) async throws {
    let cut = scheduler.replace(inventory, now: now)
    sites = SiteIndex(sites: inventory.sites, platforms: inventory.platforms, home: configuration.rules.home)
    proposalRules = ProposalRules(inventory, addresses: scheduler.configuration.addresses)
    access.follow(Store.Inventory(inventory))
    lastExpiryLook = Timestamp(nanoseconds: 0)
    try forgetAcceptances(besides: inventory.sites)
    await revoke(cut)
  }

  private func difference(
    from current: Scheduling.Inventory, to next: Scheduling.Inventory, imported: Scheduling.Inventory, dryRun: Bool
  ) -> ImportReport {
    let changes = InventoryDifference(from: current, to: next).lines
    let lines = changes.filter { $0.noun == "site" }
    func ids(_ kind: InventoryChange.Kind) -> [String] { lines.filter { $0.kind == kind }.map(\.id) }
    let touched = Set(lines.map(\.id))
    let now = clock.now()
    let permitted = AuthorisedHosts(next.authorisations.filter { $0.isValid(at: now) })
    let denied = imported.sites.filter { !permitted.covers(host: $0.host, address: $0.target.address) }
    return ImportReport(
      dryRun: dryRun, added: ids(.added), changed: ids(.changed), removed: ids(.removed),
      unchanged: imported.sites.count { !touched.contains($0.id) }, organisations: imported.organisations.count,
      authorisations: imported.authorisations.count, notAuthorised: denied.map(\.id), changes: changes)
  }

  func restoreStore(from path: String, by actor: Actor) async throws -> BackupReport {
    let now = clock.now()
    try store.restore(from: path, by: actor, at: now)
    let kept = try store.inventory()
    try access.reload(store)
    wakeStreams()
    acceptances = try store.document(Acceptances.self, kind: "acceptances", id: "all") ?? Acceptances()
    scheduler.resume([nil])
    _ = scheduler.stop(try store.stops(), now: now)
    scheduler.set(guards: try store.guards(), now: now)
    try await follow(Scheduling.Inventory(kept), now)
    _ = keepSchedule(isWhole: true)
    board = try HubCore.restoredBoard(store, board.tree, now)
    postureDay = nil
    try beginDuty()
    held = nil
    return BackupReport(path: path, bytes: try store.usedBytes())
  }
}

extension Store.Inventory {
  init(_ inventory: Scheduling.Inventory) {
    self.init(
      sites: inventory.sites, organisations: inventory.organisations, authorisations: inventory.authorisations,
      platforms: inventory.platforms)
  }
}

extension Scheduling.Inventory {
  init(_ kept: Store.Inventory) {
    self.init(
      organisations: kept.organisations, platforms: kept.platforms, sites: kept.sites,
      authorisations: kept.authorisations)
  }
}
