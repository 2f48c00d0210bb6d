/// One value of a YAML or JSON document with its place. Scalars stay text until someone asks for a type, so that
/// `1.10` is a version to one reader and a number to another.
package struct DocumentValue: Hashable, Sendable {
  package enum Content: Hashable, Sendable {
    case null
    /// `plain`: written without quotes, so it may also be read as a number or a boolean.
    case scalar(String, plain: Bool)
    case list([DocumentValue])
    case map([Entry])
  }
  package struct Entry: Hashable, Sendable {
    package var key: String
    package var keyPosition: SourcePosition
    package var value: DocumentValue

    package init(key: String, keyPosition: SourcePosition, value: DocumentValue) {
      self.key = key
      self.keyPosition = keyPosition
      self.value = value
    }
  }

  package var content: Content
  package var position: SourcePosition

  package init(_ content: Content, at position: SourcePosition) {
    self.content = content
    self.position = position
  }
}

// MARK: - Looking without demanding

extension DocumentValue {
  package var isNull: Bool { content == .null }

  /// Nil when this is no map or the key is absent or null.
  package subscript(key: String) -> DocumentValue? {
    guard let entry = entries.first(where: { $0.key == key }), !entry.value.isNull else { return nil }
    return entry.value
  }

  /// The map's entries in the order written; empty for anything else.
  package var entries: [Entry] {
    guard case .map(let entries) = content else { return [] }
    return entries
  }

  /// What the value is, in an operator's words.
  package var kind: String {
    switch content {
    case .null: "empty"
    case .scalar(let text, plain: _): "\"\(DocumentValue.shortened(text))\""
    case .list: "a list"
    case .map: "a map"
    }
  }

  static func shortened(_ text: String) -> String {
    text.unicodeScalars.count <= 60 ? text : String(String.UnicodeScalarView(text.unicodeScalars.prefix(57))) + "..."
  }
}

// MARK: - Demanding a type

extension DocumentValue {
  package func string() throws(DocumentError) -> String {
    guard case .scalar(let text, plain: _) = content else { throw wrongType("a text") }
    return text
  }

  package func int(in range: ClosedRange<Int> = .min ... .max) throws(DocumentError) -> Int {
    guard case .scalar(let text, plain: _) = content, let value = Int(DocumentValue.withoutUnderscores(text)) else {
      throw wrongType("a whole number")
    }
    guard range.contains(value) else { throw outside("\(value)", "\(range.lowerBound)", "\(range.upperBound)") }
    return value
  }

  package func double(in range: ClosedRange<Double> = -.infinity ... .infinity) throws(DocumentError) -> Double {
    guard case .scalar(let text, plain: _) = content, let value = Double(text), value.isFinite else {
      throw wrongType("a number")
    }
    guard range.contains(value) else { throw outside(text, "\(range.lowerBound)", "\(range.upperBound)") }
    return value
  }

  /// true, yes, on, false, no, off in any case.
  package func bool() throws(DocumentError) -> Bool {
    guard case .scalar(let text, plain: _) = content else { throw wrongType("yes or no") }
    switch text.lowercased() {
    case "true", "yes", "on": return true
    case "false", "no", "off": return false
    default: throw wrongType("yes or no")
    }
  }

  package func list() throws(DocumentError) -> [DocumentValue] {
    guard case .list(let values) = content else { throw wrongType("a list") }
    return values
  }

  /// A list of texts, or one text standing for a list of one.
  package func strings() throws(DocumentError) -> [String] {
    if case .scalar(let text, plain: _) = content { return [text] }
    var result: [String] = []
    for value in try list() { result.append(try value.string()) }
    return result
  }

  package func map() throws(DocumentError) -> [Entry] {
    guard case .map(let entries) = content else { throw wrongType("a map (key: value)") }
    return entries
  }

  /// Seconds: a bare number, or a number with ms, s, m, min, h, d or w.
  package func seconds() throws(DocumentError) -> Double {
    guard case .scalar(let text, plain: _) = content, let value = Quantity.seconds(text) else {
      throw wrongType("a time such as 30s, 5m, 12h or 7d")
    }
    return value
  }

  /// Bytes: a bare number, or a number with k, kb, kib, m, mb, mib, g, gb or gib (all powers of 1024).
  package func byteCount() throws(DocumentError) -> Int {
    guard case .scalar(let text, plain: _) = content, let value = Quantity.bytes(text) else {
      throw wrongType("a size such as 512kb, 64mb or 10gb")
    }
    return value
  }

  /// One of the raw values of a closed set.
  package func choice<T>(_: T.Type) throws(DocumentError) -> T
  where T: RawRepresentable & CaseIterable, T.RawValue == String {
    let text = try string()
    if let value = T(rawValue: text) { return value }
    throw DocumentError(
      .badValue, position, "\"\(DocumentValue.shortened(text))\" is not allowed here",
      hint: DocumentError.suggestion(for: text, among: T.allCases.map(\.rawValue)))
  }

  package func required(_ key: String) throws(DocumentError) -> DocumentValue {
    guard case .map = content else { throw wrongType("a map (key: value)") }
    guard let value = self[key] else {
      throw DocumentError(.missingKey, position, "the key \"\(key)\" is missing", hint: "add \(key): ...")
    }
    return value
  }

  /// One error for each key outside `known`, in the order written; the caller chooses to warn or to end.
  package func unknownKeys(besides known: [String]) -> [DocumentError] {
    entries.filter { !known.contains($0.key) }.map {
      DocumentError(
        .unknownKey, $0.keyPosition, "unknown key \"\(DocumentValue.shortened($0.key))\"",
        hint: DocumentError.suggestion(for: $0.key, among: known))
    }
  }

  private func wrongType(_ wanted: String) -> DocumentError {
    DocumentError(.wrongType, position, "expected \(wanted), found \(kind)")
  }

  private func outside(_ value: String, _ low: String, _ high: String) -> DocumentError {
    DocumentError(.badValue, position, "\(value) is outside \(low) to \(high)")
  }

  private static func withoutUnderscores(_ text: String) -> String {
    text.contains("_") ? text.filter { $0 != "_" } : text
  }
}

/// Numbers with units, as operators write them.
package enum Quantity {
  package static func seconds(_ text: String) -> Double? {
    let units = ["": 1.0, "ms": 0.001, "s": 1, "m": 60, "min": 60, "h": 3600, "d": 86400, "w": 604800]
    return split(text, units)
  }

  package static func bytes(_ text: String) -> Int? {
    let (k, m, g) = (1024.0, 1_048_576.0, 1_073_741_824.0)
    let units = [
      "": 1.0, "b": 1, "k": k, "kb": k, "kib": k, "m": m, "mb": m, "mib": m, "g": g, "gb": g, "gib": g,
    ]
    return split(text, units).flatMap { $0 < 9e15 ? Int($0) : nil }
  }

  private static func split(_ text: String, _ units: [String: Double]) -> Double? {
    let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    let unit = text.dropFirst(number.count).drop { $0 == " " }.lowercased()
    guard let value = Double(number), let factor = units[unit] else { return nil }
    return value * factor
  }
}
