internal import Documents
internal import Records

/// What stands against a template, from its text alone. `TemplateRun` looks again at each request when it is filled
/// in, since words may only come together there.
struct TemplateConduct {
  /// Requests of one run: a look, and not a search.
  static let requestLimit = 100
  /// Rounds that payloads make.
  static let roundLimit = 50
  /// Tries of names with passwords: accounts lock after five.
  static let credentialLimit = 3

  private let template: WebTemplate
  init(_ template: WebTemplate) { self.template = template }

  // MARK: - Class

  var probeClass: ProbeClass {
    let isPlain = template.variables.allSatisfy { TemplateConduct.isPlain($0.value) }
    let onlyReads = template.requests.allSatisfy { request in
      request.payloads.isEmpty && request.forms.allSatisfy(TemplateConduct.onlyReads)
    }
    return isPlain && onlyReads ? .probe : .intrusive
  }

  /// A method that reads, no body, and nothing in path and fields that an application takes for more than a name.
  private static func onlyReads(_ form: TemplateRequest.Form) -> Bool {
    guard form.body == nil, let method = form.method.literal, ConductRules.method(method) == nil else { return false }
    return ([form.path] + form.headers.map(\.value)).allSatisfy(isPlain)
  }

  private static let marks = ["'", "\"", "<", ">", "`", "|", "${", "$(", "../", "..\\", "..;", "\0", "\n"]

  /// As written and undone, the texts within expressions included.
  private static func isPlain(_ text: TemplateText) -> Bool {
    text.pieces.allSatisfy { piece in
      let texts =
        switch piece {
        case .text(let text): [text]
        case .expression(let expression, source: _): ConductRules.hidden(in: expression.texts)
        }
      return texts.allSatisfy { text in
        ConductRules.forms(of: text).allSatisfy { bytes in
          let plain = String(decoding: bytes, as: UTF8.self)
          return marks.allSatisfy { !plain.contains($0) }
        }
      }
    }
  }

  // MARK: - Refusals

  var refusals: [TemplateRefusal] {
    var result: [TemplateRefusal] = []
    for refusal in ofWhole + template.requests.flatMap(ofRequest) {
      let isKnown = result.contains { $0.kind == refusal.kind && $0.reason == refusal.reason }
      if !isKnown { result.append(refusal) }
    }
    return result.sorted { $0.position < $1.position }
  }

  private var ofWhole: [TemplateRefusal] {
    var result: [TemplateRefusal] = []
    if let tag = template.tags.first(where: { ["dos", "ddos", "denial-of-service"].contains($0) }) {
      result.append(.init(.floods, template.position, "its tag \(tag) says that it overloads what it asks"))
    }
    let count = template.requestCount
    if count > TemplateConduct.requestLimit {
      result.append(
        .init(.floods, template.position, "it asks \(count) requests, over \(TemplateConduct.requestLimit)"))
    }
    return result + template.variables.flatMap { ofText($0.value) }
  }

  private func ofRequest(_ request: TemplateRequest) -> [TemplateRefusal] {
    var result = ofPayloads(request)
    for form in request.forms {
      if let method = form.method.literal {
        if let finding = ConductRules.method(method) { result.append(.init(finding, form.position)) }
      } else {
        result.append(.init(.unusualMethod, form.position, "its method is only known when it runs"))
      }
      result += ofText(form.path) + (form.body.map { ofText($0) } ?? [])
      for line in form.headers { result += ofField(line) }
    }
    for payload in request.payloads { result += payload.values.flatMap { ofText($0) } }
    return result + ofMatchers(request)
  }

  private func ofPayloads(_ request: TemplateRequest) -> [TemplateRefusal] {
    guard let first = request.payloads.first else { return [] }
    let rounds = request.roundCount
    if rounds > TemplateConduct.roundLimit {
      return [
        .init(.bruteForce, first.position, "its payloads make \(rounds) rounds, over \(TemplateConduct.roundLimit)")
      ]
    }
    let marks = ["pass", "pwd", "user", "login", "account", "pin", "secret", "otp"]
    let secret = request.payloads.first { payload in marks.contains { payload.name.lowercased().contains($0) } }
    guard let secret, rounds > TemplateConduct.credentialLimit else { return [] }
    return [
      .init(
        .bruteForce, secret.position,
        "it tries \(rounds) names or passwords, over \(TemplateConduct.credentialLimit): accounts may be locked")
    ]
  }

  private func ofField(_ line: TemplateRequest.Form.Line) -> [TemplateRefusal] {
    let name = line.name.source
    var result: [TemplateRefusal] = []
    if let finding = ConductRules.field(name, line.value.source) { result.append(.init(finding, line.value.position)) }
    if name.lowercased() == "host", !OutsideAddresses.isOwn(line.value.source, []) {
      let host = line.value.source
      result.append(.init(.callsOutside, line.value.position, "its Host field asks for \(host), another site"))
    }
    return result + ofText(line.value, isOrigin: ConductRules.isOrigin(name))
  }

  private func ofText(_ text: TemplateText, isOrigin: Bool = false) -> [TemplateRefusal] {
    var sources = [text.source]
    for piece in text.pieces {
      if case .expression(let expression, source: _) = piece { sources += ConductRules.hidden(in: expression.texts) }
    }
    var findings = sources.flatMap { ConductRules.words(in: $0) }
    if let name = text.names.sorted().first(where: TemplateConduct.isCallback) {
      findings.append(.init(.callsOutside, "{{\(name)}} makes the site call a host outside"))
    }
    if !isOrigin, let host = sources.compactMap({ OutsideAddresses.first(in: $0) }).first {
      findings.append(.init(.callsOutside, "it names the host \(host), which is not the target"))
    }
    return findings.map { .init($0, text.position) }
  }

  /// What waits for a call from outside.
  private func ofMatchers(_ request: TemplateRequest) -> [TemplateRefusal] {
    request.matchers.compactMap { matcher in
      var names: Set<String> = []
      if case .variable(let name) = matcher.part.kind { names.insert(name) }
      if case .expressions(let expressions) = matcher.test { expressions.forEach { names.formUnion($0.names) } }
      guard let name = names.sorted().first(where: TemplateConduct.isCallback) else { return nil }
      return .init(.callsOutside, matcher.position, "it waits for a call from outside (\(name))")
    }
  }

  static func isCallback(_ name: String) -> Bool { name.hasPrefix("interactsh") || name.hasPrefix("oast") }
}

extension TemplateRefusal {
  init(_ finding: ConductRules.Finding, _ position: SourcePosition) {
    self.init(finding.kind, position, finding.reason)
  }
}
