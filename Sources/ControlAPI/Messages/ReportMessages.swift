package import Records

/// Whose report, of when, and written how.
package struct ReportRequest: APIRequest, Equatable {
  /// `city`, `organisation/ID` or `site/ID`.
  package var scope: String
  /// `2026-10`, `2026-10-05`, `7d`, `FROM..UNTIL`: the hub reads it, since days end at its midnight.
  package var period: String
  package var format: ReportForm
  package var language: TextLanguage
  /// Also the format and the language when none is asked for.
  package static let usual = ReportRequest()

  package init(
    scope: String = "city", period: String = "30d", format: ReportForm = .html, language: TextLanguage = .en
  ) {
    self.scope = scope
    self.period = period
    self.format = format
    self.language = language
  }

  package static var queryNames: [String] { ["scope", "period", "format", "language"] }
  package var query: [(name: String, value: String)] {
    [("scope", scope), ("period", period), ("format", format.rawValue), ("language", language.rawValue)]
  }
  package init(query: [String: String]) throws(APIProblem) {
    let usual = ReportRequest.usual
    let (form, tongue) = (query["format"] ?? usual.format.rawValue, query["language"] ?? usual.language.rawValue)
    guard let format = ReportForm(rawValue: form) else {
      throw APIProblem(.badRequest, "format is \(form.prefix(32)), not html, markdown, json or sarif")
    }
    guard let language = TextLanguage(rawValue: tongue) else {
      throw APIProblem(.badRequest, "language is \(tongue.prefix(32)), not en or zh")
    }
    self.init(
      scope: query["scope"] ?? usual.scope, period: query["period"] ?? usual.period, format: format,
      language: language)
  }
}

package struct ReportAnswer: Codable, Sendable, Equatable {
  package var mediaType: String
  /// What a file of it may be called: letters, digits, points and dashes.
  package var name: String
  package var text: String
  /// A report's lists are bounded; one that comes out longer than this is refused, not cut.
  package static let largest = 32 << 20

  package init(mediaType: String, name: String, text: String) {
    self.mediaType = mediaType
    self.name = name
    self.text = text
  }
}
