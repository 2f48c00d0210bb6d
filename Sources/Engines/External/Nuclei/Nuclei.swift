package import Documents
package import Records

/// nuclei 3 with templates that the operator pinned. It sends payloads, so it needs *intrusive*; it calls nobody
/// outside (no interactsh, no update, no redirect), and asks once a second.
package struct Nuclei: ExternalTool {
  package let name = "nuclei"
  package let title = BilingualText(en: "nuclei", zh: "nuclei（模板检测）")
  package let programs = ["nuclei"]
  package let versionArguments = ["-version", "-duc"]
  package let oldest = ToolVersion(3, 0)
  package let probeClass = ProbeClass.intrusive
  package let reach = ToolReach.relay
  package let confidence = 60
  package let mapping = NucleiMapping.checks
  /// The folder of templates, whose pin was checked.
  package let templates: String

  package init(templates: String = "") { self.templates = templates }

  /// Go reserves far more than it uses.
  package var bounds: ToolBounds {
    var bounds = ToolBounds()
    bounds.memoryBytes = 4 << 30
    return bounds
  }

  package func applies(to target: Target) -> Bool { target.scheme == "https" || target.scheme == "http" }

  /// At one request a second an hour holds 3,600 requests: the pinned set decides.
  package func budget(for job: ScanJob, _ limits: ScanContext.Limits) -> ScanBudget {
    ScanBudget(connections: 4000, milliseconds: 3_600_000)
  }

  package func arguments(_ ask: ToolAsk) -> [String] {
    var words = [
      "-target", "\(ask.scheme)://\(ask.endpoint)\(Nuclei.plain(ask.path))", "-templates", templates, "-jsonl",
      "-silent",
      "-no-color", "-no-interactsh", "-disable-redirects", "-disable-update-check", "-omit-raw", "-omit-template",
      "-matcher-status", "-type", "http", "-exclude-tags", "dos,fuzz,fuzzing,bruteforce,intrusive,oast",
      "-concurrency", "1", "-bulk-size", "1", "-retries", "0", "-timeout", "10", "-no-httpx", "-no-stdin",
      "-header", "User-Agent: \(ToolText.line(ask.userAgent, limit: 200))",
    ]
    let perSecond = ask.limits.requestsPerSecond
    words += ["-rate-limit", perSecond.isFinite ? "\(max(1, Int(perSecond)))" : "50"]
    if let name = ask.serverName {
      words += ["-header", "Host: \(name)"]
      if ask.scheme == "https" { words += ["-sni", name] }
    }
    return words
  }

  /// A path of an inventory, as far as it holds nothing that a URL must not.
  private static func plain(_ path: String) -> String {
    let isFit = path.hasPrefix("/") && path.utf8.allSatisfy { (0x21...0x7e).contains($0) && $0 != UInt8(ascii: "{") }
    return isFit ? path : "/"
  }

  package func read(_ bytes: [UInt8], file: String) throws(DocumentError) -> ToolReport {
    try NucleiReport.read(bytes, file: file)
  }
}
