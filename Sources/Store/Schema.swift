internal import GRDB

/// The tables, by migrations that are never changed after a release. Times are nanoseconds since 1970.
enum Schema {
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1 queue") { db in
      try db.execute(sql: queue + counters)
    }
    migrator.registerMigration("1 inventory") { db in
      try db.execute(sql: inventory)
    }
    migrator.registerMigration("1 ledger") { db in
      try db.execute(sql: ledger)
    }
    migrator.registerMigration("2 posture") { db in
      try db.execute(sql: PostureLog.schema)
    }
    migrator.registerMigration("2 proposals") { db in
      try db.execute(sql: proposals)
    }
    migrator.registerMigration("2 schedule") { db in
      try db.execute(sql: schedule)
    }
    migrator.registerMigration("3 answers") { db in
      try db.execute(sql: AnswerTable.schema)
      try FindingMigration.run(db)
    }
    migrator.registerMigration("4 incident") { db in
      try db.execute(sql: IncidentTable.schema + SituationTable.schema)
    }
    migrator.registerMigration("4 warning") { db in try db.execute(sql: WarningTables.schema) }
    migrator.registerMigration("4 duty") { db in try db.execute(sql: DutySchema.schema) }
    migrator.registerMigration("4 people") { db in
      try db.execute(sql: PeopleTable.schema)
    }
    migrator.registerMigration("4 sense") { db in
      try db.execute(sql: SenseSchema.sql)
    }
    migrator.registerMigration(AuditLog.migration) { db in try AuditLog.migrate(db) }
    migrator.registerMigration("4 delivery") { db in
      try db.execute(sql: OutboxTable.schema)
    }
    migrator.registerMigration("4 queue") { try $0.execute(sql: QueueMigration.schema) }
    migrator.registerMigration("5 scope") { try $0.execute(sql: IncidentPart.schema) }
    migrator.registerMigration("5 dues") { try $0.execute(sql: DutySchema.dues) }
    migrator.registerMigration("5 blindness") { try $0.execute(sql: DutySchema.oneBlindness) }
    migrator.registerMigration("6 rule text") { try $0.execute(sql: RuleTextTable.schema) }
    return migrator
  }

  /// Whether a migration that this program does not know was applied. Reads only.
  static func isNewer(_ db: Database) throws -> Bool {
    guard try db.tableExists("grdb_migrations") else { return false }
    let applied = try String.fetchSet(db, sql: "SELECT identifier FROM grdb_migrations")
    return !applied.isSubset(of: migrator.migrations)
  }

  static func has(_ migration: String, _ db: Database) throws -> Bool {
    guard try db.tableExists("grdb_migrations") else { return false }
    let sql = "SELECT EXISTS (SELECT 1 FROM grdb_migrations WHERE identifier = ?)"
    return try Bool.fetchOne(db, sql: sql, arguments: [migration]) ?? false
  }

  /// `id` is never used again (AUTOINCREMENT): people write it down.
  private static let queue = """
    CREATE TABLE queueRow (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      wing TEXT NOT NULL, key TEXT NOT NULL, titleEn TEXT NOT NULL, titleZh TEXT NOT NULL,
      severity INTEGER NOT NULL, outcome INTEGER NOT NULL, state TEXT NOT NULL, assignee TEXT, verdict TEXT,
      shelvedUntil INTEGER, acknowledgedAt INTEGER, changedBy TEXT, changedAt INTEGER, returned TEXT,
      site TEXT, organisation TEXT, subject TEXT NOT NULL, checkName TEXT NOT NULL, count INTEGER NOT NULL,
      firstSeen INTEGER NOT NULL, lastSeen INTEGER NOT NULL, findingState TEXT,
      comments INTEGER NOT NULL DEFAULT 0, acknowledgedHits INTEGER NOT NULL DEFAULT 0,
      body BLOB NOT NULL
    );
    CREATE INDEX queueRowKey ON queueRow(key, id);
    CREATE INDEX queueRowOpen ON queueRow(severity DESC, outcome DESC, lastSeen DESC, id DESC) WHERE state <> 'closed';
    CREATE INDEX queueRowSeen ON queueRow(lastSeen DESC, id DESC);
    CREATE INDEX queueRowSite ON queueRow(site, lastSeen) WHERE site IS NOT NULL;
    CREATE INDEX queueRowClosed ON queueRow(changedAt) WHERE state = 'closed';
    CREATE INDEX queueRowShelved ON queueRow(shelvedUntil) WHERE state = 'shelved';
    CREATE TABLE alert (
      id INTEGER PRIMARY KEY, row INTEGER NOT NULL, time INTEGER NOT NULL, isEVE INTEGER NOT NULL, text TEXT NOT NULL
    );
    CREATE INDEX alertRow ON alert(row, id);
    CREATE TABLE observation (
      id INTEGER PRIMARY KEY, row INTEGER, time INTEGER NOT NULL, site TEXT, json TEXT NOT NULL
    );
    CREATE INDEX observationRow ON observation(row, id);
    CREATE INDEX observationTime ON observation(time);
    CREATE TABLE comment (
      id INTEGER PRIMARY KEY, row INTEGER NOT NULL, time INTEGER NOT NULL, author TEXT NOT NULL, text TEXT NOT NULL
    );
    CREATE INDEX commentRow ON comment(row, id);

    """

  /// Counters are kept by the rows' own changes, so that no screen counts rows.
  private static let counters = """
    CREATE TABLE rowCount (
      wing TEXT NOT NULL, severity INTEGER NOT NULL, state TEXT NOT NULL, count INTEGER NOT NULL,
      PRIMARY KEY (wing, severity, state)
    ) WITHOUT ROWID;
    CREATE TABLE hourCount (
      hour INTEGER NOT NULL, wing TEXT NOT NULL, severity INTEGER NOT NULL, count INTEGER NOT NULL,
      PRIMARY KEY (hour, wing, severity)
    ) WITHOUT ROWID;
    CREATE TRIGGER rowAdded AFTER INSERT ON queueRow BEGIN
      INSERT INTO rowCount VALUES (NEW.wing, NEW.severity, NEW.state, 1)
        ON CONFLICT DO UPDATE SET count = count + 1;
    END;
    CREATE TRIGGER rowMoved AFTER UPDATE OF severity, state ON queueRow
      WHEN OLD.severity <> NEW.severity OR OLD.state <> NEW.state BEGIN
      UPDATE rowCount SET count = count - 1
        WHERE wing = OLD.wing AND severity = OLD.severity AND state = OLD.state;
      INSERT INTO rowCount VALUES (NEW.wing, NEW.severity, NEW.state, 1)
        ON CONFLICT DO UPDATE SET count = count + 1;
    END;
    CREATE TRIGGER rowRemoved AFTER DELETE ON queueRow BEGIN
      UPDATE rowCount SET count = count - 1
        WHERE wing = OLD.wing AND severity = OLD.severity AND state = OLD.state;
    END;
    CREATE TRIGGER openRowKept BEFORE DELETE ON queueRow WHEN OLD.state <> 'closed' BEGIN
      SELECT RAISE(ABORT, 'open work is never deleted');
    END;
    """

  private static let inventory = """
    CREATE TABLE document (
      kind TEXT NOT NULL, id TEXT NOT NULL, json TEXT NOT NULL, PRIMARY KEY (kind, id)
    ) WITHOUT ROWID;
    CREATE TABLE coverage (
      site TEXT NOT NULL, checkName TEXT NOT NULL, engine TEXT NOT NULL, status TEXT NOT NULL, reason TEXT NOT NULL,
      time INTEGER NOT NULL, PRIMARY KEY (site, checkName, engine)
    ) WITHOUT ROWID;
    CREATE TABLE lease (
      id INTEGER PRIMARY KEY AUTOINCREMENT, job TEXT NOT NULL, holder TEXT NOT NULL, until INTEGER NOT NULL
    );
    CREATE TABLE scanStop (site TEXT PRIMARY KEY, by TEXT NOT NULL, since INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE outcome (
      id INTEGER PRIMARY KEY, site TEXT, engine TEXT NOT NULL, status TEXT NOT NULL, ended INTEGER NOT NULL,
      json TEXT NOT NULL
    );
    CREATE INDEX outcomeSite ON outcome(site, id);
    """

  private static let proposals = """
    CREATE TABLE proposal (
      id TEXT PRIMARY KEY, site TEXT NOT NULL, kind TEXT NOT NULL, value TEXT NOT NULL, engine TEXT NOT NULL,
      firstSeen INTEGER NOT NULL, lastSeen INTEGER NOT NULL, state TEXT NOT NULL, decidedBy TEXT, decidedAt INTEGER
    ) WITHOUT ROWID;
    CREATE INDEX proposalSite ON proposal(site, state);
    """

  /// The schedule by lines, and the coverage by engines; the old words on single checks come back with the next scan.
  private static let schedule = """
    CREATE TABLE schedule (
      site TEXT NOT NULL, engine TEXT NOT NULL, json TEXT NOT NULL, PRIMARY KEY (site, engine)
    ) WITHOUT ROWID;
    DELETE FROM document WHERE kind = 'schedule';
    DELETE FROM lease;
    CREATE TABLE engineCoverage (
      site TEXT NOT NULL, engine TEXT NOT NULL, status TEXT NOT NULL, reason TEXT NOT NULL, time INTEGER NOT NULL,
      tested INTEGER, open TEXT NOT NULL, PRIMARY KEY (site, engine)
    ) WITHOUT ROWID;
    INSERT INTO engineCoverage
      SELECT site, engine, status, reason, time, CASE status WHEN 'tested' THEN time END, '{}'
      FROM coverage WHERE checkName = '*';
    DROP TABLE coverage;
    DROP INDEX outcomeSite;
    CREATE INDEX outcomeEngine ON outcome(site, engine, id);
    """

  /// The audit log is append-only by the database itself, not by good manners.
  private static let ledger = """
    CREATE TABLE mark (
      source TEXT NOT NULL, boot TEXT NOT NULL, last INTEGER NOT NULL, time INTEGER NOT NULL,
      PRIMARY KEY (source, boot)
    ) WITHOUT ROWID;
    CREATE TABLE cursor (
      source TEXT PRIMARY KEY, device TEXT NOT NULL, inode TEXT NOT NULL, place INTEGER NOT NULL, head TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE audit (
      id INTEGER PRIMARY KEY AUTOINCREMENT, time INTEGER NOT NULL, actor TEXT NOT NULL, origin TEXT NOT NULL,
      act TEXT NOT NULL, subject TEXT NOT NULL, before TEXT, after TEXT
    );
    CREATE INDEX auditSubject ON audit(subject, id);
    CREATE TRIGGER auditUnchanged BEFORE UPDATE ON audit BEGIN
      SELECT RAISE(ABORT, 'the audit log is append-only');
    END;
    CREATE TRIGGER auditKept BEFORE DELETE ON audit BEGIN
      SELECT RAISE(ABORT, 'the audit log is append-only');
    END;
    CREATE TABLE outbox (
      id INTEGER PRIMARY KEY AUTOINCREMENT, channel TEXT NOT NULL, body TEXT NOT NULL, created INTEGER NOT NULL,
      attempts INTEGER NOT NULL, due INTEGER NOT NULL, state TEXT NOT NULL, lastError TEXT
    );
    CREATE INDEX outboxDue ON outbox(due) WHERE state = 'waiting';
    """
}
