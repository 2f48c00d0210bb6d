/// A value on its way out, printed as JSON or as YAML. Keys keep their order; empty ones are left out by whoever
/// builds it.
indirect enum ExportTree {
  case text(String)
  /// Printed without quotes: a number.
  case number(String)
  case list([ExportTree])
  case map([(key: String, value: ExportTree)])

  // MARK: JSON

  func json(indent: String = "") -> String {
    let inner = indent + "  "
    switch self {
    case .text(let text): return ExportTree.quoted(text)
    case .number(let number): return number
    case .list(let items) where items.isEmpty: return "[]"
    case .list(let items):
      return "[\n" + items.map { inner + $0.json(indent: inner) }.joined(separator: ",\n") + "\n\(indent)]"
    case .map(let entries):
      let lines = entries.map { "\(inner)\(ExportTree.quoted($0.key)): \($0.value.json(indent: inner))" }
      return "{\n" + lines.joined(separator: ",\n") + "\n\(indent)}"
    }
  }

  /// RFC 8259 section 7; YAML 1.2 reads the same escapes between double quotes.
  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case _ where scalar.value < 0x20 || (0x7f..<0xa0).contains(scalar.value) || isLineEnd(scalar):
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  /// Next line, line and paragraph separator, byte order mark: YAML 1.1 folds or drops them.
  private static func isLineEnd(_ scalar: Unicode.Scalar) -> Bool {
    [0x85, 0x2028, 0x2029, 0xfeff].contains(scalar.value)
  }

  // MARK: YAML

  /// Block style; every text in double quotes, so that none is taken for a number, a date or `no`.
  func yaml(indent: String = "") -> String {
    switch self {
    case .text, .number: return json()
    case .list(let items) where items.isEmpty: return "[]"
    case .list(let items) where items.allSatisfy(\.isScalar):
      return "[" + items.map { $0.json() }.joined(separator: ", ") + "]"
    case .list(let items):
      return items.map { "\n\(indent)- " + $0.yaml(indent: indent + "  ").withoutLineBefore(indent + "  ") }.joined()
    case .map(let entries):
      return entries.map { entry in
        "\n\(indent)\(ExportTree.key(entry.key)):" + ExportTree.behindKey(entry.value.yaml(indent: indent + "  "))
      }.joined()
    }
  }

  private static func key(_ name: String) -> String {
    let isPlain = name.utf8.allSatisfy { (0x61...0x7a).contains($0) || $0 == UInt8(ascii: "_") }
    return isPlain && !name.isEmpty ? name : quoted(name)
  }

  private var isScalar: Bool {
    switch self {
    case .text, .number: true
    default: false
    }
  }

  private static func behindKey(_ text: String) -> String { text.hasPrefix("\n") ? text : " " + text }
}

extension String {
  /// The first line of a block stands behind the dash of its item.
  fileprivate func withoutLineBefore(_ indent: String) -> String {
    hasPrefix("\n" + indent) ? String(dropFirst(1 + indent.count)) : self
  }
}
