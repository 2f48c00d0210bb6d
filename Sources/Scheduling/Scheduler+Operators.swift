package import Records
package import Wire

extension Scheduler {
  // MARK: stops

  /// In force until `resume`. Returns the leases to be cut off now; they come back to the queue, untested.
  package mutating func stop(_ fresh: [ScanStop], now: Timestamp) -> [Lease] {
    stopList.add(fresh)
    let sites = Set(fresh.map(\.site))
    let cut = leases.values.filter { sites.contains(nil) || sites.contains($0.job.site) }.sorted { $0.id < $1.id }
    for lease in cut {
      guard let pair = release(lease) else { continue }
      var entry = pairs[pair].entry
      entry.due = now
      schedule(pair, entry)
    }
    return cut
  }
  package mutating func stop(_ stop: ScanStop, now: Timestamp) -> [Lease] { self.stop([stop], now: now) }

  /// Takes back the stops of these sites; nil among them takes back every stop.
  package mutating func resume(_ sites: [String?]) {
    stopList.remove(Set(sites))
    for pair in pairs.indices where pairs[pair].state == .stopped && !isStopped(site: pairs[pair].key.site) {
      makeReady(pair)
    }
  }

  package func isStopped(site: String) -> Bool { stopList.holds(site) }
  package var stops: [ScanStop] { stopList.all }

  // MARK: wishes

  /// Scans the site as soon as its host is free. The number of jobs that are hastened: 0 for an unknown site.
  package mutating func hasten(
    site: String, engine: String? = nil, as urgency: Urgency = .wish, now: Timestamp
  ) -> Int {
    guard let place = placeOf[site] else { return 0 }
    var hastened = 0
    for profile in profiles(of: places[place].site) where engine == nil || profile.name == engine {
      guard let pair = index[Key(site: site, engine: profile.name)] else { continue }
      hastened += 1
      // What runs now began before the wish: it runs again after.
      guard pairs[pair].state != .leased else {
        pairs[pair].wish = pairs[pair].wish.map { min($0, urgency) } ?? urgency
        continue
      }
      var entry = pairs[pair].entry
      entry.raised = entry.raised.map { min($0, urgency) } ?? urgency
      entry.due = min(entry.due, now)
      if entry.wholeDue != nil { entry.wholeDue = now }
      let woken = pairs[pair].wokenBy
      schedule(pair, entry)
      pairs[pair].wokenBy = woken
    }
    return hastened
  }

  // MARK: guard periods

  /// The guard periods that are known from now on, in force or to come.
  package mutating func set(guards: [GuardPeriod], now: Timestamp) {
    self.guards = guards
    setGuards(now)
  }

  /// Tightens what is guarded now, and lets go what no longer is.
  mutating func setGuards(_ now: Timestamp) {
    guardChange = guards.flatMap { [$0.from, $0.until] }.filter { $0 > now }.min()
    let before = places.map(\.factor)
    for place in places.indices { places[place].setGuards(guards, at: now) }
    for pair in pairs.indices where pairs[pair].state == .waiting {
      var entry = pairs[pair].entry
      let place = places[pairs[pair].site]
      if entry.held == .frozen, place.frozen[pairs[pair].key.engine] == nil {
        entry.held = nil
        entry.due = min(entry.due, now.advanced(seconds: configuration.initialSpread * random.unit()))
        schedule(pair, entry)
      } else if place.factor < before[pairs[pair].site], entry.held == nil, entry.failures == 0 {
        // What waited for the longer interval comes as if it had waited for the shorter one from the beginning.
        let left = Double(entry.due.nanoseconds(since: now)) / 1e9
        guard left > 0 else { continue }
        entry.due = now.advanced(seconds: left * place.factor / before[pairs[pair].site])
        schedule(pair, entry)
      }
    }
  }
}
