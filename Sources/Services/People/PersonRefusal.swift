/// Why a person or a token was not put as asked, for the one who asked.
package struct PersonRefusal: Error, Sendable, Equatable, CustomStringConvertible {
  package let sentence: String
  package let hint: String?
  package init(_ sentence: String, hint: String? = nil) {
    self.sentence = sentence
    self.hint = hint
  }
  package var description: String { sentence + (hint.map { "; \($0)" } ?? "") }
}
