internal import GRDB
internal import Records
internal import Wire

/// The append-only log from which every score of every day can be computed again. A line is written in the
/// transaction of the change that it tells, and only where something that counts has changed.
enum PostureLog {
  /// Lines that are read at once: some megabytes.
  static let page = 10_000

  /// `postureState` has the last line of each subject: what the next is compared with.
  static let schema = """
    CREATE TABLE postureLog (
      number INTEGER PRIMARY KEY AUTOINCREMENT, time INTEGER NOT NULL, site TEXT, json TEXT NOT NULL
    );
    CREATE INDEX postureLogSite ON postureLog(site, number) WHERE site IS NOT NULL;
    CREATE TABLE postureState (
      subject TEXT PRIMARY KEY, number INTEGER NOT NULL, time INTEGER NOT NULL, json TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE postureDay (day INTEGER PRIMARY KEY, json TEXT NOT NULL);
    CREATE TRIGGER postureLogUnchanged BEFORE UPDATE ON postureLog BEGIN
      SELECT RAISE(ABORT, 'the posture log is append-only');
    END;
    CREATE TRIGGER postureLogKept BEFORE DELETE ON postureLog BEGIN
      SELECT RAISE(ABORT, 'the posture log is append-only');
    END;
    """

  static func note(_ db: Database, _ row: QueueRow, at now: Timestamp) throws {
    guard let change = row.postureChange else { return }
    try note(db, change, at: now)
  }

  static func note(_ db: Database, _ change: PostureEvent.Change, at now: Timestamp) throws {
    let subject = PostureEvent(time: now, change: change).subject
    let json = try RecordJSON.text(change)
    let known = try String.fetchOne(
      db.cachedStatement(sql: "SELECT json FROM postureState WHERE subject = ?"), arguments: [subject])
    guard known != json else { return }
    try db.cachedStatement(sql: "INSERT INTO postureLog (time, site, json) VALUES (?, ?, ?)").execute(
      arguments: [now.nanoseconds, change.site, json])
    try db.cachedStatement(sql: "INSERT OR REPLACE INTO postureState VALUES (?, ?, ?, ?)").execute(
      arguments: [subject, db.lastInsertedRowID, now.nanoseconds, json])
  }

  /// Who is in the inventory now, and who is no more.
  static func note(_ db: Database, _ inventory: Store.Inventory, at now: Timestamp) throws {
    for value in inventory.organisations { try note(db, .organisation(id: value.id, parent: value.parent), at: now) }
    for site in inventory.sites {
      let member = PostureEvent.Member(
        id: site.id, organisation: site.organisation, criticality: site.criticality, platform: site.platform)
      try note(db, .site(member), at: now)
    }
    for value in inventory.platforms { try note(db, .platform(id: value.id, owner: value.owner), at: now) }
    let kept = Set(inventory.sites.map { "site/\($0.id)" })
      .union(inventory.organisations.map { "organisation/\($0.id)" })
      .union(inventory.platforms.map { "platform/\($0.id)" })
    for event in try state(db) where !kept.contains(event.subject) {
      switch event.change {
      case .site(let member): try note(db, .removed(.site(member.id)), at: now)
      case .organisation(let id, parent: _): try note(db, .removed(.organisation(id)), at: now)
      case .platform(let id, owner: _): try note(db, .removed(.platform(id)), at: now)
      case .row, .tested, .removed, .deadline, .exclusion, .rating: break
      }
    }
  }

  /// The last line of each subject, in the log's order.
  static func state(_ db: Database) throws -> [PostureEvent] {
    try Row.fetchAll(db, sql: "SELECT number, time, json FROM postureState ORDER BY number").map(event)
  }

  static func event(_ row: Row) throws -> PostureEvent {
    PostureEvent(
      number: row["number"], time: Timestamp(nanoseconds: row["time"]),
      change: try RecordJSON.decode(PostureEvent.Change.self, from: row["json"] as String))
  }
}
