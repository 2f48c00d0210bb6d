internal import GRDB
package import Records
package import Wire

/// Outbox, reading cursors.
extension Store {
  // MARK: outbox

  package func add(_ entry: OutboxEntry) throws(StoreError) {
    try write { db in try Store.add(entry, db) }
  }

  static func add(_ entry: OutboxEntry, _ db: Database) throws {
    try db.cachedStatement(
      sql: "INSERT INTO outbox (channel, body, created, attempts, due, state) VALUES (?, ?, ?, ?, ?, ?)"
    ).execute(arguments: [
      entry.channel, entry.body, entry.created.nanoseconds, entry.attempts, entry.due.nanoseconds,
      entry.state.rawValue,
    ])
  }

  /// What waits and is due, the oldest first.
  package func dueOutbox(now: Timestamp, limit: Int = 50) throws(StoreError) -> [OutboxEntry] {
    try read { db in
      try Row.fetchAll(
        db, sql: "SELECT * FROM outbox WHERE state = 'waiting' AND due <= ? ORDER BY id LIMIT ?",
        arguments: [now.nanoseconds, limit]
      ).map { row in
        OutboxEntry(
          id: row["id"], channel: row["channel"], body: row["body"], created: Timestamp(nanoseconds: row["created"]),
          attempts: row["attempts"], due: Timestamp(nanoseconds: row["due"]),
          state: OutboxEntry.State(rawValue: row["state"]) ?? .waiting, lastError: row["lastError"])
      }
    }
  }

  /// After a try: delivered, due again, or dead.
  package func update(_ entry: OutboxEntry) throws(StoreError) {
    try write { db in
      try db.execute(
        sql: "UPDATE outbox SET attempts = ?, due = ?, state = ?, lastError = ? WHERE id = ?",
        arguments: [entry.attempts, entry.due.nanoseconds, entry.state.rawValue, entry.lastError, entry.id])
    }
  }

  /// Messages that were tried and wait still: how many for which channel, the most tries, the last reason.
  package func stuckOutbox() throws(StoreError) -> [(channel: String, count: Int, attempts: Int, reason: String)] {
    try read { db in
      try Row.fetchAll(
        db.cachedStatement(
          sql: """
            SELECT channel, count(*) AS n, max(attempts) AS attempts, max(lastError) AS reason FROM outbox
              WHERE state = 'waiting' AND attempts > 0 GROUP BY channel ORDER BY channel
            """)
      ).map { ($0["channel"], $0["n"], $0["attempts"], $0["reason"] ?? "no reason is known") }
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

  // MARK: cursors

  package func cursor(source: String) throws(StoreError) -> IngestCursor? {
    try read { db in
      try Row.fetchOne(db, sql: "SELECT * FROM cursor WHERE source = ?", arguments: [source]).map { row in
        IngestCursor(
          source: source, device: UInt64(row["device"] as String) ?? 0, inode: UInt64(row["inode"] as String) ?? 0,
          offset: row["place"], head: row["head"])
      }
    }
  }

  func save(_ cursor: IngestCursor, _ db: Database) throws {
    try db.cachedStatement(sql: "INSERT OR REPLACE INTO cursor VALUES (?, ?, ?, ?, ?)").execute(arguments: [
      cursor.source, String(cursor.device), String(cursor.inode), cursor.offset, cursor.head,
    ])
  }
}
