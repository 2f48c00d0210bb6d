/// In which of the watch's two languages a text is shown.
package enum TextLanguage: String, Codable, Sendable, CaseIterable { case en, zh }

/// What a report is written as.
package enum ReportForm: String, Codable, Sendable, CaseIterable {
  case html, markdown, json, sarif

  package var mediaType: String {
    switch self {
    case .html: "text/html; charset=utf-8"
    case .markdown: "text/markdown; charset=utf-8"
    case .json: "application/json"
    case .sarif: "application/sarif+json"
    }
  }

  /// What a file of it is usually called by.
  package var fileExtension: String { self == .markdown ? "md" : rawValue }
}
