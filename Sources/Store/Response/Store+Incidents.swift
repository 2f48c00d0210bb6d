internal import GRDB
package import Records
package import Wire

/// What came of an act on an incident: itself, and the rows of the queue that it touched.
package struct IncidentChange: Sendable {
  package var incident: Incident
  package var rows: [QueueRow]
}

extension Store {
  /// The incident after an act and its line, or why not: `IncidentMachine.apply`, which the store does not know.
  package typealias IncidentRule =
    (IncidentAct, Incident, Actor, Timestamp) -> Result<(incident: Incident, line: IncidentLine), ActRefusal>

  /// Rows that one case takes: a person works on them.
  package static let incidentRowLimit = 5_000

  /// Opens a case, under the next number of `year`, with its first rows and sites. Rows that are not escalated are.
  /// One transaction, audited.
  package func openIncident(
    _ draft: Incident, rows: [Int64], sites: [String], year: Int64, by actor: Actor, at now: Timestamp
  ) throws(StoreError) -> IncidentChange {
    try write { db in
      let incident = try IncidentTable.insert(db, draft, year: year, at: now)
      try IncidentTable.append(
        db, IncidentLine(incident: incident.id, time: now, actor: actor, kind: .opened, text: incident.title))
      let joined = try self.join(db, incident, rows: rows, by: actor, at: now)
      for site in sites { try IncidentTable.addSite(db, incident.id, site) }
      if !rows.isEmpty || !sites.isEmpty {
        let text = (rows.map { "row \($0)" } + sites.map { "site \($0)" }).joined(separator: ", ")
        try IncidentTable.append(
          db, IncidentLine(incident: incident.id, time: now, actor: actor, kind: .joined, text: text))
      }
      try Store.audit(db, "open incident", incident, before: nil, by: actor, at: now)
      return IncidentChange(incident: incident, rows: joined)
    }
  }

  /// A person's act on a case, with what it means for rows and sites.
  package func act(
    _ act: IncidentAct, onIncident id: String, by actor: Actor, at now: Timestamp, rule: IncidentRule
  ) throws(StoreError) -> IncidentChange {
    try write { db in
      let before = try IncidentTable.incident(db, id)
      let (incident, line) = try rule(act, before, actor, now).get()
      var rows: [QueueRow] = []
      switch act {
      case .join(let joined, let sites):
        rows = try self.join(db, incident, rows: joined, by: actor, at: now)
        for site in sites { try IncidentTable.addSite(db, id, site) }
      case .remove(let removed, let sites, _): rows = try Store.remove(db, id, rows: removed, sites: sites, at: now)
      default: break
      }
      if incident.isOpen != before.isOpen { rows += try Store.hold(db, incident) }
      try IncidentTable.save(db, incident, at: now)
      try IncidentTable.append(db, line)
      try Store.audit(db, act.name, incident, before: before, text: line.text, by: actor, at: now)
      return IncidentChange(incident: incident, rows: rows)
    }
  }

  /// Whole states would say the same words in every entry: what changed of the case, and the line.
  private static func audit(
    _ db: Database, _ act: String, _ incident: Incident, before: Incident?, text: String = "", by actor: Actor,
    at now: Timestamp
  ) throws {
    func told(_ incident: Incident) -> String {
      "\(incident.state.rawValue), level \(incident.level?.rawValue ?? "-"), lead \(incident.lead ?? "-"), "
        + "\(incident.kind.rawValue)\(incident.isDrill ? ", drill" : "")"
    }
    let after = text.isEmpty ? told(incident) : "\(told(incident)); \(text)"
    try append(
      AuditEntry(
        time: now, actor: actor, act: act, subject: "incident/\(incident.id)", before: before.map(told), after: after),
      db)
  }

  // MARK: rows

