package import Records
package import Wire

extension Scheduler {
  /// A *yes* of a job that is out: makes the next scan come sooner. Call it for each observation, in any order.
  package mutating func observed(_ observation: Observation) {
    guard observation.answer == .yes, let site = observation.site else { return }
    let key = Key(site: site, engine: observation.engine)
    guard leasedKeys[key] != nil else { return }
    seen[key] = max(seen[key] ?? .info, observation.severity)
  }

  /// The end of a leased job. False where the lease is no longer held (it ran out, or was cut off): the outcome
  /// changes no schedule then, though what was observed stays true.
  package mutating func completed(lease id: Int64, outcome: ScanOutcome, now: Timestamp) -> Bool {
    guard let lease = leases[id] else { return false }
    let key = release(lease)
    guard var entry = entries[key], let site = sites[key.site] else { return true }
    entry.deaths = 0
    entry.priority = 0
    switch outcome.status {
    case .completed, .partial:
      entry.worst = seen[key]
      entry.failures = 0
      if outcome.status == .completed || seen[key] != nil {
        entry.step = configuration.cadence.step(after: seen[key], previous: entry.step)
      }
      entry.lastTested = now
      let interval = configuration.cadence.interval(step: entry.step, site: site.cadence)
      entry.due = now.advanced(seconds: jittered(interval))
      let partly = outcome.status == .partial ? outcome.reason : ""
      cover(key, .tested, partly, now)
    case .failed, .refused:
      entry.failures += 1
      let interval = configuration.cadence.interval(step: entry.step, site: site.cadence)
      let wait = BackOff.seconds(after: outcome, failures: entry.failures, interval: interval)
      entry.due = now.advanced(seconds: jittered(wait))
      let isForeign = outcome.reason.hasPrefix("not authorised")
      let refusal: CoverageEntry.Status = isForeign ? .notAuthorised : .skipped
      cover(key, outcome.status == .refused ? refusal : .notDetermined, outcome.reason, now)
    case .stopped:
      entry.due = now
      cover(key, .stopped, outcome.reason, now)
    }
    seen[key] = nil
    schedule(key, entry)
    return true
  }

  private mutating func jittered(_ seconds: Double) -> Double {
    seconds * (1 + Double.random(in: -configuration.jitter...configuration.jitter, using: &random))
  }

  // MARK: restart

  /// What must outlive the process. Leases do not: what was out is due at once, as after its holder's death.
  package struct Snapshot: Sendable, Hashable, Codable {
    package struct Line: Sendable, Hashable, Codable {
      package var key: Key
      package var entry: Entry
    }
    package var lines: [Line]
    package var stops: [ScanStop]
    package var nextLease: Int64
    package var random: SeededRandom
  }

  package var snapshot: Snapshot {
    var lines = entries.map { key, entry -> Snapshot.Line in
      var entry = entry
      if leasedKeys[key] != nil { entry.deaths += 1 }
      return .init(key: key, entry: entry)
    }
    lines.sort { ($0.key.site, $0.key.engine) < ($1.key.site, $1.key.engine) }
    return Snapshot(lines: lines, stops: stops, nextLease: nextLease, random: random)
  }

  /// Goes on where `snapshot` stood; call `replace` with the inventory next.
  package init(restoring snapshot: Snapshot, configuration: SchedulingConfiguration = .init()) {
    self.init(configuration: configuration, seed: 0, nextLease: snapshot.nextLease)
    random = snapshot.random
    stops = snapshot.stops
    for line in snapshot.lines { schedule(line.key, line.entry) }
  }

  /// The ledger's last words after a restart, so that what is known is not told again.
  package mutating func restore(coverage entries: [CoverageEntry]) {
    for entry in entries { coverage.record(entry) }
    _ = coverage.takeChanges()
  }
}
