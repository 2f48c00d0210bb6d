internal import GRDB
internal import Records

/// An order in SQL, and the condition of what comes behind a place in it: a deep page costs what the first one does.
struct ListOrder {
  private struct Step {
    var expression: String
    var isDescending: Bool
  }
  private let steps: [Step]

  /// Keys that the table does not know are left out: who takes words from outside checks them before.
  init(_ keys: [SortKey], of table: ListTable) {
    let keys = keys.isEmpty ? table.usual : keys
    var steps = keys.compactMap { key in
      table.sorts[key.word].map { Step(expression: $0, isDescending: key.isDescending) }
    }
    if !steps.contains(where: { $0.expression == table.identity }) {
      steps.append(
        Step(expression: table.identity, isDescending: keys == table.usual && (steps.last?.isDescending ?? false)))
    }
    self.steps = steps
  }

  var sql: String { steps.map { $0.expression + ($0.isDescending ? " DESC" : "") }.joined(separator: ", ") }

  /// To be selected beside the row: what `place` reads.
  var columns: String { steps.enumerated().map { "\($1.expression) AS sortPlace\($0)" }.joined(separator: ", ") }

  func place(_ row: Row) -> [SortPlace] {
    steps.indices.map { index in
      let value: DatabaseValue = row["sortPlace\(index)"]
      switch value.storage {
      case .int64(let number): return .integer(number)
      case .double(let number): return .real(number)
      case .string(let text): return .text(text)
      case .null, .blob: return .text("")
      }
    }
  }

  /// Nil where the place is of another order.
  func behind(_ place: [SortPlace]) -> (sql: String, arguments: [DatabaseValue])? {
    guard place.count == steps.count else { return nil }
    let values = place.map { value in
      switch value {
      case .integer(let number): number.databaseValue
      case .real(let number): number.databaseValue
      case .text(let text): text.databaseValue
      }
    }
    if Set(steps.map(\.isDescending)).count == 1 { return row(values) }
    return stepwise(values)
  }

  /// All one way: SQLite finds the place in an index of this order.
  private func row(_ values: [DatabaseValue]) -> (sql: String, arguments: [DatabaseValue]) {
    let sign = steps[0].isDescending ? "<" : ">"
    let left = steps.map(\.expression).joined(separator: ", ")
    return ("(\(left)) \(sign) (\(values.map { _ in "?" }.joined(separator: ", ")))", values)
  }

  private func stepwise(_ values: [DatabaseValue]) -> (sql: String, arguments: [DatabaseValue]) {
    var sql = ""
    var arguments: [DatabaseValue] = []
    for (index, step) in steps.enumerated() {
      let sign = step.isDescending ? "<" : ">"
      let isLast = index == steps.count - 1
      sql += "(\(step.expression) \(sign) ?" + (isLast ? "" : " OR (\(step.expression) = ? AND ")
      arguments += isLast ? [values[index]] : [values[index], values[index]]
    }
    return (sql + String(repeating: ")", count: 2 * steps.count - 1), arguments)
  }
}
