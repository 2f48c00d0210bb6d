internal import Documents

/// Texts that people will read on a terminal, in a table or in a letter: what could deceive them is refused.
package enum InventoryText {
  /// Without spaces around it. Refused: control characters, marks that turn the direction of writing, invisible
  /// characters, and what is longer than `limit` scalars.
  static func checked(_ value: DocumentValue, limit: Int = InventoryLimits.name) throws(DocumentError) -> String {
    let text = trimmed(try value.string())
    guard text.unicodeScalars.count <= limit else {
      throw DocumentError(.tooLarge, value.position, "the text has more than \(limit) characters, the limit")
    }
    if let scalar = text.unicodeScalars.first(where: isDeceptive) {
      let number = String(scalar.value, radix: 16, uppercase: true)
      let code = String(repeating: "0", count: max(0, 4 - number.count)) + number
      throw DocumentError(
        .badValue, value.position, "the text has a control or invisible character, U+\(code)", hint: "take it out")
    }
    guard !text.isEmpty else { throw DocumentError(.badValue, value.position, "the text is empty") }
    return text
  }

  /// What other entries name it by.
  static func id(_ value: DocumentValue) throws(DocumentError) -> String {
    try checked(value, limit: InventoryLimits.id)
  }

  /// One word of a list: what the table's lists are parted by cannot be in it.
  static func word(_ value: DocumentValue) throws(DocumentError) -> String {
    let text = try checked(value, limit: 64)
    guard !text.contains(where: { " ;|,\u{3000}".contains($0) || $0.isWhitespace }) else {
      throw DocumentError(.badValue, value.position, "\(value.kind) has a space, a comma, a ; or a | in it")
    }
    return text
  }

  static func trimmed(_ text: String) -> String {
    let scalars = text.unicodeScalars
    guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
      let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
    else { return "" }
    return String(scalars[first...last])
  }

  /// Control (Cc), format (Cf: direction marks, zero-width forms, tags), line and paragraph separators, and what
  /// is no character at all.
  static func isDeceptive(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.value >= 0x20, scalar.value < 0x7f { return false }
    if scalar.properties.isNoncharacterCodePoint { return true }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: return true
    default: return false
    }
  }
}
