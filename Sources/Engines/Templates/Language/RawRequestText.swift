internal import Documents

/// A request as text: request line, fields, an empty line, the body.
struct RawRequestText {
  private let lines: [Substring]
  private let position: SourcePosition

  init(_ text: String, at position: SourcePosition) {
    self.position = position
    lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
  }

  private func wrong(_ line: Int, _ message: String, hint: String? = nil) -> DocumentError {
    DocumentError(.badValue, position, "line \(line + 1) of the raw request: \(message)", hint: hint)
  }

  func form() throws(DocumentError) -> TemplateRequest.Form {
    guard let start = lines.firstIndex(where: { !$0.isEmpty }) else {
      throw DocumentError(.badValue, position, "the raw request is empty")
    }
    guard !lines[start].hasPrefix("@") else {
      throw wrong(start, "notes of the kind @timeout are not read here", hint: "take the line out")
    }
    let (method, path) = try requestLine(lines[start], start)
    let end = lines[(start + 1)...].firstIndex { $0.isEmpty } ?? lines.endIndex
    var fields: [TemplateRequest.Form.Line] = []
    for index in (start + 1)..<end { if let field = try field(lines[index], index) { fields.append(field) } }
    return .init(
      method: method, path: path, headers: fields, body: try body(from: end + 1), isRaw: true, position: position)
  }

  /// Spaces in the path are sent as `%20`; the version is what the scanner speaks.
  private func requestLine(_ line: Substring, _ index: Int) throws(DocumentError) -> (TemplateText, TemplateText) {
    guard let first = line.firstIndex(of: " "), let last = line.lastIndex(of: " "), first < last,
      line[line.index(after: last)...].hasPrefix("HTTP/")
    else {
      throw wrong(index, "a request line is needed here", hint: "for example: GET /path HTTP/1.1")
    }
    let path = String(line[line.index(after: first)..<last]).trimmingSpaces
    guard !path.isEmpty else { throw wrong(index, "the request line has no path") }
    let method = try TemplateText(String(line[..<first]), at: position)
    if let literal = method.literal { _ = try RawRequestText.method(literal, at: position) }
    return (method, try TemplateText(path, at: position))
  }

  /// Nil for fields that whoever sends the request writes himself.
  private func field(_ line: Substring, _ index: Int) throws(DocumentError) -> TemplateRequest.Form.Line? {
    guard let colon = line.firstIndex(of: ":"), colon != line.startIndex else {
      throw wrong(index, "a field is needed here", hint: "for example: Accept: */*; an empty line ends the head")
    }
    let name = String(line[..<colon]).trimmingSpaces
    if ["content-length", "connection", "accept-encoding"].contains(name.lowercased()) { return nil }
    try RawRequestText.checkField(name, at: position)
    let value = String(line[line.index(after: colon)...]).trimmingSpaces
    return .init(name: try TemplateText(name, at: position), value: try TemplateText(value, at: position))
  }

  /// The line break that YAML puts at the end of a block is not the body's.
  private func body(from start: Int) throws(DocumentError) -> TemplateText? {
    guard start < lines.endIndex else { return nil }
    var rest = lines[start...]
    if rest.last?.isEmpty == true { rest = rest.dropLast() }
    return rest.isEmpty ? nil : try TemplateText(rest.joined(separator: "\n"), at: position)
  }

  // MARK: - Words of HTTP

  static func isToken(_ text: String) -> Bool {
    let marks = Array("!#$%&'*+-.^_`|~".utf8)
    return !text.isEmpty
      && text.utf8.allSatisfy {
        switch $0 {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
        default: marks.contains($0)
        }
      }
  }

  static func method(_ text: String, at position: SourcePosition) throws(DocumentError) -> String {
    guard isToken(text), text.utf8.count <= 20 else {
      throw DocumentError(.badValue, position, "this is no method of HTTP", hint: "for example: GET")
    }
    return text
  }

  /// Two lengths in one request are how requests are smuggled past a proxy.
  static let refusedFields: Set<String> = ["transfer-encoding", "te", "upgrade", "expect", "trailer"]

  static func checkField(_ name: String, at position: SourcePosition) throws(DocumentError) {
    if name.contains("{{") { return }
    guard isToken(name) else { throw DocumentError(.badValue, position, "this is no name of a field") }
    guard !refusedFields.contains(name.lowercased()) else {
      throw DocumentError(
        .badValue, position, "the field \(name) is not sent: it says how the connection is used",
        hint: "take the field out")
    }
  }
}
