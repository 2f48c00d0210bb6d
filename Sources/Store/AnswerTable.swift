internal import GRDB
internal import Records
internal import Wire

/// What each engine last said of each finding at each place, one row each: written where it changes, read by place, so
/// that a hosting of thousands of sites costs an observation no more than a site of its own.
enum AnswerTable {
  static let schema = """
    ALTER TABLE queueRow ADD COLUMN platform TEXT;
    CREATE INDEX queueRowPlatform ON queueRow(platform, id) WHERE platform IS NOT NULL;
    CREATE TABLE answer (
      row INTEGER NOT NULL, place TEXT NOT NULL, engine TEXT NOT NULL, holds INTEGER, sure INTEGER,
      json TEXT NOT NULL, PRIMARY KEY (row, place, engine)
    ) WITHOUT ROWID;
    CREATE INDEX answerPlace ON answer(place, row) WHERE holds = 1;
    """

  static func answers(_ db: Database, row: Int64, place: String) throws -> [EngineAnswer] {
    try String.fetchAll(
      db.cachedStatement(sql: "SELECT json FROM answer WHERE row = ? AND place = ? ORDER BY engine"),
      arguments: [row, place]
    ).map { try RecordJSON.decode(EngineAnswer.self, from: $0) }
  }

  /// Places that show it first.
  static func answers(_ db: Database, row: Int64, limit: Int = .max) throws -> [EngineAnswer] {
    try String.fetchAll(
      db.cachedStatement(
        sql: "SELECT json FROM answer WHERE row = ? ORDER BY holds IS NOT 1, place, engine LIMIT ?"),
      arguments: [row, limit]
    ).map { try RecordJSON.decode(EngineAnswer.self, from: $0) }
  }

  static func places(_ db: Database, row: Int64) throws -> [String] {
    try String.fetchAll(db, sql: "SELECT DISTINCT place FROM answer WHERE row = ? ORDER BY place", arguments: [row])
  }

  static func save(_ db: Database, _ after: Finding, over before: Finding?) throws {
    let known = Set(before?.answers ?? [])
    for answer in after.answers where !known.contains(answer) { try save(db, answer, row: after.row.id) }
  }

  static func save(_ db: Database, _ answer: EngineAnswer, row: Int64) throws {
    try db.cachedStatement(sql: "INSERT OR REPLACE INTO answer VALUES (?, ?, ?, ?, ?, ?)").execute(arguments: [
      row, answer.place, answer.engine, answer.holds, answer.sure?.nanoseconds, RecordJSON.text(answer),
    ])
  }

  static func remove(_ db: Database, row: Int64, place: String? = nil) throws {
    if let place {
      try db.execute(sql: "DELETE FROM answer WHERE row = ? AND place = ?", arguments: [row, place])
    } else {
      try db.execute(sql: "DELETE FROM answer WHERE row = ?", arguments: [row])
    }
  }
}

extension Finding {
  /// But for the words of engines, which are kept beside it.
  func isSame(asIn other: Finding?) -> Bool {
    guard var other else { return false }
    var own = self
    (own.answers, other.answers) = ([], [])
    return own == other
  }
}
