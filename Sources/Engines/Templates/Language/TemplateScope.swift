/// What came of one request.
enum TemplateAnswer: Hashable {
  case response(TemplateResponse)
  /// A sentence, lower case.
  case failed(String)
}

/// The names that an expression may ask for, at one moment of a run.
struct TemplateScope {
  var seed: UInt64 = 0
  /// The target's parts, variables, payloads, what was extracted.
  var values: [String: TemplateValue] = [:]
  /// Why a name that the template has no value for has none.
  var missing: [String: String] = [:]
  var current: TemplateAnswer?
  /// `body_1` is the first.
  var numbered: [TemplateAnswer] = []

  func value(of name: String) throws(EvaluationFailure) -> TemplateValue {
    if let value = values[name] { return value }
    if let string = TemplateChance.string(seed: seed, name: name) { return .text(string) }
    if let reason = missing[name] { throw EvaluationFailure(reason) }
    guard let part = TemplatePart(name: name) else { throw EvaluationFailure("{{\(name)}} has no value") }
    return try value(of: part)
  }

  func value(of part: TemplatePart) throws(EvaluationFailure) -> TemplateValue {
    if case .variable(let name) = part.kind { return try value(of: name) }
    let response = try response(part.number)
    switch part.kind {
    case .body: return TemplateScope.text(response.body, cut: response.cut)
    case .head: return TemplateScope.text(response.head, cut: response.headCut)
    case .all: return TemplateScope.text(response.head + response.body, cut: response.cut)
    case .statusLine: return TemplateValue(response.statusLine)
    case .statusCode: return TemplateValue(response.status)
    case .duration: return .number(Double(response.milliseconds) / 1000)
    case .contentLength: return try TemplateScope.length(response)
    case .field(let name):
      if let value = response.field(name) { return TemplateValue(value) }
      if let cut = response.headCut { throw EvaluationFailure(cut) }
      return TemplateValue("")
    case .variable(let name): return try value(of: name)
    }
  }

  func response(_ number: Int?) throws(EvaluationFailure) -> TemplateResponse {
    let answer = if let number { numbered[safe: number - 1] } else { current }
    switch answer {
    case .response(let response): return response
    case .failed(let reason): throw EvaluationFailure(reason)
    case nil: throw EvaluationFailure("there is no answer\(number.map { " \($0)" } ?? "")")
    }
  }

  private static func text(_ bytes: [UInt8], cut: String?) -> TemplateValue {
    cut.map { .partial(bytes, reason: $0) } ?? .text(bytes)
  }

  private static func length(_ response: TemplateResponse) throws(EvaluationFailure) -> TemplateValue {
    if let declared = response.field("content-length").flatMap({ Int($0) }), declared >= 0 {
      return TemplateValue(declared)
    }
    if let cut = response.cut { throw EvaluationFailure(cut) }
    return TemplateValue(response.body.count)
  }
}

extension TemplateResponse {
  /// A body that began says that the head had ended.
  var headCut: String? { body.isEmpty ? cut : nil }
}

extension Array {
  fileprivate subscript(safe index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
