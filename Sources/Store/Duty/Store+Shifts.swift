internal import GRDB
package import Records
package import Wire

/// Rosters and shifts: documents, and who has the watch.
extension Store {
  package func rosters() throws(StoreError) -> [Roster] { try documents(Roster.self, kind: "roster") }

  /// Puts a roster, or takes it away (`roster` nil); audited with what stood before.
  package func setRoster(
    _ id: String, to roster: Roster?, by actor: Actor, line: DutyLine, at now: Timestamp
  ) throws(StoreError) {
    try write { db in
      let before = try String.fetchOne(
        db, sql: "SELECT json FROM document WHERE kind = 'roster' AND id = ?", arguments: [id])
      if let roster {
        try Store.put(db, "roster", id, roster)
      } else {
        try db.execute(sql: "DELETE FROM document WHERE kind = 'roster' AND id = ?", arguments: [id])
      }
      try Store.append(
        AuditEntry(
          time: now, actor: actor, act: roster == nil ? "remove roster" : "set roster", subject: "roster/\(id)",
          before: before, after: try roster.map { try RecordJSON.text($0) }), db)
      try Store.append(line, db)
    }
  }

  package func openShift() throws(StoreError) -> Shift? {
    try read { db in
      try Row.fetchOne(db, sql: "SELECT id, json FROM dutyShift WHERE until IS NULL").map { try Store.shift($0) }
    }
  }

  /// Those that touch the span, the newest first.
  package func shifts(
    from: Timestamp = Timestamp(nanoseconds: .min), until: Timestamp = Timestamp(nanoseconds: .max), limit: Int = 100
  ) throws(StoreError) -> [Shift] {
    try read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT id, json FROM dutyShift WHERE since < ? AND (until IS NULL OR until > ?) ORDER BY id DESC LIMIT ?
          """, arguments: [until.nanoseconds, from.nanoseconds, limit]
      ).map { try Store.shift($0) }
    }
  }

  /// Ends one shift and begins the next, or either, or changes the open one's note: in one transaction with its audit.
  package func change(
    ending: Shift?, beginning: Shift?, audit: AuditEntry, lines: [DutyLine]
  ) throws(StoreError) -> Shift? {
    try write { db in
      if let ending {
        try db.execute(
          sql: "UPDATE dutyShift SET until = ?, json = ? WHERE id = ?",
          arguments: [ending.until?.nanoseconds, RecordJSON.text(ending), ending.id])
      }
      var result = ending
      if var fresh = beginning {
        try db.execute(
          sql: "INSERT INTO dutyShift (person, since, until, json) VALUES (?, ?, NULL, ?)",
          arguments: [fresh.person, fresh.since.nanoseconds, RecordJSON.text(fresh)])
        fresh.id = db.lastInsertedRowID
        result = fresh
      }
      try Store.append(audit, db)
      for line in lines { try Store.append(line, db) }
      return result
    }
  }

  private static func shift(_ row: Row) throws -> Shift {
    var shift = try RecordJSON.decode(Shift.self, from: row["json"] as String)
    shift.id = row["id"]
    return shift
  }

  // MARK: clocks

  /// What held from when on, the newest last; a change is audited.
  package func keep(clocks: DutyClocks, at now: Timestamp) throws(StoreError) {
    let known = try document([DutyClocks.Dated].self, kind: "duty", id: "clocks") ?? []
    guard known.last?.clocks != clocks else { return }
    try write { db in
      try Store.put(db, "duty", "clocks", known + [DutyClocks.Dated(since: now, clocks: clocks)])
      try Store.append(
        AuditEntry(
          time: now, actor: Actor(name: "vigil", origin: "configuration"), act: "set duty clocks", subject: "duty",
          before: try known.last.map { try RecordJSON.text($0.clocks) }, after: try RecordJSON.text(clocks)), db)
    }
  }
}
