package import Records

/// Reports: what the hub knows of a period, as a text that people print and tools read.
///
/// In: one value, `ReportContents`. Out: HTML in one file, Markdown, JSON or SARIF. It computes no score and decides
/// nothing; it asks no store and no clock. Everything in a report may come from outside (titles of sites, evidence,
/// addresses): each form has one place where text is made harmless, and templates cannot go around it.
///
/// Called by Hub.
extension ReportContents {
  package func text(_ form: ReportForm, _ language: TextLanguage) throws -> String {
    switch form {
    case .html: try ReportTemplates.html(ReportPage(self, language))
    case .markdown: try ReportTemplates.markdown(ReportPage(self, language))
    case .json: try ReportJSON.text(self)
    case .sarif: try ReportJSON.text(SARIFLog(self, language))
    }
  }
}
