internal import Documents

/// One entry of `http:`.
extension TemplateReader {
  private static let blockKeys = [
    "id", "name", "method", "path", "raw", "headers", "body", "payloads", "attack", "matchers", "matchers-condition",
    "extractors", "redirects", "host-redirects", "max-redirects", "stop-at-first-match", "cookie-reuse",
    "disable-cookie", "req-condition", "max-size", "disable-path-automerge", "read-all",
  ]
  /// As browsers and curl have it; nuclei's is ten.
  static let redirectLimit = 10
  static let matcherLimit = 100

  func request(_ block: DocumentValue, stops: Bool, isAlone: Bool) throws(DocumentError) -> TemplateRequest {
    try TemplateKeys.check(block, known: TemplateReader.blockKeys, refused: TemplateKeys.refusedInBlock)
    let forms = try forms(block)
    let payloads = try payloads(block["payloads"])
    let matchers = try matchers(block["matchers"])
    let isAnyHost = try block["redirects"]?.bool() ?? false
    let follows = try block["host-redirects"]?.bool() ?? isAnyHost || isAnyHost
    return TemplateRequest(
      forms: forms, payloads: payloads, attack: try attack(block, payloads), matchers: matchers,
      needsAllMatchers: try needsAll(block["matchers-condition"]), extractors: try extractors(block["extractors"]),
      followsRedirects: follows,
      redirectLimit: follows
        ? try block["max-redirects"]?.int(in: 0...TemplateReader.redirectLimit) ?? TemplateReader.redirectLimit : 0,
      stopsAtFirstMatch: try block["stop-at-first-match"]?.bool() ?? stops,
      keepsCookies: try keepsCookies(block, isConversation: !isAlone || forms.contains(where: \.isRaw)),
      comparesAnswers: try block["req-condition"]?.bool() ?? TemplateReader.namesAnswers(matchers),
      bodyLimit: try block["max-size"]?.int(in: 1...Int(Int32.max)),
      mergesPath: !(try block["disable-path-automerge"]?.bool() ?? false), position: block.position)
  }

  /// Without a word a conversation keeps them, and questions that have nothing to do with one another do not.
  private func keepsCookies(_ block: DocumentValue, isConversation: Bool) throws(DocumentError) -> Bool {
    if let isDisabled = try block["disable-cookie"]?.bool() { return !isDisabled }
    return try block["cookie-reuse"]?.bool() ?? isConversation
  }

  /// `condition: and`; without a word any will do.
  func needsAll(_ value: DocumentValue?) throws(DocumentError) -> Bool {
    guard let value else { return false }
    switch try value.string().lowercased() {
    case "and": return true
    case "or": return false
    default: throw DocumentError(.badValue, value.position, "\(value.kind) is no condition", hint: "write and, or or")
    }
  }

  /// A matcher that asks for `body_2` sees all answers at once, whether or not `req-condition` says so.
  private static func namesAnswers(_ matchers: [TemplateMatcher]) -> Bool {
    matchers.contains { matcher in
      if matcher.part.number != nil { return true }
      guard case .expressions(let expressions) = matcher.test else { return false }
      return expressions.contains { $0.names.contains { TemplatePart(name: $0)?.number != nil } }
    }
  }

  // MARK: - Payloads

  private func attack(
    _ block: DocumentValue, _ payloads: [TemplateRequest.Payload]
  ) throws(DocumentError) -> TemplateRequest.Attack {
    guard let value = block["attack"] else {
      guard payloads.count > 1 else { return .batteringram }
      throw DocumentError(
        .missingKey, payloads[1].position, "\(payloads.count) payloads, and no word how they go together",
        hint: "add attack: pitchfork (side by side) or clusterbomb (each with each)")
    }
    let attack = try value.choice(TemplateRequest.Attack.self)
    guard attack != .batteringram || payloads.count <= 1 else {
      throw DocumentError(
        .badValue, value.position, "batteringram puts one payload everywhere, here are \(payloads.count)",
        hint: "write pitchfork or clusterbomb")
    }
    return attack
  }

  private func payloads(_ value: DocumentValue?) throws(DocumentError) -> [TemplateRequest.Payload] {
    var result: [TemplateRequest.Payload] = []
    for entry in try value?.map() ?? [] {
      try TemplateKeys.checkName(entry.key, at: entry.keyPosition)
      var values: [TemplateText] = []
      if case .list(let list) = entry.value.content {
        for value in list { values.append(try TemplateReader.text(value)) }
      } else {
        let lines = try PayloadFile(folder: folder).lines(of: entry.value)
        for line in lines { values.append(try TemplateText(line, at: entry.value.position)) }
      }
      guard !values.isEmpty else {
        throw DocumentError(.badValue, entry.value.position, "the payload \"\(entry.key)\" has no values")
      }
      result.append(.init(name: entry.key, values: values, position: entry.keyPosition))
    }
    return result
  }
}
