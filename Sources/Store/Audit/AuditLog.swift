internal import GRDB
internal import Records
internal import Wire

/// The one table of who did what, and the one append to it. Each entry's hash takes in the hash of the entry before, so
/// that a change, a gap or another order shows (Documentation/decisions/0052-the-audit-is-a-chain.md).
enum AuditLog {
  static let migration = "4 ledger"
  /// Before the first entry.
  static let beginning = AuditDigest(id: 0, hash: String(repeating: "0", count: 64))
  /// By which a backup took the place of what was there; its `before` is the head of that.
  static let restoreAct = "restore"
  /// By which the hub wrote down that it found the log broken; its `before` is the head file of then.
  static let brokenAct = "audit broken"
  static let subject = "audit"

  /// Chains what was written before there was a chain. An entry that is put under a used number would replace it
  /// without meeting the trigger on deletion, hence the third trigger.
  static func migrate(_ db: Database) throws {
    try db.execute(
      sql: """
        DROP TRIGGER auditUnchanged;
        ALTER TABLE audit ADD COLUMN hash TEXT NOT NULL DEFAULT '';
        """)
    var previous = beginning.hash
    var through: Int64 = 0
    while true {
      let page = try Row.fetchAll(db, sql: AuditRecord.query + " LIMIT 1000", arguments: [through]).map(
        AuditRecord.init)
      for record in page {
        previous = record.hash(behind: previous)
        try db.cachedStatement(sql: "UPDATE audit SET hash = ? WHERE id = ?").execute(arguments: [previous, record.id])
        through = record.id
      }
      if page.isEmpty { break }
    }
    try db.execute(sql: triggers)
  }

  private static let triggers = """
    CREATE TRIGGER auditUnchanged BEFORE UPDATE ON audit BEGIN
      SELECT RAISE(ABORT, 'the audit log is append-only');
    END;
    CREATE TRIGGER auditAtEnd BEFORE INSERT ON audit
      WHEN NEW.id <= (SELECT ifnull(max(id), 0) FROM audit) OR length(NEW.hash) <> 64 BEGIN
      SELECT RAISE(ABORT, 'the audit log is append-only');
    END;
    """

  /// Numbers are never used again, also where the end was cut off: SQLite keeps the highest one. `above` is the
  /// highest of a store that this one takes the place of.
  @discardableResult
  static func append(_ entry: AuditEntry, _ db: Database, above: Int64 = 0) throws -> AuditDigest {
    let last = try end(db)
    let used =
      try Int64.fetchOne(db.cachedStatement(sql: "SELECT seq FROM sqlite_sequence WHERE name = 'audit'")) ?? 0
    var entry = writable(entry)
    entry.id = max(last.id, used, above) + 1
    let digest = AuditDigest(id: entry.id, hash: AuditRecord(entry, id: entry.id).hash(behind: last.hash))
    try db.cachedStatement(
      sql: """
        INSERT INTO audit (id, time, actor, origin, act, subject, before, after, hash)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    ).execute(arguments: [
      digest.id, entry.time.nanoseconds, entry.actor.name, entry.actor.origin, entry.act, entry.subject, entry.before,
      entry.after, digest.hash,
    ])
    return digest
  }

  /// SQLite ends a text at its first NUL: what is hashed must be what is kept.
  private static func writable(_ entry: AuditEntry) -> AuditEntry {
    func text(_ value: String) -> String {
      value.utf8.contains(0) ? String(value.map { $0 == "\0" ? "\u{2400}" : $0 }) : value
    }
    return AuditEntry(
      time: entry.time, actor: Actor(name: text(entry.actor.name), origin: text(entry.actor.origin)),
      act: text(entry.act), subject: text(entry.subject), before: entry.before.map(text), after: entry.after.map(text))
  }

  static func end(_ db: Database) throws -> AuditDigest {
    try Row.fetchOne(db.cachedStatement(sql: "SELECT id, hash FROM audit ORDER BY id DESC LIMIT 1"))
      .map { AuditDigest(id: $0["id"], hash: $0["hash"]) } ?? beginning
  }

  static func digest(_ db: Database, id: Int64) throws -> AuditDigest? {
    if id == beginning.id { return beginning }
    return try String.fetchOne(db.cachedStatement(sql: "SELECT hash FROM audit WHERE id = ?"), arguments: [id])
      .map { AuditDigest(id: id, hash: $0) }
  }

  /// Why the log does not contain what `head` says; nil where it does, where a restore took its place, and where it
  /// was written down already.
  static func contradiction(_ db: Database, _ head: AuditDigest) throws -> String? {
    let found = try digest(db, id: head.id)
    if found == head { return nil }
    let isTold = try Bool.fetchOne(
      db, sql: "SELECT EXISTS (SELECT 1 FROM audit WHERE id > ? AND act IN (?, ?) AND before = ?)",
      arguments: [head.id, restoreAct, brokenAct, head.description])
    if isTold == true { return nil }
    return found == nil
      ? "the audit log ends at entry \(try end(db).id), but entry \(head.id) was written: its end was cut off"
      : "entry \(head.id) of the audit log is not the one that was written"
  }
}
