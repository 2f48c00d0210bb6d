package import Records
package import Wire

extension Scheduler {
  /// A *yes* of a job that is out: makes the next scan come sooner. Call it for each observation, in any order.
  package mutating func observed(_ observation: Observation) {
    guard observation.answer == .yes, let site = observation.site,
      let pair = index[Key(site: site, engine: observation.engine)], pairs[pair].lease != nil
    else { return }
    pairs[pair].seen = max(pairs[pair].seen ?? .info, observation.severity)
  }

  /// The end of a leased job. False where the lease is no longer held (it ran out, or was cut off), or is of another
  /// job: the outcome changes no schedule then, though what was observed stays true.
  package mutating func completed(lease id: Int64, outcome: ScanOutcome, now: Timestamp) -> Bool {
    guard let lease = leases[id], lease.job.id == outcome.job else { return false }
    guard let pair = release(lease) else { return true }
    var entry = pairs[pair].entry
    entry.deaths = 0
    entry.raised = nil
    entry.confirms = nil
    entry.held = nil
    switch outcome.status {
    case .completed, .partial: tested(pair, &entry, lease, outcome, now)
    case .failed, .refused: failed(pair, &entry, outcome, now)
    case .stopped:
      entry.due = now
      cover(pair, .stopped, outcome.reason, now)
    }
    if let wish = pairs[pair].wish {
      entry.raised = wish
      entry.due = min(entry.due, now)
      if entry.wholeDue != nil { entry.wholeDue = now }
    }
    (pairs[pair].seen, pairs[pair].wish) = (nil, nil)
    schedule(pair, entry)
    return true
  }

  private mutating func tested(
    _ pair: Int, _ entry: inout Entry, _ lease: Lease, _ outcome: ScanOutcome, _ now: Timestamp
  ) {
    let profile = pairs[pair].profile
    entry.failures = 0
    let isLight = profile.lightPages != nil && lease.job.options.pages != nil
    if !isLight {
      entry.worst = pairs[pair].seen
      let before = entry.lastTested == nil ? -1 : entry.step
      if outcome.status == .completed || entry.worst != nil {
        entry.step = configuration.cadence.step(after: entry.worst, previous: entry.step)
      }
      let wait = wait(pair, profile.cadence, entry.step, isSlower: entry.step > before)
      entry.lastTested = now
      entry.due = now.advanced(seconds: wait)
      entry.wholeDue = profile.lightPages == nil ? nil : entry.due
      cover(pair, .tested, outcome.status == .partial ? outcome.reason : "", now)
    }
    if profile.lightPages != nil, let whole = entry.wholeDue {
      entry.due = min(whole, now.advanced(seconds: early(interval(pair, .watch, 0))))
    }
    // An engine that doubts what it saw asks for a second look, at best from elsewhere.
    if case .after(let seconds) = outcome.retry {
      let soon = min(Double(max(seconds, 1)), interval(pair, profile.cadence, entry.step))
      entry.due = min(entry.due, now.advanced(seconds: soon))
      entry.confirms = lease.holder
    }
  }

  /// Until the next whole look. Sites that were imported together are scanned together, and slow down together: the
  /// first interval of a slower step ends anywhere but in its first tenth, or they would stay in step for months.
  private mutating func wait(_ pair: Int, _ kind: CadenceClass, _ step: Int, isSlower: Bool) -> Double {
    let usual = interval(pair, kind, step)
    if pairs[pair].profile.isWatch, kind != .pages { return early(usual) }
    guard isSlower, kind == .risk, configuration.jitter > 0 else { return jittered(usual) }
    return usual * (0.1 + 0.9 * random.unit())
  }

  private mutating func failed(_ pair: Int, _ entry: inout Entry, _ outcome: ScanOutcome, _ now: Timestamp) {
    entry.failures += 1
    let wait = BackOff.seconds(after: outcome, failures: entry.failures, interval: nextInterval(pair, entry))
    entry.due = now.advanced(seconds: pairs[pair].profile.isWatch ? early(wait) : jittered(wait))
    let isForeign = outcome.reason.hasPrefix("not authorised")
    let refusal: CoverageEntry.Status = isForeign ? .notAuthorised : .skipped
    cover(pair, outcome.status == .refused ? refusal : .notDetermined, outcome.reason, now)
  }
}