  /// Rows as they are after it. One that is in another open case is refused, and with it all.
  private func join(
    _ db: Database, _ incident: Incident, rows ids: [Int64], by actor: Actor, at now: Timestamp
  ) throws -> [QueueRow] {
    let count =
      try Int.fetchOne(
        db, sql: "SELECT count(*) FROM incidentRow WHERE incident = ?", arguments: [incident.id]) ?? 0
    guard count + ids.count <= Store.incidentRowLimit else {
      throw ActRefusal(
        "the incident would have more than \(Store.incidentRowLimit) rows, the limit",
        "事件将超过 \(Store.incidentRowLimit) 行的上限")
    }
    return try ids.map { id in
      var row = QueueTable.row(try QueueTable.row(db, id: id))
      guard row.incident == nil || row.incident == incident.id else {
        let other = row.incident ?? ""
        throw ActRefusal("row \(id) is in the open incident \(other) already", "第 \(id) 行已在未结事件 \(other) 中")
      }
      if row.triage.isOpen, row.triage.state != .escalated { try escalate(db, &row, by: actor, at: now) }
      row.incident = incident.id
      try db.execute(sql: "UPDATE queueRow SET incident = ? WHERE id = ?", arguments: [incident.id, id])
      try db.execute(
        sql: """
          INSERT INTO incidentRow VALUES (?, ?, NULL, ?, ?, ?)
            ON CONFLICT DO UPDATE SET removed = NULL, json = excluded.json
          """,
        arguments: [
          incident.id, id, row.site, row.check, RecordJSON.text(IncidentRow(row, joined: now, by: actor.name)),
        ])
      try IncidentPart.add(db, incident.id, site: row.site, platform: row.platform)
      if let site = row.site { try IncidentTable.addSite(db, incident.id, site) }
      return row
    }
  }

  private func escalate(_ db: Database, _ row: inout QueueRow, by actor: Actor, at now: Timestamp) throws {
    let before = row.triage
    row.triage = try rules.apply(.escalate, before, actor, now).get()
    try QueueTable.saveTriage(db, row.triage, of: row, at: now)
    try Store.append(
      AuditEntry(
        time: now, actor: actor, act: QueueAct.escalate.name, subject: "queue/\(row.id)",
        before: RecordJSON.text(before), after: RecordJSON.text(row.triage)), db)
  }

  private static func remove(
    _ db: Database, _ id: String, rows: [Int64], sites: [String], at now: Timestamp
  ) throws -> [QueueRow] {
    for site in sites {
      try db.execute(sql: "DELETE FROM incidentSite WHERE incident = ? AND site = ?", arguments: [id, site])
      guard db.changesCount == 1 else {
        throw ActRefusal(
          "the site \(site.prefix(128)) is not in incident \(id)", "站点 \(site.prefix(128)) 不在事件 \(id) 中")
      }
    }
    return try rows.compactMap { row in
      try db.execute(
        sql: "UPDATE incidentRow SET removed = ? WHERE incident = ? AND row = ? AND removed IS NULL",
        arguments: [now.nanoseconds, id, row])
      guard db.changesCount == 1 else {
        throw ActRefusal("row \(row) is not in incident \(id)", "第 \(row) 行不在事件 \(id) 中")
      }
      try db.execute(
        sql: "UPDATE queueRow SET incident = NULL WHERE id = ? AND incident = ?", arguments: [row, id])
      return try Row.fetchOne(db, sql: "SELECT * FROM queueRow WHERE id = ?", arguments: [row]).map(QueueTable.row)
    }
  }

  /// A case that closes lets its rows go; one that is opened again takes back those that no other has taken.
  private static func hold(_ db: Database, _ incident: Incident) throws -> [QueueRow] {
    let members = "(SELECT row FROM incidentRow WHERE incident = ? AND removed IS NULL)"
    if incident.isOpen {
      try db.execute(
        sql: "UPDATE queueRow SET incident = ? WHERE incident IS NULL AND id IN \(members)",
        arguments: [incident.id, incident.id])
    } else {
      try db.execute(sql: "UPDATE queueRow SET incident = NULL WHERE incident = ?", arguments: [incident.id])
    }
    return try Row.fetchAll(
      db, sql: "SELECT * FROM queueRow WHERE id IN \(members) ORDER BY id", arguments: [incident.id]
    ).map(QueueTable.row)
  }
}
