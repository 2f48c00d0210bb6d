internal import GRDB
package import Records
package import Wire

/// What came to us.
extension Store {
  /// A new one is given its number; with its audit, its task and, where it has one now, the word of those served.
  @discardableResult package func save(
    _ intake: Intake, audit: AuditEntry, task: DutyTask? = nil, at now: Timestamp
  ) throws(StoreError) -> Intake {
    try write { db in
      var (intake, audit, task) = (intake, audit, task)
      if intake.id == 0 {
        try db.execute(
          sql: "INSERT INTO intake (state, due, json) VALUES (?, ?, '')",
          arguments: [intake.state.rawValue, intake.due.nanoseconds])
        intake.id = db.lastInsertedRowID
        audit.subject = "intake/\(intake.id)"
        task?.subject = audit.subject
      }
      try db.execute(
        sql: "UPDATE intake SET state = ?, due = ?, json = ? WHERE id = ?",
        arguments: [intake.state.rawValue, intake.due.nanoseconds, RecordJSON.text(intake), intake.id])
      if let task { try DutyTaskTable.add(db, task) }
      if intake.state != .open {
        try DutyTaskTable.end(db, subject: "intake/\(intake.id)", by: audit.actor.name, at: now)
      }
      if let rating = intake.rating, let organisation = intake.organisation, !intake.isDrill {
        try PostureLog.note(db, .rating(intake: intake.id, organisation: organisation, rating), at: now)
      }
      try Store.append(audit, db)
      return intake
    }
  }

  package func intake(_ id: Int64, within purview: Purview = .all) throws(StoreError) -> Intake {
    let own = Store.intakes(within: purview)
    return try read { db in
      let json = try String.fetchOne(
        db, sql: "SELECT json FROM intake WHERE id = ? AND \(own.sql)",
        arguments: [id] + StatementArguments(own.arguments))
      guard let json else { throw StoreError(.notFound, "there is no intake \(id)") }
      return try RecordJSON.decode(Intake.self, from: json)
    }
  }

  /// What nobody has answered, the most urgent first.
  package func openIntakes(limit: Int = 1000) throws(StoreError) -> [Intake] {
    try read { db in
      try String.fetchAll(
        db, sql: "SELECT json FROM intake WHERE state = 'open' ORDER BY due LIMIT ?", arguments: [limit]
      ).map { try RecordJSON.decode(Intake.self, from: $0) }
    }
  }

  /// The newest live finding of a site that shows the weakness.
  package func liveFinding(site: String, check: String) throws(StoreError) -> Int64? {
    try read { db in
      try Int64.fetchOne(
        db,
        sql: """
          SELECT id FROM queueRow WHERE checkName = ? AND wing = 'scanner'
            AND findingState NOT IN ('verified', 'moved')
            AND (site = ? OR id IN (SELECT row FROM answer WHERE place = ? AND holds = 1))
            ORDER BY id DESC LIMIT 1
          """, arguments: [check, site, site])
    }
  }
}
