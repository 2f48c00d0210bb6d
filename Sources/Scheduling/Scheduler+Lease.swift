package import Records
package import Wire

extension Scheduler {
  /// Up to `limit` jobs (of `engines`; empty: any) whose time has come, the most urgent first. Each holds its host
  /// until `completed`, or until its lease runs out. Keep `takeChanges` before the jobs are told to anybody.
  package mutating func lease(holder: String, engines: [String] = [], limit: Int, now: Timestamp) -> [Lease] {
    tick(now: now)
    collectDue(now)
    hear(holder, now)
    var given: [Lease] = []
    var aside: [Waiting] = []
    while given.count < limit, leases.count < configuration.leaseLimit, let item = ready.pop() {
      let pair = item.pair
      guard pairs[pair].mark == item.mark, pairs[pair].state == .ready else { continue }
      let isAtHand = engines.isEmpty || engines.contains(pairs[pair].key.engine)
      guard isAtHand, !wantsAnother(pair, than: holder, now) else {
        if !isAtHand { miss(pair, now) }
        aside.append(item)
        continue
      }
      if let lease = admit(pair, holder, now) { given.append(lease) }
    }
    for item in aside.reversed() {
      ready.push(item, urgency(item.pair), organisation: pairs[item.pair].organisation, atHead: true)
    }
    return given
  }

  /// Its turn came and the scanner has not its engine. What waits for the same gate goes on.
  private mutating func miss(_ pair: Int, _ now: Timestamp) {
    let (engine, entry) = (pairs[pair].key.engine, pairs[pair].entry)
    if entry.lastTested == nil { cover(pair, .skipped, "no scanner at hand has \(engine)", now) }
    passOn(pair)
  }

  /// What a passing moment changes: leases that ran out, guard periods that begin and end. Also done by every `lease`;
  /// call it when no scanner asks.
  package mutating func tick(now: Timestamp) {
    expireLeases(now)
    if let change = guardChange, change <= now { setGuards(now) }
  }

  /// The holder lives and works on: its leases last once more. Returns those that are no longer its own, to be
  /// ended. Never beyond the authorisation's end.
  package mutating func renew(_ ids: [Int64], holder: String, now: Timestamp) -> [Int64] {
    ids.filter { id in
      guard var lease = leases[id], lease.holder == holder, lease.until > now else { return true }
      let seconds = Double(lease.job.deadlineMilliseconds) / 1000 + configuration.leaseGrace
      let end = inventory.authorisations.first { $0.id == lease.job.authorisation }?.until ?? now
      lease.until = min(now.advanced(seconds: seconds), end)
      leases[id] = lease
      return false
    }
  }

  private mutating func collectDue(_ now: Timestamp) {
    while let value = due.pop(until: now) {
      let pair = Int(value >> 32)
      guard pairs[pair].mark == UInt32(truncatingIfNeeded: value), pairs[pair].state == .waiting else { continue }
      makeReady(pair)
    }
  }

  // MARK: the second look

  /// So long a second look waits for another scanner; then the first takes it itself.
  static let vantagePatience = 15.0
  /// A scanner that asked for work within so many seconds is there.
  static let presence = 30.0
  /// Names come from peers.
  static let mostHolders = 1024

  private mutating func hear(_ holder: String, _ now: Timestamp) {
    guard holders.count < Scheduler.mostHolders || holders[holder] != nil else { return }
    holders[holder] = now
  }

  private func wantsAnother(_ pair: Int, than holder: String, _ now: Timestamp) -> Bool {
    let entry = pairs[pair].entry
    guard entry.confirms == holder, now < entry.due.advanced(seconds: Scheduler.vantagePatience) else { return false }
    let since = now.advanced(seconds: -Scheduler.presence)
    return holders.contains { $0.key != holder && $0.value >= since }
  }

  // MARK: leases

  mutating func make(_ pair: Int, _ authorisation: Authorisation, _ holder: String, _ now: Timestamp) -> Lease {
    let (at, key) = (pairs[pair], pairs[pair].key)
    let site = places[at.site].site
    var job = ScanJob(
      id: "\(nextLease)-\(key.engine)-\(key.site)", engine: key.engine, site: key.site, target: site.target,
      probeClass: min(at.profile.probeClass, authorisation.upTo), authorisation: authorisation.id,
      allowedNetworks: authorisation.networks, deadlineMilliseconds: at.profile.deadlineMilliseconds,
      attempt: at.entry.deaths + at.entry.failures + 1, platform: site.platform)
    job.asksAgain = true
    if let pages = at.profile.lightPages, let whole = at.entry.wholeDue, now < whole { job.options.pages = pages }
    if !site.maintenance.isEmpty { job.maintenanceUntil = site.maintenance.end(containing: now) }
    let seconds = Double(job.deadlineMilliseconds) / 1000 + configuration.leaseGrace
    let lease = Lease(
      id: nextLease, job: job, holder: holder, until: min(now.advanced(seconds: seconds), authorisation.until))
    nextLease += 1
    leases[lease.id] = lease
    leaseEnds.push(lease.id, lease.until)
    hold(pair, lease.id)
    (pairs[pair].seen, pairs[pair].wokenBy, pairs[pair].entry.held) = (nil, nil, nil)
    changes.given.append(lease)
    return lease
  }

  /// Opens the gates, and wakes who waits there. Nil where the lease's pair is gone.
  mutating func release(_ lease: Lease) -> Int? {
    leases[lease.id] = nil
    changes.ended.append(lease.id)
    let key = Key(site: lease.job.site ?? "", engine: lease.job.engine)
    guard let pair = index[key], pairs[pair].lease == lease.id else { return nil }
    pairs[pair].lease = nil
    for gate in pairs[pair].gates {
      gates[gate].leave()
      wake(gate)
    }
    return pair
  }

  /// Leases of a holder that knows of them no more: they ended on their way, or with the process that held them. Their
  /// jobs come again at once; nobody need wait until they run out. `isDeath`: the holder is another process now.
  package mutating func lost(_ ids: some Sequence<Int64>, holder: String, isDeath: Bool, now: Timestamp) {
    for id in ids.sorted() {
      guard let lease = leases[id], lease.holder == holder else { continue }
      giveBack(lease, isDeath: isDeath, now)
    }
  }

  private mutating func expireLeases(_ now: Timestamp) {
    while let id = leaseEnds.pop(until: now) {
      guard let lease = leases[id] else { continue }
      guard lease.until <= now else {
        leaseEnds.push(id, lease.until)
        continue
      }
      giveBack(lease, isDeath: true, now)
    }
  }

  /// A job whose holder died is taken again once; then it waits, longer each time.
  private mutating func giveBack(_ lease: Lease, isDeath: Bool, _ now: Timestamp) {
    guard let pair = release(lease) else { return }
    var entry = pairs[pair].entry
    entry.due = now
    if isDeath { entry.deaths += 1 }
    if entry.deaths > 1 {
      cover(pair, .skipped, "two scanners went away while they held the job", now)
      entry.deaths = 0
      entry.failures += 1
      entry.raised = nil
      let pause = Scheduler.deathPause * Double(1 << min(entry.failures - 1, 10))
      entry.due = now.advanced(seconds: min(pause, Scheduler.longestDeathPause))
    }
    schedule(pair, entry)
  }

  /// A job that two scanners died of may be what kills them, or one of many that were out: it is not kept away long at
  /// once, and doubles its pause where it happens again.
  static let deathPause = 30.0
  static let longestDeathPause = 600.0
}
