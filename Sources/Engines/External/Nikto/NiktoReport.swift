package import Documents
internal import Records

/// nikto's JSON (`-Format json`), of 2.1.6 (one host as an object) and 2.5 (a list of hosts). nikto says what it saw and
/// never that something is absent, so nothing of it is ever a *no*.
package enum NiktoReport {
  package static func read(_ bytes: [UInt8], file: String) throws(DocumentError) -> ToolReport {
    let root = try ToolJSON.parse(bytes, file: file)
    var report = ToolReport()
    let hosts: [DocumentValue]
    if case .list(let list) = root.content { hosts = list } else { hosts = [root] }
    for host in hosts {
      guard let entries = try? host["vulnerabilities"]?.list() else {
        throw DocumentError(.badValue, host.position, "this is no report of nikto", hint: "use -Format json")
      }
      for entry in entries { add(entry, host, &report) }
    }
    return report
  }

  private static func add(_ entry: DocumentValue, _ host: DocumentValue, _ report: inout ToolReport) {
    guard let message = ToolJSON.text(entry, "msg"), let id = ToolJSON.text(entry, "id") else {
      report.left += 1
      return
    }
    let port = ToolJSON.text(host, "port").flatMap { UInt16($0) }
    let url = ToolJSON.text(entry, "url") ?? "/"
    let path = url.prefix { $0 != "?" && $0 != "#" }
    let place = ToolPlace(
      scheme: port == 443 ? "https" : port == 80 ? "http" : nil, host: ToolJSON.text(host, "host"), port: port,
      path: path.hasPrefix("/") ? String(path) : "/")
    let lower = message.lowercased()
    let known = NiktoMapping.phrases.first { lower.contains($0.phrase) }
    report.add(
      ToolStatement(
        known?.id ?? id, .yes, title: "nikto: \(message)", severity: .medium, evidence: "\(path): \(message)",
        place: place))
  }
}
