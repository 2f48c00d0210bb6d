internal import Documents

/// `extractors:`.
extension TemplateReader {
  private enum ExtractorType: String, CaseIterable {
    case regex, kval, json, dsl, xpath
  }

  private static let extractorKeys = [
    "type", "name", "part", "group", "internal", "case-insensitive", "regex", "kval", "json", "dsl", "xpath",
    "attribute",
  ]

  func extractors(_ value: DocumentValue?) throws(DocumentError) -> [TemplateExtractor] {
    var result: [TemplateExtractor] = []
    let list = try value?.list() ?? []
    guard list.count <= TemplateReader.matcherLimit else {
      throw DocumentError(
        .tooManyValues, list[0].position, "more than \(TemplateReader.matcherLimit) extractors, the limit")
    }
    for value in list { result.append(try extractor(value)) }
    return result
  }

  private func extractor(_ map: DocumentValue) throws(DocumentError) -> TemplateExtractor {
    try TemplateKeys.check(map, known: TemplateReader.extractorKeys)
    let type = try map.required("type").choice(ExtractorType.self)
    if type == .xpath { throw TemplateReader.noXPath(try map.required("type")) }
    for entry in map.entries where !entry.value.isNull {
      let isStrange = ExtractorType(rawValue: entry.key).map { $0 != type } ?? (entry.key == "group" && type != .regex)
      guard !isStrange, entry.key != "attribute" else {
        throw DocumentError(
          .badValue, entry.keyPosition, "\"\(entry.key)\" says nothing in an extractor of type \(type.rawValue)",
          hint: "make an extractor of its own of it")
      }
    }
    let isInternal = try map["internal"]?.bool() ?? false
    if let name = map["name"] { try TemplateKeys.checkName(name.string(), at: name.position) }
    guard !isInternal || map["name"] != nil else {
      throw DocumentError(
        .missingKey, map.position, "what is extracted for later requests needs a name", hint: "add name: ...")
    }
    return TemplateExtractor(
      method: try method(map, type), name: try map["name"]?.string(), part: try part(map["part"]),
      isInternal: isInternal, position: map.position)
  }

  private func method(
    _ map: DocumentValue, _ type: ExtractorType
  ) throws(DocumentError) -> TemplateExtractor.Method {
    let values = try TemplateReader.values(map.required(type.rawValue))
    guard !values.isEmpty, values.count <= TemplateReader.valueLimit else {
      throw DocumentError(
        .badValue, map.position, "an extractor has 1 to \(TemplateReader.valueLimit) values, this \(values.count)")
    }
    switch type {
    case .kval:
      var names: [String] = []
      for value in values { names.append(try value.string()) }
      return .fields(names)
    case .json: return .json(try paths(values))
    case .dsl: return .expressions(try TemplateReader.expressions(values))
    case .regex, .xpath:
      let patterns = try TemplateReader.patterns(values)
      let group = try map["group"]?.int(in: 0...(TemplatePattern.groupLimit - 1)) ?? 0
      // nuclei passes over expressions that lack the group; where all do, nothing would ever be taken.
      if let most = patterns.map(\.groupCount).max(), most < group {
        throw DocumentError(
          .badValue, values[0].position, "the expression has \(most) groups, and group \(group) is asked for")
      }
      return .patterns(patterns, group: group)
    }
  }

  private func paths(_ values: [DocumentValue]) throws(DocumentError) -> [JSONPath] {
    var result: [JSONPath] = []
    for value in values {
      guard let path = JSONPath(try value.string()) else {
        throw DocumentError(
          .badValue, value.position, "\(value.kind) is more of jq than is read here",
          hint: "a path of keys and indexes, such as .items[0].name")
      }
      result.append(path)
    }
    return result
  }
}
