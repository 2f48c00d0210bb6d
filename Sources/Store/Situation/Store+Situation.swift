internal import GRDB
package import Records
package import Wire

/// The counters of the situation, as they are asked for.
extension Store {
  /// What came most often in a time.
  package struct Frequent: Sendable, Hashable {
    /// The most frequent first. A count is never too high, and short by at most `short`.
    package var entries: [Facet.Entry]
    package var total: Int64
    package var short: Int64
  }

  package enum AttackKind: String, Sendable { case source, target }

  /// Of all values, or of some.
  package func frequent(
    _ kind: AttackKind, among values: Set<String>? = nil, since: Timestamp, limit: Int
  ) throws(StoreError) -> Frequent {
    try read { db in
      let key: StatementArguments = [kind.rawValue, since.seconds / 3600]
      let wanted = values.map(Store.list)
      let entries = try Row.fetchAll(
        db,
        sql: """
          SELECT value, sum(count) AS hits FROM attackHour WHERE kind = ? AND hour >= ?
            \(wanted == nil ? "" : "AND value IN (SELECT value FROM json_each(?))")
            GROUP BY value ORDER BY hits DESC, value LIMIT ?
          """, arguments: key + (wanted.map { [$0] } ?? []) + [limit]
      ).map { Facet.Entry(value: $0["value"], count: $0["hits"]) }
      let sums = try Row.fetchOne(
        db, sql: "SELECT sum(total) AS total, sum(short) AS short FROM attackTotal WHERE kind = ? AND hour >= ?",
        arguments: key)
      return Frequent(
        entries: entries, total: (sums?["total"] as Int64?) ?? 0, short: (sums?["short"] as Int64?) ?? 0)
    }
  }

  /// A source or a rule that was seen at many sites.
  package struct Reach: Sendable, Hashable {
    package var isSource: Bool
    package var value: String
    /// Of a part of the city its own only, as the times are.
    package var sites: [String]
    package var since: Timestamp
    package var last: Timestamp
  }

  /// Since a time within the last day, at `sites` sites of the city and more. The widest first, at most `limit`; and
  /// whether the tables had room for all of it. `among`: only what was seen at one of these, and of it only that.
  package func reaches(
    since: Timestamp, sites: Int, among wanted: Set<String>? = nil, limit: Int = 50
  ) throws(StoreError) -> (reaches: [Reach], isComplete: Bool) {
    let own = wanted == nil ? "1" : "site IN (SELECT value FROM json_each(?))"
    let names = wanted.map { StatementArguments([Store.list($0)]) } ?? []
    return try read { db in
      let found = try Row.fetchAll(
        db,
        sql: """
          SELECT kind, value, count(*) AS sites, sum(isOwn) AS own, min(CASE WHEN isOwn THEN began END) AS began,
              max(CASE WHEN isOwn THEN ended END) AS ended
            FROM (SELECT *, \(own) AS isOwn FROM attackReach WHERE ended >= ?)
            GROUP BY kind, value HAVING sites >= ? AND own > 0 ORDER BY own DESC, kind, value LIMIT ?
          """, arguments: names + [since.nanoseconds, sites, limit])
      let reaches = try found.map { row in
        let (kind, value): (String, String) = (row["kind"], row["value"])
        let names = try String.fetchAll(
          db.cachedStatement(
            sql: """
              SELECT site FROM attackReach WHERE kind = ? AND value = ? AND ended >= ? AND \(own) ORDER BY site
              """), arguments: [kind, value, since.nanoseconds] + names)
        return Reach(
          isSource: kind == "source", value: value, sites: names, since: Timestamp(nanoseconds: row["began"]),
          last: Timestamp(nanoseconds: row["ended"]))
      }
      let left = try Int64.fetchOne(
        db, sql: "SELECT sum(pairs) FROM attackReachLeft WHERE hour >= ?", arguments: [since.seconds / 3600])
      return (reaches, (left ?? 0) == 0)
    }
  }

  /// Alerts on a weakness since a time, and the worst that came of one.
  package struct Attacked: Sendable, Hashable {
    package var count: Int64
    package var outcome: Outcome
    package init(count: Int64, outcome: Outcome) {
      self.count = count
      self.outcome = outcome
    }
  }

