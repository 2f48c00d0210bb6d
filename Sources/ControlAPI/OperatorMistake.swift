/// What a person must mend: a missing file, a wrong key, a hub that does not run. Ends a command with status 2.
///
/// The text is built here and nowhere else: `place: sentence; hint`.
package struct OperatorMistake: Error, Sendable, Equatable, CustomStringConvertible {
  /// For tests and programs, such as `configuration.unknownKey`.
  package let code: String
  /// `file:line:column`, or the file, or nothing.
  package let place: String?
  package let sentence: String
  package let hint: String?

  package init(_ code: String, at place: String? = nil, _ sentence: String, hint: String? = nil) {
    self.code = code
    self.place = place
    self.sentence = sentence
    self.hint = hint
  }

  package var description: String {
    (place.map { "\($0): " } ?? "") + sentence + (hint.map { "; \($0)" } ?? "")
  }
}
