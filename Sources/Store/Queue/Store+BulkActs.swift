internal import GRDB
package import Records
package import Wire

/// Acts on thousands of rows, done in parts and taken back as one.
///
/// Each row has its own line of the audit, as from an act on it alone; the bulk has one besides, which says what was
/// asked. What each row was before is kept under the bulk's number, in the transaction of its change.
extension Store {
  /// Rows of one transaction: others wait some milliseconds.
  package static let bulkPart = 100
  /// A bulk act is taken back within this, or not as one.
  package static let undoSeconds = 24.0 * 3600

  /// Begins a bulk act: its number, for the parts. `words`: what was asked, for the audit.
  package func beginBulk(
    _ act: String, _ words: String, by actor: Actor, at now: Timestamp
  ) throws(StoreError) -> Int64 {
    try write { db in
      try db.execute(
        sql: "INSERT INTO bulkAct (time, actor, act) VALUES (?, ?, ?)", arguments: [now.nanoseconds, actor.name, act])
      let id = db.lastInsertedRowID
      try Store.append(
        AuditEntry(time: now, actor: actor, act: "bulk \(act)", subject: "bulk/\(id)", after: words), db)
      return id
    }
  }

  static func keep(_ db: Database, _ bulk: Int64, _ row: Int64, _ before: Triage, _ after: Triage) throws {
    try db.cachedStatement(sql: "INSERT OR REPLACE INTO bulkActRow VALUES (?, ?, ?, ?)").execute(arguments: [
      bulk, row, RecordJSON.text(before), RecordJSON.text(after),
    ])
  }

  /// Rows that the bulk changed, in order. Refused where it cannot be taken back as one.
  /// One that reaches beyond `purview` is not there for who has no more.
  package func rows(
    ofBulk bulk: Int64, within purview: Purview = .all, at now: Timestamp
  ) throws(StoreError) -> [Int64] {
    try read { db in
      guard let act = try Row.fetchOne(db, sql: "SELECT * FROM bulkAct WHERE id = ?", arguments: [bulk]),
        try Store.lies(bulk, within: purview, db)
      else {
        throw StoreError(.notFound, "there is no bulk act \(bulk)")
      }
      let time = Timestamp(nanoseconds: act["time"])
      guard now <= time.advanced(seconds: Store.undoSeconds) else {
        throw StoreError(
          .refused, "bulk act \(bulk) is of \(time.secondText), longer ago than \(Int(Store.undoSeconds / 3600)) hours",
          zh: "批量操作 \(bulk) 发生于 \(time.secondText)，已超过 \(Int(Store.undoSeconds / 3600)) 小时",
          hint: "undo rows by their numbers")
      }
      if let undone = act["undoneAt"] as Int64? {
        let time = Timestamp(nanoseconds: undone).secondText
        throw StoreError(
          .refused, "bulk act \(bulk) was taken back \(time)", zh: "批量操作 \(bulk) 已于 \(time) 撤销")
      }
      return try Int64.fetchAll(db, sql: "SELECT row FROM bulkActRow WHERE bulk = ? ORDER BY row", arguments: [bulk])
    }
  }

  private static func lies(_ bulk: Int64, within purview: Purview, _ db: Database) throws -> Bool {
    if purview.isAll { return true }
    let own = rows(within: purview)
    let rows = "SELECT count(*) FROM bulkActRow WHERE bulk = ?"
    let all = try Int.fetchOne(db, sql: rows, arguments: [bulk]) ?? 0
    let hers = try Int.fetchOne(
      db, sql: rows + " AND row IN (SELECT id FROM queueRow WHERE \(own.sql))",
      arguments: StatementArguments([bulk.databaseValue] + own.arguments))
    return all > 0 && hers == all
  }

  /// After the last part: the bulk is taken back, and not again.
  package func endUndo(bulk: Int64, by actor: Actor, at now: Timestamp) throws(StoreError) {
    try write { db in
      try db.execute(sql: "UPDATE bulkAct SET undoneAt = ? WHERE id = ?", arguments: [now.nanoseconds, bulk])
      try Store.append(AuditEntry(time: now, actor: actor, act: "bulk undo", subject: "bulk/\(bulk)"), db)
    }
  }

  /// Puts rows back to what they were before the bulk, each where it is still what the bulk made of it.
  package func undo(bulk: Int64, rows: [Int64], by actor: Actor, at now: Timestamp) throws(StoreError) -> ActResults {
    try write { db in
      try rows.map { id in
        (id, try Store.outcome { try self.undo(db, bulk, id, by: actor, at: now) })
      }
    }
  }

  private func undo(_ db: Database, _ bulk: Int64, _ id: Int64, by actor: Actor, at now: Timestamp) throws -> QueueRow {
    var row = QueueTable.row(try QueueTable.row(db, id: id))
    let kept = try Row.fetchOne(
      db.cachedStatement(sql: "SELECT before, after FROM bulkActRow WHERE bulk = ? AND row = ?"), arguments: [bulk, id])
    guard let kept else {
      throw ActRefusal("row \(id) is not of bulk act \(bulk)", "第 \(id) 行不属于批量操作 \(bulk)")
    }
    let (before, after): (String, String) = (kept["before"], kept["after"])
    // An undo that was cut off and comes again.
    if try RecordJSON.decode(Triage.self, from: before) == row.triage { return row }
    guard try RecordJSON.decode(Triage.self, from: after) == row.triage else {
      let by = row.triage.returned.map { ", it came back: \($0)" } ?? row.triage.changedBy.map { " by \($0)" } ?? ""
      throw ActRefusal("row \(id) has changed since\(by)", "第 \(id) 行此后已变动")
    }
    let undone = row.triage
    row = try judged(db, row, try RecordJSON.decode(Triage.self, from: before), from: undone, isNew: false)
    try QueueTable.saveTriage(db, row.triage, of: row, at: now)
    try FindingTable.exclude(db, row, over: undone, by: actor, at: now)
    if row.gathering != nil { try spread(db, .undo, from: row, before: undone, by: actor, at: now) }
    try Store.append(
      AuditEntry(
        time: now, actor: actor, act: QueueAct.undo.name, subject: "queue/\(id)", before: after,
        after: RecordJSON.text(row.triage)), db)
    return row
  }
}
