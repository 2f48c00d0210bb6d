internal import FoundationEssentials

/// JSON that can be shown anywhere: keys sorted, a line a member, and what would harm a terminal or turn the direction
/// of writing as `\uXXXX`, from which a reader gets the very same text.
enum ReportJSON {
  static func text(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
    return escaped(String(decoding: try encoder.encode(value), as: UTF8.self)) + "\n"
  }

  /// Controls below the space are escaped by the encoder where they stand in a text; outside of one they are its lines.
  static func escaped(_ json: String) -> String {
    guard json.unicodeScalars.contains(where: { $0.value >= 0x7f && HarmlessText.isHarmful($0) }) else { return json }
    var result = ""
    for scalar in json.unicodeScalars {
      if scalar.value >= 0x7f, HarmlessText.isHarmful(scalar) {
        for unit in String(scalar).utf16 {
          let digits = String(unit, radix: 16)
          result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
