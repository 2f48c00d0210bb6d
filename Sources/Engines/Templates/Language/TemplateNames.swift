internal import Documents

/// Whether every name in a template is given a value by something: a slip of the pen would otherwise be a request that
/// is never sent, or a matcher that never knows.
struct TemplateNames {
  /// What the target and the run give.
  static let given: Set<String> = [
    "BaseURL", "RootURL", "Hostname", "Host", "Port", "Path", "Scheme", "File", "FQDN", "rand_int",
  ]
  private let template: WebTemplate

  init(_ template: WebTemplate) { self.template = template }

  func check() throws(DocumentError) {
    var known = TemplateNames.given
    for variable in template.variables {
      try check(variable.value, known)
      guard known.insert(variable.name).inserted else {
        throw DocumentError(.duplicateKey, variable.value.position, "the variable \"\(variable.name)\" is there twice")
      }
    }
    for request in template.requests {
      var here = known.union(request.payloads.map(\.name))
      for payload in request.payloads { for value in payload.values { try check(value, known) } }
      let extracted = request.extractors.compactMap(\.name)
      here.formUnion(extracted)
      for form in request.forms {
        for text in form.texts { try check(text, here) }
      }
      try checkAnswers(request, here)
      known.formUnion(request.extractors.filter(\.isInternal).compactMap(\.name))
    }
  }

  private func checkAnswers(_ request: TemplateRequest, _ known: Set<String>) throws(DocumentError) {
    for matcher in request.matchers {
      try check(matcher.part, request, known, at: matcher.position)
      switch matcher.test {
      case .words(let words, ignoresCase: _): for word in words { try check(word, known) }
      case .expressions(let expressions):
        for expression in expressions {
          try check(expression.names, known, inAnswers: request, at: matcher.position)
        }
      default: break
      }
    }
    for extractor in request.extractors {
      try check(extractor.part, request, known, at: extractor.position)
      if case .expressions(let expressions) = extractor.method {
        for expression in expressions {
          try check(expression.names, known, inAnswers: request, at: extractor.position)
        }
      }
    }
  }

  private func check(_ text: TemplateText, _ known: Set<String>) throws(DocumentError) {
    try check(text.names, known, inAnswers: nil, at: text.position)
  }

  private func check(
    _ part: TemplatePart, _ request: TemplateRequest, _ known: Set<String>, at position: SourcePosition
  ) throws(DocumentError) {
    if case .variable(let name) = part.kind { try check([name], known, inAnswers: request, at: position) }
    try check(part.number, request, at: position)
  }

  /// `request`: whose answers may be named too; nil where there are none yet.
  private func check(
    _ names: Set<String>, _ known: Set<String>, inAnswers request: TemplateRequest?, at position: SourcePosition
  ) throws(DocumentError) {
    for name in names.sorted() {
      if known.contains(name) || TemplateChance.isString(name) || TemplateConduct.isCallback(name) { continue }
      if let request, let part = TemplatePart(name: name) {
        try check(part.number, request, at: position)
        continue
      }
      var candidates = known.union(["randstr"])
      if request != nil { candidates.formUnion(TemplatePart.kinds.keys.map { $0 }) }
      throw DocumentError(
        .badValue, position, "nothing gives \"\(name)\" a value",
        hint: DocumentError.suggestion(for: name, among: candidates.sorted()))
    }
  }

  private func check(
    _ number: Int?, _ request: TemplateRequest, at position: SourcePosition
  ) throws(DocumentError) {
    guard let number, number > request.forms.count else { return }
    throw DocumentError(
      .badValue, position, "answer \(number) is named, and the block has \(request.forms.count) requests")
  }
}

extension TemplateRequest.Form {
  /// Every text of it.
  var texts: [TemplateText] { [method, path] + headers.flatMap { [$0.name, $0.value] } + (body.map { [$0] } ?? []) }
}
