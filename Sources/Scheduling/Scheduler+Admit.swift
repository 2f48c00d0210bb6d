internal import Records
internal import Wire

/// Whether a pair whose turn it is may run. What may not is put where it is asked again by itself.
extension Scheduler {
  mutating func admit(_ pair: Int, _ holder: String, _ now: Timestamp) -> Lease? {
    let site = places[pairs[pair].site].site
    if isStopped(site: site.id) {
      pairs[pair].state = .stopped
      cover(pair, .stopped, "stopped by an operator", now)
      return passOn(pair)
    }
    if let gate = gates.firstClosed(pairs[pair].gates, to: urgency(pair)) { return wait(pair, at: gate) }
    if let address = site.target.address, let refusal = configuration.addresses.refusal(of: address) {
      return postpone(pair, .refusedAddress, .skipped, "refused target: \(address) is \(refusal.rawValue)", nil, now)
    }
    if let refusal = calm(pair, now) {
      return postpone(pair, refusal.hold, .skipped, refusal.reason, refusal.until, now)
    }
    if let permit = pairs[pair].permit, now < permit.until, permit.authorisation.isValid(at: now) {
      return make(pair, permit.authorisation, holder, now)
    }
    switch verdict(pairs[pair].site, pairs[pair].profile.probeClass, now) {
    case .granted(let authorisation):
      pairs[pair].permit = permit(authorisation, pairs[pair].site, now)
      return make(pair, authorisation, holder, now)
    case .denied(let reason, let retryAt): return postpone(pair, .notAuthorised, .notAuthorised, reason, retryAt, now)
    }
  }

  private func permit(_ authorisation: Authorisation, _ place: Int, _ now: Timestamp) -> Permit {
    let next = places[place].permits.map(\.from).filter { $0 > now }.min()
    return Permit(authorisation: authorisation, until: min(authorisation.until, next ?? authorisation.until))
  }

  /// A maintenance window stops all but the look whether the site is there; a guard period what it freezes.
  private func calm(_ pair: Int, _ now: Timestamp) -> (hold: Hold, reason: String, until: Timestamp)? {
    let place = places[pairs[pair].site]
    if !place.site.maintenance.isEmpty, pairs[pair].profile.cadence != .availability,
      let end = place.site.maintenance.end(containing: now)
    {
      return (.maintenance, "maintenance window until \(end.text)", end)
    }
    if let period = place.frozen[pairs[pair].key.engine] {
      return (.frozen, "frozen by the guard period \(period.id) until \(period.until.text)", period.until)
    }
    return nil
  }

  private mutating func wait(_ pair: Int, at gate: Int) -> Lease? {
    let woken = pairs[pair].wokenBy
    pairs[pair].state = .atGate
    pairs[pair].mark &+= 1
    pairs[pair].wokenBy = nil
    gates[gate].wait(waiting(pair), urgency(pair), atHead: woken == gate)
    if let woken, woken != gate { wake(woken) }
    return nil
  }

  /// It does not run now: who waits at the gate that woke it gets its turn.
  @discardableResult mutating func passOn(_ pair: Int) -> Lease? {
    let woken = pairs[pair].wokenBy
    pairs[pair].wokenBy = nil
    if let woken { wake(woken) }
    return nil
  }

  /// The next that waits there, if any still does.
  mutating func wake(_ gate: Int) {
    while let item = gates[gate].next() {
      guard pairs[item.pair].mark == item.mark, pairs[item.pair].state == .atGate else { continue }
      pairs[item.pair].wokenBy = gate
      return makeReady(item.pair, atHead: true)
    }
  }

  /// Asked again at `until`, at latest in an hour (an inventory or a guard period that changes asks at once).
  private mutating func postpone(
    _ pair: Int, _ hold: Hold, _ status: CoverageEntry.Status, _ reason: String, _ until: Timestamp?, _ now: Timestamp
  ) -> Lease? {
    cover(pair, status, reason, now)
    var entry = pairs[pair].entry
    let hour = now.advanced(seconds: 3600)
    entry.due = until.map { min(max($0, now.advanced(seconds: 1)), hour) } ?? hour
    entry.held = hold
    schedule(pair, entry)
    return passOn(pair)
  }
}
