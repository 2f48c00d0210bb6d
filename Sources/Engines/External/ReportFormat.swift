package import Documents

/// What `vigil findings import` reads.
package enum ReportFormat: String, Sendable, CaseIterable {
  case nmap, testssl, sslscan, nuclei, nikto, zap, sarif

  /// A report and whose it is.
  package struct Part: Sendable {
    package var engine: String
    package var version: String
    package var confidence: Int
    package var fold: ToolFold
    package var report: ToolReport
  }

  package func read(_ bytes: [UInt8], file: String) throws(DocumentError) -> [Part] {
    switch self {
    case .nmap: [part(Nmap(), try NmapReport.read(bytes, file: file))]
    case .testssl: [part(TestSSL(), try TestSSLReport.read(bytes, file: file))]
    case .sslscan: [part(SSLScan(), try SSLScanReport.read(bytes, file: file))]
    case .nuclei: [part(Nuclei(), try NucleiReport.read(bytes, file: file))]
    // Both see much that is nothing.
    case .nikto: [part("nikto", NiktoMapping.checks, 40, try NiktoReport.read(bytes, file: file))]
    case .zap: [part("zap", ZAPMapping.checks, 60, try ZAPReport.read(bytes, file: file))]
    case .sarif: try SARIFReport.read(bytes, file: file).map(sarif)
    }
  }

  private func part(_ tool: any ExternalTool, _ report: ToolReport) -> Part {
    Part(
      engine: tool.name, version: report.version ?? "unknown", confidence: tool.confidence, fold: ToolFold(tool),
      report: report)
  }

  private func part(_ engine: String, _ mapping: [String: [String]], _ confidence: Int, _ report: ToolReport) -> Part {
    Part(
      engine: engine, version: ToolText.line(report.version ?? "unknown", limit: 40), confidence: confidence,
      fold: ToolFold(tool: engine, mapping: mapping), report: report)
  }

  /// Under the tool's own name where we know it, so that it counts once; else under one that no engine of ours has: a
  /// file shall not speak for an engine.
  private func sarif(_ run: SARIFRun) -> Part {
    let name = run.tool.lowercased()
    if name.contains("zap") { return part("zap", ZAPMapping.checks, 60, run.report) }
    if name == "nuclei" { return part("nuclei", NucleiMapping.checks, 60, run.report) }
    let slug = ToolText.slug(run.tool).map { String($0.prefix(32)) } ?? "unknown"
    return part("sarif.\(slug)", [:], 50, run.report)
  }
}
