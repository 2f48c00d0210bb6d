internal import ControlAPI
internal import Documents
internal import Logging
internal import Records
internal import Scheduling
internal import Store
internal import Wire

/// The inventory: from files at the start, from people by import.
extension HubCore {
  func importSites(_ request: ImportRequest, by actor: Actor) async throws -> ImportReport {
    let read = try InventoryReader.read(request, addresses: scheduler.configuration.addresses)
    guard read.errors.isEmpty else {
      return ImportReport(dryRun: request.dryRun, problems: read.errors.map(\.description))
    }
    let merged = InventoryReader.merged(scheduler.inventory, read.inventory)
    let report = difference(to: merged, imported: read.inventory, dryRun: request.dryRun)
    if !request.dryRun { try await put(merged, by: actor) }
    return report
  }

  /// What the configuration and its files say, over what was imported before.
  func loadConfigured() async throws {
    guard let read = try InventoryReader.configured(configuration, scheduler.configuration.addresses) else { return }
    for warning in read.warnings { logger.warning("\(warning)") }
    let merged = InventoryReader.merged(scheduler.inventory, read.inventory)
    guard merged != scheduler.inventory else { return }
    try await put(merged, by: Actor(name: "vigil", origin: "configuration"))
  }

  private func put(_ inventory: Scheduling.Inventory, by actor: Actor) async throws {
    let now = clock.now()
    try store.replace(
      Store.Inventory(
        sites: inventory.sites, organisations: inventory.organisations, authorisations: inventory.authorisations,
        platforms: inventory.platforms), by: actor, at: now)
    let cut = scheduler.replace(inventory, now: now)
    sites = SiteIndex(sites: inventory.sites, home: configuration.rules.home)
    await revoke(cut)
  }

  private func difference(
    to merged: Scheduling.Inventory, imported: Scheduling.Inventory, dryRun: Bool
  ) -> ImportReport {
    let lines = InventoryDifference(from: scheduler.inventory, to: merged).lines.filter { $0.noun == "site" }
    func ids(_ change: InventoryDifference.Change) -> [String] { lines.filter { $0.change == change }.map(\.id) }
    let touched = Set(lines.map(\.id))
    let now = clock.now()
    let denied = imported.sites.filter { site in
      let verdict = AuthorisationVerdict.judge(
        host: site.host, address: site.target.address, probe: .observe, at: now, by: merged.authorisations)
      if case .granted = verdict { return false }
      return true
    }
    return ImportReport(
      dryRun: dryRun, added: ids(.added), changed: ids(.changed),
      unchanged: imported.sites.count { !touched.contains($0.id) }, organisations: imported.organisations.count,
      authorisations: imported.authorisations.count, notAuthorised: denied.map(\.id))
  }

  func restoreStore(from path: String, by actor: Actor) async throws -> BackupReport {
    let now = clock.now()
    try store.restore(from: path, by: actor, at: now)
    let kept = try store.inventory()
    let inventory = Scheduling.Inventory(
      organisations: kept.organisations, platforms: kept.platforms, sites: kept.sites,
      authorisations: kept.authorisations)
    scheduler.resume(site: nil)
    for stop in try store.stops() { _ = scheduler.stop(stop, now: now) }
    scheduler.set(guards: try store.guards(), now: now)
    let cut = scheduler.replace(inventory, now: now)
    _ = keepSchedule(isWhole: true)
    sites = SiteIndex(sites: inventory.sites, home: configuration.rules.home)
    await revoke(cut)
    return BackupReport(path: path, bytes: try store.usedBytes())
  }
}

/// Inventories out of what operators hand in.
enum InventoryReader {
  static func read(_ request: ImportRequest, addresses: AddressPolicy) throws -> InventoryImport {
    do {
      switch request.form {
      case .csv: return try InventoryImport.csv(request.text, file: request.name, addresses: addresses)
      case .yaml:
        return InventoryImport.document(
          try YAMLDocument.parse(request.text, file: request.name), addresses: addresses)
      }
    } catch {
      throw OperatorMistake(error)
    }
  }

  /// Nil where the configuration says nothing of sites. Any mistake ends the start, told with its place.
  static func configured(_ configuration: Configuration, _ addresses: AddressPolicy) throws -> InventoryImport? {
    var whole: InventoryImport?
    func add(_ part: InventoryImport) throws {
      if let error = part.errors.first { throw OperatorMistake(error) }
      guard var known = whole else {
        whole = part
        return
      }
      known.inventory = merged(known.inventory, part.inventory)
      known.warnings += part.warnings
      whole = known
    }
    do {
      for file in configuration.inventory.files { try add(try InventoryImport.read(path: file, addresses: addresses)) }
      if configuration.inventory.isInline, let file = configuration.file {
        var root = try DocumentFile.value(path: file)
        root.content = .map(root.entries.filter { ["sites", "organisations", "authorisations"].contains($0.key) })
        try add(InventoryImport.document(root, addresses: addresses))
      }
    } catch let error as DocumentError {
      throw OperatorMistake(error)
    }
    return whole
  }

  /// The new over the old, by id.
  static func merged(_ old: Scheduling.Inventory, _ new: Scheduling.Inventory) -> Scheduling.Inventory {
    func over<T: Identifiable>(_ a: [T], _ b: [T]) -> [T] where T.ID == String {
      let fresh = Set(b.map(\.id))
      return a.filter { !fresh.contains($0.id) } + b
    }
    return Scheduling.Inventory(
      organisations: over(old.organisations, new.organisations), platforms: over(old.platforms, new.platforms),
      sites: over(old.sites, new.sites), authorisations: over(old.authorisations, new.authorisations))
  }
}
