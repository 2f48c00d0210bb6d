/// The value of `content`.
enum ContentSyntax {
  /// Far longer than any rule's literal, and a bound for what a prefilter must hold.
  static let maximumLength = 8_192

  static func parse(_ a: Argument) throws(RuleProblem) -> ContentMatch {
    let (text, negated) = try a.quotedText()
    let pattern = try bytes(text, a)
    guard !pattern.isEmpty else { throw a.bad("is empty") }
    guard pattern.count <= maximumLength else {
      throw RuleProblem(
        .limit, at: text.startIndex, "the content has \(pattern.count) bytes; the limit is \(maximumLength)")
    }
    return ContentMatch(pattern: pattern, flags: negated ? .negated : [])
  }

  static func bytes(_ text: Text, _ a: Argument) throws(RuleProblem) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(text.count)
    var index = text.startIndex
    while index < text.endIndex {
      let byte = text[index]
      switch byte {
      case ASCII.pipe: index = try hex(text, from: index, a, into: &result)
      case ASCII.backslash:
        let next = index + 1
        guard next < text.endIndex, "\"\\;:".utf8.contains(text[next]) else {
          throw a.bad(
            "has a backslash that escapes nothing", at: text[index...],
            hint: "write a backslash as '\\\\' or '|5c|'")
        }
        result.append(text[next])
        index += 2
      case ASCII.quote:
        throw a.bad("has a bare double quote", at: text[index...], hint: "write it as '\\\"' or '|22|'")
      default:
        result.append(byte)
        index += 1
      }
    }
    return result
  }

  /// From the bar at `start`; returns the index behind the closing bar.
  private static func hex(
    _ text: Text, from start: Int, _ a: Argument, into result: inout [UInt8]
  ) throws(RuleProblem) -> Int {
    var high: UInt8?
    var index = start + 1
    while index < text.endIndex, text[index] != ASCII.pipe {
      defer { index += 1 }
      if ASCII.isSpace(text[index]) { continue }
      guard let digit = ASCII.hexValue(text[index]) else {
        throw a.bad("has \(text[index...index].quoted) between bars, where hex digits stand", at: text[index...])
      }
      if let first = high {
        result.append(first << 4 | digit)
        high = nil
      } else {
        high = digit
      }
    }
    guard index < text.endIndex else {
      throw a.bad("has hex bytes without a closing bar", at: text[start...], hint: "write a bar itself as '|7c|'")
    }
    guard high == nil else { throw a.bad("has an odd number of hex digits", at: text[start...]) }
    return index + 1
  }
}

/// The value of `pcre`.
enum PCRESyntax {
  static let maximumLength = 16_384
  static let maximumCaptures = 15

  static let buffers: [UInt8: String] = [
    UInt8(ascii: "U"): "http.uri", UInt8(ascii: "I"): "http.uri.raw", UInt8(ascii: "P"): "http.request_body",
    UInt8(ascii: "Q"): "http.response_body", UInt8(ascii: "H"): "http.header", UInt8(ascii: "D"): "http.header.raw",
    UInt8(ascii: "M"): "http.method", UInt8(ascii: "C"): "http.cookie", UInt8(ascii: "K"): "http.cookie",
    UInt8(ascii: "S"): "http.stat_code", UInt8(ascii: "Y"): "http.stat_msg", UInt8(ascii: "V"): "http.user_agent",
    UInt8(ascii: "W"): "http.host", UInt8(ascii: "Z"): "http.host.raw",
  ]
  static let letters: [UInt8: PCREMatch.Flags] = [
    UInt8(ascii: "i"): .caseless, UInt8(ascii: "m"): .multiline, UInt8(ascii: "s"): .dotAll,
    UInt8(ascii: "x"): .extended, UInt8(ascii: "A"): .anchored, UInt8(ascii: "E"): .dollarEndOnly,
    UInt8(ascii: "G"): .ungreedy, UInt8(ascii: "R"): .relative, UInt8(ascii: "B"): .rawBytes,
    UInt8(ascii: "O"): .overrideLimit,
  ]

  static func parse(_ a: Argument) throws(RuleProblem) -> (PCREMatch, buffer: String?) {
    var (text, negated) = try a.quotedText()
    if text.first == ASCII.bang {
      negated = true
      text = text.dropFirst()
    }
    guard text.first == ASCII.slash else { throw a.bad("needs slashes around the expression: \"/a+/i\"", at: text) }
    guard text.count <= maximumLength else {
      throw RuleProblem(.limit, at: text.startIndex, "the expression has over \(maximumLength) bytes")
    }
    guard text.isText else { throw a.bad("holds bytes that are no UTF-8", at: text, hint: "write them as \\xff") }
    guard let end = lastSlash(text) else { throw a.bad("has no closing slash", at: text) }
    var match = PCREMatch(expression: Array(text[(text.startIndex + 1)..<end]), flags: negated ? .negated : [])
    guard !match.expression.isEmpty else { throw a.bad("has an empty expression", at: text) }
    let tail = text[(end + 1)...]
    let comma = tail.firstIndex(of: ASCII.comma) ?? tail.endIndex
    let buffer = try readLetters(tail[..<comma].trimmed(), &match, a)
    if comma < tail.endIndex { match.captures = try captures(tail[(comma + 1)...], a) }
    return (match, buffer)
  }

