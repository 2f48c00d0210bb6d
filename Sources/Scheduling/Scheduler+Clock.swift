internal import Records
package import Wire

extension Scheduler {
  /// The clock now says less than before: what was due in so many seconds is due in as many, and a lease lasts no longer
  /// than it was given. What waits for a moment of the calendar is looked at once too early, and waits again.
  package mutating func clockWasSetBack(by seconds: Double, now: Timestamp) {
    for (id, var lease) in leases {
      lease.until = lease.until.advanced(seconds: -seconds)
      leases[id] = lease
      leaseEnds.push(id, lease.until)
    }
    for pair in pairs.indices {
      var entry = pairs[pair].entry
      entry.due = entry.due.advanced(seconds: -seconds)
      entry.wholeDue = entry.wholeDue.map { $0.advanced(seconds: -seconds) }
      if pairs[pair].state == .waiting {
        schedule(pair, entry)
      } else {
        pairs[pair].entry = entry
        changes.touch(pair)
      }
    }
    holders = holders.mapValues { $0.advanced(seconds: -seconds) }
    setGuards(now)
  }
}
