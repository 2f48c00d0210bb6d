internal import Records

/// What the sweep and the dialogues mean.
struct PortsJudgement {
  let wanted: [UInt16]
  let states: [UInt16: PortState]
  let found: [UInt16: ServiceDialogue.Finding]
  let failure: ConnectionFailure?
  let known: PortsMemory?
  /// What differs from the earlier look is taken over.
  var acceptsChange = false

  private var open: [UInt16] { states.filter { $0.value == .open }.map(\.key).sorted() }
  private var untried: Int { wanted.count - states.count }

  var answers: [CheckAnswer] {
    [
      exposed("ports.database.exposed", .database), exposed("ports.management.exposed", .management),
      exposed("ports.cleartext.exposed", .cleartext), unexpected, vanished,
    ]
  }

  /// Yes by what was recognised. A port that is open and tells nothing is no proof, and no proof of the contrary.
  private func exposed(_ id: String, _ exposure: KnownPort.Exposure) -> CheckAnswer {
    var certain: [String] = []
    var unclear: [UInt16] = []
    for port in open {
      switch found[port] {
      case .service(let banner)?:
        guard PortList.exposure(ofService: banner.service) == exposure || isRoleOfPort(port, banner, exposure) else {
          continue
        }
        certain.append("\(port)/tcp \(banner.service)")
      case .tls?, .unknown?, nil: if PortList.known(port)?.exposure == exposure { unclear.append(port) }
      }
    }
    if !certain.isEmpty { return CheckAnswer(id, .yes, certain.prefix(20).joined(separator: ", ")) }
    if let port = unclear.first {
      let service = PortList.known(port)?.service ?? ""
      return open(id, "\(port)/tcp is open, the port of \(service), but does not tell what it is")
    }
    return untried > 0 ? open(id, remainder) : CheckAnswer(id, .no, "\(states.count) ports tried")
  }

  /// An HTTP answer on the port of an HTTP database or console is that service's door.
  private func isRoleOfPort(_ port: UInt16, _ banner: ServiceBanner, _ exposure: KnownPort.Exposure) -> Bool {
    guard banner.service == "http", let known = PortList.known(port), known.exposure == exposure else { return false }
    return PortsJudgement.overHTTP.contains(known.service)
  }
  private static let overHTTP: Set<String> = [
    "elasticsearch", "couchdb", "kibana", "prometheus", "consul", "rabbitmq", "docker", "etcd", "clickhouse", "neo4j",
    "glassfish", "activemq", "webmin", "winrm", "hadoop",
  ]

  private var unexpected: CheckAnswer {
    let id = "ports.unexpected"
    guard let known else { return open(id, "does not apply: there is no earlier look to compare with") }
    let new = open.filter { known.tried.contains($0) && !known.open.contains($0) }
    if !new.isEmpty { return told(id, new) }
    return untried > 0 ? open(id, remainder) : CheckAnswer(id, .no, "\(open.count) open as before or never tried")
  }

  private var vanished: CheckAnswer {
    let id = "ports.vanished"
    guard let known else { return open(id, "does not apply: there is no earlier look to compare with") }
    let gone = known.open.filter { states[$0] == .closed }
    if !gone.isEmpty { return told(id, gone) }
    let unclear = known.open.filter { states[$0] != .open }
    return unclear.isEmpty
      ? CheckAnswer(id, .no) : open(id, "\(list(unclear)) did not answer: filtered, or not tried")
  }

  private func told(_ id: String, _ ports: [UInt16]) -> CheckAnswer {
    acceptsChange ? CheckAnswer(id, .no, "accepted: \(list(ports))") : CheckAnswer(id, .yes, list(ports))
  }

  var facts: [Fact] {
    var facts = [
      Fact("open ports", open.isEmpty ? "none" : list(open)),
      Fact("closed ports", "\(states.values.count { $0 == .closed })"),
      Fact("filtered ports", "\(states.values.count { $0 == .filtered })"),
    ]
    for (port, finding) in found.sorted(by: { $0.key < $1.key }) { facts.append(Fact("\(port)/tcp", text(finding))) }
    return facts
  }

  /// The accepted set stays until somebody accepts another: what differs from it is told at every look. Ports that were
  /// never tried are taken over as they are first seen, and a port cut off by the deadline is not a closed one.
  var memory: PortsMemory? {
    guard failure == nil, untried == 0 else { return nil }
    let tried = Set(states.keys).union(known?.tried ?? [])
    guard let known, !acceptsChange else {
      let kept = (known?.open ?? []).filter { states[$0] == .filtered || states[$0] == nil }
      return PortsMemory(tried: tried.sorted(), open: Set(open + kept).sorted())
    }
    let before = Set(known.tried)
    let fresh = open.filter { !before.contains($0) }
    return PortsMemory(tried: tried.sorted(), open: Set(known.open + fresh).sorted())
  }

  private func text(_ finding: ServiceDialogue.Finding) -> String {
    switch finding {
    case .service(let banner): banner.version.isEmpty ? banner.service : "\(banner.service): \(banner.version)"
    case .tls: "tls"
    case .unknown(let what): "unknown, \(what)"
    }
  }
  private var remainder: String {
    "\(untried) of \(wanted.count) ports were not tried: \(failure?.sentence ?? "deadline")"
  }
  private func list(_ ports: [UInt16]) -> String {
    ports.prefix(40).map(String.init).joined(separator: ", ") + (ports.count > 40 ? ", ..." : "")
  }
  private func open(_ id: String, _ reason: String) -> CheckAnswer { CheckAnswer(id, .notDetermined(reason: reason)) }
}
