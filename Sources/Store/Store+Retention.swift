internal import GRDB
package import Wire

/// How long and how much. Open rows and the audit log are outside all of it.
package struct RetentionPolicy: Sendable, Hashable {
  /// Closed rows, with their alerts, observations and comments.
  package var closedSeconds: Double
  /// Single observations and outcomes; the findings folded from them stay.
  package var recordSeconds: Double
  /// Of the file. Above it, the oldest closed rows go first, then the older alerts of open rows.
  package var byteLimit: Int64
  /// Alerts that an open row keeps always: a storm on one row is counted, not kept whole.
  package var alertsPerRow: Int
  /// Alerts that an open row keeps when the file is over its limit.
  package var alertsPerOpenRow: Int
  package init(
    closedSeconds: Double = 183 * 86_400, recordSeconds: Double = 183 * 86_400,
    byteLimit: Int64 = 8 * 1024 * 1024 * 1024, alertsPerRow: Int = 100_000, alertsPerOpenRow: Int = 1000
  ) {
    self.closedSeconds = closedSeconds
    self.recordSeconds = recordSeconds
    self.byteLimit = byteLimit
    self.alertsPerRow = alertsPerRow
    self.alertsPerOpenRow = alertsPerOpenRow
  }
}

package struct RetentionResult: Sendable, Hashable {
  package var rows = 0
  package var alerts = 0
  package var records = 0
  package var bytes: Int64 = 0
  /// Nothing more may be deleted, and the file is still over its limit: say it to the operator.
  package var isOverLimit = false
}

extension Store {
  /// Lines that one transaction deletes: some milliseconds, between which batches and acts pass.
  private static let slice = 500
  /// Pages that one transaction gives back to the disk.
  private static let vacuumPages = 256

  /// Deletes what may go, in short transactions. It takes as long as there is to delete: call it where nobody waits.
  package func retain(_ policy: RetentionPolicy, now: Timestamp) throws(StoreError) -> RetentionResult {
    var result = RetentionResult()
    let closedBefore = now.advanced(seconds: -policy.closedSeconds).nanoseconds
    while try removeClosed(before: closedBefore, &result) {}
    while try removeHidden(before: closedBefore, &result) {}
    let recordsBefore = now.advanced(seconds: -policy.recordSeconds).nanoseconds
    try removeRecords(before: recordsBefore, now: now, &result)
    try thin(keeping: policy.alertsPerRow, &result)
    while try usedBytes() > policy.byteLimit, try removeClosed(before: .max, &result) {}
    if try usedBytes() > policy.byteLimit { try thin(keeping: policy.alertsPerOpenRow, &result) }
    while try vacuum() {}
    result.bytes = try usedBytes()
    result.isOverLimit = result.bytes > policy.byteLimit
    return result
  }

  /// What the file holds: pages in use, not its length.
  package func usedBytes() throws(StoreError) -> Int64 {
    try read { db in
      let pages = try Int64.fetchOne(db, sql: "PRAGMA page_count") ?? 0
      let free = try Int64.fetchOne(db, sql: "PRAGMA freelist_count") ?? 0
      let size = try Int64.fetchOne(db, sql: "PRAGMA page_size") ?? 0
      return (pages - free) * size
    }
  }

  /// A slice of the oldest closed rows that no open incident is about, and each row with its last slice; false where there
  /// was none. The trigger `openRowKept` stands behind it.
  private func removeClosed(before: Int64, _ result: inout RetentionResult) throws(StoreError) -> Bool {
    try remove(
      """
      SELECT id FROM queueRow
        WHERE state = 'closed' AND changedAt < ? AND incident IS NULL ORDER BY changedAt LIMIT ?
      """, before, &result)
  }

  /// Rows of our own scans and of suppressions, which nobody closes.
  private func removeHidden(before: Int64, _ result: inout RetentionResult) throws(StoreError) -> Bool {
    try remove(
      "SELECT id FROM queueRow WHERE place IN ('own', 'suppressed') AND lastSeen < ? LIMIT ?", before, &result)
  }

