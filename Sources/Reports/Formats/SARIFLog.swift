internal import Records
internal import Wire

/// Findings as SARIF 2.1.0 (OASIS): one run of one tool, a result a finding. What was seen to be gone is a `pass`; what a
/// person accepted or called false is suppressed.
struct SARIFLog: Encodable {
  let schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
  let version = "2.1.0"
  let runs: [Run]

  enum CodingKeys: String, CodingKey {
    case version, runs
    case schema = "$schema"
  }

  struct Run: Encodable {
    let tool: Tool
    let invocations: [Invocation]
    let results: [Result]
    let columnKind = "unicodeCodePoints"
    let properties: [String: String]
  }
  struct Tool: Encodable { let driver: Driver }
  struct Driver: Encodable {
    let name = "Vigil"
    let version: String
    let rules: [Rule]
  }
  struct Text: Encodable { let text: String }
  struct Rule: Encodable {
    let id: String
    let shortDescription: Text
    let help: Text?
    let properties: [String: String]
  }
  struct Invocation: Encodable {
    let executionSuccessful = true
    let endTimeUtc: String
    let toolExecutionNotifications: [Notification]
  }
  struct Notification: Encodable {
    let level = "warning"
    let message: Text
  }
  struct Result: Encodable {
    let ruleId: String
    let ruleIndex: Int
    let kind: String
    let level: String
    let message: Text
    let locations: [Location]
    let partialFingerprints: [String: String]
    let suppressions: [Suppression]
    let properties: [String: String]
  }
  struct Location: Encodable { let physicalLocation: PhysicalLocation }
  struct PhysicalLocation: Encodable { let artifactLocation: ArtifactLocation }
  struct ArtifactLocation: Encodable { let uri: String }
  struct Suppression: Encodable {
    let kind = "external"
    let status = "accepted"
    let justification: String
  }
}

extension SARIFLog {
  init(_ contents: ReportContents, _ language: TextLanguage) {
    let words = Words(language: language, utcOffset: contents.period.utcOffset)
    var places: [String: Int] = [:]
    var rules: [Rule] = []
    for finding in contents.findings where places[finding.weakness] == nil {
      places[finding.weakness] = rules.count
      rules.append(Rule(finding, words))
    }
    // What is not known belongs to the result as much as what is.
    let cut = contents.cuts.filter { $0.list == .findings }.map {
      words("Findings shown: \($0.shown) of \($0.total).", "共 \($0.total) 项问题，此处列出 \($0.shown) 项。")
    }
    let unknown = (contents.unknown.map { words($0) } + cut).map { Notification(message: Text(text: $0)) }
    runs = [
      Run(
        tool: Tool(driver: Driver(version: contents.version, rules: rules)),
        invocations: [
          Invocation(endTimeUtc: contents.made.secondText + "Z", toolExecutionNotifications: unknown)
        ],
        results: contents.findings.map { Result($0, places[$0.weakness] ?? 0, words) },
        properties: [
          "scope": contents.id.map { "\(contents.kind.rawValue)/\($0)" } ?? contents.kind.rawValue,
          "from": contents.period.from.secondText + "Z", "until": contents.period.until.secondText + "Z",
        ])
    ]
  }
}

extension SARIFLog.Rule {
  fileprivate init(_ finding: ReportContents.FindingLine, _ words: Words) {
    id = finding.weakness
    shortDescription = .init(text: words(finding.title))
    help = finding.remedy.map { .init(text: words($0)) }
    properties = ["security-severity": SARIFLog.score(finding.severity)]
  }
}

extension SARIFLog.Result {
  fileprivate init(_ finding: ReportContents.FindingLine, _ rule: Int, _ words: Words) {
    ruleId = finding.weakness
    ruleIndex = rule
    // Section 3.27.10: a level belongs to a failure alone.
    kind = finding.status == .gone ? "pass" : "fail"
    level = finding.status == .gone ? "none" : SARIFLog.level(finding.severity)
    let evidence = finding.evidence.isEmpty ? "" : ": " + finding.evidence
    message = .init(text: words(finding.title) + evidence)
    locations =
      SARIFLog.uri(finding.target).map {
        [.init(physicalLocation: .init(artifactLocation: .init(uri: $0)))]
      } ?? []
    partialFingerprints = ["vigilRow/v1": "\(finding.row)"]
    suppressions =
      finding.status == .settled ? [SARIFLog.Suppression(justification: words.name(finding.state))] : []
    properties = [
      "security-severity": SARIFLog.score(finding.severity), "confidence": "\(finding.confidence)",
      "state": finding.state.rawValue, "engines": finding.engines.map(\.engine).joined(separator: " "),
    ]
  }
}

extension SARIFLog {
  static func level(_ severity: Severity) -> String {
    switch severity {
    case .critical, .high: "error"
    case .medium: "warning"
    case .low, .info: "note"
    }
  }

  /// The lower end of FIRST's qualitative scale, so that a reader comes to the same severity.
  static func score(_ severity: Severity) -> String {
    switch severity {
    case .critical: "9.0"
    case .high: "7.0"
    case .medium: "4.0"
    case .low: "0.1"
    case .info: "0.0"
    }
  }

  /// A URI of RFC 3986; nil where the scheme is none.
  static func uri(_ target: Target) -> String? {
    guard let first = target.scheme.utf8.first, (0x61...0x7a).contains(first),
      target.scheme.utf8.allSatisfy({
        (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || [43, 45, 46].contains($0)
      }),
      !target.host.isEmpty
    else { return nil }
    return SafeLink.percentEncoded(target.url)
  }
}
