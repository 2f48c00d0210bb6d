package import Documents
internal import Records
internal import Wire

/// nmap's XML (`-oX`, nmap.dtd): `nmaprun > host > ports > port > state, service, script`.
package enum NmapReport {
  package static func read(_ bytes: [UInt8], file: String) throws(DocumentError) -> ToolReport {
    var limits = DocumentLimits()
    (limits.bytes, limits.depth, limits.values) = (ToolReport.bytesLimit, 32, 2_000_000)
    let root = try XMLDocument.parse(bytes, file: file, limits: limits)
    guard root.name == "nmaprun" else {
      throw DocumentError(.badValue, SourcePosition(file: file), "this is no report of nmap", hint: "use -oX FILE")
    }
    var report = ToolReport()
    report.version = root["version"]
    report.time = time(root["start"])
    let finished = root.first("runstats")?.first("finished")
    report.isWhole = finished?["exit"] == "success"
    for host in root.all("host") {
      let part = NmapHost(host)
      if host["timedout"] == "true" { report.isWhole = false }
      part.statements.forEach { report.add($0) }
      if report.facts.isEmpty { report.facts = part.facts }
    }
    return report
  }

  static func time(_ text: String?) -> Timestamp? {
    guard let seconds = text.flatMap({ Int64($0) }), (0...1 << 40).contains(seconds) else { return nil }
    return Timestamp(seconds: seconds)
  }
}

/// One address's part.
private struct NmapHost {
  private struct Port {
    var number: UInt16
    var state: String
    /// nmap's name; nil where it only looked the number up.
    var service: String?
    var words: String
    var isTLS: Bool
    var scripts: [XMLElement]
  }

  private let names: [String]
  private let ports: [Port]
  /// Ports that are not written one by one: closed or filtered, all alike.
  private let others: Int
  private let time: Timestamp?

  init(_ host: XMLElement) {
    let given = host.first("hostnames")?.all("hostname") ?? []
    let user = given.filter { $0["type"] == "user" }.compactMap { $0["name"] }
    let addresses = host.all("address").filter { $0["addrtype"] != "mac" }.compactMap { $0["addr"] }
    names = user.isEmpty ? addresses : user
    time = NmapReport.time(host["endtime"])
    let list = host.first("ports")
    others = (list?.all("extraports") ?? []).compactMap { $0["count"].flatMap { Int($0) } }.reduce(0) {
      min($0 + max($1, 0), 65_536)
    }
    ports = (list?.all("port") ?? []).compactMap { element in
      guard element["protocol"] == "tcp", let number = element["portid"].flatMap({ UInt16($0) }),
        let state = element.first("state")?["state"]
      else { return nil }
      let service = element.first("service")
      let isProbed = service?["method"] == "probed" && (service?["conf"].flatMap { Int($0) } ?? 0) >= 8
      let words = ["product", "version", "extrainfo"].compactMap { service?[$0] }.joined(separator: " ")
      return Port(
        number: number, state: state, service: isProbed ? service?["name"] : nil, words: words,
        isTLS: service?["tunnel"] == "ssl", scripts: element.all("script"))
    }
  }

  private var open: [Port] { ports.filter { $0.state == "open" } }

  var statements: [ToolStatement] {
    guard !names.isEmpty else { return [] }
    return names.prefix(8).flatMap { name in
      [
        exposed("port.database", .database, name), exposed("port.management", .management, name),
        exposed("port.cleartext", .cleartext, name),
      ] + ports.flatMap { port in port.scripts.compactMap { vulnerability($0, port, name) } }
    }
  }

  var facts: [Fact] {
    let list = open.map { "\($0.number)\($0.service.map { " \($0)" } ?? "")" }
    return [Fact("open ports", list.isEmpty ? "none" : list.prefix(40).joined(separator: ", "))]
  }

  /// Yes by what nmap recognised; an open port that it only knows by number is no proof, and no proof of the contrary.
  private func exposed(_ id: String, _ exposure: KnownPort.Exposure, _ name: String) -> ToolStatement {
    var certain: [String] = []
    var unclear: [UInt16] = []
    for port in open {
      if let service = port.service {
        if NmapMapping.exposure(service) == exposure { certain.append("\(port.number)/tcp \(service) \(port.words)") }
      } else if PortList.known(port.number)?.exposure == exposure {
        unclear.append(port.number)
      }
    }
    // As our own sweep: the weakness is the host's, whichever port it is seen at.
    let place = ToolPlace(host: name)
    if !certain.isEmpty {
      return ToolStatement(
        id, .yes, evidence: certain.prefix(20).joined(separator: ", "), place: place, time: time)
    }
    if let port = unclear.first {
      let reason =
        "\(port)/tcp is open, the port of \(PortList.known(port)?.service ?? ""), but nmap did not ask what it is"
      return ToolStatement(id, .notDetermined(reason: reason), place: place, time: time)
    }
    let tried = ports.count + others
    let answer: Observation.Answer = tried > 0 ? .no : .notDetermined(reason: "nmap tried no port")
    return ToolStatement(id, answer, evidence: "\(tried) ports tried", place: place, time: time)
  }

  /// What the `vulns` library writes: `<table key="CVE..."><elem key="state">VULNERABLE</elem>`. A script that wrote
  /// something else said nothing.
  private func vulnerability(_ script: XMLElement, _ port: Port, _ name: String) -> ToolStatement? {
    guard let id = script["id"] else { return nil }
    var states: [String] = []
    var title = ""
    for table in script.all("table") {
      for element in table.all("elem") {
        if element["key"] == "state" { states.append(element.text.uppercased()) }
        if element["key"] == "title" { title = element.text }
      }
    }
    guard let state = states.first(where: { !$0.hasPrefix("NOT") }) ?? states.first else { return nil }
    let answer: Observation.Answer? =
      state.hasPrefix("NOT VULNERABLE")
      ? .no : state.hasPrefix("VULNERABLE") ? .yes : nil
    guard let answer else { return nil }
    let scheme = port.isTLS || port.number == 443 ? "https" : port.number == 80 ? "http" : nil
    return ToolStatement(
      "script.\(id)", answer, title: "nmap \(id): \(title)", severity: .high, evidence: "\(port.number)/tcp: \(state)",
      place: ToolPlace(scheme: scheme, host: name, port: port.number), time: time)
  }
}
