internal import GRDB
package import Records
package import Wire

/// Notices: each step is one transaction with all that follows from it.
extension Store {
  /// One step. A notice without an id is given one first, and a number where `series` names whose next it takes; then
  /// `step` says what is written. After an error nothing was, the number not taken.
  @discardableResult package func step(
    _ notice: Notice, series: String? = nil, at now: Timestamp,
    _ step: (_ notice: Notice, _ number: Int64?) throws -> NoticeWrite
  ) throws(StoreError) -> Notice {
    try write { db in
      var notice = notice
      if notice.id == 0 { try NoticeTable.insert(db, &notice) }
      let write = try step(notice, try series.map { try NoticeTable.nextNumber(db, series: $0) })
      try NoticeTable.save(db, write, at: now)
      for entry in write.audit { try Store.append(entry, db) }
      for dispatch in write.dispatches {
        try Store.add(
          OutboxEntry(channel: Dispatch.channel, body: RecordJSON.text(dispatch), created: now, due: now), db)
      }
      return write.notice
    }
  }

  package func notice(_ id: Int64, within purview: Purview = .all) throws(StoreError) -> Notice {
    try read { db in try NoticeTable.notice(db, id: id, within: purview) }
  }

  /// The newest first.
  package func notices(open: Bool = false, limit: Int = 500) throws(StoreError) -> [Notice] {
    try read { db in
      try Row.fetchAll(
        db, sql: "SELECT json FROM notice\(open ? " WHERE isOpen" : "") ORDER BY id DESC LIMIT ?", arguments: [limit]
      ).map { try NoticeTable.notice($0) }
    }
  }

