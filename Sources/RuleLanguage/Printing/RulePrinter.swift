/// A rule as canonical text: one line, sticky buffers, modifiers in a fixed order. Parsed again it is the same rule.
extension Rule: CustomStringConvertible {
  package var description: String {
    let hook = proto.hook.map { ":\($0)" } ?? ""
    let header =
      "\(action.rawValue) \(proto.name)\(hook) \(source.text) \(sourcePorts.text) \(direction.rawValue) "
      + "\(destination.text) \(destinationPorts.text)"
    let body = descriptionBefore + options.map(\.text) + descriptionBehind
    return header + " (" + body.map { $0 + ";" }.joined(separator: " ") + ")"
  }

  private var descriptionBefore: [String] {
    var result: [String] = []
    if let requirements { result.append("requires:\(requirements.text)") }
    if !message.isEmpty { result.append("msg:\"\(RulePrinter.escaped(message))\"") }
    return result
  }

  private var descriptionBehind: [String] {
    var result = references.map { "reference:\($0.system),\(RulePrinter.escaped($0.value))" }
    if let classtype { result.append("classtype:\(classtype)") }
    if let priority { result.append("priority:\(priority)") }
    if let target { result.append("target:\(target.rawValue)") }
    if noAlert { result.append("noalert") }
    if !metadata.isEmpty {
      let facts = metadata.map { $0.value.isEmpty ? $0.key : "\($0.key) \(RulePrinter.escaped($0.value))" }
      result.append("metadata:\(facts.joined(separator: ", "))")
    }
    if gid != 1 { result.append("gid:\(gid)") }
    result.append("sid:\(sid)")
    if rev != 0 { result.append("rev:\(rev)") }
    return result
  }
}

extension RuleRequirements {
  var text: String {
    (features.map { "feature \($0)" } + keywords.map { "keyword \($0)" }
      + [versions.map { "version \($0)" }]
      .compactMap { $0 }).joined(separator: ", ")
  }
}

enum RulePrinter {
  /// `"`, `;` and `\` with a backslash.
  static func escaped(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 == ASCII.quote || $0 == ASCII.semicolon || $0 == ASCII.backslash }) else {
      return text
    }
    var result: [UInt8] = []
    for byte in text.utf8 {
      if byte == ASCII.quote || byte == ASCII.semicolon || byte == ASCII.backslash { result.append(ASCII.backslash) }
      result.append(byte)
    }
    return String(decoding: result, as: UTF8.self)
  }

  static func hex(_ byte: UInt8) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: [digits[Int(byte >> 4)], digits[Int(byte & 15)]], as: UTF8.self)
  }

  /// Printable ASCII as it is, all else between bars.
  static func content(_ bytes: [UInt8]) -> String {
    var result = ""
    var open = false
    for byte in bytes {
      let plain = byte >= 32 && byte < 127 && !"\";:\\|".utf8.contains(byte)
      if plain {
        if open { result += "|" }
        result.unicodeScalars.append(UnicodeScalar(byte))
      } else {
        result += open ? " " : "|"
        result += hex(byte)
      }
      open = !plain
    }
    return open ? result + "|" : result
  }
}

extension RuleNumber {
  var text: String {
    switch self {
    case .literal(let number): "\(number)"
    case .variable(let name): name
    }
  }
}

extension ByteValue {
  var text: String {
    switch self {
    case .literal(let number): "\(number)"
    case .variable(let name): name
    }
  }
}
