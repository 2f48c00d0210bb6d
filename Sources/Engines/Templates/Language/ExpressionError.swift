/// What is wrong in the text of an expression. The reader of templates says where the expression stands.
package struct ExpressionError: Error, Hashable, Sendable, CustomStringConvertible {
  /// From 1, counted in Unicode scalars of the expression.
  package var character: Int
  /// Lower-case start.
  package var message: String
  package var hint: String?

  init(_ character: Int, _ message: String, hint: String? = nil) {
    self.character = character
    self.message = message
    self.hint = hint
  }

  package var description: String { "character \(character): \(message)" + (hint.map { " (\($0))" } ?? "") }
}
