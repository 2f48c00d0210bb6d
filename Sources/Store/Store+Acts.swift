internal import GRDB
package import Records
package import Wire

/// What an act on many rows came to, row by row, in the order asked for.
package typealias ActResults = [(id: Int64, result: Result<QueueRow, StoreError>)]

extension Store {
  /// A person's act on one row: the row after it. Audited in the same transaction, with what was before.
  package func act(_ act: QueueAct, on id: Int64, by actor: Actor, at now: Timestamp) throws(StoreError) -> QueueRow {
    try write { db in try self.perform(db, act, on: id, by: actor, at: now) }
  }

  /// The same act on many rows in one transaction; a row that refuses stays as it was and says why.
  package func act(
    _ act: QueueAct, on ids: [Int64], by actor: Actor, at now: Timestamp
  ) throws(StoreError) -> ActResults {
    try self.act([act], on: ids, by: actor, at: now)
  }

  /// Acts on many rows in one transaction: of each row all, or none from the first on that it refuses. `bulk`: under what
  /// number what was before is kept, for `undo(bulk:)`.
  package func act(
    _ acts: [QueueAct], on ids: [Int64], bulk: Int64? = nil, by actor: Actor, at now: Timestamp
  ) throws(StoreError) -> ActResults {
    try write { db in
      try ids.map { id in
        (id, try Store.outcome { try self.perform(db, acts, on: id, bulk: bulk, by: actor, at: now) })
      }
    }
  }

  /// A row's own refusal is a result, any other fault ends the transaction.
  static func outcome(_ body: () throws -> QueueRow) throws -> Result<QueueRow, StoreError> {
    do {
      return .success(try body())
    } catch let error as StoreError where error.code == .notFound || error.code == .refused {
      return .failure(error)
    } catch let error as ActRefusal {
      return .failure(StoreError(error))
    }
  }

  private func perform(
    _ db: Database, _ acts: [QueueAct], on id: Int64, bulk: Int64?, by actor: Actor, at now: Timestamp
  ) throws -> QueueRow {
    let before = bulk == nil ? nil : QueueTable.row(try QueueTable.row(db, id: id)).triage
    var row: QueueRow?
    for act in acts { row = try perform(db, act, on: id, by: actor, at: now) }
    guard let row else { throw ActRefusal("there is nothing to do", "没有可执行的操作") }
    if let bulk, let before, before != row.triage { try Store.keep(db, bulk, id, before, row.triage) }
    return row
  }

  private func perform(
    _ db: Database, _ act: QueueAct, on id: Int64, by actor: Actor, at now: Timestamp
  ) throws -> QueueRow {
    var row = QueueTable.row(try QueueTable.row(db, id: id))
    let before = row.triage
    switch act {
    case .undo: row = try judged(db, row, try triageBefore(db, row), from: before, isNew: false)
    case .comment(let text):
      _ = try rules.apply(act, row.triage, actor, now).get()
      try db.execute(
        sql: "INSERT INTO comment (row, time, author, text) VALUES (?, ?, ?, ?)",
        arguments: [id, now.nanoseconds, actor.name, text])
      try db.execute(sql: "UPDATE queueRow SET comments = comments + 1 WHERE id = ?", arguments: [id])
      row.comments += 1
    case .judge:
      row = try judged(db, row, try rules.apply(act, row.triage, actor, now).get(), from: before, isNew: true)
    default: row.triage = try rules.apply(act, row.triage, actor, now).get()
    }
    if row.triage != before {
      try QueueTable.saveTriage(db, row.triage, of: row, at: now)
      try FindingTable.exclude(db, row, over: before, by: actor, at: now)
    }
    if case .acknowledge = act { try keepAcknowledgedRate(db, row) }
    if row.gathering != nil { try spread(db, act, from: row, before: before, by: actor, at: now) }
    try Store.append(
      AuditEntry(
        time: now, actor: actor, act: act.name, subject: "queue/\(id)", before: RecordJSON.text(before),
        after: Store.auditText(act, row.triage)), db)
    return row
  }

  private static func auditText(_ act: QueueAct, _ triage: Triage) throws -> String {
    if case .comment(let text) = act { return text }
    return try RecordJSON.text(triage)
  }

  /// What the row was before its last act, if that act is what it shows now.
  private func triageBefore(_ db: Database, _ row: QueueRow) throws -> Triage {
    let last = try Store.audit(db, subject: "queue/\(row.id)", limit: 100).first { $0.act != "comment" }
    guard let last, last.act != "undo", let before = last.before else {
      throw ActRefusal("there is nothing to undo", "没有可撤销的操作")
    }
    guard last.after == (try RecordJSON.text(row.triage)) else {
      throw ActRefusal(
        "row \(row.id) has changed since its last act, \(last.act) by \(last.actor.name)",
        "第 \(row.id) 行在 \(last.actor.name) 上次操作后已变动")
    }
    return try RecordJSON.decode(Triage.self, from: before)
  }

  /// The rate that the watch knew when it acknowledged: ten times it brings the row back.
  private func keepAcknowledgedRate(_ db: Database, _ row: QueueRow) throws {
    guard row.wing == .sensor else { return }
    let group = try QueueTable.group(QueueTable.row(db, id: row.id))
    try db.execute(
      sql: "UPDATE queueRow SET acknowledgedHits = ? WHERE id = ?", arguments: [group.rate.hits, row.id])
  }

  /// Rows whose shelf runs out at once are brought back in parts, so that others pass in between.
  private static let elapsedAtOnce = 200

  /// Brings back the rows whose shelf ran out; the changed rows. Call it every second or so.
  package func elapse(now: Timestamp) throws(StoreError) -> [QueueRow] {
    let due = try read { db in
      try Int64.fetchAll(
        db, sql: "SELECT id FROM queueRow WHERE state = 'shelved' AND shelvedUntil <= ? ORDER BY shelvedUntil LIMIT ?",
        arguments: [now.nanoseconds, Store.elapsedAtOnce])
    }
    guard !due.isEmpty else { return [] }
    return try write { db in
      try due.compactMap { id in
        var row = QueueTable.row(try QueueTable.row(db, id: id))
        guard let triage = self.rules.elapse(row.triage, now) else { return nil }
        let before = row.triage
        row.triage = triage
        try QueueTable.saveTriage(db, triage, of: row, at: now)
        try Store.noteReturn(row, db, at: now)
        try Store.append(
          AuditEntry(
            time: now, actor: Actor(name: "vigil", origin: "clock"), act: "unshelve", subject: "queue/\(id)",
            before: RecordJSON.text(before), after: RecordJSON.text(triage)), db)
        return row
      }
    }
  }
}