  /// By the finding's row.
  package func attacksOnFindings(since: Timestamp) throws(StoreError) -> [Int64: Attacked] {
    try read { db in
      var result: [Int64: Attacked] = [:]
      let rows = try Row.fetchCursor(
        db,
        sql: """
          SELECT finding, sum(count) AS count, max(outcome) AS outcome FROM attackOnFinding WHERE hour >= ?
            GROUP BY finding
          """, arguments: [since.seconds / 3600])
      while let row = try rows.next() {
        result[row["finding"]] = Attacked(count: row["count"], outcome: Outcome(rank: row["outcome"]))
      }
      return result
    }
  }

  /// A weakness that an attack has made use of.
  package struct Exploit: Sendable, Hashable {
    package var number: Int64
    package var finding: Int64
    package var check: String
    package var title: BilingualText
    package var site: String?
    package var time: Timestamp
    /// The weakness lies within the purview.
    package var isOwn: Bool
  }

  /// In the order in which they were seen.
  package func exploits(
    since: Timestamp, within purview: Purview = .all, limit: Int = 1_000
  ) throws(StoreError) -> [Exploit] {
    let own = Store.rows(within: purview)
    return try read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT e.*, q.checkName, q.titleEn, q.titleZh,
              EXISTS (SELECT 1 FROM queueRow WHERE id = q.id AND \(own.sql)) AS isOwn
            FROM exploit e JOIN queueRow q ON q.id = e.finding WHERE e.time >= ? ORDER BY e.number LIMIT ?
          """, arguments: StatementArguments(own.arguments) + [since.nanoseconds, limit]
      ).map { row in
        Exploit(
          number: row["number"], finding: row["finding"], check: row["checkName"],
          title: BilingualText(en: row["titleEn"], zh: row["titleZh"]), site: row["site"],
          time: Timestamp(nanoseconds: row["time"]), isOwn: row["isOwn"])
      }
    }
  }

  /// What the newest alert group of a rule (`gid:sid`) is called, of those within `purview`.
  package func title(ofRule rule: String, within purview: Purview = .all) throws(StoreError) -> BilingualText {
    let own = Store.rows(within: purview)
    return try read { db in
      let row = try Row.fetchOne(
        db,
        sql: """
          SELECT titleEn, titleZh FROM queueRow WHERE checkName = ? AND \(own.sql) ORDER BY lastSeen DESC LIMIT 1
          """, arguments: [rule] + StatementArguments(own.arguments))
      return row.map { BilingualText(en: $0["titleEn"], zh: $0["titleZh"]) } ?? BilingualText(rule)
    }
  }

  /// When each site was last tested by any engine; those that never were are not in it.
  package func lastTests() throws(StoreError) -> [String: Timestamp] {
    try read { db in
      var result: [String: Timestamp] = [:]
      let rows = try Row.fetchCursor(
        db, sql: "SELECT site, max(tested) AS tested FROM engineCoverage WHERE tested IS NOT NULL GROUP BY site")
      while let row = try rows.next() { result[row["site"]] = Timestamp(nanoseconds: row["tested"]) }
      return result
    }
  }

  /// At which sites a finding shows: a hosting's at many.
  package func sitesShowing(_ finding: Int64) throws(StoreError) -> [String] {
    try read { db in
      try String.fetchAll(
        db.cachedStatement(sql: "SELECT DISTINCT place FROM answer WHERE row = ? AND holds = 1 ORDER BY place"),
        arguments: [finding])
    }
  }

  static func retainSituation(_ db: Database, before: Timestamp) throws {
    let hour = before.seconds / 3600
    for table in ["attackHour", "attackTotal", "attackReachLeft", "attackOnFinding", "sightHour"] {
      try db.execute(sql: "DELETE FROM \(table) WHERE hour < ?", arguments: [hour])
    }
    try db.execute(sql: "DELETE FROM exploit WHERE time < ?", arguments: [before.nanoseconds])
    try db.execute(sql: "DELETE FROM rowReturn WHERE time < ?", arguments: [before.nanoseconds])
  }
}
