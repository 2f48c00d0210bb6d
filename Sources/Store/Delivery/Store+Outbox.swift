internal import GRDB
package import Records
package import Wire

/// The outbox: what waits to leave, lane by lane, and what became of it.
extension Store {
  package func add(_ entry: OutboxEntry) throws(StoreError) {
    try write { db in try Store.add(entry, db) }
  }

  /// A dispatch that is already there, by id and address, is not added again. One of a drill is kept and never due.
  static func add(_ entry: OutboxEntry, _ db: Database) throws {
    let place = OutboxTable.Place(entry)
    try db.cachedStatement(
      sql: """
        INSERT INTO outbox
          (channel, body, created, attempts, due, state, lastError, lane, sequence, urgent, dispatch, since)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
        """
    ).execute(arguments: [
      entry.channel, entry.body, entry.created.nanoseconds, entry.attempts, entry.due.nanoseconds,
      place.state.rawValue, place.reason, place.lane, place.sequence, place.isUrgent, place.dispatch,
      entry.since.nanoseconds,
    ])
  }

  /// What waits in a lane and is due, the urgent first, then the oldest. Behind an entry that waits for its next try
  /// stay all later ones of its sequence.
  package func dueOutbox(lane: String, now: Timestamp, limit: Int) throws(StoreError) -> [OutboxEntry] {
    try read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT * FROM outbox AS o INDEXED BY outboxLane
            WHERE lane = ?1 AND state = 'waiting' AND due <= ?2 AND (sequence IS NULL OR NOT EXISTS (
              SELECT 1 FROM outbox AS e WHERE e.lane = ?1 AND e.state = 'waiting' AND e.sequence = o.sequence
                AND e.sequence IS NOT NULL AND e.id < o.id))
            ORDER BY urgent DESC, id LIMIT ?3
          """, arguments: [lane, now.nanoseconds, limit]
      ).map(OutboxTable.entry)
    }
  }

  /// After a try. Whoever was dropped while it was tried stays dropped, unless the receiver took it.
  package func settle(_ entry: OutboxEntry) throws(StoreError) {
    try write { db in
      try db.cachedStatement(
        sql: """
          UPDATE outbox SET attempts = ?, due = ?, state = ?, lastError = ?
            WHERE id = ? AND (state = 'waiting' OR ? = 'delivered')
          """
      ).execute(arguments: [
        entry.attempts, entry.due.nanoseconds, entry.state.rawValue, entry.lastError, entry.id, entry.state.rawValue,
      ])
    }
  }

  /// Gives up what waits longer than it may, told or not. How many.
  package func expireOutbox(lane: String, before: Timestamp, reason: String) throws(StoreError) -> Int {
    let some = try read { db in
      try Bool.fetchOne(
        db, sql: "SELECT EXISTS (SELECT 1 FROM outbox WHERE lane = ? AND state = 'waiting' AND since < ?)",
        arguments: [lane, before.nanoseconds]) ?? false
    }
    guard some else { return 0 }
    return try write { db in
      try db.execute(
        sql: """
          UPDATE outbox SET state = 'dead', lastError = ? || coalesce(': ' || lastError, '')
            WHERE lane = ? AND state = 'waiting' AND since < ?
          """, arguments: [reason, lane, before.nanoseconds])
      return db.changesCount
    }
  }

  package func outboxEntry(_ id: Int64) throws(StoreError) -> OutboxEntry? {
    try read { db in
      try Row.fetchOne(db, sql: "SELECT * FROM outbox WHERE id = ?", arguments: [id]).map(OutboxTable.entry)
    }
  }

  /// The newest first, below `before`.
  package func outbox(
    state: OutboxEntry.State? = nil, lane: String? = nil, before: Int64? = nil, limit: Int = 100
  ) throws(StoreError) -> [OutboxEntry] {
    try read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT * FROM outbox WHERE (?1 IS NULL OR state = ?1) AND (?2 IS NULL OR lane = ?2) AND id < ?3
            ORDER BY id DESC LIMIT ?4
          """, arguments: [state?.rawValue, lane, before ?? .max, limit]
      ).map(OutboxTable.entry)
    }
  }

  package func outboxCountsByChannel() throws(StoreError) -> [(channel: String, state: String, count: Int)] {
    try read { db in
      try Row.fetchAll(
        db.cachedStatement(
          sql: "SELECT channel, state, count(*) AS n FROM outbox GROUP BY channel, state ORDER BY channel, state")
      ).map { ($0["channel"], $0["state"], $0["n"]) }
    }
  }

  package func outboxCounts() throws(StoreError) -> [OutboxEntry.State: Int] {
    try read { db in
      var counts: [OutboxEntry.State: Int] = [:]
      for row in try Row.fetchAll(db, sql: "SELECT state, count(*) AS n FROM outbox GROUP BY state") {
        if let state = OutboxEntry.State(rawValue: row["state"]) { counts[state] = row["n"] }
      }
      return counts
    }
  }
}
