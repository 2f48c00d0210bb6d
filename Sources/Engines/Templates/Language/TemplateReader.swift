package import Documents
internal import Records

/// Text of one file -> template. What it does not know it refuses, with the place and what to do: a key passed over in
/// silence would be a check that asks something else than its author meant.
package struct TemplateReader {
  /// Most of the public collection have a few; what is larger carries programs.
  static let bytesLimit = 256 << 10
  /// Entries of `http:`.
  static let blockLimit = 20

  let file: String
  /// Where files of payloads may lie; nil where none may be read.
  let folder: String?

  /// `folder`: files of payloads are read below it; nil: a template with one is refused.
  package static func read(
    _ text: String, file: String, folder: String? = nil
  ) throws(DocumentError) -> WebTemplate {
    guard text.utf8.count <= bytesLimit else {
      throw DocumentError(
        .tooLarge, SourcePosition(file: file), "the template has more than \(bytesLimit >> 10) KiB, the limit")
    }
    var limits = DocumentLimits()
    (limits.bytes, limits.depth, limits.values, limits.aliases) = (bytesLimit, 16, 20_000, 20)
    let document = try YAMLDocument.parse(text, file: file, limits: limits)
    return try TemplateReader(file: file, folder: folder).template(document)
  }

  private static let keys = ["id", "info", "variables", "http", "requests", "stop-at-first-match", "self-contained"]

  private func template(_ document: DocumentValue) throws(DocumentError) -> WebTemplate {
    _ = try document.map()
    try TemplateKeys.check(document, known: TemplateReader.keys, refused: TemplateKeys.refusedAbove)
    let id = try document.required("id")
    var template = try information(document.required("info"), id: try self.id(id))
    template.position = id.position
    template.variables = try variables(document["variables"])
    guard document["http"] == nil || document["requests"] == nil else {
      let place = document.entries.first { $0.key == "requests" }?.keyPosition ?? document.position
      throw DocumentError(
        .duplicateKey, place, "\"requests\" and \"http\" are the same", hint: "put all blocks under http")
    }
    let http = if let old = document["requests"] { old } else { try document.required("http") }
    let blocks = try http.list()
    guard !blocks.isEmpty, blocks.count <= TemplateReader.blockLimit else {
      throw DocumentError(
        .badValue, document.position, "a template has 1 to \(TemplateReader.blockLimit) requests, this \(blocks.count)")
    }
    let stops = try document["stop-at-first-match"]?.bool() ?? false
    for block in blocks { template.requests.append(try request(block, stops: stops, isAlone: blocks.count == 1)) }
    try checkResults(template)
    try TemplateNames(template).check()
    template.probeClass = TemplateConduct(template).probeClass
    template.refusals = TemplateConduct(template).refusals
    return template
  }

  /// A template that could never find anything would say *no* for ever.
  private func checkResults(_ template: WebTemplate) throws(DocumentError) {
    let hasResult = template.requests.contains { request in
      request.matchers.contains { !$0.isInternal }
        || (request.matchers.isEmpty && request.extractors.contains { !$0.isInternal })
    }
    guard !hasResult else { return }
    throw DocumentError(
      .missingKey, template.requests.first?.position ?? template.position, "nothing in the template gives a result",
      hint: "add matchers, or an extractor, that are not internal")
  }

  /// Part of the check's id, which never changes. The public collection has `CVE-2021-41773`: capitals become small.
  private func id(_ value: DocumentValue) throws(DocumentError) -> String {
    let id = TemplateReader.lowered(try value.string())
    let isFit = id.utf8.allSatisfy { byte in
      switch byte {
      case 0x30...0x39, 0x61...0x7a, UInt8(ascii: "-"), UInt8(ascii: "_"): true
      default: false
      }
    }
    guard isFit, (3...64).contains(id.utf8.count), id.first != "-", id.first != "_" else {
      throw DocumentError(
        .badValue, value.position, "\(value.kind) is no id of a template",
        hint: "3 to 64 letters, digits, - and _, a letter or digit first")
    }
    return id
  }

  private static func lowered(_ text: String) -> String {
    String(decoding: TemplateTexts.lower(Array(text.utf8)), as: UTF8.self)
  }

  private func variables(_ value: DocumentValue?) throws(DocumentError) -> [TemplateVariable] {
    var result: [TemplateVariable] = []
    for entry in try value?.map() ?? [] {
      try TemplateKeys.checkName(entry.key, at: entry.keyPosition)
      result.append(TemplateVariable(name: entry.key, value: try TemplateReader.text(entry.value)))
    }
    guard result.count <= 100 else {
      throw DocumentError(.tooManyValues, value?.position ?? SourcePosition(file: file), "more than 100 variables")
    }
    return result
  }

  static func text(_ value: DocumentValue) throws(DocumentError) -> TemplateText {
    try TemplateText(try value.string(), at: value.position)
  }
}
