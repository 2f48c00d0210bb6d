/// Text from outside as a page may show it: no control character, nothing that turns the direction of writing or takes
/// no room, nothing that XML cannot hold, and no more than a person reads.
enum HarmlessText {
  /// Evidence has 4,096 characters at most; a longer text is a mistake or an attack.
  static let limit = 4_096

  /// Line breaks stay where `keepsLines`.
  static func of(_ text: String, keepsLines: Bool = true) -> String {
    guard text.utf8.count > limit || text.unicodeScalars.contains(where: { isHarmful($0) }) else { return text }
    var result = String.UnicodeScalarView()
    var count = 0
    for scalar in text.unicodeScalars {
      guard count < limit else {
        result.append("…")
        break
      }
      count += 1
      switch scalar {
      case "\n" where keepsLines: result.append(scalar)
      case "\n", "\t": result.append(" ")
      case _ where isHarmful(scalar): result.append("\u{fffd}")
      default: result.append(scalar)
      }
    }
    return String(result)
  }

  /// Also what is harmless in JSON only when it is escaped.
  static func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    // Controls; the Arabic mark; marks, embeddings, overrides and isolates; what has no width.
    case 0..<0x20, 0x7f..<0xa0, 0xad, 0x61c, 0x180e, 0x200b...0x200f, 0x2028...0x202e, 0x2060...0x206f, 0xfeff:
      true
    // Annotations, tags, and what is no character.
    case 0xfff9...0xfffb, 0xe0000...0xe007f: true
    case let value: value & 0xfffe == 0xfffe || (0xfdd0...0xfdef).contains(value)
    }
  }
}

/// A link that does no more than open a page: http or https, in characters that need no escaping anywhere.
struct SafeLink: Hashable {
  let text: String

  /// Nil for every other scheme.
  init?(_ url: String) {
    let lowered = url.prefix(8).lowercased()
    guard lowered.hasPrefix("https://") || lowered.hasPrefix("http://"), url.utf8.count <= 2_048 else { return nil }
    text = SafeLink.percentEncoded(url)
  }

  /// Everything but what RFC 3986 lets stand in a URI where it stands.
  static func percentEncoded(_ url: String) -> String {
    let bytes = Array(url.utf8)
    var result: [UInt8] = []
    var slashes = 0
    for (index, byte) in bytes.enumerated() {
      if byte == UInt8(ascii: "/") { slashes += 1 }
      if isPlain(byte, at: index, of: bytes, inAuthority: slashes == 2) {
        result.append(byte)
      } else {
        result += [UInt8(ascii: "%"), hex(byte >> 4), hex(byte & 15)]
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  private static func isPlain(_ byte: UInt8, at index: Int, of bytes: [UInt8], inAuthority: Bool) -> Bool {
    switch byte {
    case UInt8(ascii: "["), UInt8(ascii: "]"): inAuthority
    // Only before two digits does it say what it says.
    case UInt8(ascii: "%"): bytes.count > index + 2 && isHex(bytes[index + 1]) && isHex(bytes[index + 2])
    default: plain.contains(byte)
    }
  }

  private static let plain = Set(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?#@!$&*+,;=".utf8)
  private static func isHex(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (65...70).contains(byte) || (97...102).contains(byte)
  }
  private static func hex(_ digit: UInt8) -> UInt8 { digit < 10 ? 48 + digit : 55 + digit }
}
