package import Wire

/// A parsed query of the filter language: `severity>=high state:new,acknowledged site:tax* since:2h "free text"`.
///
/// Terms side by side must all hold; `or` and parentheses group them; `not` or a leading `-` turns one round.
/// A filter is text that has been checked: every field is in its schema and every value has the field's form, so
/// that evaluating one cannot fail. Relative times stay relative until `matches(_:now:)` is given a time.
package struct Filter: Sendable, Equatable {
  package indirect enum Term: Sendable, Equatable {
    /// Every one holds; the empty filter is `all([])`.
    case all([Term])
    case any([Term])
    case not(Term)
    case field(name: String, comparison: Comparison, values: [Value])
    /// Found, whatever the case of its letters, in any text of the row.
    case text(String)
  }
  package enum Comparison: String, Sendable, CaseIterable {
    case equal = ":"
    case unequal = "!="
    case atLeast = ">="
    case atMost = "<="
    case above = ">"
    case below = "<"
  }
  package enum Value: Sendable, Equatable {
    /// Lower case; `*` stands for any run of characters.
    case pattern(String)
    /// A place in the field's order of names (severity, level), lowest first.
    case rank(Int)
    case number(Double)
    case flag(Bool)
    case time(Timestamp)
    /// Nanoseconds before now.
    case ago(Int64)
  }

  package let term: Term
  package init(_ term: Term) { self.term = term }
  package static let everything = Filter(.all([]))
  package var isEverything: Bool { term == .all([]) }
}

/// What one list can be asked about: its fields, each with the form of its values.
package struct FilterSchema: Sendable {
  package enum Form: Sendable, Equatable {
    case text
    /// One of these names, `*` allowed.
    case choice([String])
    /// Ordered names, lowest first; `>=` and its like compare places.
    case ordered([String])
    case number
    case flag
    /// `2h`, `10m`, `7d` before now, or a moment such as `2026-11-22T03:04:05Z` or `2026-11-22`.
    case time
  }
  package struct Field: Sendable {
    package let name: String
    package let form: Form
    package let meaning: String
    package init(_ name: String, _ form: Form, _ meaning: String) {
      self.name = name
      self.form = form
      self.meaning = meaning
    }
  }

  package let fields: [Field]
  package init(_ fields: [Field]) { self.fields = fields }
  package func field(_ name: String) -> Field? { fields.first { $0.name == name } }
}

/// A row as the filter sees it: the values of a field (several for facets), none when it has none.
package protocol FilterRow {
  func filterValues(_ field: String) -> [FilterValue]
  /// Everything that free text is looked for in.
  var filterTexts: [String] { get }
}

package enum FilterValue: Sendable, Equatable {
  case text(String)
  case rank(Int)
  case number(Double)
  case flag(Bool)
  case time(Timestamp)
}

/// What is wrong with a filter's text. `column` counts characters from 1.
package struct FilterError: Error, Sendable, Equatable, Codable, CustomStringConvertible {
  package enum Code: String, Sendable, Codable {
    case unknownField, missingValue, badValue, badComparison, openQuote, openParenthesis, strayParenthesis, strayWord
    case tooLong, tooDeep
  }
  package let code: Code
  package let column: Int
  package let sentence: String
  package let hint: String?
  package var description: String { "filter:\(column): \(sentence)" + (hint.map { "; \($0)" } ?? "") }
}

extension Filter {
  /// Whether any term asks about one of these fields.
  package func mentions(_ names: Set<String>) -> Bool { Filter.mentions(term, names) }

  private static func mentions(_ term: Term, _ names: Set<String>) -> Bool {
    switch term {
    case .all(let terms), .any(let terms): terms.contains { mentions($0, names) }
    case .not(let inner): mentions(inner, names)
    case .field(let name, _, _): names.contains(name)
    case .text: false
    }
  }

  /// The terms that must all hold, as `all`.
  package var conjunction: Term {
    if case .all = term { return term }
    return .all([term])
  }
}
