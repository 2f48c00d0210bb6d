internal import GRDB
package import Records
package import Wire

/// Which rows of a table, in which order, from where on.
package struct ListQuery: Sendable {
  /// Resolved (`Filter.resolved`) where its words want it.
  package var filter: Filter
  /// Empty: the table's own order.
  package var sort: [SortKey]
  package var after: [SortPlace]?
  package var limit: Int
  package var offset: Int
  /// What `since:2h` counts from.
  package var now: Timestamp
  /// Of which part of the city.
  package var purview: Purview
  /// Of the queue: without rows that are folded under others which that part has too.
  package var isStanding: Bool
  /// Only rows that were there: up to this identity.
  package var newest: Int64?
  /// Longer is not looked.
  package var seconds: Double

  /// A person waits no longer, and other readers neither.
  package static let patience = 2.0

  package init(
    filter: Filter = .everything, sort: [SortKey] = [], after: [SortPlace]? = nil, limit: Int = 100, offset: Int = 0,
    now: Timestamp, purview: Purview = .all, isStanding: Bool = false, newest: Int64? = nil,
    seconds: Double = ListQuery.patience
  ) {
    self.isStanding = isStanding
    self.filter = filter
    self.sort = sort
    self.after = after
    self.limit = limit
    self.offset = offset
    self.now = now
    self.purview = purview
    self.newest = newest
    self.seconds = seconds
  }
}

/// Rows, and where to go on.
package struct ListSlice<Item: Sendable>: Sendable {
  package var items: [Item]
  /// Behind the last; nil where there are no more.
  package var next: [SortPlace]?
}

/// How many there are, as far as was counted.
package enum ListCount: Sendable, Hashable {
  case exactly(Int)
  /// Counting stopped here.
  case moreThan(Int)
}

extension Store {
  /// Rows are counted one by one up to here.
  package static let countLimit = 10_000
  /// A count is worth no longer a wait.
  private static let countSeconds = 0.1

  func page<Item: Sendable>(
    _ table: ListTable, _ query: ListQuery, also condition: String? = nil, _ item: (Row) throws -> Item
  ) throws(StoreError) -> ListSlice<Item> {
    let order = ListOrder(query.sort, of: table)
    var (sql, arguments) = try Store.condition(table, query, condition)
    if let after = query.after {
      guard let behind = order.behind(after) else {
        throw StoreError(.refused, "the cursor is of another order")
      }
      sql += " AND " + behind.sql
      arguments += behind.arguments
    }
    let limit = max(query.limit, 1)
    let text = """
      SELECT \(table.name).*, \(order.columns) FROM \(table.name) WHERE \(sql) ORDER BY \(order.sql) LIMIT ? OFFSET ?
      """
    arguments += [(limit + 1).databaseValue, max(query.offset, 0).databaseValue]
    return try read { db in
      try TimeBound.run(db, seconds: query.seconds) {
        let rows = try Row.fetchCursor(db, sql: text, arguments: StatementArguments(arguments))
        var (items, last) = ([Item](), nil as [SortPlace]?)
        while items.count < limit, let row = try rows.next() {
          items.append(try item(row))
          if items.count == limit { last = order.place(row) }
        }
        return ListSlice(items: items, next: try rows.next() == nil ? nil : last)
      }
    }
  }

  /// Up to `countLimit`; nil where that takes too long.
  func count(
    _ table: ListTable, _ query: ListQuery, also condition: String? = nil
  ) throws(StoreError) -> ListCount? {
    let (sql, arguments) = try Store.condition(table, query, condition)
    do {
      return try read { db in
        try TimeBound.run(db, seconds: Store.countSeconds) {
          let count = try Int.fetchOne(
            db, sql: "SELECT count(*) FROM (SELECT 1 FROM \(table.name) WHERE \(sql) LIMIT \(Store.countLimit + 1))",
            arguments: StatementArguments(arguments))
          return (count ?? 0) > Store.countLimit ? .moreThan(Store.countLimit) : .exactly(count ?? 0)
        }
      }
    } catch  where error.code == .tooSlow { return nil }
  }

  static func condition(
    _ table: ListTable, _ query: ListQuery, _ condition: String?
  ) throws(StoreError) -> (String, [DatabaseValue]) {
    let filter = FilterSQL(query.filter, table, now: query.now)
    var sql = filter.sql
    var arguments = filter.arguments
    if let condition { sql += " AND \(condition)" }
    if let own = table.term(query.purview) {
      sql += " AND \(own.sql)"
      arguments += own.arguments
    }
    if query.isStanding {
      let standing = standing(within: query.purview)
      sql += " AND \(standing.sql)"
      arguments += standing.arguments
    }
    if let newest = query.newest {
      sql += " AND \(table.identity) <= ?"
      arguments.append(newest.databaseValue)
    }
    return (sql, arguments)
  }
}
