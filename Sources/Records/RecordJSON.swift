internal import FoundationEssentials

/// Hub records as JSON: keys sorted, so that equal values have equal text. Not for the hot path.
package enum RecordJSON {
  package static func encode(_ value: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return Array(try encoder.encode(value))
  }
  package static func text(_ value: some Encodable) throws -> String {
    String(decoding: try encode(value), as: UTF8.self)
  }
  package static func decode<T: Decodable>(_ type: T.Type, from bytes: [UInt8]) throws -> T {
    try JSONDecoder().decode(type, from: Data(bytes))
  }
  package static func decode<T: Decodable>(_ type: T.Type, from text: String) throws -> T {
    try decode(type, from: Array(text.utf8))
  }
}
