internal import GRDB
internal import Records
internal import Wire

/// Incidents between SQLite and values. A case is one JSON, its rows, sites and log are tables of their own.
enum IncidentTable {
  /// `queueRow.incident` is the open incident that a row is in: one at a time.
  static let schema = """
    CREATE TABLE incident (
      id TEXT PRIMARY KEY, year INTEGER NOT NULL, number INTEGER NOT NULL, state TEXT NOT NULL,
      isDrill INTEGER NOT NULL, opened INTEGER NOT NULL, changed INTEGER NOT NULL, json TEXT NOT NULL,
      UNIQUE (year, number)
    ) WITHOUT ROWID;
    CREATE INDEX incidentOpen ON incident(opened) WHERE state <> 'closed';
    CREATE TABLE incidentNumber (year INTEGER PRIMARY KEY, last INTEGER NOT NULL);
    CREATE TABLE incidentRow (
      incident TEXT NOT NULL, row INTEGER NOT NULL, removed INTEGER, site TEXT, checkName TEXT NOT NULL,
      json TEXT NOT NULL, PRIMARY KEY (incident, row)
    ) WITHOUT ROWID;
    CREATE TABLE incidentSite (
      incident TEXT NOT NULL, site TEXT NOT NULL, PRIMARY KEY (incident, site)
    ) WITHOUT ROWID;
    CREATE INDEX incidentSiteSite ON incidentSite(site);
    CREATE TABLE incidentLog (
      id INTEGER PRIMARY KEY AUTOINCREMENT, incident TEXT NOT NULL, time INTEGER NOT NULL, actor TEXT NOT NULL,
      origin TEXT NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL
    );
    CREATE INDEX incidentLogIncident ON incidentLog(incident, id);
    CREATE TRIGGER incidentLogUnchanged BEFORE UPDATE ON incidentLog BEGIN
      SELECT RAISE(ABORT, 'the log of an incident is append-only');
    END;
    CREATE TRIGGER incidentLogKept BEFORE DELETE ON incidentLog BEGIN
      SELECT RAISE(ABORT, 'the log of an incident is append-only');
    END;
    CREATE TRIGGER incidentKept BEFORE DELETE ON incident BEGIN
      SELECT RAISE(ABORT, 'an incident is never deleted');
    END;
    ALTER TABLE queueRow ADD COLUMN incident TEXT;
    CREATE INDEX queueRowIncident ON queueRow(incident) WHERE incident IS NOT NULL;
    """

  static func incident(_ db: Database, _ id: String, within purview: Purview = .all) throws -> Incident {
    let own = Store.incidents(within: purview)
    let json = try String.fetchOne(
      db.cachedStatement(sql: "SELECT json FROM incident WHERE id = ? AND \(own.sql)"),
      arguments: [id] + StatementArguments(own.arguments))
    guard let json else { throw StoreError(.notFound, "there is no incident \(id.prefix(32))") }
    return try RecordJSON.decode(Incident.self, from: json)
  }

  /// The next number of its year: never used again, since the count is kept apart from the cases.
  static func insert(_ db: Database, _ draft: Incident, year: Int64, at now: Timestamp) throws -> Incident {
    try db.execute(
      sql: "INSERT INTO incidentNumber VALUES (?, 1) ON CONFLICT DO UPDATE SET last = last + 1", arguments: [year])
    let number = try Int64.fetchOne(db, sql: "SELECT last FROM incidentNumber WHERE year = ?", arguments: [year]) ?? 1
    var incident = draft
    let digits = String(number)
    incident.id = "\(year)-\(String(repeating: "0", count: max(4 - digits.count, 0)))\(digits)"
    try db.execute(
      sql: "INSERT INTO incident VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      arguments: [
        incident.id, year, number, incident.state.rawValue, incident.isDrill, incident.opened.nanoseconds,
        now.nanoseconds, RecordJSON.text(incident),
      ])
    return incident
  }

  static func save(_ db: Database, _ incident: Incident, at now: Timestamp) throws {
    try db.cachedStatement(
      sql: "UPDATE incident SET state = ?, isDrill = ?, changed = ?, json = ? WHERE id = ?"
    ).execute(arguments: [
      incident.state.rawValue, incident.isDrill, now.nanoseconds, RecordJSON.text(incident), incident.id,
    ])
  }

  static func append(_ db: Database, _ line: IncidentLine) throws {
    try db.cachedStatement(
      sql: "INSERT INTO incidentLog (incident, time, actor, origin, kind, text) VALUES (?, ?, ?, ?, ?, ?)"
    ).execute(arguments: [
      line.incident, line.time.nanoseconds, line.actor.name, line.actor.origin, line.kind.rawValue, line.text,
    ])
  }

  static func line(_ row: Row) -> IncidentLine {
    IncidentLine(
      id: row["id"], incident: row["incident"], time: Timestamp(nanoseconds: row["time"]),
      actor: Actor(name: row["actor"], origin: row["origin"]),
      kind: IncidentLine.Kind(rawValue: row["kind"]) ?? .log, text: row["text"])
  }

  static func rows(_ db: Database, _ id: String) throws -> [IncidentRow] {
    try Row.fetchAll(
      db.cachedStatement(sql: "SELECT json, removed FROM incidentRow WHERE incident = ? ORDER BY row"),
      arguments: [id]
    ).map { row in
      var value = try RecordJSON.decode(IncidentRow.self, from: row["json"] as String)
      value.removed = (row["removed"] as Int64?).map { Timestamp(nanoseconds: $0) }
      return value
    }
  }

  static func sites(_ db: Database, _ id: String) throws -> [String] {
    try String.fetchAll(
      db.cachedStatement(sql: "SELECT site FROM incidentSite WHERE incident = ? ORDER BY site"), arguments: [id])
  }

  static func addSite(_ db: Database, _ id: String, _ site: String) throws {
    try db.cachedStatement(sql: "INSERT OR IGNORE INTO incidentSite VALUES (?, ?)").execute(arguments: [id, site])
    try IncidentPart.add(db, id, site: site, platform: nil)
  }
}
