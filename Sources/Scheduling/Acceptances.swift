package import Records
package import Wire

/// Changes that an operator took as right, until the engine that found them has looked once more and taken them too.
///
/// Each (site, engine) waits for the end of a job that was given after the word; what was out before, was cut off, or
/// failed does not count. Its owner (Hub) keeps the whole in the store at each change: a restart forgets nothing.
package struct Acceptances: Sendable, Hashable, Codable {
  package struct Pending: Sendable, Hashable, Codable {
    package var key: Scheduler.Key
    package var by: String
    package var since: Timestamp
    /// The newest lease that carries the word; nil while none does.
    package var lease: Int64?
  }
  package private(set) var pending: [Pending] = []

  package init() {}

  /// Said again, it waits for a new job.
  package mutating func accept(_ keys: [Scheduler.Key], by: String, now: Timestamp) {
    pending.removeAll { keys.contains($0.key) }
    pending += keys.map { Pending(key: $0, by: by, since: now) }
  }

  /// The lease as it is given: the job says that the change is accepted, where that waits to be said. True where it
  /// does.
  package mutating func mark(_ lease: inout Lease) -> Bool {
    guard let place = pending.firstIndex(where: { $0.key == lease.key }) else { return false }
    lease.job.options.acceptsChange = true
    pending[place].lease = lease.id
    return true
  }

  /// The end of a lease. True where it settled what waited.
  package mutating func ended(lease id: Int64, _ status: ScanOutcome.Status) -> Bool {
    guard status == .completed || status == .partial else { return false }
    let before = pending.count
    pending.removeAll { $0.lease == id }
    return pending.count < before
  }

  /// Sites that are no longer there wait for nothing.
  package mutating func keep(sites: Set<String>) { pending.removeAll { !sites.contains($0.key.site) } }
}

extension Lease {
  fileprivate var key: Scheduler.Key { Scheduler.Key(site: job.site ?? "", engine: job.engine) }
}
