internal import GRDB
internal import Records
internal import Wire

/// Notices between SQLite and values.
enum NoticeTable {
  static func notice(_ row: Row) throws -> Notice {
    try RecordJSON.decode(Notice.self, from: row["json"] as String)
  }

  static func notice(_ db: Database, id: Int64, within purview: Purview = .all) throws -> Notice {
    let own = Store.notices(within: purview)
    let row = try Row.fetchOne(
      db.cachedStatement(sql: "SELECT json FROM notice WHERE id = ? AND \(own.sql)"),
      arguments: [id] + StatementArguments(own.arguments))
    guard let row else { throw StoreError(.notFound, "there is no notice \(id)") }
    return try notice(row)
  }

  /// Gives it its id.
  static func insert(_ db: Database, _ notice: inout Notice) throws {
    try db.execute(
      sql: """
        INSERT INTO notice (organisation, kind, state, cause, isOpen, created, json) VALUES (?, ?, ?, ?, 1, ?, '')
        """,
      arguments: [
        notice.organisation, notice.kind.rawValue, notice.state.rawValue, notice.cause, notice.created.nanoseconds,
      ])
    notice.id = db.lastInsertedRowID
  }

  /// The next of a series. It is kept with the notice or not at all, and no number comes twice.
  static func nextNumber(_ db: Database, series: String) throws -> Int64 {
    try db.execute(
      sql: "INSERT INTO noticeNumber VALUES (?, 1) ON CONFLICT DO UPDATE SET last = last + 1", arguments: [series])
    return try Int64.fetchOne(db, sql: "SELECT last FROM noticeNumber WHERE series = ?", arguments: [series]) ?? 1
  }

  static func save(_ db: Database, _ write: NoticeWrite, at now: Timestamp) throws {
    let notice = write.notice
    try db.execute(
      sql: "UPDATE notice SET number = ?, kind = ?, state = ?, isOpen = ?, look = ?, json = ? WHERE id = ?",
      arguments: [
        notice.number, notice.kind.rawValue, notice.state.rawValue, notice.state.isOpen, write.look?.nanoseconds,
        RecordJSON.text(notice), notice.id,
      ])
    try saveFindings(db, write, at: now)
    for token in write.tokens {
      try db.execute(
        sql: "INSERT INTO noticeToken VALUES (?, ?, ?, ?, ?)",
        arguments: [token.hash, token.notice, token.contact, token.address, token.created.nanoseconds])
    }
    for document in write.documents {
      try db.execute(
        sql: "INSERT OR REPLACE INTO noticeDocument VALUES (?, ?, ?, ?)",
        arguments: [notice.id, document.language, document.html, document.markdown])
    }
    for contact in write.contacts { try save(db, contact) }
    for task in write.tasks { try DutyTaskTable.add(db, task) }
    // What a notice asked of the watch is asked no more when it has ended.
    if !notice.state.isOpen {
      try DutyTaskTable.end(db, subject: "notice/\(notice.id)", by: notice.closed?.by ?? Notice.machine, at: now)
    }
  }

  static func save(_ db: Database, _ contact: NoticeContact) throws {
    try db.execute(
      sql: "INSERT OR REPLACE INTO noticeContact VALUES (?, ?, ?)",
      arguments: [contact.organisation, contact.address, RecordJSON.text(contact)])
  }

  private static func saveFindings(_ db: Database, _ write: NoticeWrite, at now: Timestamp) throws {
    let notice = write.notice
    // An exercise takes no finding away from a real notice.
    for id in notice.findings where !notice.isDrill {
      try db.execute(
        sql: """
          INSERT OR IGNORE INTO noticeFinding
            SELECT id, ?, coalesce(json_extract(body, '$.reopened'), 0), '', 1 FROM queueRow WHERE id = ?
          """, arguments: [notice.id, id])
    }
    if !notice.state.isOpen {
      try db.execute(sql: "UPDATE noticeFinding SET isOpen = 0 WHERE notice = ?", arguments: [notice.id])
    }
    for (id, state) in write.saw {
      try db.execute(
        sql: "UPDATE noticeFinding SET seen = ? WHERE notice = ? AND finding = ?",
        arguments: [state.rawValue, notice.id, id])
    }
    for finding in write.findings { try FindingTable.save(db, finding, at: now) }
    for retest in write.retests { try RetestTable.add(db, retest) }
    for (row, until) in write.deadlines.sorted(by: { $0.key < $1.key }) {
      try PostureLog.note(db, .deadline(row: row, until: until), at: now)
    }
  }
}
