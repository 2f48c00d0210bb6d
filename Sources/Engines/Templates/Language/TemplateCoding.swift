internal import Documents
internal import Records

/// Bytes as texts and back. What is not well formed has no value.
enum TemplateCoding {
  static func call(_ function: TemplateFunction, _ arguments: TemplateArguments) throws(EvaluationFailure) -> [UInt8] {
    let text = try arguments.text(0)
    switch function {
    case .base64: return Array(Base64Text.of(text).utf8)
    case .base64Py: return lined(Array(Base64Text.of(text).utf8))
    case .base64Decode: return try base64Decoded(text)
    case .hexEncode: return hex(text)
    case .hexDecode: return try hexDecoded(text)
    case .urlEncode: return urlEncoded(text)
    case .urlDecode: return try urlDecoded(text)
    case .htmlEscape: return text.flatMap { htmlNames[$0].map { Array($0.utf8) } ?? [$0] }
    case .htmlUnescape: return htmlUnescaped(text)
    case .jsonMinify: return try minified(text)
    default: throw EvaluationFailure("the function \(function.rawValue) codes nothing")
    }
  }

  // MARK: - Base 64 and 16

  /// As Python's `encodebytes`: a line break behind each 76 characters and at the end.
  private static func lined(_ text: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    var rest = text[...]
    while !rest.isEmpty {
      result += rest.prefix(76) + [0x0a]
      rest = rest.dropFirst(76)
    }
    return result
  }

  /// Either alphabet, padding or none, as found in the wild.
  static func base64Decoded(_ text: [UInt8]) throws(EvaluationFailure) -> [UInt8] {
    var (result, word, bits): ([UInt8], UInt32, UInt32) = ([], 0, 0)
    let body = text.filter { $0 != 0x0a && $0 != 0x0d }
    let core = body.prefix { $0 != UInt8(ascii: "=") }
    guard core.count % 4 != 1, body.dropFirst(core.count).allSatisfy({ $0 == UInt8(ascii: "=") }),
      body.count - core.count <= 2
    else { throw EvaluationFailure("a text is not base64") }
    for byte in core {
      guard let digit = base64Digit(byte) else { throw EvaluationFailure("a text is not base64") }
      word = (word << 6 | UInt32(digit)) & 0xff_ffff
      bits += 6
      if bits >= 8 {
        bits -= 8
        result.append(UInt8(truncatingIfNeeded: word >> bits))
      }
    }
    return result
  }

  private static func base64Digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x41...0x5a: byte - 0x41
    case 0x61...0x7a: byte - 0x61 + 26
    case 0x30...0x39: byte - 0x30 + 52
    case UInt8(ascii: "+"), UInt8(ascii: "-"): 62
    case UInt8(ascii: "/"), UInt8(ascii: "_"): 63
    default: nil
    }
  }

  private static let hexDigits = Array("0123456789abcdef".utf8)
  private static let upperHexDigits = Array("0123456789ABCDEF".utf8)

  static func hex(_ bytes: some Sequence<UInt8>) -> [UInt8] {
    bytes.flatMap { [hexDigits[Int($0 >> 4)], hexDigits[Int($0 & 15)]] }
  }

  private static func hexDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x41 + 10
    case 0x61...0x66: byte - 0x61 + 10
    default: nil
    }
  }

  static func hexDecoded(_ text: [UInt8]) throws(EvaluationFailure) -> [UInt8] {
    guard let bytes = bytes(hex: text) else { throw EvaluationFailure("a text is not hexadecimal") }
    return bytes
  }

  /// Nil for an odd number of digits, or what is none.
  static func bytes(hex text: [UInt8]) -> [UInt8]? {
    guard text.count.isMultiple(of: 2) else { return nil }
    var result: [UInt8] = []
    for place in stride(from: 0, to: text.count, by: 2) {
      guard let high = hexDigit(text[place]), let low = hexDigit(text[place + 1]) else { return nil }
      result.append(high << 4 | low)
    }
    return result
  }

  // MARK: - URL (RFC 3986 section 2)

  private static func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
    default: Array("-._~".utf8).contains(byte)
    }
  }

  private static func urlEncoded(_ text: [UInt8]) -> [UInt8] {
    text.flatMap {
      isUnreserved($0)
        ? [$0] : [UInt8(ascii: "%"), upperHexDigits[Int($0 >> 4)], upperHexDigits[Int($0 & 15)]]
    }
  }

  private static func urlDecoded(_ text: [UInt8]) throws(EvaluationFailure) -> [UInt8] {
    guard let bytes = unescaped(text, isStrict: true) else {
      throw EvaluationFailure("a text holds a % without two hexadecimal digits")
    }
    return bytes
  }

  /// Percent signs and plus as a form writes them; nil where it `isStrict` and one has no digits behind it.
  static func unescaped(_ text: [UInt8], isStrict: Bool) -> [UInt8]? {
    var result: [UInt8] = []
    var place = 0
    while place < text.count {
      let byte = text[place]
      place += 1
      if byte == UInt8(ascii: "+") {
        result.append(0x20)
      } else if byte == UInt8(ascii: "%") {
        guard place + 1 < text.count, let high = hexDigit(text[place]), let low = hexDigit(text[place + 1]) else {
          if isStrict { return nil }
          result.append(byte)
          continue
        }
        result.append(high << 4 | low)
        place += 2
      } else {
        result.append(byte)
      }
    }
    return result
  }

  // MARK: - Markup

  private static let htmlNames: [UInt8: String] = [
    UInt8(ascii: "<"): "&lt;", UInt8(ascii: ">"): "&gt;", UInt8(ascii: "&"): "&amp;", UInt8(ascii: "'"): "&#39;",
    UInt8(ascii: "\""): "&#34;",
  ]
  private static let entities: [String: String] = [
    "lt": "<", "gt": ">", "amp": "&", "quot": "\"", "apos": "'", "nbsp": "\u{a0}",
  ]

  /// The five of XML, `&nbsp;`, and numbers; other names stay as they are.
  private static func htmlUnescaped(_ text: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    var rest = text[...]
    while let byte = rest.first {
      if byte == UInt8(ascii: "&"), let end = rest.prefix(12).firstIndex(of: UInt8(ascii: ";")),
        let meaning = entity(String(decoding: rest[(rest.startIndex + 1)..<end], as: UTF8.self))
      {
        result += Array(meaning.utf8)
        rest = rest[(end + 1)...]
      } else {
        result.append(byte)
        rest = rest.dropFirst()
      }
    }
    return result
  }

  private static func entity(_ name: String) -> String? {
    guard name.hasPrefix("#") else { return entities[name] }
    let digits = name.dropFirst()
    let isHex = digits.hasPrefix("x") || digits.hasPrefix("X")
    let number = isHex ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
    return number.flatMap(Unicode.Scalar.init).map { String($0) }
  }

  /// Without the space between its values; what is no JSON has no value.
  private static func minified(_ text: [UInt8]) throws(EvaluationFailure) -> [UInt8] {
    guard let valid = String(validating: text, as: UTF8.self),
      (try? JSONDocument.parse(valid, file: "")) != nil
    else { throw EvaluationFailure("a text is not JSON") }
    var (isQuoted, isEscaped) = (false, false)
    return text.filter { byte in
      if isEscaped {
        isEscaped = false
      } else if byte == UInt8(ascii: "\"") {
        isQuoted.toggle()
      } else {
        isEscaped = isQuoted && byte == UInt8(ascii: "\\")
      }
      return isQuoted || ![0x20, 0x09, 0x0a, 0x0d].contains(byte)
    }
  }
}
