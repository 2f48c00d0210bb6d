internal import GRDB
package import Records
package import Wire

/// Incidents as people ask about them.
extension Store {
  package func incident(_ id: String, within purview: Purview = .all) throws(StoreError) -> Incident {
    try read { db in try IncidentTable.incident(db, id, within: purview) }
  }

  /// The newest first. Open ones only, or all; those that have one of `sites`, or whichever. Cases are few beside rows.
  package func incidents(
    openOnly: Bool = false, sites: Set<String>? = nil, within purview: Purview = .all, limit: Int = 1_000
  ) throws(StoreError) -> [Incident] {
    let (own, sited) = (Store.incidents(within: purview), Store.sited(sites, "incident.id"))
    return try read { db in
      try String.fetchAll(
        db,
        sql: """
          SELECT json FROM incident WHERE \(own.sql) AND \(sited.sql)\(openOnly ? " AND state <> 'closed'" : "")
            ORDER BY year DESC, number DESC LIMIT ?
          """, arguments: StatementArguments(own.arguments + sited.arguments) + [limit]
      ).map { try RecordJSON.decode(Incident.self, from: $0) }
    }
  }

  /// That a case has one of `sites`.
  private static func sited(_ sites: Set<String>?, _ incident: String) -> Term {
    guard let sites else { return ("1", []) }
    return (
      """
      \(incident) IN (SELECT incident FROM incidentSite WHERE site IN (SELECT value FROM json_each(?)))
      """, [list(sites).databaseValue]
    )
  }

  package func incidentRows(_ id: String) throws(StoreError) -> [IncidentRow] {
    try read { db in try IncidentTable.rows(db, id) }
  }

  package func incidentSites(_ id: String) throws(StoreError) -> [String] {
    try read { db in try IncidentTable.sites(db, id) }
  }

  package func rowsInOpenIncidents() throws(StoreError) -> Set<Int64> {
    try read { db in try Int64.fetchSet(db, sql: "SELECT id FROM queueRow WHERE incident IS NOT NULL") }
  }

  /// The newest lines, in order.
  package func incidentLog(_ id: String, limit: Int = 500) throws(StoreError) -> [IncidentLine] {
    try read { db in
      try Row.fetchAll(
        db, sql: "SELECT * FROM incidentLog WHERE incident = ? ORDER BY id DESC LIMIT ?", arguments: [id, limit]
      ).reversed().map(IncidentTable.line)
    }
  }

  /// The lines of when something came to a state since a time, in order, the newest `limit`: of all cases, or of those of
  /// some sites.
  package func incidentSteps(
    since: Timestamp = Timestamp(nanoseconds: .min), sites: Set<String>?, within purview: Purview = .all, limit: Int
  ) throws(StoreError) -> [IncidentLine] {
    let (own, sited) = (Store.incidents(within: purview), Store.sited(sites, "incidentLog.incident"))
    return try read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT * FROM incidentLog
            WHERE time > ? AND kind IN ('opened', 'step', 'reopened', 'level', 'mark') AND \(sited.sql)
              AND EXISTS (SELECT 1 FROM incident WHERE incident.id = incidentLog.incident AND \(own.sql))
            ORDER BY id DESC LIMIT ?
          """,
        arguments: [since.nanoseconds] + StatementArguments(sited.arguments + own.arguments) + [limit]
      ).reversed().map(IncidentTable.line)
    }
  }

  /// From where the alerts of rows came, the most frequent of each.
  package func alertSources(ofRows ids: [Int64]) throws(StoreError) -> [String] {
    try read { db in
      try ids.flatMap { id -> [String] in
        let row = try Row.fetchOne(
          db.cachedStatement(sql: "SELECT * FROM queueRow WHERE id = ? AND wing = 'sensor'"), arguments: [id])
        return try row.map { try QueueTable.group($0).facets.sources.top.map(\.value) } ?? []
      }
    }
  }

  /// Lines of the posture log about those rows of a case that show one of `checks`, in order.
  package func standing(
    inIncident id: String, checks: [String], limit: Int = 5_000
  ) throws(StoreError) -> [PostureEvent] {
    guard !checks.isEmpty else { return [] }
    let marks = checks.map { _ in "?" }.joined(separator: ",")
    let rows = try read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT row, site FROM incidentRow
            WHERE incident = ? AND removed IS NULL AND site IS NOT NULL AND checkName IN (\(marks))
          """, arguments: StatementArguments([id] + checks)
      ).map { (row: $0["row"] as Int64, site: $0["site"] as String) }
    }
    let ids = Set(rows.map(\.row))
    var events: [PostureEvent] = []
    for site in Set(rows.map(\.site)).sorted() { events += try postureLog(site: site, limit: limit) }
    return events.filter { if case .row(let row) = $0.change { ids.contains(row.id) } else { false } }
      .sorted { $0.number < $1.number }
  }
}
