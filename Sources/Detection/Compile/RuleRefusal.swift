internal import RuleLanguage

/// Why this engine does not load a valid rule.
struct RuleRefusal: Error {
  var code: RuleDiagnostic.Code
  var sentence: String
  var hint: String?
  /// The option to blame, by its place in `Rule.options`.
  var option: Int?

  init(_ code: RuleDiagnostic.Code, _ sentence: String, hint: String? = nil) {
    self.code = code
    self.sentence = sentence
    self.hint = hint
  }

  func diagnostic(for rule: Rule, file: String) -> RuleDiagnostic {
    let span = option.flatMap { $0 < rule.spans.count ? rule.spans[$0] : nil }
    return RuleDiagnostic(
      severity: .error, code: code, file: rule.file.isEmpty ? file : rule.file,
      line: span.map { Int($0.line) } ?? rule.line,
      column: span.map { Int($0.column) } ?? 1, sid: rule.sid, sentence: sentence, hint: hint)
  }
}
