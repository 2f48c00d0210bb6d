/// What may stand in a place of a message, in the words of JSON Schema 2020-12 (which OpenAPI 3.1 uses).
indirect enum JSONSchema: Equatable, Sendable {
  case text(format: String?)
  case choice([String])
  case integer(leastZero: Bool)
  case number
  case flag
  case list(JSONSchema)
  /// Any names, each with such a value.
  case map(JSONSchema)
  case object([String: JSONSchema], required: [String])
  /// One of several forms.
  case either([JSONSchema])
  /// A component by its name.
  case reference(String)
  case anything
  /// null: where a list has a place without a value.
  case nothing
}

extension JSONSchema: Encodable {
  private struct Word: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(_ text: String) { stringValue = text }
    init?(stringValue: String) { self.init(stringValue) }
    init?(intValue: Int) { nil }
  }

  func encode(to encoder: any Encoder) throws {
    var words = encoder.container(keyedBy: Word.self)
    switch self {
    case .text(let format):
      try words.encode("string", forKey: Word("type"))
      try words.encodeIfPresent(format, forKey: Word("format"))
    case .choice(let values):
      try words.encode("string", forKey: Word("type"))
      try words.encode(values, forKey: Word("enum"))
    case .integer(let leastZero):
      try words.encode("integer", forKey: Word("type"))
      if leastZero { try words.encode(0, forKey: Word("minimum")) }
    case .number: try words.encode("number", forKey: Word("type"))
    case .flag: try words.encode("boolean", forKey: Word("type"))
    case .list(let element):
      try words.encode("array", forKey: Word("type"))
      try words.encode(element, forKey: Word("items"))
    case .map(let value):
      try words.encode("object", forKey: Word("type"))
      try words.encode(value, forKey: Word("additionalProperties"))
    case .object(let members, let required):
      try words.encode("object", forKey: Word("type"))
      try words.encode(members, forKey: Word("properties"))
      if !required.isEmpty { try words.encode(required, forKey: Word("required")) }
    case .either(let forms): try words.encode(forms, forKey: Word("anyOf"))
    case .reference(let name): try words.encode("#/components/schemas/\(name)", forKey: Word("$ref"))
    case .anything: break
    case .nothing: try words.encode("null", forKey: Word("type"))
    }
  }
}
