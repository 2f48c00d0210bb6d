package import Documents
package import Records
internal import Wire

/// nmap 7: which ports of the address are open, by whole connects; what answers there, where more is permitted.
///
/// No relay can stand before it, so its own switches keep the pace: one connect at a time, 5 a second, half of what an
/// engine of ours may do. Telling versions (`-sV`) opens connections that no switch paces, and needs *intrusive*.
package struct Nmap: ExternalTool {
  package let name = "nmap"
  package let title = BilingualText(en: "nmap", zh: "nmap（端口扫描）")
  package let programs = ["nmap"]
  package let oldest = ToolVersion(7, 0)
  package let probeClass = ProbeClass.probe
  package let reach = ToolReach.address
  package let confidence = 80
  package let mapping = NmapMapping.checks

  /// Between two connects, beside which our own engines may ask the same address.
  static let delayMilliseconds = 200
  /// A filtered port costs a second and is tried twice.
  private static let portMilliseconds = 2200

  package init() {}

  package func applies(to target: Target) -> Bool { target.scheme == "https" || target.scheme == "http" }

  package func budget(for job: ScanJob, _ limits: ScanContext.Limits) -> ScanBudget {
    let ports = PortList.wanted(job.options.ports).count
    let versions = job.probeClass < .intrusive ? 0 : 120_000
    return ScanBudget(
      connections: ports, milliseconds: min(30_000 + ports * Nmap.portMilliseconds + versions, 3_600_000))
  }

  package func arguments(_ ask: ToolAsk) -> [String] {
    let ports = PortList.wanted(ask.options.ports).map(String.init).joined(separator: ",")
    // -T2 tells versions of one port at a time; a delay makes connects go one at a time.
    var words = [
      "-n", "-Pn", "-sT", "--unprivileged", "-T2", "--max-retries", "1", "--max-rtt-timeout", "1s", "-p", ports, "-oX",
      "-",
    ]
    if ask.limits.connectsPerSecond.isFinite {
      let wanted = Int((2000 / max(ask.limits.connectsPerSecond, 0.1)).rounded(.up))
      let delay = max(Nmap.delayMilliseconds, wanted)
      words += ["--scan-delay", "\(delay)ms", "--max-scan-delay", "\(delay)ms"]
    } else {
      words += ["--scan-delay", "0", "--max-scan-delay", "0"]
    }
    if ask.probeClass >= .intrusive { words += ["-sV", "--version-light"] }
    if ask.address.isV6 { words.append("-6") }
    return words + [ask.address.description]
  }

  package func read(_ bytes: [UInt8], file: String) throws(DocumentError) -> ToolReport {
    try NmapReport.read(bytes, file: file)
  }
}
