internal import Records
internal import Wire

/// A type that is one text in JSON, of a form that not every text has: the recorder asks it for one that has.
protocol TextForm: Decodable {
  static var formatName: String { get }
  static var sampleText: String { get }
}

extension Timestamp: TextForm {
  static var formatName: String { "date-time" }
  static var sampleText: String { "2026-01-01T00:00:00Z" }
}
extension IPAddress: TextForm {
  static var formatName: String { "ip-address" }
  static var sampleText: String { "192.0.2.1" }
}
extension IPPrefix: TextForm {
  static var formatName: String { "ip-network" }
  static var sampleText: String { "192.0.2.0/24" }
}
extension LocalMoment: TextForm {
  static var sampleText: String { "2026-11-02T08:00" }
  static var formatName: String { "local-date-time" }
}
extension MaintenanceWindow: TextForm {
  static var formatName: String { "maintenance-window" }
  static var sampleText: String { "sat 01:00-02:00" }
}

/// A type whose cases carry values: one sample of each case. What is recorded is what its own encoder writes of them.
protocol CaseForms: Codable {
  static var samples: [Self] { get }
}

extension Observation.Answer: CaseForms {
  static var samples: [Self] { [.yes, .no, .notDetermined(reason: "")] }
}

// What a list or a table holds, without a value of it.
protocol ListForm {
  static var empty: Self { get }
  static func element(_ recorder: SchemaRecorder) throws -> JSONSchema
}
extension Array: ListForm where Element: Decodable {
  static var empty: [Element] { [] }
  static func element(_ recorder: SchemaRecorder) throws -> JSONSchema {
    let whole = try recorder.schema(Element.self)
    return Element.self is any MaybeForm.Type ? .either([whole, .nothing]) : whole
  }
}
extension Set: ListForm where Element: Decodable {
  static var empty: Set<Element> { [] }
  static func element(_ recorder: SchemaRecorder) throws -> JSONSchema { try recorder.schema(Element.self) }
}

protocol MapForm {
  static var empty: Self { get }
  /// Nil where the names are no texts: then it is a list of names and values in turn.
  static func value(_ recorder: SchemaRecorder) throws -> JSONSchema?
}
extension Dictionary: MapForm where Key: Decodable, Value: Decodable {
  static var empty: [Key: Value] { [:] }
  static func value(_ recorder: SchemaRecorder) throws -> JSONSchema? {
    Key.self == String.self ? try recorder.schema(Value.self) : nil
  }
}

protocol MaybeForm {
  static var none: Self { get }
  static func wrapped(_ recorder: SchemaRecorder) throws -> JSONSchema
}
extension Optional: MaybeForm where Wrapped: Decodable {
  static func wrapped(_ recorder: SchemaRecorder) throws -> JSONSchema { try recorder.schema(Wrapped.self) }
}
