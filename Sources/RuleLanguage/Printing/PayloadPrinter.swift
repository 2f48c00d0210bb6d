extension BufferSelection {
  var text: String { ([name] + transforms.map(\.text)).joined(separator: "; ") }
}

extension BufferTransform {
  var text: String {
    guard !argument.isEmpty else { return keyword }
    switch keyword {
    case "xor": return "xor:\"\(argument.map(RulePrinter.hex).joined())\""
    case "pcrexform": return "pcrexform:\"\(String(decoding: argument, as: UTF8.self))\""
    default: return "\(keyword):\(String(decoding: argument, as: UTF8.self))"
    }
  }
}

extension ContentMatch {
  var text: String {
    var parts = ["content:\(isNegated ? "!" : "")\"\(RulePrinter.content(pattern))\""]
    if flags.contains(.nocase) { parts.append("nocase") }
    if flags.contains(.rawBytes) { parts.append("rawbytes") }
    if let offset { parts.append("offset:\(offset.text)") }
    if let depth { parts.append("depth:\(depth.text)") }
    if let distance { parts.append("distance:\(distance.text)") }
    if let within { parts.append("within:\(within.text)") }
    if flags.contains(.startsWith) { parts.append("startswith") }
    if flags.contains(.endsWith) { parts.append("endswith") }
    switch fastPattern {
    case .whole: parts.append("fast_pattern")
    case .only: parts.append("fast_pattern:only")
    case .chop(let offset, let length): parts.append("fast_pattern:\(offset),\(length)")
    case nil: break
    }
    return parts.joined(separator: "; ")
  }
}

extension PCREMatch {
  private static let letters: [(Flags, String)] = [
    (.caseless, "i"), (.multiline, "m"), (.dotAll, "s"), (.extended, "x"), (.anchored, "A"), (.dollarEndOnly, "E"),
    (.ungreedy, "G"), (.relative, "R"), (.rawBytes, "B"), (.overrideLimit, "O"),
  ]
  var text: String {
    let letters = PCREMatch.letters.filter { flags.contains($0.0) }.map(\.1).joined()
    let kept = captures.map { ", \($0.scope.rawValue):\($0.name)" }.joined()
    return "pcre:\(isNegated ? "!" : "")\"/\(String(decoding: expression, as: UTF8.self))/\(letters)\(kept)\""
  }
}

extension EntropyMatch {
  var text: String {
    "entropy:bytes \(bytes), offset \(offset), value \(comparison.text)"
  }
}

extension EntropyComparison {
  private static func decimal(_ milli: UInt32) -> String {
    let fraction = String(milli % 1000)
    return "\(milli / 1000)." + String(repeating: "0", count: 3 - fraction.utf8.count) + fraction
  }
  var text: String {
    switch self {
    case .equal(let n): "= \(Self.decimal(n))"
    case .notEqual(let n): "!= \(Self.decimal(n))"
    case .less(let n): "< \(Self.decimal(n))"
    case .lessOrEqual(let n): "<= \(Self.decimal(n))"
    case .greater(let n): "> \(Self.decimal(n))"
    case .greaterOrEqual(let n): ">= \(Self.decimal(n))"
    case .between(let low, let high): "\(Self.decimal(low))-\(Self.decimal(high))"
    }
  }
}

extension Base64Decode {
  var text: String {
    var parts: [String] = []
    if let bytes { parts.append("bytes \(bytes)") }
    if offset != 0 { parts.append("offset \(offset)") }
    if isRelative { parts.append("relative") }
    return parts.isEmpty ? "base64_decode" : "base64_decode:\(parts.joined(separator: ","))"
  }
}

extension DatasetMatch {
  var text: String {
    var parts: [String] = []
    if let comparison {
      let sign = comparison.text.prefix { !$0.isNumber }
      parts = [name, sign.isEmpty ? "=" : String(sign), String(comparison.text.dropFirst(sign.count))]
    } else {
      parts = [command.rawValue, name]
    }
    if let kind { parts.append("type \(kind.rawValue)") }
    if let load { parts.append("load \(load)") }
    if let save { parts.append("save \(save)") }
    if let state { parts.append("state \(state)") }
    if let memcap { parts.append("memcap \(memcap)") }
    if let hashSize { parts.append("hashsize \(hashSize)") }
    parts += context.map { "\($0.key) \($0.value)" }
    return (comparison == nil ? "dataset:" : "datarep:") + parts.joined(separator: ",")
  }
}

extension ByteReading {
  var words: [String] {
    var words: [String] = []
    if isRelative { words.append("relative") }
    switch endian {
    case .big: break
    case .little: words.append("little")
    case .dce: words.append("dce")
    }
    if let string { words += ["string", string.rawValue] }
    if let bitmask { words.append("bitmask 0x\(String(bitmask, radix: 16))") }
    return words
  }
}

extension ByteTest {
  var text: String {
    let sign = (isNegated ? "!" : "") + comparison.rawValue
    return "byte_test:" + ([count.text, sign, value.text, reading.offset.text] + reading.words).joined(separator: ",")
  }
}

extension ByteJump {
  var text: String {
    var parts = [count.text, reading.offset.text] + reading.words
    if multiplier != 1 { parts.append("multiplier \(multiplier)") }
    if isAligned { parts.append("align") }
    switch origin {
    case .current: break
    case .beginning: parts.append("from_beginning")
    case .end: parts.append("from_end")
    }
    if postOffset != .literal(0) { parts.append("post_offset \(postOffset.text)") }
    return "byte_jump:" + parts.joined(separator: ",")
  }
}

extension ByteExtract {
  var text: String {
    var parts = ["\(count)", reading.offset.text, name] + reading.words
    if multiplier != 1 { parts.append("multiplier \(multiplier)") }
    if alignment != 0 { parts.append("align \(alignment)") }
    return "byte_extract:" + parts.joined(separator: ",")
  }
}

extension ByteMath {
  var text: String {
    var parts = [
      "bytes \(count.text)", "offset \(reading.offset.text)", "oper \(operation.rawValue)", "rvalue \(operand.text)",
      "result \(result)",
    ]
    parts += reading.words.filter { !["hex", "dec", "oct", "string"].contains($0) }
    if let string = reading.string { parts.append("string \(string.rawValue)") }
    return "byte_math:" + parts.joined(separator: ", ")
  }
}
