/// What may stand where a person is writing a word of a query.
package enum QueryWords {
  /// Whole words that begin with what is there of one: fields with their comparison, and behind that the values of a
  /// closed set.
  package static func behind(_ word: String, _ schema: FilterSchema) -> [String] {
    let opening = word.prefix { "(-".contains($0) }
    let rest = word.dropFirst(opening.count)
    guard let sign = rest.firstIndex(where: { ":!<>=".contains($0) }) else {
      return fields(schema).filter { $0.hasPrefix(rest) }.map { opening + $0 }
    }
    guard let field = schema.field(rest[..<sign].lowercased()) else { return [] }
    let comparison = rest[sign...].prefix { ":!<>=".contains($0) }
    let values = rest[comparison.endIndex...]
    // Behind a comma one more of the set.
    let begun = values.lastIndex(of: ",").map { values[values.index(after: $0)...] } ?? values
    let stem = word.dropLast(begun.count)
    return names(field.form).filter { $0.lowercased().hasPrefix(begun.lowercased()) }.map { stem + $0 }
  }

  private static func fields(_ schema: FilterSchema) -> [String] {
    schema.fields.flatMap { field in
      switch field.form {
      case .ordered, .number: [field.name + ":", field.name + ">="]
      case .text, .choice, .flag, .time: [field.name + ":"]
      }
    }
  }

  private static func names(_ form: FilterSchema.Form) -> [String] {
    switch form {
    case .choice(let names), .ordered(let names): names
    case .flag: ["true", "false"]
    case .text, .number, .time: []
    }
  }
}
