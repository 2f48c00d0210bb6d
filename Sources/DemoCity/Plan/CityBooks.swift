internal import Glibc

/// The plan as files: what a hub imports, what `vigil scan` is given, and what must come of it.
package struct CityBooks {
  package let plan: CityPlan
  package let ports: CityPorts

  package init(_ plan: CityPlan, ports: CityPorts) { (self.plan, self.ports) = (plan, ports) }

  // MARK: inventory

  package func inventoryYAML(now: Int = time(nil)) -> String {
    var lines = ["# The inventory of a planned city: \(plan.openingLine).", "organisations:"]
    for body in plan.organisations {
      let parent = body.parent.isEmpty ? "" : " parent: \(body.parent),"
      lines.append(
        "  - {id: \(body.label),\(parent) name: {en: \(quoted(body.english)), zh: \(quoted(body.chinese))}, "
          + "contact: \(quoted("duty@\(body.label).\(CityNames.domain)"))}")
    }
    lines.append("platforms:")
    for platform in plan.platforms {
      lines.append(
        "  - {id: \(platform.id), name: \(quoted(platform.english)), networks: [\(quoted(platform.address + "/32"))]}")
    }
    if plan.platforms.isEmpty { lines[lines.count - 1] = "platforms: []" }
    lines.append("authorisations:")
    for body in plan.organisations {
      lines += [
        "  - id: order-\(body.label)", "    granted_by: \(quoted(body.english))",
        "    document: \(quoted("order \(body.label)"))",
        "    hosts: [\(quoted("*.\(body.label).\(CityNames.domain)"))]",
        "    networks: [\(CityPlan.networks.joined(separator: ", "))]", "    from: \(PlannedAnswer.day(-30, now: now))",
        "    until: \(PlannedAnswer.day(365, now: now))", "    up_to: probe",
      ]
    }
    lines.append("sites:")
    for site in plan.sites {
      let platform = site.platform.map { " platform: \($0)," } ?? ""
      lines.append(
        "  - {id: \(site.id), url: \(quoted(site.url(ports))), organisation: \(site.organisation),\(platform) "
          + "criticality: \(site.criticality), addresses: [\(quoted(site.address))], tags: [planned]}")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The sites alone: a table has a row a kind, and platforms stand in the YAML.
  package func inventoryCSV(now: Int = time(nil)) -> String {
    let names = Dictionary(plan.organisations.map { ($0.label, $0.chinese) }, uniquingKeysWith: { one, _ in one })
    var lines = [
      "url,id,organisation,organisation_name,criticality,tags,addresses,authorised_by,document,from,until,up_to,networks"
    ]
    for site in plan.sites {
      let fields = [
        site.url(ports), site.id, site.organisation, names[site.organisation] ?? "",
        site.criticality,
        "planned", site.address, names[site.organisation] ?? "", "order \(site.organisation)",
        PlannedAnswer.day(-30, now: now),
        PlannedAnswer.day(365, now: now), "probe", CityPlan.networks.joined(separator: ";"),
      ]
      lines.append(fields.joined(separator: ","))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Names are nobody's: each comes with its address (`vigil scan --targets-file`).
  package var targets: String { plan.sites.map { "\($0.url(ports)) \($0.address)\n" }.joined() }

  // MARK: truth

  /// A line a site: the checks that must say yes, and those (or groups, `tls.*`) of which nothing can be known. Every
  /// other check is *no*. The first line names every check that some trait plants.
  package func truth(_ traits: [Set<SiteTrait>]) -> String {
    let checks = Set(SiteTrait.allCases.flatMap(\.checks)).sorted()
    var lines = [
      "{\"type\":\"city\",\"seed\":\"\(plan.seed)\",\"sites\":\(plan.sites.count),\"checks\":\(list(checks))}"
    ]
    for (site, traits) in zip(plan.sites, traits) {
      let truth = CityTruth(site, traits)
      lines.append(
        "{\"type\":\"site\",\"site\":\"\(site.id)\",\"target\":\"\(site.url(ports))\",\"address\":\"\(site.address)\","
          + "\"traits\":\(list(traits.map(\.rawValue).sorted())),\"yes\":\(list(truth.yes.sorted())),"
          + "\"notDetermined\":\(list(truth.open.sorted()))}")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// A line an event, for the log of changes.
  package static func line(_ event: LiveCity.Event) -> String {
    "{\"type\":\"change\",\"time\":\(event.time),\"site\":\"\(event.site)\",\"what\":\"\(event.what)\","
      + "\"added\":\(list(event.added)),\"removed\":\(list(event.removed))}"
  }

  /// Of plain words.
  private static func list(_ words: [String]) -> String { "[" + words.map { "\"\($0)\"" }.joined(separator: ",") + "]" }
  private func list(_ words: [String]) -> String { CityBooks.list(words) }

  /// A YAML scalar in double quotes.
  private func quoted(_ text: String) -> String {
    "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }
}
