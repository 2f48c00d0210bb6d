internal import GRDB
package import Records
package import Wire

/// Audit, outbox, reading cursors.
extension Store {
  package func append(_ entry: AuditEntry) throws(StoreError) {
    try write { db in try Store.append(entry, db) }
  }

  static func append(_ entry: AuditEntry, _ db: Database) throws {
    try db.cachedStatement(
      sql: "INSERT INTO audit (time, actor, origin, act, subject, before, after) VALUES (?, ?, ?, ?, ?, ?, ?)"
    ).execute(arguments: [
      entry.time.nanoseconds, entry.actor.name, entry.actor.origin, entry.act, entry.subject, entry.before,
      entry.after,
    ])
  }

  /// The newest first; of one subject, or of all.
  package func audit(subject: String? = nil, limit: Int = 100) throws(StoreError) -> [AuditEntry] {
    try read { db in try Store.audit(db, subject: subject, limit: limit) }
  }

  static func audit(_ db: Database, subject: String?, limit: Int) throws -> [AuditEntry] {
    let filter = subject == nil ? "" : " WHERE subject = ?"
    let arguments: StatementArguments = subject.map { [$0, limit] } ?? [limit]
    return try Row.fetchAll(
      db, sql: "SELECT * FROM audit\(filter) ORDER BY id DESC LIMIT ?", arguments: arguments
    ).map(auditEntry)
  }

  static func auditEntry(_ row: Row) -> AuditEntry {
    AuditEntry(
      id: row["id"], time: Timestamp(nanoseconds: row["time"]),
      actor: Actor(name: row["actor"], origin: row["origin"]), act: row["act"], subject: row["subject"],
      before: row["before"], after: row["after"])
  }

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
