internal import GRDB
package import Records
package import Wire

/// Where the queue stands, for those who ask what has changed since.
extension Store {
  /// How far a person has looked.
  package struct LookMark: Codable, Sendable, Hashable {
    package var time: Timestamp
    /// The last row that there was, the last entry of the audit, the last return, the last line of a case.
    package var row: Int64
    package var audit: Int64
    package var returned: Int64
    package init(time: Timestamp, row: Int64 = 0, audit: Int64 = 0, returned: Int64 = 0) {
      self.time = time
      self.row = row
      self.audit = audit
      self.returned = returned
    }
  }

  package func lookMark(at now: Timestamp) throws(StoreError) -> LookMark {
    try read { db in
      func last(_ sql: String) throws -> Int64 { try Int64.fetchOne(db, sql: sql) ?? 0 }
      return LookMark(
        time: now, row: try last("SELECT max(id) FROM queueRow"), audit: try last("SELECT max(id) FROM audit"),
        returned: try last("SELECT max(number) FROM rowReturn"))
    }
  }

  /// Where it stood at a time, by the entries' own times: the newest that are older.
  package func lookMark(before time: Timestamp) throws(StoreError) -> LookMark {
    let row = try streamEnd(before: time.nanoseconds).row
    return try read { db in
      func last(_ sql: String) throws -> Int64 { try Int64.fetchOne(db, sql: sql, arguments: [time.nanoseconds]) ?? 0 }
      return LookMark(
        time: time, row: row, audit: try last("SELECT id FROM audit WHERE time < ? ORDER BY id DESC LIMIT 1"),
        returned: try last("SELECT number FROM rowReturn WHERE time < ? ORDER BY number DESC LIMIT 1"))
    }
  }

  /// Some rows and how many there are in all.
  package struct Some: Sendable, Hashable {
    package var rows: [QueueRow]
    package var total: Int
  }

  /// Whose rows a look is at.
  package struct LookScope: Sendable {
    /// Nil: whichever.
    package var sites: Set<String>?
    package var purview: Purview
    package init(sites: Set<String>? = nil, purview: Purview = .all) {
      self.sites = sites
      self.purview = purview
    }

    var term: Term {
      let own = Store.rows(within: purview)
      guard let sites else { return own }
      return (
        "\(own.sql) AND site IN (SELECT value FROM json_each(?))",
        own.arguments + [Store.list(sites).databaseValue]
      )
    }
  }

  /// Rows of the sensor's that came since, the worst first. Findings are told by their own log.
  package func rowsMade(
    since mark: LookMark, of scope: LookScope = LookScope(), limit: Int
  ) throws(StoreError) -> Some {
    try some("id > ? AND wing = 'sensor'", [mark.row], scope, limit)
  }

  /// Rows that a machine brought back to new since.
  package func rowsReturned(
    since mark: LookMark, of scope: LookScope = LookScope(), limit: Int
  ) throws(StoreError) -> Some {
    try some("id IN (SELECT DISTINCT row FROM rowReturn WHERE number > ?)", [mark.returned], scope, limit)
  }

  /// Rows that people closed since, and that are closed.
  package func rowsClosed(
    since mark: LookMark, of scope: LookScope = LookScope(), limit: Int
  ) throws(StoreError) -> Some {
    try some(
      """
      state = 'closed' AND id IN (SELECT DISTINCT CAST(substr(subject, 7) AS INTEGER) FROM audit
        WHERE id > ? AND act = 'close' AND subject LIKE 'queue/%')
      """, [mark.audit], scope, limit)
  }

  private func some(
    _ which: String, _ arguments: StatementArguments, _ scope: LookScope, _ limit: Int
  ) throws(StoreError) -> Some {
    let own = scope.term
    return try read { db in
      let filter = "FROM queueRow WHERE \(which) AND \(own.sql)"
      let arguments = arguments + StatementArguments(own.arguments)
      let total = try Int.fetchOne(db, sql: "SELECT count(*) \(filter)", arguments: arguments) ?? 0
      let rows = try Row.fetchAll(
        db, sql: "SELECT * \(filter) ORDER BY severity DESC, outcome DESC, id DESC LIMIT ?",
        arguments: arguments + [limit])
      return Some(rows: rows.map(QueueTable.row), total: total)
    }
  }

  static func noteReturn(_ row: QueueRow, _ db: Database, at now: Timestamp) throws {
    try db.cachedStatement(sql: "INSERT INTO rowReturn (row, time, reason) VALUES (?, ?, ?)").execute(arguments: [
      row.id, now.nanoseconds, row.triage.returned ?? "",
    ])
  }
}
