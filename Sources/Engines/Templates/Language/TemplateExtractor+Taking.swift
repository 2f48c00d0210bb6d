internal import Documents

/// What was taken, and why there may be more.
struct TemplateExtraction: Hashable {
  /// Different ones, in the order found.
  var values: [String] = []
  /// The answer was cut or missing: what is not here may have been there.
  var doubt: String?

  /// A page lists more only where the expression is careless.
  static let countLimit = 50
  /// A token, a version, a name; a page is no value.
  static let lengthLimit = 4096

  mutating func add(_ bytes: some Collection<UInt8>) {
    guard values.count < TemplateExtraction.countLimit else { return }
    let value = String(decoding: bytes.prefix(TemplateExtraction.lengthLimit), as: UTF8.self)
    if !value.isEmpty, !values.contains(value) { values.append(value) }
  }
}

extension TemplateExtractor {
  func taken(_ evaluation: inout TemplateEvaluation) -> TemplateExtraction {
    var extraction = TemplateExtraction()
    do throws(EvaluationFailure) {
      switch method {
      case .expressions(let expressions):
        for expression in expressions { extraction.add(try TemplateEvaluation.text(try evaluation.result(expression))) }
      case .fields(let names):
        let response = try evaluation.scope.response(part.number)
        for name in names { extraction.add(Array(TemplateExtractor.field(name, response).utf8)) }
        extraction.doubt = response.headCut
      case .patterns(let patterns, let group):
        let looked = try Looked(try evaluation.scope.value(of: part))
        for pattern in patterns { try add(pattern, group, looked.bytes, evaluation.matching, &extraction) }
        if case .unknown(let reason) = looked.absent { extraction.doubt = reason }
      case .json(let paths):
        let text = try TemplateEvaluation.text(try evaluation.scope.value(of: part))
        for path in paths { for value in path.values(in: text) { extraction.add(Array(value.utf8)) } }
      }
    } catch {
      extraction.doubt = error.reason
    }
    return extraction
  }

  private func add(
    _ pattern: TemplatePattern, _ group: Int, _ bytes: [UInt8], _ matching: TemplateMatching,
    _ extraction: inout TemplateExtraction
  ) throws(EvaluationFailure) {
    var place = 0
    // Bounded by steps too: equal values do not fill the list.
    for _ in 0..<(TemplateExtraction.countLimit * 20) {
      guard place <= bytes.count, extraction.values.count < TemplateExtraction.countLimit,
        let groups = try matching.first(pattern, in: bytes, from: place), let whole = groups.first ?? nil
      else { return }
      if group < groups.count, let range = groups[group] { extraction.add(bytes[range]) }
      place = max(whole.upperBound, place + (whole.upperBound == place ? 1 : 0))
    }
  }

  /// A field by its name, with underscores or hyphens, else a cookie.
  private static func field(_ name: String, _ response: TemplateResponse) -> String {
    let lower = name.lowercased()
    if let value = response.field(String(lower.map { $0 == "_" ? "-" : $0 })) { return value }
    for line in response.headers where line.name.lowercased() == "set-cookie" {
      let pair = line.value.prefix { $0 != ";" }
      guard let equals = pair.firstIndex(of: "=") else { continue }
      if pair[..<equals].lowercased() == lower { return String(pair[pair.index(after: equals)...]) }
    }
    return ""
  }
}

extension JSONPath {
  /// `.a.b`, `.items[].name`, `.[0]`; nil for anything else of jq.
  init?(_ text: String) {
    guard text.hasPrefix("."), text.utf8.count <= 256 else { return nil }
    steps = []
    guard text != "." else { return }
    var rest = text[...]
    while !rest.isEmpty {
      if rest.hasPrefix(".") { rest = rest.dropFirst() }
      if rest.hasPrefix("[") {
        guard let end = rest.firstIndex(of: "]") else { return nil }
        let inner = rest[rest.index(after: rest.startIndex)..<end]
        if inner.isEmpty {
          steps.append(.every)
        } else if let index = Int(inner), index >= 0 {
          steps.append(.index(index))
        } else {
          return nil
        }
        rest = rest[rest.index(after: end)...]
        guard rest.isEmpty || rest.hasPrefix(".") || rest.hasPrefix("[") else { return nil }
        continue
      }
      let key = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" }
      guard !key.isEmpty else { return nil }
      steps.append(.key(String(key)))
      rest = rest.dropFirst(key.count)
      guard rest.isEmpty || rest.hasPrefix(".") || rest.hasPrefix("[") else { return nil }
    }
  }

  /// Scalars at the end of the path; none where the text is no JSON.
  func values(in bytes: [UInt8]) -> [String] {
    guard let text = String(validating: bytes, as: UTF8.self),
      let root = try? JSONDocument.parse(text, file: "")
    else { return [] }
    var places = [root]
    for step in steps {
      places = places.flatMap { value -> [DocumentValue] in
        switch (step, value.content) {
        case (.key(let key), .map): value[key].map { [$0] } ?? []
        case (.index(let index), .list(let list)): index < list.count ? [list[index]] : []
        case (.every, .list(let list)): list
        default: []
        }
      }
    }
    return places.compactMap { try? $0.string() }
  }
}
