internal import GRDB
package import Wire

/// What the store keeps of moments, where the clock was set back.
extension Store {
  /// The newest moment at which a batch was stored: a clock that says less was set back while no hub ran.
  package func lastStored() throws(StoreError) -> Timestamp? {
    try read { try Int64.fetchOne($0, sql: "SELECT max(time) FROM mark") }.map { Timestamp(nanoseconds: $0) }
  }

  /// Moments that now lie ahead by no one's wish hold nothing up: messages that waited for them are due, and what was
  /// last said of an engine yields to what is said now.
  package func clockWasSetBack(to now: Timestamp) throws(StoreError) {
    try write { db in
      for sql in [
        "UPDATE outbox SET due = ? WHERE state = 'waiting' AND due > ?",
        "UPDATE engineCoverage SET time = ? WHERE time > ?", "UPDATE mark SET time = ? WHERE time > ?",
      ] {
        try db.execute(sql: sql, arguments: [now.nanoseconds, now.nanoseconds])
      }
    }
  }
}