  private static func lastSlash(_ text: Text) -> Int? {
    var index = text.endIndex - 1
    while index > text.startIndex {
      if text[index] == ASCII.slash {
        var before = index - 1
        while before > text.startIndex, text[before] == ASCII.backslash { before -= 1 }
        if (index - 1 - before) % 2 == 0 { return index }
      }
      index -= 1
    }
    return nil
  }

  private static func readLetters(
    _ text: Text, _ match: inout PCREMatch, _ a: Argument
  ) throws(RuleProblem) -> String? {
    var buffer: String?
    for index in text.indices {
      if let flag = letters[text[index]] {
        match.flags.insert(flag)
      } else if let name = buffers[text[index]] {
        guard buffer == nil || buffer == name else {
          throw RuleProblem(.contradiction, at: index, "'pcre' names two buffers, \(buffer ?? "") and \(name)")
        }
        buffer = name
      } else {
        throw a.bad("knows no modifier \(text[index...index].quoted)", at: text[index...])
      }
    }
    return buffer
  }

  private static func captures(_ text: Text, _ a: Argument) throws(RuleProblem) -> [PCREMatch.Capture] {
    let parts = text.pieces(ASCII.comma)
    guard parts.count <= maximumCaptures else {
      throw RuleProblem(.limit, at: text.startIndex, "'pcre' keeps at most \(maximumCaptures) captures")
    }
    var result: [PCREMatch.Capture] = []
    for part in parts {
      guard let colon = part.firstIndex(of: ASCII.colon),
        let scope = PCREMatch.Capture.Scope(rawValue: part[..<colon].string)
      else { throw a.bad("keeps captures as flow:name, pkt:name or alert:name, not \(part.quoted)", at: part) }
      result.append(PCREMatch.Capture(scope: scope, name: try a.identifier(part[(colon + 1)...])))
    }
    return result
  }
}

/// The value of `entropy`.
enum EntropySyntax {
  static func parse(_ a: Argument) throws(RuleProblem) -> EntropyMatch {
    var match: EntropyMatch?
    var bytes: UInt32 = 0
    var offset: UInt32 = 0
    for part in a.value.pieces(ASCII.comma) {
      let (word, rest) = part.wordAndRest()
      switch word.string {
      case "bytes": bytes = try a.number(rest)
      case "offset": offset = try a.number(rest)
      case "value":
        guard let comparison = comparison(rest) else {
          throw a.bad("needs a comparison with 0 to 8 after 'value', not \(rest.quoted)", at: rest)
        }
        match = EntropyMatch(comparison: comparison)
      default: throw a.bad("knows 'value', 'bytes' and 'offset', not \(word.quoted)", at: word)
      }
    }
    guard var match else { throw a.bad("needs 'value' with a comparison", at: a.value) }
    match.bytes = bytes
    match.offset = offset
    return match
  }

  private static func comparison(_ text: Text) -> EntropyComparison? {
    let sign = text.prefix { "<>=!".utf8.contains($0) }
    let rest = text[sign.endIndex...].trimmed()
    if sign.isEmpty, let dash = rest.firstIndex(of: ASCII.dash) {
      guard let low = milli(rest[..<dash].trimmed()), let high = milli(rest[(dash + 1)...].trimmed()), low < high
      else { return nil }
      return .between(low, high)
    }
    guard let value = milli(rest) else { return nil }
    switch sign.string {
    case "", "=": return .equal(value)
    case "!", "!=": return .notEqual(value)
    case "<": return .less(value)
    case "<=": return .lessOrEqual(value)
    case ">": return .greater(value)
    case ">=": return .greaterOrEqual(value)
    default: return nil
    }
  }

  private static func milli(_ text: Text) -> UInt32? {
    let parts = text.pieces(46)
    guard parts.count <= 2, let whole = parts[0].number(as: UInt32.self), whole <= 8 else { return nil }
    guard parts.count == 2 else { return whole * 1000 }
    guard (1...3).contains(parts[1].count), let fraction = parts[1].number(as: UInt32.self) else { return nil }
    return whole * 1000 + fraction * [100, 10, 1][parts[1].count - 1]
  }
}
