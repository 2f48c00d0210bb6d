internal import Glibc

/// The city's inventory and configuration as YAML.
enum CityText {
  // MARK: inventory

  static func inventory(ports: CityPorts, now: Int) -> String {
    var lines = [
      "# The demonstration city's inventory; written at every start of vigil up --demo.", "organisations:",
      "  - {id: city, name: {en: \(quoted(CityTable.english)), zh: \(quoted(CityTable.chinese))}}",
    ]
    for organisation in CityTable.organisations {
      lines.append(
        "  - {id: \(organisation.label), parent: city, name: {en: \(quoted(organisation.english)), "
          + "zh: \(quoted(organisation.chinese))}, contact: \(quoted("duty@\(organisation.label).\(CityTable.domain)"))}"
      )
    }
    lines.append("authorisations:")
    for organisation in CityTable.organisations { lines += authorisation(organisation, now) }
    lines.append("sites:")
    for site in CityTable.sites {
      lines.append(
        "  - {id: \(site.id), url: \(quoted(site.url(ports))), organisation: \(site.organisation), "
          + "criticality: \(site.criticality), addresses: [\(quoted(site.address))], tags: [demo]}")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Nothing where it is missing: that is the point of it.
  private static func authorisation(_ organisation: CityOrganisation, _ now: Int) -> [String] {
    let (from, until, reach): (Int, Int, String)
    switch organisation.permission {
    case .valid(let upTo, let days): (from, until, reach) = (-30, days, upTo)
    case .expired: (from, until, reach) = (-400, -35, "probe")
    case .missing: return []
    }
    return [
      "  - id: demo-\(organisation.label)", "    granted_by: \(quoted(organisation.english))",
      "    document: \(quoted("demonstration order \(organisation.number)"))",
      "    hosts: [\(quoted("*.\(organisation.label).\(CityTable.domain)"))]",
      "    networks: [\(organisation.network)]", "    from: \(day(now, from))", "    until: \(day(now, until))",
      "    up_to: \(reach)",
    ]
  }

  /// UTC, as `2026-11-22`.
  private static func day(_ now: Int, _ days: Int) -> String {
    var moment = now + days * 86_400
    var parts = unsafe tm()
    unsafe gmtime_r(&moment, &parts)
    func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let (year, month, date) = unsafe (parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday)
    return "\(year)-\(two(month))-\(two(date))"
  }

  // MARK: configuration

  /// - Parameter user: who the sensor stays: it reads one file of its own, so there is nobody to become.
  static func configuration(_ folder: CityFolder, user: String) -> String {
    """
    # The demonstration's configuration; written at every start of vigil up --demo.
    city: \(quoted(CityTable.english))
    data: \(quoted(folder.path))
    inventory: [inventory.yaml]
    sensor:
      # The demonstration starts its own sensor, which replays traffic.pcap and captures nothing.
      enabled: no
      name: sensor-demo
      user: \(quoted(user))
    rules:
      variables:
        HOME_NET: "[\(CityTable.network),\(CityTraffic.offices)]"
        EXTERNAL_NET: any
    eve:
      rotateSize: 32mb
      keep: 2
    scan:
      allow: [127.0.0.0/8]
      # No names are asked for: those of the city are nobody else's business.
      engines: [availability, tls, certificate, http, content]
      interval: 2m
      jitter: 0.3
      connectionsPerAddress: 4
      connectsPerSecond: 100
      requestsPerSecond: 100
    retention:
      age: 7d
      size: 1gb

    """
  }

  /// A YAML scalar in double quotes.
  private static func quoted(_ text: String) -> String {
    "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }
}
