internal import GRDB
package import Records

/// What a purview lets through, asked of the database: lists are long.
extension Store {
  /// A condition, and what it is asked with.
  typealias Term = (sql: String, arguments: [DatabaseValue])

  /// A term on `queueRow`; nil where everything passes.
  static func term(_ purview: Purview) -> (sql: String, arguments: StatementArguments)? {
    if purview.isAll { return nil }
    let term = rows(within: purview)
    return (term.sql, StatementArguments(term.arguments))
  }

  /// The same as `Purview.has` of a row.
  @Sendable static func rows(within purview: Purview) -> Term {
    if purview.isAll { return ("1", []) }
    let sites = list(purview.sites).databaseValue
    // The rows of a few sites are found by their index; of many, by walking the list in its own order until a page is
    // full. SQLite knows nothing of the list's length: the plus keeps it from the index.
    let column = purview.sites.count <= fewSites ? "site" : "+site"
    let own = "(platform IS NULL AND \(column) IN (SELECT value FROM json_each(?)))"
    guard !purview.platforms.isEmpty else { return (own, [sites]) }
    return (
      "(\(own) OR platform IN (SELECT value FROM json_each(?)))", [sites, list(purview.platforms).databaseValue]
    )
  }

  private static let fewSites = 20

  /// On `queueRow`: rows that stand by themselves. Of one that is folded under a row of the whole city's, such as a
  /// campaign, who sees a part of it would see nothing.
  static func standing(within purview: Purview) -> Term {
    if purview.isAll { return ("place = 'shown'", []) }
    let own = rows(within: purview)
    return (
      """
      (place = 'shown' OR (place = 'member' AND NOT EXISTS (
        SELECT 1 FROM queueRow AS above WHERE above.id = queueRow.parent AND \(own.sql))))
      """, own.arguments
    )
  }

  /// What cannot be written lets nothing through.
  static func list(_ names: Set<String>) -> String { (try? RecordJSON.text(names.sorted())) ?? "[]" }

  /// Those of `ids` whose rows lie within `purview`.
  package func ids(_ ids: [Int64], within purview: Purview) throws(StoreError) -> Set<Int64> {
    if purview.isAll { return Set(ids) }
    return try read { db in
      guard let term = Store.term(purview) else { return Set(ids) }
      return try Int64.fetchSet(
        db, sql: "SELECT id FROM queueRow WHERE id IN (SELECT value FROM json_each(?)) AND \(term.sql)",
        arguments: [try RecordJSON.text(ids)] + term.arguments)
    }
  }

  /// Open rows by state and severity, as the kept counters have them, which know no organisations: counted.
  package func openCounts(within purview: Purview) throws(StoreError) -> QueueCounters {
    let (own, standing) = (Store.rows(within: purview), Store.standing(within: purview))
    return try read { db in
      let cells = try Row.fetchAll(
        db,
        sql: """
          SELECT wing, severity, state, count(*) AS n FROM queueRow
            WHERE state <> 'closed' AND checkName NOT LIKE '9001:%' AND \(own.sql) AND \(standing.sql)
            GROUP BY wing, severity, state
          """, arguments: StatementArguments(own.arguments + standing.arguments)
      ).map { row in
        QueueCounters.Cell(
          wing: Wing(rawValue: row["wing"]) ?? .sensor, severity: Severity(rank: row["severity"]),
          state: TriageState(rawValue: row["state"]) ?? .new, count: row["n"])
      }
      return QueueCounters(rows: cells, hours: [])
    }
  }

  /// Entries of the audit: acts on rows, sites, organisations and things of the services within `purview`.
  @Sendable static func audit(within purview: Purview) -> Term {
    let subjects =
      purview.sites.map { "site/\($0)" } + purview.organisations.map { "organisation/\($0)" }
      + purview.platforms.map { "platform/\($0)" }
    let rows = rows(within: purview)
    let things = things("audit.subject", within: purview)
    return (
      """
      (subject IN (SELECT value FROM json_each(?))
        OR subject IN (SELECT 'queue/' || id FROM queueRow WHERE \(rows.sql)) OR \(things.sql))
      """, [list(Set(subjects)).databaseValue] + rows.arguments + things.arguments
    )
  }
}
