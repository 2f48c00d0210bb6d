internal import GRDB
package import Records
package import Wire

/// Lists of the queue, by filters.
extension Store {
  /// What the queue and findings can be sorted by.
  package static let queueSorts =
    ListTable.queue(QueueClocks(criticalSeconds: 0, highSeconds: 0), now: Timestamp(nanoseconds: 0)).sortWords

  package func queue(_ query: ListQuery, clocks: QueueClocks) throws(StoreError) -> ListSlice<QueueRow> {
    try page(.queue(clocks, now: query.now), query, also: Store.openAgain(query.filter)) { QueueTable.row($0) }
  }

  /// Findings with the words of their engines, at most so many of each.
  package func findings(
    _ query: ListQuery, clocks: QueueClocks, answers limit: Int = Finding.answersShown
  ) throws(StoreError) -> ListSlice<Finding> {
    let condition = "wing = 'scanner'" + (Store.openAgain(query.filter).map { " AND \($0)" } ?? "")
    let slice = try page(.findings(clocks, now: query.now), query, also: condition) { $0["id"] as Int64 }
    return ListSlice(items: try findings(slice.items, answers: limit), next: slice.next)
  }

  package func audit(_ query: ListQuery) throws(StoreError) -> ListSlice<AuditEntry> {
    try page(.audit, query) { Store.auditEntry($0) }
  }

  // MARK: how many

  /// By the kept counts where the filter has no other fields than they; else counted, up to a limit.
  package func queueCount(_ query: ListQuery, clocks: QueueClocks) throws(StoreError) -> ListCount? {
    guard query.newest != nil || !query.isOfCells else {
      let condition = FilterSQL(query.filter, .cells, now: query.now)
      return .exactly(
        try read { db in
          try Int.fetchOne(
            db, sql: "SELECT sum(count) FROM groupCount WHERE kind = 'rule' AND (\(condition.sql))",
            arguments: StatementArguments(condition.arguments)) ?? 0
        })
    }
    return try count(.queue(clocks, now: query.now), query, also: Store.openAgain(query.filter))
  }

  package func findingCount(_ query: ListQuery, clocks: QueueClocks) throws(StoreError) -> ListCount? {
    let condition = "wing = 'scanner'" + (Store.openAgain(query.filter).map { " AND \($0)" } ?? "")
    return try count(.findings(clocks, now: query.now), query, also: condition)
  }

  package func auditCount(_ query: ListQuery) throws(StoreError) -> ListCount? { try count(.audit, query) }

  /// Rows of the list that no one has acknowledged in time, drills left out, up to `countLimit` of the duty's and of each
  /// severity of the others: three ranges of indices.
  package func overdue(
    _ clocks: QueueClocks, within purview: Purview = .all, now: Timestamp
  ) throws(StoreError) -> ListCount {
    let (own, standing) = (Store.rows(within: purview), Store.standing(within: purview))
    let counted = """
      state = 'new' AND incident IS NULL AND checkName NOT LIKE '9001:%' AND \(own.sql) AND \(standing.sql)
        LIMIT \(Store.countLimit + 1)
      """
    let known = StatementArguments(own.arguments + standing.arguments)
    let limits = [(4, now.nanoseconds &- clocks.criticalNanoseconds), (3, now.nanoseconds &- clocks.highNanoseconds)]
    let sum = try read { db in
      func count(_ rows: String, _ arguments: StatementArguments) throws -> Int {
        try Int.fetchOne(
          db.cachedStatement(sql: "SELECT count(*) FROM (SELECT 1 FROM \(rows) AND \(counted))"),
          arguments: arguments + known) ?? 0
      }
      // In this order: who is overdue on duty is few, who is new may be many.
      let onDuty = try count(
        "dutyDue CROSS JOIN queueRow ON queueRow.id = dutyDue.row WHERE due < ? AND severity >= 3", [now.nanoseconds])
      return try limits.reduce(onDuty) { sum, limit in
        try sum
          + count(
            """
            queueRow INDEXED BY queueRowWaiting WHERE severity = ? AND coalesce(changedAt, firstSeen) < ?
              AND NOT EXISTS (SELECT 1 FROM dutyDue WHERE dutyDue.row = queueRow.id)
            """, [limit.0, limit.1])
      }
    }
    return sum > Store.countLimit ? .moreThan(Store.countLimit) : .exactly(sum)
  }

  /// The newest row: what a list was as of.
  package func newestRow(within purview: Purview = .all) throws(StoreError) -> Int64 {
    let own = Store.rows(within: purview)
    return try read { db in
      try Int64.fetchOne(
        db, sql: "SELECT id FROM queueRow WHERE \(own.sql) ORDER BY id DESC LIMIT 1",
        arguments: StatementArguments(own.arguments)) ?? 0
    }
  }

  /// Rows of a query in the list's own order, for an act on all of them.
  package func ids(_ query: ListQuery, clocks: QueueClocks) throws(StoreError) -> [Int64] {
    try page(.queue(clocks, now: query.now), query, also: Store.openAgain(query.filter)) { $0["id"] as Int64 }.items
  }

  /// Said in the words of the partial indices, where the filter says it in others: SQLite does not conclude it.
  static func openAgain(_ filter: Filter) -> String? {
    guard case .all(let terms) = filter.conjunction else { return nil }
    let isOpenOnly = terms.contains { term in
      guard case .field("state", .equal, let values) = term else { return false }
      return values.allSatisfy { value in
        if case .pattern(let pattern) = value { !Wildcard.matches(pattern, TriageState.closed.rawValue) } else { false }
      }
    }
    return isOpenOnly ? "state <> 'closed'" : nil
  }
}

extension ListQuery {
  /// Whether kept counts answer it.
  var isOfCells: Bool { purview.isAll && !isStanding && filter.isOnly(of: ListTable.cellFields) }
}

extension Filter {
  /// Whether it asks about these fields and nothing else.
  package func isOnly(of fields: Set<String>) -> Bool { Filter.isOnly(term, fields) }

  private static func isOnly(_ term: Term, _ fields: Set<String>) -> Bool {
    switch term {
    case .all(let terms), .any(let terms): terms.allSatisfy { isOnly($0, fields) }
    case .not(let inner): isOnly(inner, fields)
    case .field(let name, _, _): fields.contains(name)
    case .text: false
    }
  }
}
