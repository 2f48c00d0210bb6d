/// What is wrong with a rule, for the person who wrote it.
package struct RuleDiagnostic: Hashable, Sendable {
  package enum Severity: String, Sendable {
    /// The rule, or the line, is left out.
    case error
    /// It is loaded all the same.
    case warning
  }
  /// For tests, counts and `vigil rules check`: what kind of problem.
  package enum Code: String, Sendable, CaseIterable {
    case notARule = "not-a-rule"
    case badHeader = "bad-header"
    case badOption = "bad-option"
    case badValue = "bad-value"
    case unknownKeyword = "unknown-keyword"
    case unsupportedKeyword = "unsupported-keyword"
    case unsupportedProtocol = "unsupported-protocol"
    case unknownProtocol = "unknown-protocol"
    case missingOption = "missing-option"
    case repeatedOption = "repeated-option"
    case misplacedModifier = "misplaced-modifier"
    case contradiction
    case duplicateRule = "duplicate-rule"
    case undefinedVariable = "undefined-variable"
    case limit
  }

  package var severity: Severity
  package var code: Code
  package var file: String
  package var line: Int
  package var column: Int
  /// The rule's sid where it was found, else 0.
  package var sid: UInt32
  package var sentence: String
  package var hint: String?

  package init(
    severity: Severity, code: Code, file: String, line: Int, column: Int, sid: UInt32, sentence: String,
    hint: String? = nil
  ) {
    self.severity = severity
    self.code = code
    self.file = file
    self.line = line
    self.column = column
    self.sid = sid
    self.sentence = sentence
    self.hint = hint
  }

  /// `local.rules:12:34: error: unknown keyword 'contnet' (did you mean 'content'?)`
  package var description: String {
    let place = "\(file):\(line):\(column): \(severity.rawValue): \(sentence)"
    return hint.map { "\(place) (\($0))" } ?? place
  }
}
