internal import GRDB
package import Records
package import Wire

/// By what rows of the queue are grouped.
package enum QueueGrouping: String, Codable, Sendable, CaseIterable {
  case rule, site, organisation, who, severity, state, wing
}

/// Rows that have something in common.
package struct QueueGroup: Codable, Sendable, Hashable {
  /// What they have in common; empty where they have none of it.
  package var value: String
  /// Of a rule: what one of its rows is called.
  package var title: BilingualText?
  package var rows: Int
  package var new: Int
  package var worst: Severity
  /// Alerts and sights folded into them; nil where only kept counts were asked.
  package var count: Int64?
  package var lastSeen: Timestamp?
}

extension Store {
  /// The worst first, then the largest. By rule and by site from kept counts where the filter allows it, so that a storm
  /// of a hundred thousand rows is read in a thousand lines.
  package func groups(
    _ query: ListQuery, by grouping: QueueGrouping, clocks: QueueClocks
  ) throws(StoreError) -> [QueueGroup] {
    if [.rule, .site].contains(grouping), query.isOfCells {
      return try keptGroups(query, grouping)
    }
    let (sql, arguments) = try Store.condition(.queue(clocks, now: query.now), query, Store.openAgain(query.filter))
    let text = """
      SELECT \(Store.expression(grouping)) AS value, count(*) AS rows, sum(state = 'new') AS new, max(severity) AS worst,
        sum(count) AS count, max(lastSeen) AS lastSeen, min(titleEn) AS titleEn, min(titleZh) AS titleZh
        FROM queueRow WHERE \(sql) GROUP BY 1 ORDER BY worst DESC, rows DESC, value LIMIT ?
      """
    return try read { db in
      try TimeBound.run(db, seconds: query.seconds) {
        try Row.fetchAll(db, sql: text, arguments: StatementArguments(arguments + [query.limit.databaseValue])).map {
          QueueGroup(
            value: $0["value"] ?? "",
            title: grouping == .rule ? BilingualText(en: $0["titleEn"], zh: $0["titleZh"]) : nil, rows: $0["rows"],
            new: $0["new"], worst: Severity(rank: $0["worst"]), count: $0["count"],
            lastSeen: Timestamp(nanoseconds: $0["lastSeen"]))
        }
      }
    }
  }

  private func keptGroups(_ query: ListQuery, _ grouping: QueueGrouping) throws(StoreError) -> [QueueGroup] {
    let filter = FilterSQL(query.filter, .cells, now: query.now)
    let text = """
      SELECT value, sum(count) AS rows, sum(CASE state WHEN 'new' THEN count ELSE 0 END) AS new, max(severity) AS worst
        FROM groupCount WHERE kind = ? AND count > 0 AND (\(filter.sql))
        GROUP BY value ORDER BY worst DESC, rows DESC, value LIMIT ?
      """
    return try read { db in
      try Row.fetchAll(
        db, sql: text,
        arguments: StatementArguments(
          [grouping.rawValue.databaseValue] + filter.arguments + [query.limit.databaseValue])
      ).map { row in
        QueueGroup(
          value: row["value"], title: grouping == .rule ? try Store.title(db, ofRule: row["value"]) : nil,
          rows: row["rows"], new: row["new"], worst: Severity(rank: row["worst"]))
      }
    }
  }

  private static func title(_ db: Database, ofRule check: String) throws -> BilingualText? {
    try Row.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT titleEn, titleZh FROM queueRow WHERE checkName = ? COLLATE NOCASE AND state <> 'closed' LIMIT 1
          """), arguments: [check]
    ).map { BilingualText(en: $0["titleEn"], zh: $0["titleZh"]) }
  }

  private static func expression(_ grouping: QueueGrouping) -> String {
    switch grouping {
    case .rule: "checkName"
    case .site: "coalesce(site, '')"
    case .organisation: "coalesce(organisation, '')"
    case .who: "coalesce(assignee, '')"
    case .severity: severityName
    case .state: "state"
    case .wing: "wing"
    }
  }

  private static let severityName =
    "CASE severity " + Severity.allCases.map { "WHEN \($0.rank) THEN '\($0.rawValue)'" }.joined(separator: " ") + " END"

  // MARK: sites

  /// Open rows of each site: how many, and the worst.
  package struct SiteCount: Sendable, Hashable {
    package var worst: Severity
    package var openAlerts = 0
    package var liveFindings = 0
  }

  /// Of rows that are shown or folded: gathering rows stand for others, and drills are in no statistic.
  package func siteCounts(within purview: Purview = .all) throws(StoreError) -> [String: SiteCount] {
    let kept = """
      SELECT * FROM groupCount WHERE kind = 'site' AND state <> 'closed' AND count > 0
        AND place IN ('shown', 'member') AND NOT isGathering AND NOT isDrill
      """
    let own = Store.rows(within: purview)
    let counted = """
      SELECT site AS value, wing, severity, \(QueueMigration.isLive("queueRow")) AS isLive, count(*) AS count
        FROM queueRow WHERE state <> 'closed' AND site IS NOT NULL AND place IN ('shown', 'member')
          AND gathering IS NULL AND checkName NOT LIKE '9001:%' AND \(own.sql) GROUP BY 1, 2, 3, 4
      """
    return try read { db in
      var counts: [String: SiteCount] = [:]
      let cells = try Row.fetchCursor(
        db, sql: purview.isAll ? kept : counted, arguments: StatementArguments(own.arguments))
      while let cell = try cells.next() {
        let severity = Severity(rank: cell["severity"])
        var site = counts[cell["value"], default: SiteCount(worst: severity)]
        site.worst = max(site.worst, severity)
        if cell["wing"] == Wing.sensor.rawValue {
          site.openAlerts += cell["count"] as Int
        } else if cell["isLive"] {
          site.liveFindings += cell["count"] as Int
        }
        counts[cell["value"]] = site
      }
      return counts
    }
  }
}
