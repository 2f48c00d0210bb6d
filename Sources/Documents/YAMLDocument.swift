internal import Yams

/// YAML 1.1/1.2 by libyaml, one document a file, aliases expanded within limits, `<<` merged.
package enum YAMLDocument {
  /// An empty text is the empty map: a configuration of comments alone is a configuration.
  package static func parse(
    _ text: String, file: String, limits: DocumentLimits = .init()
  ) throws(DocumentError) -> DocumentValue {
    guard text.utf8.count <= limits.bytes else {
      throw DocumentError(
        .tooLarge, SourcePosition(file: file), "the text has more than \(limits.bytes >> 20) MiB, the limit")
    }
    try checkAliases(text, file, limits)
    var text = text
    text.makeContiguousUTF8()
    let root: Node?
    do {
      root = try Yams.compose(yaml: text, .basic, .default, .utf8)
    } catch {
      throw YAMLDocument.error(error, file)
    }
    guard let root else { return DocumentValue(.map([]), at: SourcePosition(file: file, line: 1, column: 1)) }
    var conversion = Conversion(file: file, limits: limits)
    return try conversion.value(root, depth: 0)
  }

  /// Counts what looks like an alias (`*name` where a value may start) before the parser expands any.
  private static func checkAliases(_ text: String, _ file: String, _ limits: DocumentLimits) throws(DocumentError) {
    var (count, line, column, previous) = (0, 1, 0, UInt8(ascii: "\n"))
    for byte in text.utf8 {
      column += 1
      if previous == UInt8(ascii: "*"), byte > 0x20, byte != UInt8(ascii: "*"), byte != UInt8(ascii: ".") {
        count += 1
        if count > limits.aliases {
          throw DocumentError(
            .tooManyAliases, SourcePosition(file: file, line: line, column: column - 1),
            "more than \(limits.aliases) aliases, the limit", hint: "write the values out")
        }
      }
      if byte == UInt8(ascii: "\n") { (line, column) = (line + 1, 0) }
      previous = byte
    }
  }

  private static func error(_ error: any Error, _ file: String) -> DocumentError {
    func at(_ mark: Mark) -> SourcePosition { SourcePosition(file: file, line: mark.line, column: mark.column) }
    let whole = SourcePosition(file: file)
    guard let error = error as? YamlError else { return DocumentError(.syntax, whole, "not YAML: \(error)") }
    switch error {
    case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _):
      let message = [context?.text, problem].compactMap(\.self).joined(separator: ", ")
      return DocumentError(.syntax, at(mark), message, hint: hint(message))
    case .composer(let context, let problem, let mark, _):
      let several = context?.text.contains("single document") == true
      return DocumentError(
        several ? .severalDocuments : .syntax, at(mark), several ? "a second document begins here" : problem,
        hint: several ? "keep one document a file" : nil)
    case .duplicatedKeysInMapping(let duplicates, let context):
      return DocumentError(
        .duplicateKey, at(context.mark), "the key \"\(duplicates.first ?? "")\" is written twice in one map",
        hint: "remove one")
    case .reader(let problem, _, let value, _):
      return DocumentError(.syntax, whole, "\(problem)\(value > 0 ? " (#\(String(value, radix: 16)))" : "")")
    default: return DocumentError(.syntax, whole, "not YAML")
    }
  }

  private static func hint(_ problem: String) -> String? {
    if problem.contains("cannot start any token") { return "put the value in quotes; indent with spaces, not tabs" }
    if problem.contains("mapping values are not allowed") { return "put a value that holds \": \" in quotes" }
    if problem.contains("undefined alias") || problem.contains("alias") {
      return "put a value that begins with * in quotes"
    }
    if problem.contains("expected <block end>") { return "check the indentation of this line" }
    return nil
  }

  private struct Conversion {
    var file: String
    var limits: DocumentLimits
    var values = 0

    mutating func value(_ node: Node, depth: Int) throws(DocumentError) -> DocumentValue {
      let place = SourcePosition(file: file, line: node.mark?.line ?? 0, column: node.mark?.column ?? 0)
      values += 1
      guard depth < limits.depth else {
        throw DocumentError(.tooDeep, place, "nested deeper than \(limits.depth), the limit")
      }
      guard values <= limits.values else {
        throw DocumentError(.tooManyValues, place, "more than \(limits.values) values, the limit")
      }
      switch node {
      case .scalar(let scalar): return DocumentValue(YAMLDocument.content(scalar), at: place)
      case .sequence(let sequence):
        var list: [DocumentValue] = []
        for element in sequence { list.append(try value(element, depth: depth + 1)) }
        return DocumentValue(.list(list), at: place)
      case .mapping(let mapping): return DocumentValue(.map(try entries(mapping, depth)), at: place)
      case .alias: throw DocumentError(.syntax, place, "an alias stands where a value is needed")
      }
    }

    private mutating func entries(_ mapping: Node.Mapping, _ depth: Int) throws(DocumentError) -> [DocumentValue.Entry]
    {
      var result: [DocumentValue.Entry] = []
      var merged: [DocumentValue.Entry] = []
      for (key, node) in mapping {
        let place = SourcePosition(file: file, line: key.mark?.line ?? 0, column: key.mark?.column ?? 0)
        guard case .scalar(let scalar) = key else {
          throw DocumentError(.syntax, place, "a key is a text, not a list or a map")
        }
        let value = try value(node, depth: depth + 1)
        if scalar.string == "<<", scalar.style == .plain {
          if case .list(let maps) = value.content { merged += maps.flatMap(\.entries) } else { merged += value.entries }
          continue
        }
        result.append(.init(key: scalar.string, keyPosition: place, value: value))
      }
      guard !merged.isEmpty else { return result }
      var known = Set(result.map(\.key))
      for entry in merged where known.insert(entry.key).inserted { result.append(entry) }
      return result
    }
  }

  private static func content(_ scalar: Node.Scalar) -> DocumentValue.Content {
    let plain = scalar.style == .plain || scalar.style == .any
    if plain, ["", "~", "null", "Null", "NULL"].contains(scalar.string) { return .null }
    return .scalar(scalar.string, plain: plain)
  }
}
