package import Records

/// What a person must mend: a missing file, a wrong key, a hub that does not run. Ends a command with status 2.
///
/// The text is built here and nowhere else: `place: sentence; hint`.
package struct OperatorMistake: Error, Sendable, Equatable, CustomStringConvertible {
  /// For tests and programs, such as `configuration.unknownKey`.
  package let code: String
  /// `file:line:column`, or the file, or nothing.
  package let place: String?
  package let sentence: String
  /// The sentence in Chinese, of what a screen shows.
  package let zh: String?
  package let hint: String?

  package init(_ code: String, at place: String? = nil, _ sentence: String, zh: String? = nil, hint: String? = nil) {
    self.code = code
    self.place = place
    self.sentence = sentence
    self.zh = zh
    self.hint = hint
  }

  package var words: BilingualText {
    guard let zh else { return BilingualText(description) }
    return BilingualText(en: description, zh: (place.map { "\($0)：" } ?? "") + zh + (hint.map { "；\($0)" } ?? ""))
  }
  package var description: String {
    (place.map { "\($0): " } ?? "") + sentence + (hint.map { "; \($0)" } ?? "")
  }
}
