package import Wire

/// A parsed query of the filter language: `severity>=high state:new,acknowledged site:tax* since:2h "free text"`.
///
/// Terms side by side must all hold; `or` and parentheses group them; `not` or a leading `-` turns one round.
/// A filter is text that has been checked (ControlAPI parses it): every field is in its schema and every value has the
/// field's form, so that evaluating one cannot fail. Relative times stay relative until a time is given. It is evaluated
/// in two ways that say the same: `matches(_:now:)` on a value, and the store's SQL on a table.
package struct Filter: Sendable, Equatable {
  package indirect enum Term: Sendable, Equatable {
    /// Every one holds; the empty filter is `all([])`.
    case all([Term])
    case any([Term])
    case not(Term)
    case field(name: String, comparison: Comparison, values: [Value])
    /// Found in any text of the row, whatever the case of ASCII letters.
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
    /// Lower case (of ASCII); `*` stands for any run of characters.
    case pattern(String)
    /// Texts as they are kept, each whole: what a pattern was found to name (`Filter.resolved`).
    case members(Set<String>)
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
