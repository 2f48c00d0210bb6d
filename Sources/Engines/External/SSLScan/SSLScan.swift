package import Documents
package import Records

/// rbsec's sslscan 2: versions, suites, groups and the certificate of a TLS port, by its own hellos and OpenSSL's.
package struct SSLScan: ExternalTool {
  package let name = "sslscan"
  package let title = BilingualText(en: "sslscan", zh: "sslscan（TLS 扫描）")
  package let programs = ["sslscan"]
  /// The first that tells the protocols one by one.
  package let oldest = ToolVersion(2, 0)
  package let probeClass = ProbeClass.probe
  package let reach = ToolReach.relay
  package let confidence = 85
  package let mapping = SSLScanMapping.checks

  package init() {}

  /// An open server of OpenSSL takes 190 connections; at 10 a second that is 20 s, and twice as long where it is slow.
  package func budget(for job: ScanJob, _ limits: ScanContext.Limits) -> ScanBudget {
    ScanBudget(connections: 600, milliseconds: 120_000)
  }

  package func arguments(_ ask: ToolAsk) -> [String] {
    var words = ["--xml=-", "--no-colour", "--timeout=10", "--connect-timeout=10"]
    // The relay paces; asking no faster keeps the tool from waiting in its queue until its patience ends.
    if ask.limits.connectsPerSecond.isFinite {
      words.append("--sleep=\(Int((1000 / max(ask.limits.connectsPerSecond, 0.1)).rounded(.up)))")
    }
    if ask.probeClass < .intrusive { words.append("--no-heartbleed") }
    if let name = ask.serverName { words.append("--sni-name=\(name)") }
    return words + [ask.endpoint]
  }

  package func read(_ bytes: [UInt8], file: String) throws(DocumentError) -> ToolReport {
    try SSLScanReport.read(bytes, file: file)
  }
}