  private func remove(_ which: String, _ before: Int64, _ result: inout RetentionResult) throws(StoreError) -> Bool {
    let (rows, alerts) = try write { db -> (Int?, Int) in
      let ids = try Int64.fetchAll(db, sql: which, arguments: [before, Store.slice / 10])
      var (rows, lines) = (0, 0)
      for id in ids where lines < Store.slice {
        for table in ["alert", "observation"] {
          try db.execute(
            sql: "DELETE FROM \(table) WHERE id IN (SELECT id FROM \(table) WHERE row = ? ORDER BY id LIMIT ?)",
            arguments: [id, Store.slice - lines])
          lines += db.changesCount
          if table == "alert" {
            try db.execute(
              sql: "UPDATE queueRow SET alertsKept = max(alertsKept - ?, 0) WHERE id = ?",
              arguments: [db.changesCount, id])
          }
        }
        // The rest of it comes with the next slice.
        guard lines < Store.slice else { break }
        for table in ["answer", "comment", "bulkActRow"] {
          try db.execute(sql: "DELETE FROM \(table) WHERE row = ?", arguments: [id])
        }
        try db.execute(sql: "DELETE FROM gatherUndo WHERE gathering = ?", arguments: [id])
        try db.execute(sql: "UPDATE queueRow SET place = 'shown', parent = NULL WHERE parent = ?", arguments: [id])
        try db.execute(sql: "DELETE FROM queueRow WHERE id = ?", arguments: [id])
        rows += 1
      }
      return (ids.isEmpty ? nil : rows, lines)
    }
    result.rows += rows ?? 0
    result.alerts += alerts
    return rows != nil
  }

  private func removeRecords(
    before: Int64, now: Timestamp, _ result: inout RetentionResult
  ) throws(StoreError) {
    for (table, condition) in [
      ("observation", "time < ?"), ("outcome", "ended < ?"), ("outbox", "state <> 'waiting' AND created < ?"),
    ] {
      var count = Store.slice
      while count == Store.slice {
        count = try write { db in
          try db.execute(
            sql: "DELETE FROM \(table) WHERE id IN (SELECT id FROM \(table) WHERE \(condition) LIMIT ?)",
            arguments: [before, Store.slice])
          return db.changesCount
        }
        result.records += count
      }
    }
    result.records += try write { db in
      var count = 0
      for sql in [
        "DELETE FROM mark WHERE time < ?", "DELETE FROM dutyPage WHERE time < ?",
        "DELETE FROM dutyAnswer WHERE time < ?",
        "DELETE FROM blindness WHERE until IS NOT NULL AND until < ?",
      ] {
        try db.execute(sql: sql, arguments: [before])
        count += db.changesCount
      }
      try db.execute(sql: "DELETE FROM hourCount WHERE hour < ?", arguments: [before / 3_600_000_000_000])
      let month = now.advanced(seconds: -Double(SituationTable.hoursKept) * 3600)
      try Store.retainSituation(db, before: max(month, Timestamp(nanoseconds: before)))
      try db.execute(
        sql: "DELETE FROM bulkActRow WHERE bulk IN (SELECT id FROM bulkAct WHERE time < ?)", arguments: [before])
      return try count + RuleTextTable.trim(db)
    }
  }

  /// Only the newest alerts of each row stay, and `alertsKept` says how many; its counts stay whole.
  private func thin(keeping limit: Int, _ result: inout RetentionResult) throws(StoreError) {
    // Said again in the index's own words, so that SQLite may use it.
    let indexed = limit >= 1000 ? " AND alertsKept > 1000" : ""
    let ids = try read { db in
      try Int64.fetchAll(db, sql: "SELECT id FROM queueRow WHERE alertsKept > ?\(indexed)", arguments: [limit])
    }
    for id in ids {
      var count = Store.slice
      while count == Store.slice {
        count = try write { db in try Store.thin(db, id, keeping: limit) }
        result.alerts += count
      }
    }
  }

  private static func thin(_ db: Database, _ id: Int64, keeping limit: Int) throws -> Int {
    let kept = try Int.fetchOne(db, sql: "SELECT alertsKept FROM queueRow WHERE id = ?", arguments: [id]) ?? 0
    guard kept > limit else { return 0 }
    try db.execute(
      sql: "DELETE FROM alert WHERE id IN (SELECT id FROM alert WHERE row = ? ORDER BY id LIMIT ?)",
      arguments: [id, min(kept - limit, slice)])
    let count = db.changesCount
    try db.execute(sql: "UPDATE queueRow SET alertsKept = alertsKept - ? WHERE id = ?", arguments: [count, id])
    return count
  }

  /// False where nothing is left to give back.
  private func vacuum() throws(StoreError) -> Bool {
    try write { db in
      let free = try Int.fetchOne(db, sql: "PRAGMA freelist_count") ?? 0
      guard free > 0 else { return false }
      try db.execute(sql: "PRAGMA incremental_vacuum(\(Store.vacuumPages))")
      return try Int.fetchOne(db, sql: "PRAGMA freelist_count") ?? 0 < free
    }
  }
}
