import Documents
import Engines
import Records
import Testing
import Wire

@testable import Reports

@Suite struct SARIFTests {
  @Test("our own import reads the findings back: ids, places, severities, and gone ones as a no")
  func roundTrip() throws {
    let text = try OctoberCity.contents(.city).text(.sarif, .en)
    let runs = try SARIFReport.read(Array(text.utf8), file: "report.sarif")
    #expect(runs.count == 1 && runs.first?.tool == "Vigil")
    let report = try #require(runs.first?.report)
    #expect(report.version == "0.1.0" && report.left == 0)
    #expect(report.statements.map(\.id) == OctoberCity.findings.map(\.weakness))
    #expect(report.statements.map(\.answer) == [.yes, .no])
    #expect(report.statements.map(\.severity) == [.high, .medium])
    #expect(report.statements.map(\.title) == ["Certificate expired", "Repository exposed"])
    #expect(report.statements.map(\.place.host) == ["tax.example.gov", "tax.example.gov"])
    #expect(report.statements.map(\.place.path) == ["/", "/.git/HEAD"])
  }

  @Test("every severity comes back as itself", arguments: Severity.allCases)
  func severities(_ severity: Severity) throws {
    var contents = OctoberCity.contents(.city)
    contents.findings[0].severity = severity
    let text = try contents.text(.sarif, .zh)
    #expect(
      try SARIFReport.read(Array(text.utf8), file: "report.sarif").first?.report.statements.first?.severity == severity)
  }

  @Test("what a person accepted is suppressed, and an import leaves it out")
  func suppressed() throws {
    var contents = OctoberCity.contents(.city)
    contents.findings[0].status = .settled
    contents.findings[0].state = .accepted
    let text = try contents.text(.sarif, .en)
    try SARIFWalk.log(JSONDocument.parse(text, file: "report.sarif"))
    let report = try #require(try SARIFReport.read(Array(text.utf8), file: "report.sarif").first?.report)
    #expect(report.statements.map(\.id) == ["http.exposed.git"])
  }

  @Test(
    "the structure is that of SARIF 2.1.0, every member known and of its kind",
    arguments: ReportContents.Kind.allCases, TextLanguage.allCases)
  func structure(_ kind: ReportContents.Kind, _ language: TextLanguage) throws {
    let text = try OctoberCity.contents(kind).text(.sarif, language)
    try SARIFWalk.log(JSONDocument.parse(text, file: "report.sarif"))
  }

  @Test("no finding is still a log; a target whose scheme is none has no location")
  func edges() throws {
    var contents = OctoberCity.contents(.site)
    contents.findings = []
    try SARIFWalk.log(JSONDocument.parse(contents.text(.sarif, .en), file: "report.sarif"))
    contents = OctoberCity.contents(.site)
    contents.findings[0].target = Target(scheme: "java script", host: "x", port: 1)
    contents.findings[1].target = Target(scheme: "smtp", host: "mail.test", port: 25)
    let document = try JSONDocument.parse(contents.text(.sarif, .en), file: "report.sarif")
    try SARIFWalk.log(document)
    let results = try document.required("runs").list()[0].required("results").list()
    #expect(try results[0].required("locations").list().isEmpty)
    #expect(try results[1].required("locations").list().count == 1)
  }
}

/// The parts of the schema that we write (SARIF 2.1.0, sections 3.13 to 3.58): what must be there is there, what is
/// there is allowed, and values are of their sets.
enum SARIFWalk {
  static func log(_ root: DocumentValue) throws {
    try members(root, required: ["version", "runs"], optional: ["$schema"])
    #expect(try root.required("version").string() == "2.1.0")
    for run in try root.required("runs").list() { try self.run(run) }
  }

  private static func run(_ run: DocumentValue) throws {
    try members(run, required: ["tool"], optional: ["invocations", "results", "columnKind", "properties"])
    try choice(run, "columnKind", ["utf16CodeUnits", "unicodeCodePoints"])
    let driver = try run.required("tool").required("driver")
    try members(driver, required: ["name"], optional: ["version", "rules"])
    let rules = try driver.required("rules").list()
    var ids: [String] = []
    for rule in rules {
      try members(rule, required: ["id"], optional: ["shortDescription", "help", "properties"])
      for name in ["shortDescription", "help"] { try text(rule[name]) }
      ids.append(try rule.required("id").string())
    }
    #expect(Set(ids).count == ids.count)
    for invocation in try run.required("invocations").list() {
      try members(
        invocation, required: ["executionSuccessful"], optional: ["endTimeUtc", "toolExecutionNotifications"])
      let time = try invocation.required("endTimeUtc").string()
      #expect(Timestamp(text: time) != nil && time.hasSuffix("Z"))
      for note in try invocation.required("toolExecutionNotifications").list() {
        try members(note, required: ["message"], optional: ["level"])
        try choice(note, "level", ["none", "note", "warning", "error"])
        try text(note["message"])
      }
    }
    for result in try run.required("results").list() { try self.result(result, ids) }
  }

  private static func result(_ result: DocumentValue, _ ids: [String]) throws {
    try members(
      result, required: ["message"],
      optional: [
        "ruleId", "ruleIndex", "kind", "level", "locations", "partialFingerprints", "suppressions", "properties",
      ])
    try text(result["message"])
    try choice(result, "kind", ["notApplicable", "pass", "fail", "review", "open", "informational"])
    try choice(result, "level", ["none", "note", "warning", "error"])
    // 3.27.10: only a failure has a level.
    let (kind, level) = (try result.required("kind").string(), try result.required("level").string())
    #expect(kind == "fail" || level == "none")
    let index = try result.required("ruleIndex").int()
    #expect(ids.indices.contains(index))
    if ids.indices.contains(index) { #expect(try result.required("ruleId").string() == ids[index]) }
    for location in try result.required("locations").list() {
      try members(location, required: ["physicalLocation"], optional: [])
      let uri = try location.required("physicalLocation").required("artifactLocation").required("uri").string()
      #expect(uri.wholeMatch(of: /[a-z][a-z0-9+.\-]*:\/\/[A-Za-z0-9._~:\/?#@!$&*+,;=%\[\]\-]+/) != nil, "\(uri)")
    }
    for entry in try result.required("partialFingerprints").entries { _ = try entry.value.string() }
    for suppression in try result.required("suppressions").list() {
      try members(suppression, required: ["kind"], optional: ["status", "justification"])
      try choice(suppression, "kind", ["inSource", "external"])
      try choice(suppression, "status", ["accepted", "underReview", "rejected"])
    }
  }

  private static func members(_ value: DocumentValue, required: Set<String>, optional: Set<String>) throws {
    let names = Set(value.entries.map(\.key))
    #expect(required.subtracting(names).isEmpty && names.subtracting(required.union(optional)).isEmpty, "\(names)")
  }

  private static func choice(_ value: DocumentValue, _ name: String, _ allowed: Set<String>) throws {
    if let text = try value[name]?.string() { #expect(allowed.contains(text), "\(name) \(text)") }
  }

  private static func text(_ message: DocumentValue?) throws {
    guard let message else { return }
    #expect(try !message.required("text").string().isEmpty)
  }
}
