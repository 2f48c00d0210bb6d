package import Documents

/// A text of a template with its `{{expressions}}` parsed.
package struct TemplateText: Sendable, Hashable {
  package enum Piece: Sendable, Hashable {
    case text(String)
    /// `source`: what stood between the braces.
    case expression(TemplateExpression, source: String)
  }

  package var pieces: [Piece]
  package var position: SourcePosition

  package init(_ pieces: [Piece], at position: SourcePosition) {
    self.pieces = pieces
    self.position = position
  }
}
