/// What one run of a template came to.
package enum TemplateVerdict: Sendable, Hashable {
  /// `name`: the matchers' own names, comma between. `request`: the first whose answer matched.
  case matched(name: String?, extracted: [String], request: PlannedRequest)
  case notMatched
  /// A sentence, lower case.
  case notDetermined(String)
}
