/// What one type's reader asked for.
final class SchemaRecord {
  var members: [String: JSONSchema] = [:]
  var required: Set<String> = []
  /// Where the value is no object.
  var whole: JSONSchema?

  var schema: JSONSchema { whole ?? .object(members, required: required.sorted()) }
}

/// Answers every question with some value, and writes the question down.
struct RecordingDecoder: Decoder {
  let codingPath: [any CodingKey] = []
  let userInfo: [CodingUserInfoKey: Any] = [:]
  let recorder: SchemaRecorder
  let record = SchemaRecord()
  let sample: String

  init(_ recorder: SchemaRecorder, _ sample: String) {
    self.recorder = recorder
    self.sample = sample
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> {
    // Names of the first release are read out of old stores, and never written.
    let isOld = "\(type)" == "OldKeys"
    return KeyedDecodingContainer(RecordingObject<Key>(recorder: recorder, record: isOld ? SchemaRecord() : record))
  }
  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    throw SchemaRecorder.Refusal(description: "a list is read by hand")
  }
  func singleValueContainer() -> any SingleValueDecodingContainer {
    RecordingValue(recorder: recorder, record: record, sample: sample)
  }
}

struct RecordingObject<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let codingPath: [any CodingKey] = []
  let recorder: SchemaRecorder
  let record: SchemaRecord
  var allKeys: [Key] { [] }
  func contains(_ key: Key) -> Bool { false }

  private func note<T: Decodable>(_ type: T.Type, _ key: Key, isRequired: Bool) throws {
    record.members[key.stringValue] = try recorder.schema(type)
    if isRequired { record.required.insert(key.stringValue) }
  }
  private func needed<T: Decodable>(_ type: T.Type, _ key: Key) throws -> T {
    try note(type, key, isRequired: true)
    return try recorder.value(type)
  }
  private func spared<T: Decodable>(_ type: T.Type, _ key: Key) throws -> T? {
    try note(type, key, isRequired: false)
    return nil
  }

  func decodeNil(forKey key: Key) throws -> Bool { true }
  func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T { try needed(type, key) }
  func decodeIfPresent<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T? { try spared(type, key) }

  // The protocol names each plain type by itself.
  func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try needed(type, key) }
  func decode(_ type: String.Type, forKey key: Key) throws -> String { try needed(type, key) }
  func decode(_ type: Double.Type, forKey key: Key) throws -> Double { try needed(type, key) }
  func decode(_ type: Float.Type, forKey key: Key) throws -> Float { try needed(type, key) }
  func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try needed(type, key) }
  func decode(_ type: Int8.Type, forKey key: Key) throws -> Int8 { try needed(type, key) }
  func decode(_ type: Int16.Type, forKey key: Key) throws -> Int16 { try needed(type, key) }
  func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 { try needed(type, key) }
  func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 { try needed(type, key) }
  func decode(_ type: UInt.Type, forKey key: Key) throws -> UInt { try needed(type, key) }
  func decode(_ type: UInt8.Type, forKey key: Key) throws -> UInt8 { try needed(type, key) }
  func decode(_ type: UInt16.Type, forKey key: Key) throws -> UInt16 { try needed(type, key) }
  func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 { try needed(type, key) }
  func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 { try needed(type, key) }
  func decodeIfPresent(_ type: Bool.Type, forKey key: Key) throws -> Bool? { try spared(type, key) }
  func decodeIfPresent(_ type: String.Type, forKey key: Key) throws -> String? { try spared(type, key) }
  func decodeIfPresent(_ type: Double.Type, forKey key: Key) throws -> Double? { try spared(type, key) }
  func decodeIfPresent(_ type: Float.Type, forKey key: Key) throws -> Float? { try spared(type, key) }
  func decodeIfPresent(_ type: Int.Type, forKey key: Key) throws -> Int? { try spared(type, key) }
  func decodeIfPresent(_ type: Int8.Type, forKey key: Key) throws -> Int8? { try spared(type, key) }
  func decodeIfPresent(_ type: Int16.Type, forKey key: Key) throws -> Int16? { try spared(type, key) }
  func decodeIfPresent(_ type: Int32.Type, forKey key: Key) throws -> Int32? { try spared(type, key) }
  func decodeIfPresent(_ type: Int64.Type, forKey key: Key) throws -> Int64? { try spared(type, key) }
  func decodeIfPresent(_ type: UInt.Type, forKey key: Key) throws -> UInt? { try spared(type, key) }
  func decodeIfPresent(_ type: UInt8.Type, forKey key: Key) throws -> UInt8? { try spared(type, key) }
  func decodeIfPresent(_ type: UInt16.Type, forKey key: Key) throws -> UInt16? { try spared(type, key) }
  func decodeIfPresent(_ type: UInt32.Type, forKey key: Key) throws -> UInt32? { try spared(type, key) }
  func decodeIfPresent(_ type: UInt64.Type, forKey key: Key) throws -> UInt64? { try spared(type, key) }

  private var refusal: SchemaRecorder.Refusal { .init(description: "an object in an object is read by hand") }
  func nestedContainer<N: CodingKey>(keyedBy type: N.Type, forKey key: Key) throws -> KeyedDecodingContainer<N> {
    throw refusal
  }
  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer { throw refusal }
  func superDecoder() throws -> any Decoder { throw refusal }
  func superDecoder(forKey key: Key) throws -> any Decoder { throw refusal }
}

/// The value is one thing: a text of some form, a number, or another type in its place.
struct RecordingValue: SingleValueDecodingContainer {
  let codingPath: [any CodingKey] = []
  let recorder: SchemaRecorder
  let record: SchemaRecord
  let sample: String

  private func needed<T: Decodable>(_ type: T.Type) throws -> T {
    record.whole = try recorder.schema(type)
    return try recorder.value(type)
  }
  func decodeNil() -> Bool { false }
  func decode<T: Decodable>(_ type: T.Type) throws -> T { try needed(type) }
  func decode(_ type: String.Type) throws -> String {
    record.whole = .text(format: nil)
    return sample
  }
  func decode(_ type: Bool.Type) throws -> Bool { try needed(type) }
  func decode(_ type: Double.Type) throws -> Double { try needed(type) }
  func decode(_ type: Float.Type) throws -> Float { try needed(type) }
  func decode(_ type: Int.Type) throws -> Int { try needed(type) }
  func decode(_ type: Int8.Type) throws -> Int8 { try needed(type) }
  func decode(_ type: Int16.Type) throws -> Int16 { try needed(type) }
  func decode(_ type: Int32.Type) throws -> Int32 { try needed(type) }
  func decode(_ type: Int64.Type) throws -> Int64 { try needed(type) }
  func decode(_ type: UInt.Type) throws -> UInt { try needed(type) }
  func decode(_ type: UInt8.Type) throws -> UInt8 { try needed(type) }
  func decode(_ type: UInt16.Type) throws -> UInt16 { try needed(type) }
  func decode(_ type: UInt32.Type) throws -> UInt32 { try needed(type) }
  func decode(_ type: UInt64.Type) throws -> UInt64 { try needed(type) }
}
