internal import GRDB
package import Records
internal import Wire

/// The coverage ledger: one row a (site, engine), which names the checks that are open.
extension Store {
  package func coverage(site: String? = nil) throws(StoreError) -> [EngineCoverage] {
    try read { db in
      let filter = site == nil ? "" : " WHERE site = ?"
      let arguments: StatementArguments = site.map { [$0] } ?? []
      return try Row.fetchAll(
        db, sql: "SELECT * FROM engineCoverage\(filter) ORDER BY site, engine", arguments: arguments
      ).map { try Store.coverage($0) }
    }
  }

  package func coverageCounts() throws(StoreError) -> [(engine: String, status: String, count: Int)] {
    try read { db in
      try Row.fetchAll(
        db.cachedStatement(
          sql:
            "SELECT engine, status, count(*) AS n FROM engineCoverage GROUP BY engine, status ORDER BY engine, status")
      ).map { ($0["engine"], $0["status"], $0["n"]) }
    }
  }

  /// What the schedule says of engines as wholes: skipped, not authorised, stopped.
  package func save(_ entries: [CoverageEntry]) throws(StoreError) {
    try write { db in
      for entry in entries {
        if let coverage = EngineCoverage([entry]) { try Store.save(coverage, db) }
      }
    }
  }

  static func save(_ word: EngineCoverage, _ db: Database) throws {
    let old = try Row.fetchOne(
      db.cachedStatement(sql: "SELECT * FROM engineCoverage WHERE site = ? AND engine = ?"),
      arguments: [word.site, word.engine]
    ).map { try coverage($0) }
    // A batch that comes late brings back no older word.
    if let old, old.time > word.time { return }
    let new = word.following(old)
    try db.cachedStatement(sql: "INSERT OR REPLACE INTO engineCoverage VALUES (?, ?, ?, ?, ?, ?, ?)").execute(
      arguments: [
        new.site, new.engine, new.status.rawValue, new.reason, new.time.nanoseconds, new.tested?.nanoseconds,
        RecordJSON.text(new.open),
      ])
    if let tested = new.tested { try PostureLog.note(db, .tested(site: new.site), at: tested) }
  }

  private static func coverage(_ row: Row) throws -> EngineCoverage {
    let tested: Int64? = row["tested"]
    return EngineCoverage(
      site: row["site"], engine: row["engine"],
      status: CoverageEntry.Status(rawValue: row["status"]) ?? .notDetermined, reason: row["reason"],
      time: Timestamp(nanoseconds: row["time"]), tested: tested.map { Timestamp(nanoseconds: $0) },
      open: try RecordJSON.decode([String: EngineCoverage.OpenCheck].self, from: row["open"] as String))
  }
}
