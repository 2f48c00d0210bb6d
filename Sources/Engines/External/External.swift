/// External turns other people's scanners into engines of ours, and their reports into observations.
///
///     ExternalTools.all -> ExternalEngines.detect -> ExternalEngine (a ScanEngine) -> ToolProcess -> ExternalTool.read
///     a report's file -> ReportFormat.read -> ToolReport -> ToolFold -> Observation        (`vigil findings import`)
///
/// A tool is a folder: its switches, its reading, its mapping onto our checks. What a tool asks that an engine of ours
/// asks too gets the same check id, so that both fold into one finding; the rest is `TOOL.<id>`. A report is untrusted
/// input: read strictly, bounded, and never believed where it does not say *no* itself.
/// Vigil needs none of them. Called by Scanner like any engine, and by `vigil findings import`.
package import Records
package import Wire

/// What a tool said of one thing at one place.
package struct ToolStatement: Hashable, Sendable {
  /// The tool's own name for it.
  package var id: String
  package var title: String
  package var answer: Observation.Answer
  package var severity: Severity
  /// One line; see `ToolText.line`.
  package var evidence: String
  package var place: ToolPlace
  package var parameter: String?
  /// What the tool itself says of how sure it is, 0-100; nil: as the tool as a whole.
  package var confidence: Int?
  package var time: Timestamp?

  package init(
    _ id: String, _ answer: Observation.Answer, title: String = "", severity: Severity = .info, evidence: String = "",
    place: ToolPlace = ToolPlace(), parameter: String? = nil, confidence: Int? = nil, time: Timestamp? = nil
  ) {
    self.id = id
    self.title = ToolText.line(title.isEmpty ? id : title, limit: 120)
    self.answer = answer
    self.severity = severity
    self.evidence = ToolText.line(evidence)
    self.place = place
    self.parameter = parameter
    self.confidence = confidence
    self.time = time
  }
}

/// Where a tool says that it looked, as far as it says.
package struct ToolPlace: Hashable, Sendable {
  package var scheme: String?
  package var host: String?
  package var port: UInt16?
  package var path: String?

  package init(scheme: String? = nil, host: String? = nil, port: UInt16? = nil, path: String? = nil) {
    self.scheme = scheme
    self.host = host
    self.port = port
    self.path = path
  }
}

/// A report as read.
package struct ToolReport: Hashable, Sendable {
  package var statements: [ToolStatement] = []
  package var facts: [Fact] = []
  /// The tool came to its end: what it did not find it has looked for.
  package var isWhole = true
  /// Entries that could not be read, or were too many.
  package var left = 0
  package var version: String?
  package var time: Timestamp?

  /// The largest report seen has 4,000; a page of findings that no person reads is a fault of the scan.
  package static let statementLimit = 20_000
  /// Bounds of the text: a year of a busy ZAP fits.
  package static let bytesLimit = 64 << 20

  package init() {}

  package mutating func add(_ statement: ToolStatement) {
    if statements.count < ToolReport.statementLimit { statements.append(statement) } else { left += 1 }
  }
}
