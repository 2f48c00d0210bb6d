package import Documents

/// One entry of `http:`: questions that share payloads, matchers and extractors.
package struct TemplateRequest: Sendable, Hashable {
  package enum Attack: String, Sendable, CaseIterable {
    case batteringram, pitchfork, clusterbomb
  }
  /// A request before its variables are filled in: of `path` or of `raw`.
  package struct Form: Sendable, Hashable {
    package struct Line: Sendable, Hashable {
      package var name: TemplateText
      package var value: TemplateText
    }
    package var method: TemplateText
    package var path: TemplateText
    package var headers: [Line]
    package var body: TemplateText?
    /// Paths of raw requests lie below the target's own.
    package var isRaw: Bool
    package var position: SourcePosition
  }
  package struct Payload: Sendable, Hashable {
    package var name: String
    package var values: [TemplateText]
    package var position: SourcePosition
  }

  package var forms: [Form]
  package var payloads: [Payload]
  package var attack: Attack
  package var matchers: [TemplateMatcher]
  package var needsAllMatchers: Bool
  package var extractors: [TemplateExtractor]
  package var followsRedirects: Bool
  package var redirectLimit: Int
  package var stopsAtFirstMatch: Bool
  package var keepsCookies: Bool
  /// Matchers see all answers of one round of forms together, as `body_1`, `status_code_2`.
  package var comparesAnswers: Bool
  /// Bytes of a body that matchers see; nil: all that came.
  package var bodyLimit: Int?
  package var mergesPath: Bool
  package var position: SourcePosition

  /// How many rounds the payloads make.
  package var roundCount: Int {
    guard !payloads.isEmpty else { return 1 }
    let counts = payloads.map(\.values.count)
    switch attack {
    case .batteringram: return counts.reduce(0, +)
    case .pitchfork: return counts.min() ?? 0
    case .clusterbomb:
      return counts.reduce(1) { product, count in
        let (value, overflow) = product.multipliedReportingOverflow(by: count)
        return overflow ? .max : value
      }
    }
  }

  package var requestCount: Int {
    let (value, overflow) = roundCount.multipliedReportingOverflow(by: forms.count)
    return overflow ? .max : value
  }
}
