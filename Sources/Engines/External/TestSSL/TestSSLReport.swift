package import Documents
internal import Records
internal import Wire

/// testssl.sh's JSON: flat (`--jsonfile`: a list of findings) and pretty (`--jsonfile-pretty`: sections of findings per
/// host), of 3.0 and 3.2, which differ in further fields only.
package enum TestSSLReport {
  package static func read(_ bytes: [UInt8], file: String) throws(DocumentError) -> ToolReport {
    var limits = DocumentLimits()
    (limits.bytes, limits.depth, limits.values) = (ToolReport.bytesLimit, 16, 500_000)
    let root = try JSONDocument.parse(String(decoding: bytes, as: UTF8.self), file: file, limits: limits)
    var report = ToolReport()
    switch root.content {
    case .list(let entries): try flat(entries, &report)
    case .map: try pretty(root, &report)
    default: throw DocumentError(.wrongType, root.position, "this is no report of testssl.sh", hint: "use --jsonfile")
    }
    return report
  }

  private static func flat(_ entries: [DocumentValue], _ report: inout ToolReport) throws(DocumentError) {
    guard entries.contains(where: { $0["id"] != nil && $0["finding"] != nil }) || entries.isEmpty else {
      throw DocumentError(
        .badValue, entries.first?.position ?? SourcePosition(file: ""), "this is no report of testssl.sh",
        hint: "use --jsonfile")
    }
    // Only a run that came to its end writes how long it took.
    report.isWhole = entries.contains { text($0, "id") == "scanTime" && text($0, "severity") != "WARN" }
    for entry in entries { add(entry, place(entry), &report) }
  }

  private static func pretty(_ root: DocumentValue, _ report: inout ToolReport) throws(DocumentError) {
    let hosts = try root.required("scanResult").list()
    report.version = text(root, "version")
    report.isWhole = root["scanTime"] != nil
    report.time = text(root, "startTime").flatMap { Int64($0) }.map { Timestamp(seconds: min(max($0, 0), 1 << 40)) }
    for host in hosts {
      let name = text(host, "targetHost") ?? text(host, "ip")
      let place = ToolPlace(scheme: "https", host: name, port: text(host, "port").flatMap { UInt16($0) })
      // The target could not be reached: a lone finding in the sections' place.
      if text(host, "id") == "scanProblem" { report.isWhole = false }
      for section in host.entries {
        guard case .list(let entries) = section.value.content else { continue }
        for entry in entries { add(entry, place, &report) }
      }
    }
  }

  private static func text(_ map: DocumentValue, _ key: String) -> String? { try? map[key]?.string() }

  /// `a.test/192.0.2.1`: the name before the slash, the address where there is none.
  private static func place(_ entry: DocumentValue) -> ToolPlace {
    let halves = (text(entry, "ip") ?? "").split(separator: "/").map(String.init)
    return ToolPlace(
      scheme: "https", host: halves.first, port: text(entry, "port").flatMap { UInt16($0) })
  }

  private static func add(_ entry: DocumentValue, _ place: ToolPlace, _ report: inout ToolReport) {
    guard let written = text(entry, "id"), let finding = text(entry, "finding") else {
      report.left += 1
      return
    }
    // `cert_keySize <hostCert#1>` of a server with several certificates.
    let id = String(written.prefix { $0 != " " && $0 != "<" })
    if id == "scanProblem" || id == "engine_problem" && text(entry, "severity") == "FATAL" { report.isWhole = false }
    guard !id.isEmpty, !TestSSLMapping.ignored.contains(id) else { return }
    let severity = text(entry, "severity") ?? ""
    guard let answer = answer(id, finding, severity) else { return }
    let cve = text(entry, "cve").map { " (\($0))" } ?? ""
    report.add(
      ToolStatement(
        id, answer, title: "testssl.sh: \(id)\(cve)", severity: level(severity), evidence: "\(id): \(finding)",
        place: place))
  }

  /// What is mapped is judged by its words, the rest by its severity; nil for what tells no weakness.
  private static func answer(_ id: String, _ finding: String, _ severity: String) -> Observation.Answer? {
    let words = finding.lowercased()
    if let wording = TestSSLMapping.wordings[id] {
      if wording.no.contains(where: words.hasPrefix) { return .no }
      if wording.yes.contains(where: words.hasPrefix) { return .yes }
      return nil
    }
    switch severity {
    case "OK": return .no
    case "LOW", "MEDIUM", "HIGH", "CRITICAL": return .yes
    default: return nil
    }
  }

  private static func level(_ text: String) -> Severity {
    switch text {
    case "CRITICAL": .critical
    case "HIGH": .high
    case "MEDIUM": .medium
    case "LOW": .low
    default: .info
    }
  }
}
