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
    /// Other words for it.
    package let aliases: [String]
    package init(_ name: String, _ form: Form, _ meaning: String, aliases: [String] = []) {
      self.name = name
      self.form = form
      self.meaning = meaning
      self.aliases = aliases
    }
  }

  package let fields: [Field]
  package init(_ fields: [Field]) { self.fields = fields }
  package func field(_ name: String) -> Field? { fields.first { $0.name == name || $0.aliases.contains(name) } }
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