  package func documents(ofNotice id: Int64) throws(StoreError) -> [NoticeDocument] {
    try read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM noticeDocument WHERE notice = ? ORDER BY language", arguments: [id])
        .map { NoticeDocument(language: $0["language"], html: $0["html"], markdown: $0["markdown"]) }
    }
  }

  // MARK: what is to be done

  /// Whose clock has come to something.
  package func noticesToLook(now: Timestamp) throws(StoreError) -> [Notice] {
    try read { db in
      try Row.fetchAll(
        db, sql: "SELECT json FROM notice WHERE look <= ? ORDER BY look, id LIMIT 200", arguments: [now.nanoseconds]
      ).map { try NoticeTable.notice($0) }
    }
  }

  /// Open notices of whose findings one has another state than they have answered to, with all states.
  package func noticesToSettle() throws(StoreError) -> [(notice: Notice, states: [Int64: FindingState])] {
    try read { db in
      let ids = try Int64.fetchAll(
        db,
        sql: """
          SELECT DISTINCT f.notice FROM noticeFinding f JOIN queueRow q ON q.id = f.finding
            WHERE f.isOpen AND f.seen <> q.findingState ORDER BY f.notice LIMIT 200
          """)
      return try ids.map { id in
        let rows = try Row.fetchAll(
          db,
          sql: """
            SELECT f.finding, q.findingState FROM noticeFinding f JOIN queueRow q ON q.id = f.finding
              WHERE f.notice = ?
            """, arguments: [id])
        let states = rows.compactMap { row in
          FindingState(rawValue: row["findingState"] ?? "").map { (row["finding"] as Int64, $0) }
        }
        return (try NoticeTable.notice(db, id: id), Dictionary(states, uniquingKeysWith: { a, _ in a }))
      }
    }
  }

  /// Live weaknesses of this severity and worse that no notice tells of: none is open on them, and none was made since
  /// they were last (re)opened.
  package func findingsToNotice(from severity: Severity, limit: Int = 500) throws(StoreError) -> [Finding] {
    try read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT * FROM queueRow q WHERE findingState IN ('open', 'reopened') AND severity >= ?
            AND organisation IS NOT NULL AND verdict IS NOT 'falsePositive'
            AND NOT EXISTS (
              SELECT 1 FROM noticeFinding f WHERE f.finding = q.id
                AND (f.isOpen OR f.round >= coalesce(json_extract(q.body, '$.reopened'), 0)))
            ORDER BY organisation, id LIMIT ?
          """, arguments: [severity.rank, limit]
      ).map { try QueueTable.finding($0) }
    }
  }

  /// The same of checks, whatever the severity.
  package func findingsToWarn(checks: [String], limit: Int = 2000) throws(StoreError) -> [Finding] {
    try read { db in
      try checks.flatMap { check in
        try Row.fetchAll(
          db,
          sql: """
            SELECT * FROM queueRow q WHERE findingState IN ('open', 'reopened') AND checkName = ?
              AND organisation IS NOT NULL AND verdict IS NOT 'falsePositive'
              AND NOT EXISTS (
                SELECT 1 FROM noticeFinding f WHERE f.finding = q.id
                  AND (f.isOpen OR f.round >= coalesce(json_extract(q.body, '$.reopened'), 0)))
              ORDER BY organisation, id LIMIT ?
            """, arguments: [check, limit]
        ).map { try QueueTable.finding($0) }
      }
    }
  }

  /// Weaknesses that nothing had before `since`, and so many organisations have now.
  package func newChecks(since: Timestamp, organisations: Int) throws(StoreError) -> [String] {
    try read { db in
      let fresh = try String.fetchAll(
        db,
        sql: """
          SELECT checkName FROM queueRow WHERE findingState IN ('open', 'reopened') AND firstSeen >= ?
            GROUP BY checkName HAVING count(DISTINCT organisation) >= ? ORDER BY checkName LIMIT 100
          """, arguments: [since.nanoseconds, organisations])
      return try fresh.filter { check in
        try Bool.fetchOne(
          db,
          sql: "SELECT NOT EXISTS (SELECT 1 FROM queueRow WHERE wing = 'scanner' AND checkName = ? AND firstSeen < ?)",
          arguments: [check, since.nanoseconds]) ?? false
      }
    }
  }

  /// The open one of a cause, or the draft that a machine fills.
  package func openNotice(organisation: String, cause: String?) throws(StoreError) -> Notice? {
    try read { db in
      let which = cause == nil ? "cause IS NULL AND state = 'draft' AND kind = 'notice'" : "cause = ?"
      let arguments: StatementArguments = cause.map { [organisation, $0] } ?? [organisation]
      return try Row.fetchAll(
        db, sql: "SELECT json FROM notice WHERE isOpen AND organisation = ? AND \(which) ORDER BY id DESC",
        arguments: arguments
      ).lazy.map { try NoticeTable.notice($0) }.first { cause != nil || $0.author == Notice.machine }
    }
  }

  // MARK: links and addresses

  /// By the hash of what stands in the link.
  package func token(hash: String) throws(StoreError) -> NoticeToken? {
    try read { db in
      try Row.fetchOne(db, sql: "SELECT * FROM noticeToken WHERE hash = ?", arguments: [hash]).map { row in
        NoticeToken(
          hash: hash, notice: row["notice"], contact: row["contact"], address: row["address"],
          created: Timestamp(nanoseconds: row["created"]))
      }
    }
  }

  /// Links whose notice has long ended go: they would open nothing.
  package func forgetTokens(now: Timestamp) throws(StoreError) {
    let before = now.advanced(seconds: -NoticeToken.daysAfterEnd * 86_400)
    let gone = try read { db in
      try String.fetchAll(
        db,
        sql: """
          SELECT t.hash FROM noticeToken t JOIN notice n ON n.id = t.notice WHERE NOT n.isOpen
            AND json_extract(n.json, '$.closed.at') IS NOT NULL AND t.created < ? LIMIT 1000
          """, arguments: [before.nanoseconds])
    }
    guard !gone.isEmpty else { return }
    try write { db in
      for hash in gone {
        guard let id = try Int64.fetchOne(db, sql: "SELECT notice FROM noticeToken WHERE hash = ?", arguments: [hash]),
          let ended = try NoticeTable.notice(db, id: id).closed?.at, ended < before
        else { continue }
        try db.execute(sql: "DELETE FROM noticeToken WHERE hash = ?", arguments: [hash])
      }
    }
  }

  package func contact(organisation: String, address: String) throws(StoreError) -> NoticeContact? {
    try read { db in
      try String.fetchOne(
        db, sql: "SELECT json FROM noticeContact WHERE organisation = ? AND address = ?",
        arguments: [organisation, address]
      ).map { try RecordJSON.decode(NoticeContact.self, from: $0) }
    }
  }

  /// Of an organisation, or of all.
  package func contacts(
    of organisation: String? = nil, within purview: Purview = .all
  ) throws(StoreError) -> [NoticeContact] {
    let own = Store.contacts(within: purview)
    return try read { db in
      try String.fetchAll(
        db,
        sql: """
          SELECT json FROM noticeContact WHERE (organisation = ? OR ?) AND \(own.sql) ORDER BY organisation, address
          """, arguments: [organisation, organisation == nil] + StatementArguments(own.arguments)
      ).map { try RecordJSON.decode(NoticeContact.self, from: $0) }
    }
  }

  package func save(_ contact: NoticeContact, task: DutyTask?, audit: AuditEntry) throws(StoreError) {
    try write { db in
      try NoticeTable.save(db, contact)
      if let task { try DutyTaskTable.add(db, task) }
      if contact.state == .confirmed {
        try DutyTaskTable.end(
          db, subject: "contact/\(contact.organisation)/\(contact.address)", by: audit.actor.name, at: audit.time)
      }
      try Store.append(audit, db)
    }
  }
}
