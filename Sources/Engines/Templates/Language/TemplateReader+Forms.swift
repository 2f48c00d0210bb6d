internal import Documents

/// The requests of one block, of `path` or of `raw`.
extension TemplateReader {
  static let formLimit = 100

  func forms(_ block: DocumentValue) throws(DocumentError) -> [TemplateRequest.Form] {
    guard block["raw"] == nil || block["path"] == nil else {
      throw DocumentError(
        .badValue, block["raw"]?.position ?? block.position, "raw and path in one block", hint: "make two blocks")
    }
    let forms = if let raw = block["raw"] { try rawForms(raw, block) } else { try pathForms(block) }
    guard !forms.isEmpty, forms.count <= TemplateReader.formLimit else {
      throw DocumentError(
        .badValue, block.position, "a block has 1 to \(TemplateReader.formLimit) requests, this \(forms.count)")
    }
    return forms
  }

  private func pathForms(_ block: DocumentValue) throws(DocumentError) -> [TemplateRequest.Form] {
    let method = try method(block["method"], in: block)
    let body = try block["body"].map { body throws(DocumentError) in try TemplateReader.text(body) }
    var lines: [TemplateRequest.Form.Line] = []
    for entry in try block["headers"]?.map() ?? [] {
      let name = try TemplateText(entry.key, at: entry.keyPosition)
      try RawRequestText.checkField(entry.key, at: entry.keyPosition)
      lines.append(.init(name: name, value: try TemplateReader.text(entry.value)))
    }
    var forms: [TemplateRequest.Form] = []
    for path in try TemplateReader.values(block.required("path")) {
      forms.append(
        .init(
          method: method, path: try TemplateReader.text(path), headers: lines, body: body, isRaw: false,
          position: path.position))
    }
    return forms
  }

  private func method(_ value: DocumentValue?, in block: DocumentValue) throws(DocumentError) -> TemplateText {
    guard let value else { return TemplateText([.text("GET")], at: block.position) }
    let text = try TemplateReader.text(value)
    guard let literal = text.literal else { return text }
    return try TemplateText(RawRequestText.method(literal.uppercased(), at: value.position), at: value.position)
  }

  private func rawForms(
    _ raw: DocumentValue, _ block: DocumentValue
  ) throws(DocumentError) -> [TemplateRequest.Form] {
    for key in ["method", "headers", "body"] {
      guard let value = block[key] else { continue }
      throw DocumentError(
        .badValue, value.position, "\(key) beside raw says nothing", hint: "write it into the raw request")
    }
    var forms: [TemplateRequest.Form] = []
    for value in try TemplateReader.values(raw) {
      forms.append(try RawRequestText(try value.string(), at: value.position).form())
    }
    return forms
  }

  /// The list's values, or the one that stands for a list of one.
  static func values(_ value: DocumentValue) throws(DocumentError) -> [DocumentValue] {
    if case .scalar = value.content { return [value] }
    return try value.list()
  }
}
