public import Wire

/// Ground-floor values in JSON: addresses and networks as their text, a moment as RFC 3339 in UTC.
extension IPAddress: Codable {
  public init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let value = IPAddress(text) else { throw WireCoding.refused("address", text, decoder) }
    self = value
  }
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

extension IPPrefix: Codable {
  public init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let value = IPPrefix(text) else { throw WireCoding.refused("network", text, decoder) }
    self = value
  }
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

extension Timestamp: Codable {
  public init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let value = Timestamp(text: text) else { throw WireCoding.refused("time", text, decoder) }
    self = value
  }
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }
}

enum WireCoding {
  static func refused(_ noun: String, _ text: String, _ decoder: any Decoder) -> DecodingError {
    .dataCorrupted(
      .init(codingPath: decoder.codingPath, debugDescription: "not a valid \(noun): \"\(text.prefix(64))\""))
  }
}
