internal import GRDB
internal import Records
internal import Wire

/// A filter as a condition on a table; it holds where `Filter.matches` does.
///
/// A single comparison may be NULL where a column is; it counts as *no*, and so does its negation's inside: `IS NOT TRUE`.
struct FilterSQL {
  var sql = ""
  var arguments: [DatabaseValue] = []

  private let table: ListTable
  private let now: Timestamp

  init(_ filter: Filter, _ table: ListTable, now: Timestamp) {
    self.table = table
    self.now = now
    add(filter.term)
  }

  // MARK: structure

  private mutating func add(_ term: Filter.Term) {
    switch term {
    case .all(let terms): joined(terms, " AND ", none: "1")
    case .any(let terms): joined(terms, " OR ", none: "0")
    case .not(.not(let inner)): add(inner)
    case .not(let inner): negated { $0.add(inner) }
    case .text(let text): free(text)
    case .field(let name, .unequal, let values):
      negated { $0.add(.field(name: name, comparison: .equal, values: values)) }
    case .field(let name, let comparison, let values): compare(name, comparison, values)
    }
  }

  private mutating func joined(_ terms: [Filter.Term], _ word: String, none: String) {
    chained(terms, word, none: none) { $0.add($1) }
  }

  private mutating func chained<T>(
    _ parts: [T], _ word: String, none: String = "0", _ body: (inout FilterSQL, T) -> Void
  ) {
    guard !parts.isEmpty else { return sql += none }
    let isLong = parts.count > FilterSQL.chain
    sql += isLong ? "((" : "("
    for (index, part) in parts.enumerated() {
      if index > 0 { sql += index % FilterSQL.chain == 0 ? ")\(word)(" : word }
      body(&self, part)
    }
    sql += isLong ? "))" : ")"
  }

  /// SQLite refuses expressions that are deeper than 1000, and a chain is as deep as it is long: a filter's two thousand
  /// words are chains of chains.
  private static let chain = 40

  private mutating func negated(_ body: (inout FilterSQL) -> Void) {
    sql += "("
    body(&self)
    sql += ") IS NOT TRUE"
  }

  private mutating func free(_ text: String) {
    guard !table.texts.isEmpty else { return sql += "0" }
    // Nothing is in every text, also in an absent one.
    guard !text.isEmpty else { return sql += "1" }
    let pattern = "%" + FilterSQL.escaped(text) + "%"
    sql += "(" + table.texts.map { $0 + FilterSQL.like(pattern) }.joined(separator: " OR ") + ")"
    arguments += table.texts.map { _ in pattern.databaseValue }
  }

  // MARK: fields

  private mutating func compare(_ name: String, _ comparison: Filter.Comparison, _ values: [Filter.Value]) {
    guard let column = table.columns[name] else { return sql += "0" }
    chained(values, " OR ") { $0.one(column, comparison, $1) }
  }

  private mutating func one(_ column: ListTable.Column, _ comparison: Filter.Comparison, _ value: Filter.Value) {
    switch (column, value) {
    case (.text(let expressions), .pattern), (.text(let expressions), .members):
      either(expressions.map { expression in { $0.match(expression, value, absentIsEmpty: true) } })
    case (.optional(let expression), .pattern), (.optional(let expression), .members):
      match(expression, value, absentIsEmpty: false)
    case (.names(let expression, let names), .pattern(let pattern)):
      among(expression, names.filter { Wildcard.matches(pattern, $0.name) }.map(\.stored))
    case (.number(let expression), .number(let number)): ordered(expression, comparison, number.databaseValue)
    case (.number(let expression), .rank(let rank)): ordered(expression, comparison, rank.databaseValue)
    case (.numbers(let lines), .number(let number)):
      exists(lines) { $0.ordered(lines.value, comparison, number.databaseValue) }
    case (.flag(let expression), .flag(let flag)): sql += flag ? "(\(expression))" : "NOT (\(expression))"
    case (.time(let expression), .time(let time)): timed(expression, comparison, time)
    case (.time(let expression), .ago(let span)):
      timed(expression, comparison, Timestamp(nanoseconds: now.nanoseconds &- span))
    case (.each(let own, let lines), .pattern), (.each(let own, let lines), .members):
      either(
        own.map { expression in { $0.match(expression, value, absentIsEmpty: true) } }
          + lines.map { line in
            { $0.exists(line) { $0.match(line.value, value, absentIsEmpty: false) } }
          })
    default: sql += "0"
    }
  }

  private mutating func either(_ parts: [(inout FilterSQL) -> Void]) {
    chained(parts, " OR ") { $1(&$0) }
  }

  private mutating func match(_ expression: String, _ value: Filter.Value, absentIsEmpty: Bool) {
    switch value {
    case .members(let members):
      if absentIsEmpty, members.contains("") { sql += "\(expression) IS NULL OR " }
      if members.count == 1, let member = members.first {
        // Twice, so that the index that ignores case finds it.
        sql += "\(expression) = ? COLLATE NOCASE AND \(expression) = ?"
        arguments += [member.databaseValue, member.databaseValue]
        return
      }
      sql += "\(expression) IN (SELECT value FROM json_each(?))"
      arguments.append(((try? RecordJSON.text(members.sorted())) ?? "[]").databaseValue)
    case .pattern(let pattern):
      if absentIsEmpty, Wildcard.matches(pattern, "") { sql += "\(expression) IS NULL OR " }
      if pattern.contains("*") {
        let like = FilterSQL.escaped(pattern).replacing("*", with: "%")
        sql += expression + FilterSQL.like(like)
        arguments.append(like.databaseValue)
      } else {
        sql += "\(expression) = ? COLLATE NOCASE"
        arguments.append(pattern.databaseValue)
      }
    default: sql += "0"
    }
  }

  private mutating func exists(_ lines: ListTable.Lines, _ body: (inout FilterSQL) -> Void) {
    sql += "EXISTS (SELECT 1 FROM \(lines.from) WHERE "
    if let condition = lines.condition { sql += "\(condition) AND " }
    sql += "("
    body(&self)
    sql += "))"
  }

  private mutating func among(_ expression: String, _ stored: [DatabaseValue]) {
    guard !stored.isEmpty else { return sql += "0" }
    sql += "\(expression) IN (\(stored.map { _ in "?" }.joined(separator: ",")))"
    arguments += stored
  }

  /// `since:2h` reads as *not before*, the only sense a bare time has.
  private mutating func timed(_ expression: String, _ comparison: Filter.Comparison, _ time: Timestamp) {
    ordered(expression, comparison == .equal ? .atLeast : comparison, time.nanoseconds.databaseValue)
  }

  private mutating func ordered(_ expression: String, _ comparison: Filter.Comparison, _ value: DatabaseValue) {
    let sign: String =
      switch comparison {
      case .equal: "="
      case .unequal: "<>"
      case .atLeast, .atMost, .above, .below: comparison.rawValue
      }
    sql += "\(expression) \(sign) ?"
    arguments.append(value)
  }

  // MARK: texts

  private static func escaped(_ text: String) -> String {
    guard text.utf8.contains(where: { "%_\\".utf8.contains($0) }) else { return text }
    return text.map { "%_\\".contains($0) ? "\\\($0)" : "\($0)" }.joined()
  }

  /// Without ESCAPE where there is nothing to escape: SQLite may then use an index for the part before the first `%`.
  private static func like(_ pattern: String) -> String { pattern.contains("\\") ? " LIKE ? ESCAPE '\\'" : " LIKE ?" }
}
