package import Documents
package import Records
internal import Wire

/// testssl.sh 3.0 and 3.2: the second opinion on everything about TLS. It is a script of bash, which we start as any
/// program; no word of ours passes through a shell of our own.
package struct TestSSL: ExternalTool {
  package let name = "testssl"
  package let title = BilingualText(en: "testssl.sh", zh: "testssl.sh（TLS 检测）")
  package let programs = ["testssl", "testssl.sh"]
  package let oldest = ToolVersion(3, 0)
  /// Asked for its version it tries its openssl on port 4433 of its own machine first, for more than a second.
  package let versionMark: String? = "declare -r VERSION="
  package let probeClass = ProbeClass.probe
  package let reach = ToolReach.relay
  package let confidence = 85
  package let mapping = TestSSLMapping.checks
  package let reportFile: String? = "report.json"

  package init() {}

  /// Its bash reads hellos byte by byte: half a minute of processor time, twice with the weaknesses.
  package func budget(for job: ScanJob, _ limits: ScanContext.Limits) -> ScanBudget {
    ScanBudget(connections: 1500, milliseconds: job.probeClass < .intrusive ? 240_000 : 480_000)
  }

  package func arguments(_ ask: ToolAsk) -> [String] {
    var words = [
      "--quiet", "--color", "0", "--warnings", "batch", "--nodns", "none", "--connect-timeout", "10",
      "--openssl-timeout", "10", "--jsonfile", "\(ask.folder)/report.json",
      "--protocols", "--std", "--server-preference", "--server-defaults",
    ]
    if ask.probeClass >= .intrusive { words.append("--vulnerable") }
    // The name is what it asks for, the address where it connects to: it resolves nothing.
    guard let name = ask.serverName else { return words + [ask.endpoint] }
    return words + ["--ip", ask.address.description, "\(name):\(ask.port)"]
  }

  /// Its status counts what went wrong on the way, and is 200 and more where it gave up (testssl.sh(1)).
  package func isDone(_ status: Int32) -> Bool { status < 200 }

  package func read(_ bytes: [UInt8], file: String) throws(DocumentError) -> ToolReport {
    try TestSSLReport.read(bytes, file: file)
  }
}
