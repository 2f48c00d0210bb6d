/// What an expression is worth. Texts are bytes, since bodies need not be UTF-8; numbers are floating point, as nuclei
/// has them.
package enum TemplateValue: Sendable, Hashable {
  case text([UInt8])
  /// The first part of a text whose rest never came: what is found in it is there, what is not may be.
  case partial([UInt8], reason: String)
  case number(Double)
  case truth(Bool)
  case list([TemplateValue])

  init(_ text: String) { self = .text(Array(text.utf8)) }
  init(_ number: Int) { self = .number(Double(number)) }
}
