internal import GRDB
internal import Records
internal import Wire

/// Retests and the looks that they wait for.
enum RetestTable {
  static func add(_ db: Database, _ retest: Retest) throws {
    // Of two that ask for the same now, the newer counts.
    if retest.reason == .claim || retest.reason == .asked {
      try db.execute(
        sql: """
          UPDATE retest SET state = 'ended', result = 'overtaken'
            WHERE finding = ? AND state <> 'ended' AND reason IN ('claim', 'asked')
          """, arguments: [retest.finding])
    }
    try db.execute(
      sql: "INSERT INTO retest (finding, reason, state, due, since, tries, result) VALUES (?, ?, ?, ?, ?, ?, NULL)",
      arguments: [
        retest.finding, retest.reason.rawValue, retest.state.rawValue, retest.due.nanoseconds,
        retest.since?.nanoseconds, retest.tries,
      ])
  }

  static func lookAgain(_ db: Database, _ finding: Int64, _ verified: Timestamp) throws {
    try db.execute(
      sql: "UPDATE retest SET state = 'ended', result = 'overtaken' WHERE finding = ? AND state = 'waiting'",
      arguments: [finding])
    for (reason, days) in Retest.again {
      try add(db, Retest(finding: finding, reason: reason, due: verified.advanced(seconds: days * 86_400)))
    }
  }

  /// A job that began before it was asked for proves nothing; one that was stopped did not look.
  static func hear(_ db: Database, _ outcome: ScanOutcome) throws {
    guard let site = outcome.site, [.completed, .partial, .failed].contains(outcome.status) else { return }
    let isBlocked = outcome.source == .blocked || outcome.source == .rateLimited
    let obstacle = outcome.status == .failed || isBlocked ? outcome.reason : nil
    try db.cachedStatement(
      sql: """
        UPDATE retestLook SET answered = ?, obstacle = ?, isBlocked = ?
          WHERE site = ? AND engine = ? AND answered IS NULL AND since <= ?
        """
    ).execute(arguments: [
      outcome.ended.nanoseconds, obstacle, isBlocked && obstacle != nil, site, outcome.engine,
      outcome.started.nanoseconds,
    ])
  }

  static func retest(_ db: Database, _ row: Row) throws -> Retest {
    var retest = Retest(
      id: row["id"], finding: row["finding"], reason: Retest.Reason(rawValue: row["reason"]) ?? .asked,
      due: Timestamp(nanoseconds: row["due"]))
    retest.state = Retest.State(rawValue: row["state"]) ?? .ended
    retest.since = (row["since"] as Int64?).map { Timestamp(nanoseconds: $0) }
    retest.tries = row["tries"]
    retest.result = (row["result"] as String?).flatMap { Retest.Result(rawValue: $0) }
    retest.looks = try Row.fetchAll(
      db.cachedStatement(sql: "SELECT * FROM retestLook WHERE retest = ? ORDER BY site, engine"), arguments: [retest.id]
    ).map { look in
      Retest.Look(
        site: look["site"], engine: look["engine"],
        answered: (look["answered"] as Int64?).map { Timestamp(nanoseconds: $0) }, obstacle: look["obstacle"],
        isBlocked: look["isBlocked"])
    }
    return retest
  }

  static func save(_ db: Database, _ retest: Retest) throws {
    try db.execute(
      sql: "UPDATE retest SET state = ?, due = ?, since = ?, tries = ?, result = ? WHERE id = ?",
      arguments: [
        retest.state.rawValue, retest.due.nanoseconds, retest.since?.nanoseconds, retest.tries,
        retest.result?.rawValue, retest.id,
      ])
    try db.execute(sql: "DELETE FROM retestLook WHERE retest = ?", arguments: [retest.id])
    guard retest.state == .asked, let since = retest.since else { return }
    for look in retest.looks {
      try db.execute(
        sql: "INSERT INTO retestLook VALUES (?, ?, ?, ?, ?, ?, ?)",
        arguments: [
          retest.id, look.site, look.engine, since.nanoseconds, look.answered?.nanoseconds, look.obstacle,
          look.isBlocked,
        ])
    }
  }
}
