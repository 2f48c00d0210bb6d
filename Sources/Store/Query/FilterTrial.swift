internal import GRDB
package import Records
internal import Wire

/// The tables of lists, empty and in memory, on which a filter is tried: whether SQLite takes the statement that it
/// becomes, and whether it says there what it says in memory. For the fuzz entrance of the filter language.
package final class FilterTrial: Sendable {
  package enum List: String, Sendable, CaseIterable { case queue, findings, audit, notices, intake }
  private let database: DatabaseQueue

  package init() throws {
    var configuration = GRDB.Configuration()
    configuration.prepareDatabase { Store.addFunctions(to: $0) }
    database = try DatabaseQueue(configuration: configuration)
    try Schema.migrator.migrate(database)
  }

  /// Throws where the statement is none, or an argument is missing: a fault of ours, whatever the filter.
  package func run(_ filter: Filter, _ list: List, sort: [SortKey]) throws {
    let now = Timestamp(seconds: 1_800_000_000)
    let clocks = QueueClocks(criticalSeconds: 300, highSeconds: 900)
    let table: ListTable =
      switch list {
      case .queue: .queue(clocks, now: now)
      case .findings: .findings(clocks, now: now)
      case .audit: .audit
      case .notices: .notices(now: now)
      case .intake: .intakes(now: now)
      }
    let order = ListOrder(sort, of: table)
    let (sql, arguments) = try Store.condition(table, ListQuery(filter: filter, sort: sort, now: now), nil)
    try database.read { db in
      let rows = try Row.fetchAll(
        db, sql: "SELECT \(order.columns) FROM \(table.name) WHERE \(sql) ORDER BY \(order.sql) LIMIT 10",
        arguments: StatementArguments(arguments))
      guard rows.isEmpty else { throw StoreError(.internalFault, "a row in an empty table") }
    }
  }
}
