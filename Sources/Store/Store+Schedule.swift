internal import GRDB
package import Records
package import Wire

/// The schedule's rows: one a (site, engine), each written when it changes; and the leases that are out.
extension Store {
  package struct ScheduleLine: Sendable, Hashable {
    package var site: String
    package var engine: String
    /// The schedule's own JSON.
    package var json: String
    package init(site: String, engine: String, json: String) {
      self.site = site
      self.engine = engine
      self.json = json
    }
  }

  /// What changed since the last call.
  package struct ScheduleChanges: Sendable {
    package var lines: [ScheduleLine]
    package var removed: [(site: String, engine: String)]
    package var given: [Lease]
    package var ended: [Int64]
    /// The schedule's own JSON: what is not of a single line.
    package var head: String
    package init(
      lines: [ScheduleLine], removed: [(site: String, engine: String)], given: [Lease], ended: [Int64], head: String
    ) {
      self.lines = lines
      self.removed = removed
      self.given = given
      self.ended = ended
      self.head = head
    }
  }

  /// In one transaction. `isWhole`: `changes` are all there is, and what was kept before goes.
  package func keep(schedule changes: ScheduleChanges, isWhole: Bool = false) throws(StoreError) {
    try write { db in
      if isWhole { try db.execute(sql: "DELETE FROM schedule; DELETE FROM lease") }
      for line in changes.lines {
        try db.cachedStatement(sql: "INSERT OR REPLACE INTO schedule VALUES (?, ?, ?)")
          .execute(arguments: [line.site, line.engine, line.json])
      }
      for key in changes.removed {
        try db.cachedStatement(sql: "DELETE FROM schedule WHERE site = ? AND engine = ?")
          .execute(arguments: [key.site, key.engine])
      }
      for id in changes.ended {
        try db.cachedStatement(sql: "DELETE FROM lease WHERE id = ?").execute(arguments: [id])
      }
      for lease in changes.given {
        try db.cachedStatement(sql: "INSERT OR REPLACE INTO lease (id, job, holder, until) VALUES (?, ?, ?, ?)")
          .execute(arguments: [lease.id, RecordJSON.text(lease.job), lease.holder, lease.until.nanoseconds])
      }
      try db.cachedStatement(sql: "INSERT OR REPLACE INTO document VALUES ('schedule', 'head', ?)")
        .execute(arguments: [changes.head])
    }
  }

  /// The lines as they were last kept, and the head; nil before the first.
  package func schedule() throws(StoreError) -> (lines: [ScheduleLine], head: String?) {
    try read { db in
      let lines = try Row.fetchAll(db, sql: "SELECT * FROM schedule").map { row in
        ScheduleLine(site: row["site"], engine: row["engine"], json: row["json"])
      }
      let head = try String.fetchOne(db, sql: "SELECT json FROM document WHERE kind = 'schedule' AND id = 'head'")
      return (lines, head)
    }
  }

  package func leases() throws(StoreError) -> [Lease] {
    try read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM lease ORDER BY id").map { row in
        Lease(
          id: row["id"], job: try RecordJSON.decode(ScanJob.self, from: row["job"] as String), holder: row["holder"],
          until: Timestamp(nanoseconds: row["until"]))
      }
    }
  }

  // MARK: guard periods

  package func guards() throws(StoreError) -> [GuardPeriod] { try documents(GuardPeriod.self, kind: "guard") }

  /// Puts a guard period, or takes it away (`period` nil); audited with what stood before.
  package func setGuard(_ id: String, to period: GuardPeriod?, by actor: Actor, at now: Timestamp) throws(StoreError) {
    try write { db in
      let before = try String.fetchOne(
        db, sql: "SELECT json FROM document WHERE kind = 'guard' AND id = ?", arguments: [id])
      var after: String?
      if let period {
        after = try RecordJSON.text(period)
        try db.execute(sql: "INSERT OR REPLACE INTO document VALUES ('guard', ?, ?)", arguments: [id, after])
      } else {
        try db.execute(sql: "DELETE FROM document WHERE kind = 'guard' AND id = ?", arguments: [id])
      }
      try Store.append(
        AuditEntry(
          time: now, actor: actor, act: period == nil ? "end guard period" : "set guard period",
          subject: "guard/\(id)", before: before, after: after), db)
    }
  }
}
