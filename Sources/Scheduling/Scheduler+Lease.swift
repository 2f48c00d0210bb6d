package import Records
package import Wire

extension Scheduler {
  /// Up to `limit` jobs (of `engines`; empty: any) whose time has come, the most urgent first. Each holds its host
  /// until `completed`, or until its lease runs out.
  package mutating func lease(holder: String, engines: [String] = [], limit: Int, now: Timestamp) -> [Lease] {
    expireLeases(now)
    collectDue(now)
    var given: [Lease] = []
    var kept: [Key] = []
    for (index, key) in ready.enumerated() {
      guard given.count < limit, leases.count < configuration.leaseLimit else {
        kept += ready[index...]
        break
      }
      guard engines.isEmpty || engines.contains(key.engine) else {
        if entries[key]?.lastTested == nil { cover(key, .skipped, "no scanner at hand has \(key.engine)", now) }
        kept.append(key)
        continue
      }
      switch admit(key, now) {
      case .given(let profile, let authorisation):
        if let lease = make(key, profile, authorisation, holder, now) { given.append(lease) }
      case .later: kept.append(key)
      case .gone: break
      }
    }
    ready = kept
    return given
  }

  /// Takes back what its holder held too long. Also done by every `lease`; call it when no scanner asks.
  package mutating func tick(now: Timestamp) {
    expireLeases(now)
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

  /// The next moment at which `lease` may give something; nil where nothing waits for a time.
  package var nextDue: Timestamp? {
    [ready.isEmpty ? nil : Timestamp(nanoseconds: 0), queue.first, leases.values.map(\.until).min()]
      .compactMap(\.self).min()
  }

  private enum Admission {
    case given(EngineProfile, Authorisation)
    case later
    case gone
  }

  private mutating func collectDue(_ now: Timestamp) {
    var fresh = false
    while let (key, due) = queue.popDue(now) {
      guard let entry = entries[key], entry.due == due, leasedKeys[key] == nil, !ready.contains(key) else { continue }
      ready.append(key)
      fresh = true
    }
    guard fresh else { return }
    let known = entries
    ready.sort { a, b in
      let (x, y) = (known[a], known[b])
      if x?.priority != y?.priority { return x?.priority ?? 0 > y?.priority ?? 0 }
      if x?.due != y?.due { return x?.due ?? .distantPast < y?.due ?? .distantPast }
      return (a.site, a.engine) < (b.site, b.engine)
    }
  }

  private mutating func admit(_ key: Key, _ now: Timestamp) -> Admission {
    guard let site = sites[key.site], entries[key] != nil, leasedKeys[key] == nil,
      let profile = configuration.engines.first(where: { $0.name == key.engine })
    else { return .gone }
    if isStopped(site: site.id) {
      cover(key, .stopped, "stopped by an operator", now)
      return .later
    }
    guard lockedHosts[site.host] == nil else { return .later }
    if let address = site.target.address, let refusal = configuration.addresses.refusal(of: address) {
      postpone(key, .skipped, "refused target: \(address) is \(refusal.rawValue)", until: nil, now)
      return .gone
    }
    switch verdict(site, profile.probeClass, now) {
    case .granted(let authorisation): return .given(profile, authorisation)
    case .denied(let reason, let retryAt):
      postpone(key, .notAuthorised, reason, until: retryAt, now)
      return .gone
    }
  }

  /// The engine's class where it is permitted, else what is: an engine asks only what the job's class allows.
  func verdict(_ site: Site, _ wanted: ProbeClass, _ now: Timestamp) -> AuthorisationVerdict {
    let address = site.target.address
    var last = AuthorisationVerdict.denied(reason: "no authorisation names \(site.host)", retryAt: nil)
    for probe in ProbeClass.allCases.reversed() where probe <= wanted {
      last = .judge(host: site.host, address: address, probe: probe, at: now, by: inventory.authorisations)
      if case .granted = last { return last }
    }
    return last
  }

  private mutating func make(
    _ key: Key, _ profile: EngineProfile, _ authorisation: Authorisation, _ holder: String, _ now: Timestamp
  ) -> Lease? {
    guard let site = sites[key.site], let entry = entries[key] else { return nil }
    let job = ScanJob(
      id: "\(nextLease)-\(key.engine)-\(key.site)", engine: key.engine, site: key.site, target: site.target,
      probeClass: min(profile.probeClass, authorisation.upTo), authorisation: authorisation.id,
      allowedNetworks: authorisation.networks, deadlineMilliseconds: profile.deadlineMilliseconds,
      attempt: entry.deaths + entry.failures + 1, platform: site.platform)
    let seconds = Double(profile.deadlineMilliseconds) / 1000 + configuration.leaseGrace
    let end = min(now.advanced(seconds: seconds), authorisation.until)
    let lease = Lease(id: nextLease, job: job, holder: holder, until: end)
    nextLease += 1
    leases[lease.id] = lease
    leasedKeys[key] = lease.id
    lockedHosts[site.host] = lease.id
    seen[key] = nil
    return lease
  }

  /// Gone from the ready list; asked again at `until`, at latest in an hour (an inventory that changes asks at once).
  private mutating func postpone(
    _ key: Key, _ status: CoverageEntry.Status, _ reason: String, until: Timestamp?, _ now: Timestamp
  ) {
    cover(key, status, reason, now)
    guard var entry = entries[key] else { return }
    let hour = now.advanced(seconds: 3600)
    entry.due = until.map { min(max($0, now.advanced(seconds: 1)), hour) } ?? hour
    schedule(key, entry)
  }

  mutating func cover(_ key: Key, _ status: CoverageEntry.Status, _ reason: String, _ now: Timestamp) {
    coverage.record(
      CoverageEntry(site: key.site, engine: key.engine, status: status, reason: reason, time: now))
  }

  /// A job whose holder died is taken again once; then the site waits as after a failure of ours.
  private mutating func expireLeases(_ now: Timestamp) {
    for lease in leases.values.filter({ $0.until <= now }).sorted(by: { $0.id < $1.id }) {
      let key = release(lease)
      guard var entry = entries[key] else { continue }
      entry.deaths += 1
      if entry.deaths <= 1 {
        entry.due = now
        entry.priority = max(entry.priority, 1)
      } else {
        cover(key, .skipped, "two scanners went away while they held the job", now)
        entry.deaths = 0
        entry.failures += 1
        entry.priority = 0
        entry.due = now.advanced(seconds: 600)
      }
      schedule(key, entry)
    }
  }
}

/// A binary heap of due times. An entry that was rescheduled leaves its old time behind, to be skipped when popped.
struct DueQueue: Sendable {
  private var heap: [(due: Timestamp, key: Scheduler.Key)] = []

  var first: Timestamp? { heap.first?.due }

  mutating func push(_ key: Scheduler.Key, _ due: Timestamp) {
    heap.append((due, key))
    var child = heap.count - 1
    while child > 0, heap[child].due < heap[(child - 1) / 2].due {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  mutating func popDue(_ now: Timestamp) -> (Scheduler.Key, Timestamp)? {
    guard let top = heap.first, top.due <= now else { return nil }
    let last = heap.removeLast()
    if !heap.isEmpty {
      heap[0] = last
      sink()
    }
    return (top.key, top.due)
  }

  private mutating func sink() {
    var parent = 0
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && heap[child].due < heap[least].due {
        least = child
      }
      guard least != parent else { return }
      heap.swapAt(parent, least)
      parent = least
    }
  }
}

extension Timestamp {
  static var distantPast: Timestamp { Timestamp(nanoseconds: .min) }
}
