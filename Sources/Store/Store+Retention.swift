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
  /// Alerts that an open row keeps when the file is over its limit.
  package var alertsPerOpenRow: Int
  package init(
    closedSeconds: Double = 183 * 86_400, recordSeconds: Double = 183 * 86_400,
    byteLimit: Int64 = 8 * 1024 * 1024 * 1024, alertsPerOpenRow: Int = 1000
  ) {
    self.closedSeconds = closedSeconds
    self.recordSeconds = recordSeconds
    self.byteLimit = byteLimit
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
  private static let chunk = 200

  /// Deletes what may go, in short transactions, so that batches and acts pass in between.
  package func retain(_ policy: RetentionPolicy, now: Timestamp) throws(StoreError) -> RetentionResult {
    var result = RetentionResult()
    let closedBefore = now.advanced(seconds: -policy.closedSeconds).nanoseconds
    while try removeClosed(before: closedBefore, &result) {}
    while try removeHidden(before: closedBefore, &result) {}
    let recordsBefore = now.advanced(seconds: -policy.recordSeconds).nanoseconds
    try removeRecords(before: recordsBefore, now: now, &result)
    while try usedBytes() > policy.byteLimit, try removeClosed(before: .max, &result) {}
    if try usedBytes() > policy.byteLimit { try thin(keeping: policy.alertsPerOpenRow, &result) }
    try write { db in try db.execute(sql: "PRAGMA incremental_vacuum") }
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

  /// The oldest closed rows that no open incident is about; false where there was none. The trigger `openRowKept`
  /// stands behind it.
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
    let (rows, alerts) = try write { db in
      let ids = try Int64.fetchAll(db, sql: which, arguments: [before, Store.chunk])
      var alerts = 0
      for id in ids {
        try db.execute(sql: "DELETE FROM alert WHERE row = ?", arguments: [id])
        alerts += db.changesCount
        try db.execute(sql: "DELETE FROM observation WHERE row = ?", arguments: [id])
        try db.execute(sql: "DELETE FROM answer WHERE row = ?", arguments: [id])
        try db.execute(sql: "DELETE FROM comment WHERE row = ?", arguments: [id])
        try db.execute(sql: "DELETE FROM gatherUndo WHERE gathering = ?", arguments: [id])
        try db.execute(sql: "UPDATE queueRow SET place = 'shown', parent = NULL WHERE parent = ?", arguments: [id])
        try db.execute(sql: "DELETE FROM queueRow WHERE id = ?", arguments: [id])
      }
      return (ids.count, alerts)
    }
    result.rows += rows
    result.alerts += alerts
    return rows > 0
  }

  private func removeRecords(
    before: Int64, now: Timestamp, _ result: inout RetentionResult
  ) throws(StoreError) {
    result.records += try write { db in
      var count = 0
      for sql in [
        "DELETE FROM observation WHERE time < ?", "DELETE FROM outcome WHERE ended < ?",
        "DELETE FROM outbox WHERE state <> 'waiting' AND created < ?", "DELETE FROM mark WHERE time < ?",
        "DELETE FROM dutyPage WHERE time < ?", "DELETE FROM dutyAnswer WHERE time < ?",
        "DELETE FROM blindness WHERE until IS NOT NULL AND until < ?",
      ] {
        try db.execute(sql: sql, arguments: [before])
        count += db.changesCount
      }
      try db.execute(sql: "DELETE FROM hourCount WHERE hour < ?", arguments: [before / 3_600_000_000_000])
      let month = now.advanced(seconds: -Double(SituationTable.hoursKept) * 3600)
      try Store.retainSituation(db, before: max(month, Timestamp(nanoseconds: before)))
      return count
    }
  }

  /// Only the newest alerts of each open row stay; its counts stay whole.
  private func thin(keeping limit: Int, _ result: inout RetentionResult) throws(StoreError) {
    let ids = try read { db in try Int64.fetchAll(db, sql: "SELECT DISTINCT row FROM alert") }
    for id in ids {
      result.alerts += try write { db in
        try db.execute(
          sql: """
            DELETE FROM alert WHERE row = ? AND id <=
              (SELECT id FROM alert WHERE row = ? ORDER BY id DESC LIMIT 1 OFFSET ?)
            """, arguments: [id, id, limit])
        return db.changesCount
      }
    }
  }
}
