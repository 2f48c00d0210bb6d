internal import ControlAPI
internal import Logging
internal import Records
internal import Scheduling
internal import Store
internal import Wire

/// The schedule between the process and the store: it goes on where it stood.
extension HubCore {
  static func restoredScheduler(_ configuration: Configuration, _ store: Store, _ now: Timestamp) throws -> Scheduler {
    let kept = try store.schedule()
    let seed = SeededRandom(seed: UInt64(bitPattern: now.nanoseconds))
    let head = kept.head.flatMap { try? RecordJSON.decode(Scheduler.Snapshot.Head.self, from: $0) }
    let lines = kept.lines.compactMap { line -> Scheduler.Snapshot.Line? in
      guard let entry = try? RecordJSON.decode(Scheduler.Entry.self, from: line.json) else { return nil }
      return .init(key: .init(site: line.site, engine: line.engine), entry: entry)
    }
    // The store's word on stops holds: it was written in the same transaction as the audit.
    let snapshot = Scheduler.Snapshot(
      lines: lines, leases: try store.leases(), head: head ?? .init(nextLease: 1, random: seed),
      stops: try store.stops(), guards: try store.guards())
    var scheduler = Scheduler(
      restoring: snapshot, configuration: settings(configuration), leastLease: leastLease(now))
    scheduler.restore(coverage: try store.coverage().compactMap { $0.entries(checks: []).first })
    return scheduler
  }

  /// A store that was restored from a backup knows no newer leases: ids begin above any that a second before now gave,
  /// a million a second.
  private static func leastLease(_ now: Timestamp) -> Int64 { max(1, min(now.seconds, 1 << 33)) << 20 }

  private static func settings(_ configuration: Configuration) -> SchedulingConfiguration {
    let scan = configuration.scan
    var settings = SchedulingConfiguration()
    settings.engines = settings.engines.filter { scan.engines.contains($0.name) }
    // Sites may name an external tool that not every site gets.
    settings.engines += EngineProfile.external.map { profile in
      var profile = profile
      profile.isExternal = !scan.engines.contains(profile.name)
      return profile
    }
    settings.jitter = scan.jitter
    settings.leaseLimit = scan.concurrency
    settings.addresses = AddressPolicy(allowed: scan.allow)
    settings.limits.perAddress = scan.jobsPerAddress
    settings.limits.perPlatform = scan.jobsPerPlatform
    settings.limits.perNetwork = scan.jobsPerNetwork
    settings.cadence = cadence(configuration)
    return settings
  }

  private static func cadence(_ configuration: Configuration) -> Cadence {
    var cadence = configuration.cadence
    cadence.fixed = configuration.scan.interval
    return cadence
  }

  /// A cadence of which nobody can say since when it holds explains no gap: the change is kept with its date.
  static func keepCadence(_ configuration: Configuration, _ store: Store, _ now: Timestamp) throws {
    let cadence = cadence(configuration)
    let before = try? store.document(Cadence.self, kind: "cadence", id: "all")
    guard before != cadence else { return }
    try store.put(kind: "cadence", [(id: "all", value: cadence)])
    try store.append(
      AuditEntry(
        time: now, actor: Actor(name: "vigil", origin: "configuration"), act: "set cadence", subject: "scans",
        before: before.flatMap { try? RecordJSON.text($0) }, after: try? RecordJSON.text(cadence)))
  }

  /// Writes what changed. Before a lease is told to anybody, so that no restart gives its host to another.
  func keepSchedule(isWhole: Bool = false) -> Bool {
    let changes = scheduler.takeChanges()
    guard isWhole || !changes.isEmpty || !unkept.isEmpty else { return true }
    unkept.add(changes)
    do {
      try store.keep(schedule: unkept.rows(isWhole ? scheduler.snapshot : nil), isWhole: isWhole)
      unkept = UnkeptSchedule()
      ailments[.schedule] = nil
      return true
    } catch {
      ailments[.schedule] = "\(error)"
      return false
    }
  }
}

/// What the store has not taken yet: a full disk loses no change, only time.
struct UnkeptSchedule {
  private var lines: [Scheduler.Key: Scheduler.Entry] = [:]
  private var removed: Set<Scheduler.Key> = []
  private var given: [Int64: Lease] = [:]
  private var ended: Set<Int64> = []
  private var head: Scheduler.Snapshot.Head?

  var isEmpty: Bool { lines.isEmpty && removed.isEmpty && given.isEmpty && ended.isEmpty }

  mutating func add(_ changes: Scheduler.SnapshotChanges) {
    for key in changes.removed {
      lines[key] = nil
      removed.insert(key)
    }
    for line in changes.lines {
      lines[line.key] = line.entry
      removed.remove(line.key)
    }
    for lease in changes.given { given[lease.id] = lease }
    for id in changes.ended {
      given[id] = nil
      ended.insert(id)
    }
    head = changes.head
  }

  /// `whole`: everything, in the place of the changes.
  func rows(_ whole: Scheduler.Snapshot?) throws -> Store.ScheduleChanges {
    let lines = whole?.lines ?? lines.map { .init(key: $0.key, entry: $0.value) }
    return Store.ScheduleChanges(
      lines: try lines.map { line in
        Store.ScheduleLine(site: line.key.site, engine: line.key.engine, json: try RecordJSON.text(line.entry))
      },
      removed: removed.map { ($0.site, $0.engine) }, given: whole?.leases ?? Array(given.values), ended: Array(ended),
      head: try RecordJSON.text(whole?.head ?? head))
  }
}
