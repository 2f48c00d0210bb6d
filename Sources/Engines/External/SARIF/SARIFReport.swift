package import Documents
internal import Records

/// SARIF 2.1.0 (OASIS): results whose location is an http or https URL. A result of kind `pass` is the one *no* that
/// the format has; suppressed ones and those that only inform are left out.
package enum SARIFReport {
  package static func read(_ bytes: [UInt8], file: String) throws(DocumentError) -> [SARIFRun] {
    let root = try ToolJSON.parse(bytes, file: file)
    guard let runs = try? root["runs"]?.list(), ToolJSON.text(root, "version")?.hasPrefix("2.1") == true else {
      throw DocumentError(.badValue, root.position, "this is no SARIF 2.1.0", hint: "its version is 2.1.0")
    }
    return runs.map(run)
  }

  private static func run(_ run: DocumentValue) -> SARIFRun {
    let driver = run["tool"]?["driver"]
    let rules = rules(driver)
    var report = ToolReport()
    report.version = driver.flatMap { ToolJSON.text($0, "semanticVersion") ?? ToolJSON.text($0, "version") }
    report.time = (try? run["invocations"]?.list())?.first.flatMap { ToolJSON.text($0, "endTimeUtc") }.flatMap(
      ToolTime.read)
    for result in (try? run["results"]?.list()) ?? [] { add(result, rules, &report) }
    return SARIFRun(tool: driver.flatMap { ToolJSON.text($0, "name") } ?? "unknown", report: report)
  }

  private struct Rule {
    var title: String?
    var severity: Severity?
    var level: String?
  }

  private static func rules(_ driver: DocumentValue?) -> [String: Rule] {
    var result: [String: Rule] = [:]
    for rule in (try? driver?["rules"]?.list()) ?? [] {
      guard let id = ToolJSON.text(rule, "id") else { continue }
      let title = rule["shortDescription"].flatMap { ToolJSON.text($0, "text") } ?? ToolJSON.text(rule, "name")
      result[id] = Rule(
        title: title, severity: rule["properties"].flatMap(score),
        level: rule["defaultConfiguration"].flatMap { ToolJSON.text($0, "level") })
    }
    return result
  }

  /// `security-severity`, a CVSS score as text: FIRST's qualitative scale.
  private static func score(_ properties: DocumentValue) -> Severity? {
    guard let text = ToolJSON.text(properties, "security-severity"), let score = Double(text), score.isFinite else {
      return nil
    }
    return score >= 9 ? .critical : score >= 7 ? .high : score >= 4 ? .medium : score > 0 ? .low : .info
  }

  private static func add(_ result: DocumentValue, _ rules: [String: Rule], _ report: inout ToolReport) {
    guard let answer = answer(result) else { return }
    let id = ToolJSON.text(result, "ruleId") ?? result["rule"].flatMap { ToolJSON.text($0, "id") }
    let uri = (try? result["locations"]?.list())?.first?["physicalLocation"]?["artifactLocation"].flatMap {
      ToolJSON.text($0, "uri")
    }
    guard let id,
      let place = (uri ?? result["webRequest"].flatMap { ToolJSON.text($0, "target") }).flatMap(ToolURL.place)
    else {
      report.left += 1
      return
    }
    let rule = rules[id]
    let message = result["message"].flatMap { ToolJSON.text($0, "text") } ?? rule?.title ?? id
    let level = ToolJSON.text(result, "level") ?? rule?.level ?? "warning"
    let severity = result["properties"].flatMap(score) ?? rule?.severity ?? ToolSeverity.read(level)
    report.add(
      ToolStatement(
        id, answer, title: rule?.title ?? message, severity: severity, evidence: "\(place.path ?? "/"): \(message)",
        place: place))
  }

  /// Section 3.27.9; `fail` where none is written.
  private static func answer(_ result: DocumentValue) -> Observation.Answer? {
    if let list = try? result["suppressions"]?.list(), !list.isEmpty { return nil }
    switch ToolJSON.text(result, "kind") ?? "fail" {
    case "fail": return ToolJSON.text(result, "level") == "none" ? nil : .yes
    case "pass": return .no
    default: return nil
    }
  }
}

/// What one tool reported.
package struct SARIFRun: Hashable, Sendable {
  package var tool: String
  package var report: ToolReport
}
