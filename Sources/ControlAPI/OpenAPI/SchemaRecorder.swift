internal import Records

/// Reads types by the code that reads their values: `init(from:)` of a message is run against a decoder that writes down
/// which names it asks for, of which types, and which it can do without. So the schemas are the messages' own, and no
/// second truth.
final class SchemaRecorder {
  /// By name.
  private(set) var components: [String: JSONSchema] = [:]
  private var values: [ObjectIdentifier: Any] = [:]
  private var open: Set<ObjectIdentifier> = []

  struct Refusal: Error, CustomStringConvertible { let description: String }

  func schema<T: Decodable>(_ type: T.Type) throws -> JSONSchema {
    if let plain = SchemaRecorder.plain(type) { return plain.schema }
    if let text = type as? any TextForm.Type { return .text(format: text.formatName) }
    if let maybe = type as? any MaybeForm.Type { return try maybe.wrapped(self) }
    if let list = type as? any ListForm.Type { return .list(try list.element(self)) }
    if let map = type as? any MapForm.Type { return try map.value(self).map { .map($0) } ?? .list(.anything) }
    let name = SchemaRecorder.name(type)
    if let choice = type as? any CaseIterable.Type {
      components[name] = .choice(try SchemaRecorder.names(choice))
    } else if let forms = type as? any CaseForms.Type {
      components[name] = .either(try SchemaRecorder.forms(forms))
    } else if !open.contains(ObjectIdentifier(type)) {
      _ = try value(type)
    }
    if case .text? = components[name] { return .text(format: nil) }
    return .reference(name)
  }

  /// A value of the type; which one does not matter, as long as its reader goes on to the next name.
  func value<T: Decodable>(_ type: T.Type) throws -> T {
    let id = ObjectIdentifier(type)
    if let known = values[id] as? T { return known }
    let value = try make(type)
    values[id] = value
    return value
  }

  private func make<T: Decodable>(_ type: T.Type) throws -> T {
    func cast(_ value: Any) throws -> T {
      guard let value = value as? T else { throw Refusal(description: "no value of \(type) could be made") }
      return value
    }
    if let plain = SchemaRecorder.plain(type) { return try cast(plain.value) }
    if let maybe = type as? any MaybeForm.Type {
      _ = try schema(type)
      return try cast(maybe.none)
    }
    if let list = type as? any ListForm.Type {
      _ = try schema(type)
      return try cast(list.empty)
    }
    if let map = type as? any MapForm.Type {
      _ = try schema(type)
      return try cast(map.empty)
    }
    if let choice = type as? any CaseIterable.Type, let first = SchemaRecorder.first(choice) { return try cast(first) }
    if let forms = type as? any CaseForms.Type, let first = forms.samples.first { return try cast(first) }
    return try record(type)
  }

  private func record<T: Decodable>(_ type: T.Type) throws -> T {
    let id = ObjectIdentifier(type)
    guard open.insert(id).inserted else { throw Refusal(description: "\(type) holds itself") }
    defer { open.remove(id) }
    let decoder = RecordingDecoder(self, (type as? any TextForm.Type)?.sampleText ?? "")
    let value: T
    do { value = try T(from: decoder) } catch {
      throw Refusal(
        description: "\(type) cannot be read without a sample (CaseIterable, TextForm, CaseForms): \(error)")
    }
    components[SchemaRecorder.name(type)] = decoder.record.schema
    return value
  }

  // MARK: forms

  private static func plain(_ type: any Decodable.Type) -> (schema: JSONSchema, value: Any)? {
    switch type {
    case is String.Type: (.text(format: nil), "")
    case is Bool.Type: (.flag, false)
    case is Double.Type: (.number, 0.0)
    case is Float.Type: (.number, Float(0))
    case is Int.Type: (.integer(leastZero: false), 0)
    case is Int8.Type: (.integer(leastZero: false), Int8(0))
    case is Int16.Type: (.integer(leastZero: false), Int16(0))
    case is Int32.Type: (.integer(leastZero: false), Int32(0))
    case is Int64.Type: (.integer(leastZero: false), Int64(0))
    case is UInt.Type: (.integer(leastZero: true), UInt(0))
    case is UInt8.Type: (.integer(leastZero: true), UInt8(0))
    case is UInt16.Type: (.integer(leastZero: true), UInt16(0))
    case is UInt32.Type: (.integer(leastZero: true), UInt32(0))
    case is UInt64.Type: (.integer(leastZero: true), UInt64(0))
    default: nil
    }
  }

  private static func first<C: CaseIterable>(_ type: C.Type) -> Any? { type.allCases.first }

  private static func names<C: CaseIterable>(_ type: C.Type) throws -> [String] {
    try type.allCases.map { value in
      guard let name = (value as? any RawRepresentable)?.rawValue as? String else {
        throw Refusal(description: "\(type) has cases that are no texts")
      }
      return name
    }
  }

  private static func forms<F: CaseForms>(_ type: F.Type) throws -> [JSONSchema] {
    try type.samples.map { SampleSchema.schema(try RecordJSON.decode(SampleSchema.self, from: RecordJSON.encode($0))) }
  }

  /// As in the code, without its module, which is the first word of a path; the arguments of a generic type behind points.
  static func name(_ type: any Decodable.Type) -> String {
    var name = ""
    var word = ""
    for character in String(reflecting: type) {
      switch character {
      case "<", ",", " ", ">":
        name += SchemaRecorder.withoutModule(word)
        if character == "<" || character == "," { name += "." }
        word = ""
      default: word.append(character)
      }
    }
    return name + SchemaRecorder.withoutModule(word)
  }

  private static func withoutModule(_ path: String) -> String {
    let parts = path.split(separator: ".")
    return parts.count > 1 ? parts.dropFirst().joined(separator: ".") : path
  }
}

/// JSON as it came, to read a schema off a sample.
indirect enum SampleSchema: Decodable {
  case text, number, flag
  case list([SampleSchema])
  case object([String: SampleSchema])

  init(from decoder: any Decoder) throws {
    let single = try decoder.singleValueContainer()
    if (try? single.decode(Bool.self)) != nil {
      self = .flag
    } else if (try? single.decode(Double.self)) != nil {
      self = .number
    } else if (try? single.decode(String.self)) != nil {
      self = .text
    } else if let list = try? single.decode([SampleSchema].self) {
      self = .list(list)
    } else {
      self = .object(try single.decode([String: SampleSchema].self))
    }
  }

  static func schema(_ sample: SampleSchema) -> JSONSchema {
    switch sample {
    case .text: .text(format: nil)
    case .number: .number
    case .flag: .flag
    case .list(let items): .list(items.first.map(schema) ?? .anything)
    case .object(let members): .object(members.mapValues(schema), required: members.keys.sorted())
    }
  }
}
