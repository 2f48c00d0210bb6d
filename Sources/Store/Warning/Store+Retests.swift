internal import GRDB
package import Records
package import Wire

/// Retests: asked for by the clock, answered by outcomes, judged by Services.
extension Store {
  /// More than this at once wait for the next second.
  private static let page = 200

  /// Those that are to be asked for (again).
  package func dueRetests(now: Timestamp) throws(StoreError) -> [Retest] {
    try read { db in
      try Row.fetchAll(
        db, sql: "SELECT * FROM retest WHERE state <> 'ended' AND due <= ? ORDER BY due, id LIMIT ?",
        arguments: [now.nanoseconds, Store.page]
      ).map { try RetestTable.retest(db, $0) }
    }
  }

  /// Those whose every look is answered.
  package func answeredRetests() throws(StoreError) -> [Retest] {
    try read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT * FROM retest WHERE state = 'asked'
            AND NOT EXISTS (SELECT 1 FROM retestLook l WHERE l.retest = retest.id AND l.answered IS NULL)
            ORDER BY id LIMIT ?
          """, arguments: [Store.page]
      ).map { try RetestTable.retest(db, $0) }
    }
  }

  package func retests(finding: Int64) throws(StoreError) -> [Retest] {
    try read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM retest WHERE finding = ? ORDER BY id", arguments: [finding])
        .map { try RetestTable.retest(db, $0) }
    }
  }

  package func add(_ retest: Retest) throws(StoreError) { try write { db in try RetestTable.add(db, retest) } }

  /// A retest after a step, with what it made of its finding.
  package func save(
    _ retest: Retest, finding: Finding? = nil, audit: [AuditEntry] = [], tasks: [DutyTask] = [], at now: Timestamp
  ) throws(StoreError) {
    try write { db in
      try RetestTable.save(db, retest)
      if let finding { try FindingTable.save(db, finding, at: now) }
      for entry in audit { try Store.append(entry, db) }
      for task in tasks { try DutyTaskTable.add(db, task) }
    }
  }

  // MARK: findings

  /// A person's act on a finding's life, audited; with a retest where the act asks for one.
  package func save(
    _ finding: Finding, retest: Retest? = nil, audit: AuditEntry, at now: Timestamp
  ) throws(StoreError) {
    try write { db in
      try FindingTable.save(db, finding, at: now)
      if let retest { try RetestTable.add(db, retest) }
      try Store.append(audit, db)
    }
  }

  /// Findings that somebody took out of the work, whose time may have passed.
  package func settledFindings() throws(StoreError) -> [Finding] {
    try read { db in
      try Row.fetchAll(
        db, sql: "SELECT * FROM queueRow WHERE findingState IN ('accepted', 'falsePositive') ORDER BY id LIMIT 10000"
      ).map { try QueueTable.finding($0) }
    }
  }
}
