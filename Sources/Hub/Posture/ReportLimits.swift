/// What a person reads of each list; the numbers above them are of all. Together they keep a report below
/// `ReportAnswer.largest` whatever stands in it: else who controls what a scan sees could keep the report from being made.
enum ReportLimits {
  static let deductions = 40
  static let citySites = 50
  static let sites = 300
  /// Lines of a table that a person reads.
  static let findings = 500
  /// What a program takes (JSON, SARIF).
  static let programFindings = 4_000
  /// Of a site, each with all that its engines said.
  static let siteFindings = 300
  /// Of a finding; files that are imported may speak for any number of tools.
  static let engines = 8
  /// Characters of a piece of evidence.
  static let evidence = 800
  /// The same where there may be thousands.
  static let shortEvidence = 400
  static let attacks = 200
  static let gaps = 300
  static let trail = 500
  static let authorisations = 50
  /// Of an engine: the rest is a long tail of single sites, which their own reports have.
  static let reasons = 5
  /// Rows of alerts that are looked through for those of the scope.
  static let rows = 20_000
  /// Sentences about one kind of gap.
  static let sentences = 50

  static func cut(_ text: String, to limit: Int = evidence) -> String {
    text.unicodeScalars.count <= limit
      ? text : String(String.UnicodeScalarView(text.unicodeScalars.prefix(limit))) + "…"
  }
}
