package import Records
package import Wire

extension Scheduler {
  /// New (site, engine) pairs come due within the initial spread; those that stay keep their times; those that went
  /// are forgotten, and their leases are returned to be cut off, as are those that lost their authorisation.
  package mutating func replace(_ inventory: Inventory, now: Timestamp) -> [Lease] {
    let old = entriesByKey()
    let fromSnapshot = restoredLeases
    restoredLeases = []
    self.inventory = inventory
    layOut(old, now)
    setGuards(now)
    for var lease in fromSnapshot {
      // Its holder could not renew it while nobody was here to ask.
      lease.until = max(lease.until, now.advanced(seconds: configuration.leaseGrace))
      leases[lease.id] = lease
    }
    var cut: [Lease] = []
    for lease in leases.values.sorted(by: { $0.id < $1.id }) where !resume(lease, now) { cut.append(lease) }
    for lease in cut {
      leases[lease.id] = nil
      changes.ended.append(lease.id)
    }
    return cut
  }

  private func entriesByKey() -> [Key: Entry] {
    guard !pairs.isEmpty else { return restored }
    return Dictionary(pairs.map { ($0.key, $0.entry) }, uniquingKeysWith: { first, _ in first })
  }

  /// Everything anew but the entries: queues hold places, and places change with the inventory.
  private mutating func layOut(_ old: [Key: Entry], _ now: Timestamp) {
    let unsaved = changes.touched.map { pairs[$0].key }
    changes.touched = []
    (restored, pairs, index, places, placeOf) = ([:], [], [:], [], [:])
    (gates, due, leaseEnds) = (GateTable(), TimeHeap(), TimeHeap())
    let book = AuthorisationBook(inventory.authorisations)
    let parents = Dictionary(
      inventory.organisations.compactMap { one in one.parent.map { (one.id, $0) } }, uniquingKeysWith: { a, _ in a })
    var organisations: [String: Int] = [:]
    for site in inventory.sites.sorted(by: { $0.id < $1.id }) {
      // A site that answers to nobody is an organisation of its own.
      let owner = site.organisation ?? "site \(site.id)"
      let organisation = organisations[owner] ?? organisations.count
      organisations[owner] = organisation
      placeOf[site.id] = places.count
      places.append(Place(site, book, parents: parents))
      let shared = gates.gates(of: site, configuration.limits)
      for profile in profiles(of: site) {
        let key = Key(site: site.id, engine: profile.name)
        guard index[key] == nil else { continue }
        index[key] = pairs.count
        pairs.append(
          Pair(
            key: key, site: places.count - 1, profile: profile, organisation: organisation, gates: shared,
            entry: Entry(due: now)))
      }
    }
    ready.resize(organisations: organisations.count)
    for pair in pairs.indices { begin(pair, old[pairs[pair].key], now) }
    changes.touched.formUnion(unsaved.compactMap { index[$0] })
    changes.removed += old.keys.filter { index[$0] == nil }
    coverage.keep { index[Key(site: $0.site, engine: $0.engine)] != nil }
  }

  private mutating func begin(_ pair: Int, _ old: Entry?, _ now: Timestamp) {
    guard var entry = old else {
      return schedule(pair, Entry(due: now.advanced(seconds: configuration.initialSpread * random.unit())))
    }
    if entry.held != nil {
      // What waits because it was not permitted is asked again under the new inventory.
      entry.due = now
      entry.held = nil
    } else if entry.failures == 0, entry.lastTested != nil {
      let latest = now.advanced(seconds: nextInterval(pair, entry) * (1 + configuration.jitter))
      if entry.due > latest { entry.due = now.advanced(seconds: jittered(nextInterval(pair, entry))) }
    }
    schedule(pair, entry)
    if entry == old { changes.touched.remove(pair) }
  }

  /// A lease that was out before: goes on, or false where it may not.
  private mutating func resume(_ lease: Lease, _ now: Timestamp) -> Bool {
    let key = Key(site: lease.job.site ?? "", engine: lease.job.engine)
    guard let pair = index[key], pairs[pair].lease == nil, !isStopped(site: key.site),
      gates.firstClosed(Array(pairs[pair].gates.prefix(1)), to: .watch) == nil,
      case .granted = verdict(pairs[pair].site, lease.job.probeClass, now)
    else { return false }
    hold(pair, lease.id)
    leaseEnds.push(lease.id, lease.until)
    return true
  }

  /// Marks the pair as out: its gates are entered, its queue places void.
  mutating func hold(_ pair: Int, _ lease: Int64) {
    pairs[pair].state = .leased
    pairs[pair].mark &+= 1
    pairs[pair].lease = lease
    for gate in pairs[pair].gates { gates[gate].enter() }
  }

  func profiles(of site: Site) -> [EngineProfile] {
    configuration.engines.filter { profile in
      profile.schemes.contains(site.scheme)
        && (site.engines.isEmpty ? !profile.isExternal : site.engines.contains(profile.name))
    }
  }

  /// Of whole scans, and of light looks where the engine has them.
  func interval(_ pair: Int, _ kind: CadenceClass, _ step: Int) -> Double {
    let place = places[pairs[pair].site]
    let usual = configuration.cadence.interval(kind, step: step, site: place.site)
    return place.factor == 1 ? usual : max(min(usual, Cadence.shortest), usual * place.factor)
  }

  func nextInterval(_ pair: Int, _ entry: Entry) -> Double {
    let whole = interval(pair, pairs[pair].profile.cadence, entry.step)
    guard pairs[pair].profile.lightPages != nil else { return whole }
    return min(whole, interval(pair, .watch, 0))
  }

  /// The engine's class where it is permitted, else what is: an engine asks only what the job's class allows.
  func verdict(_ place: Int, _ wanted: ProbeClass, _ now: Timestamp) -> AuthorisationVerdict {
    let (site, permits) = (places[place].site, places[place].permits)
    var last = AuthorisationVerdict.denied(reason: "no authorisation names \(site.host)", retryAt: nil)
    for probe in ProbeClass.allCases.reversed() where probe <= wanted {
      last = .judge(host: site.host, address: site.target.address, probe: probe, at: now, by: permits)
      if case .granted = last { return last }
    }
    return last
  }

  /// Whether anything may be asked of the site now.
  package func isAuthorised(site: String, now: Timestamp) -> Bool {
    guard let place = placeOf[site], case .granted = verdict(place, .observe, now) else { return false }
    return true
  }
}
