internal import GRDB
package import Records
package import Wire

/// What people of the watch must do.
enum DutyTaskTable {
  /// One open task a kind and subject: what is asked for already is not asked for again.
  static func add(_ db: Database, _ task: DutyTask) throws {
    try db.execute(
      sql: "INSERT OR IGNORE INTO dutyTask (kind, subject, doneAt, json) VALUES (?, ?, NULL, ?)",
      arguments: [task.kind.rawValue, task.subject, RecordJSON.text(task)])
  }

  static func task(_ row: Row) throws -> DutyTask {
    var task = try RecordJSON.decode(DutyTask.self, from: row["json"] as String)
    task.id = row["id"]
    return task
  }

  /// All that is open on a subject: what it asked for has come.
  static func end(_ db: Database, subject: String, by name: String, at now: Timestamp) throws {
    let open = try Row.fetchAll(
      db, sql: "SELECT * FROM dutyTask WHERE subject = ? AND doneAt IS NULL", arguments: [subject])
    for row in open { try end(db, task(row), by: name, at: now) }
  }

  static func end(_ db: Database, _ task: DutyTask, by name: String, at now: Timestamp) throws {
    var task = task
    (task.doneBy, task.doneAt) = (name, now)
    try db.execute(
      sql: "UPDATE dutyTask SET doneAt = ?, json = ? WHERE id = ? AND doneAt IS NULL",
      arguments: [now.nanoseconds, RecordJSON.text(task), task.id])
  }
}

extension Store {
  package func add(_ task: DutyTask) throws(StoreError) { try write { db in try DutyTaskTable.add(db, task) } }

  /// The open ones, or all, the oldest first; on one subject, or on any.
  package func tasks(
    open: Bool = true, subject: String? = nil, within purview: Purview = .all, limit: Int = 1000
  ) throws(StoreError) -> [DutyTask] {
    let own = Store.tasks(within: purview)
    return try read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT * FROM dutyTask WHERE (subject = ? OR ?)\(open ? " AND doneAt IS NULL" : "") AND \(own.sql)
            ORDER BY id LIMIT ?
          """, arguments: [subject, subject == nil] + StatementArguments(own.arguments) + [limit]
      ).map(DutyTaskTable.task)
    }
  }

  /// Done by a person; audited.
  package func endTask(
    _ id: Int64, within purview: Purview = .all, by actor: Actor, at now: Timestamp
  ) throws(StoreError) -> DutyTask {
    let own = Store.tasks(within: purview)
    return try write { db in
      let row = try Row.fetchOne(
        db, sql: "SELECT * FROM dutyTask WHERE id = ? AND \(own.sql)",
        arguments: [id] + StatementArguments(own.arguments))
      guard let row else { throw StoreError(.notFound, "there is no task \(id)") }
      let task = try DutyTaskTable.task(row)
      if let by = task.doneBy { throw StoreError(.refused, "task \(id) was done by \(by)", zh: "待办 \(id) 已由 \(by) 完成") }
      try DutyTaskTable.end(db, task, by: actor.name, at: now)
      try Store.append(
        AuditEntry(time: now, actor: actor, act: "end task", subject: "task/\(id)", after: task.subject), db)
      return try DutyTaskTable.task(
        Row.fetchOne(db, sql: "SELECT * FROM dutyTask WHERE id = ?", arguments: [id]) ?? row)
    }
  }
}
