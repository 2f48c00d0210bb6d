package import Documents
internal import Records

/// ZAP's "traditional" JSON report: `site > alerts > instances`. A plug-in that raised nothing is not in it, so nothing
/// of it is ever a *no*. What ZAP sent and got is left out.
package enum ZAPReport {
  package static func read(_ bytes: [UInt8], file: String) throws(DocumentError) -> ToolReport {
    let root = try ToolJSON.parse(bytes, file: file)
    guard let sites = try? root["site"]?.list(), root["@version"] != nil || root["@generated"] != nil else {
      throw DocumentError(
        .badValue, root.position, "this is no report of ZAP", hint: "use the template traditional-json")
    }
    var report = ToolReport()
    report.version = ToolJSON.text(root, "@version")
    report.time = ToolJSON.text(root, "created").flatMap(ToolTime.read)
    for site in sites {
      for alert in (try? site["alerts"]?.list()) ?? [] { add(alert, site, &report) }
    }
    return report
  }

  private static func add(_ alert: DocumentValue, _ site: DocumentValue, _ report: inout ToolReport) {
    guard let plugin = ToolJSON.text(alert, "pluginid") else {
      report.left += 1
      return
    }
    let confidence = ToolJSON.text(alert, "confidence").flatMap { Int($0) } ?? 1
    // 0 is a person's word that it is none.
    guard confidence > 0 else { return }
    let reference = ToolJSON.text(alert, "alertRef") ?? plugin
    let id = ZAPMapping.checks[reference] != nil ? reference : plugin
    let name = ToolJSON.text(alert, "name") ?? ToolJSON.text(alert, "alert") ?? plugin
    let instances = (try? alert["instances"]?.list()) ?? []
    let whole = ToolURL.place(ToolJSON.text(site, "@name") ?? "")
    for instance in instances.isEmpty ? [alert] : instances {
      guard let place = ToolJSON.text(instance, "uri").flatMap(ToolURL.place) ?? whole else {
        report.left += 1
        continue
      }
      let parameter = ToolJSON.text(instance, "param").flatMap { $0.isEmpty ? nil : ToolText.line($0, limit: 120) }
      report.add(
        ToolStatement(
          id, .yes, title: "ZAP: \(name)", severity: severity(ToolJSON.text(alert, "riskcode")),
          evidence: "\(name) at \(place.path ?? "/")", place: place, parameter: parameter,
          confidence: [1: 30, 2: 60, 3: 80, 4: 95][confidence] ?? 30))
    }
  }

  private static func severity(_ code: String?) -> Severity {
    switch code {
    case "3": .high
    case "2": .medium
    case "1": .low
    default: .info
    }
  }
}
