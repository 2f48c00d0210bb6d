internal import GRDB
package import Records
package import Wire

/// Incidents as people ask about them.
extension Store {
  package func incident(_ id: String) throws(StoreError) -> Incident {
    try read { db in try IncidentTable.incident(db, id) }
  }

  /// The newest first. Open ones only, or all; cases are few beside rows.
  package func incidents(openOnly: Bool = false, limit: Int = 1_000) throws(StoreError) -> [Incident] {
    try read { db in
      let filter = openOnly ? " WHERE state <> 'closed'" : ""
      return try String.fetchAll(
        db, sql: "SELECT json FROM incident\(filter) ORDER BY year DESC, number DESC LIMIT ?", arguments: [limit]
      ).map { try RecordJSON.decode(Incident.self, from: $0) }
    }
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

  /// Of a site, or of all, the newest first.
  package func incidents(ofSite site: String, limit: Int = 200) throws(StoreError) -> [Incident] {
    try read { db in
      try String.fetchAll(
        db,
        sql: """
          SELECT json FROM incident WHERE id IN (SELECT incident FROM incidentSite WHERE site = ?)
            ORDER BY year DESC, number DESC LIMIT ?
          """, arguments: [site, limit]
      ).map { try RecordJSON.decode(Incident.self, from: $0) }
    }
  }

  /// Who of the open incidents has which site: for lists.
  package func sitesOfIncidents(_ ids: [String]) throws(StoreError) -> [String: [String]] {
    try read { db in
      var result: [String: [String]] = [:]
      for id in ids { result[id] = try IncidentTable.sites(db, id) }
      return result
    }
  }

  /// The lines of when something came to a state: what the trail of a site shows.
  package func incidentSteps(ofSite site: String, limit: Int = 500) throws(StoreError) -> [IncidentLine] {
    try read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT * FROM incidentLog
            WHERE incident IN (SELECT incident FROM incidentSite WHERE site = ?)
              AND kind IN ('opened', 'step', 'reopened', 'level', 'mark')
            ORDER BY id DESC LIMIT ?
          """, arguments: [site, limit]
      ).reversed().map(IncidentTable.line)
    }
  }

  /// The same of all cases, or of those of some sites, since a time.
  package func incidentSteps(
    since: Timestamp, sites: Set<String>?, limit: Int
  ) throws(StoreError) -> [IncidentLine] {
    try read { db in
      let lines = try Row.fetchAll(
        db,
        sql: """
          SELECT * FROM incidentLog
            WHERE time > ? AND kind IN ('opened', 'step', 'reopened', 'level', 'mark') ORDER BY id DESC LIMIT ?
          """, arguments: [since.nanoseconds, sites == nil ? limit : 5_000]
      ).reversed().map(IncidentTable.line)
      guard let sites else { return lines }
      var isOwn: [String: Bool] = [:]
      for id in Set(lines.map(\.incident)) {
        isOwn[id] = try IncidentTable.sites(db, id).contains(where: sites.contains)
      }
      return Array(lines.filter { isOwn[$0.incident] ?? false }.suffix(limit))
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
