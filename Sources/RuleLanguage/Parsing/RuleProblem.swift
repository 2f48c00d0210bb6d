/// Why a rule is refused, before the file's name and the line are known. `place` is an index into the logical line.
struct RuleProblem: Error {
  var code: RuleDiagnostic.Code
  var place: Int
  var sentence: String
  var hint: String?

  init(_ code: RuleDiagnostic.Code, at place: Int, _ sentence: String, hint: String? = nil) {
    self.code = code
    self.place = place
    self.sentence = sentence
    self.hint = hint
  }
}

/// One option as it stands in the rule: its keyword and what is written behind the colon.
struct Argument {
  let keyword: Keyword
  let place: Int
  let end: Int
  /// Trimmed; empty when nothing was written.
  let value: Text

  var name: String { keyword.name }

  func bad(_ sentence: String, at text: Text? = nil, hint: String? = nil) -> RuleProblem {
    RuleProblem(.badValue, at: text?.startIndex ?? place, "'\(name)' \(sentence)", hint: hint)
  }

  func misplaced(_ sentence: String, hint: String? = nil) -> RuleProblem {
    RuleProblem(.misplacedModifier, at: place, "'\(name)' \(sentence)", hint: hint)
  }

  func number<T: FixedWidthInteger>(_ text: Text, as type: T.Type = T.self) throws(RuleProblem) -> T {
    guard let number = text.number(as: type) else {
      throw bad("needs a number up to \(T.max), not \(text.quoted)", at: text)
    }
    return number
  }

  func raw<T: RawRepresentable>(_ text: Text, as type: T.Type = T.self, expected: String) throws(RuleProblem) -> T
  where T.RawValue == String {
    guard let value = T(rawValue: text.string) else {
      throw bad("knows \(expected), not \(text.quoted)", at: text)
    }
    return value
  }

  func identifier(_ text: Text) throws(RuleProblem) -> String {
    guard text.isName else {
      throw bad("needs a name of letters, digits, '_', '.' or '-', not \(text.quoted)", at: text)
    }
    return text.string
  }

  /// The text between the quotes, and whether `!` stands before them.
  func quotedText() throws(RuleProblem) -> (text: Text, negated: Bool) {
    var text = value
    let negated = text.first == ASCII.bang
    if negated { text = text.dropFirst().trimmed() }
    guard text.first == ASCII.quote else { throw bad("needs a value in double quotes", at: value) }
    guard text.count >= 2, text.last == ASCII.quote else {
      throw bad("has no closing quote", at: text, hint: "inside quotes write ';' as '\\;' and '\"' as '\\\"'")
    }
    return (text.dropFirst().dropLast(), negated)
  }
}
