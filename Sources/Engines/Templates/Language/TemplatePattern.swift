internal import PatternMatching

/// A regular expression of a template: equal where its text is.
package struct TemplatePattern: Sendable, Hashable {
  package let text: String
  let compiled: RegularExpression

  package static func == (a: TemplatePattern, b: TemplatePattern) -> Bool { a.text == b.text }
  package func hash(into hasher: inout Hasher) { hasher.combine(text) }
}
