internal import Records
internal import Wire

/// The zone's servers, each asked itself.
enum NameServers {
  /// Delegations name up to 13; what eight of them say suffices.
  static let serverLimit = 8

  static func addresses(of name: String, _ look: DNSLook) -> [IPAddress] {
    (look.ask(name, .a).value?.addresses ?? []) + (look.ask(name, .aaaa).value?.addresses ?? [])
  }
}

extension DNSLook {
  private struct Survey {
    var lame: [String] = []
    var serials: [UInt32: [String]] = [:]
    var recursive: [String] = []
    var generous: [String] = []
    /// Per check, why some server was not judged.
    var open: [String: String] = [:]
  }
  /// A name outside every zone of ours that is always there (RFC 2606).
  static let foreignName = "example.com"

  mutating func servers(isIntrusive: Bool) {
    let ids = ["dns.ns.lame", "dns.soa.serials", "dns.ns.recursion"] + (isIntrusive ? ["dns.zone_transfer"] : [])
    guard let zone, !nameServers.isEmpty else {
      for id in ids { leave(id, because: zoneReason) }
      return
    }
    var survey = Survey()
    for name in nameServers.prefix(NameServers.serverLimit) where !context.isStopped && !context.deadline.isPast {
      // One address a server: two of one machine say the same.
      let found = NameServers.addresses(of: name, self)
      guard let address = found.first(where: { NameServerClient.refusal(of: $0, context) == nil }) else {
        let reason = found.first.flatMap { NameServerClient.refusal(of: $0, context) } ?? "\(name) has no address"
        for id in ids { survey.open[id] = reason }
        continue
      }
      let endpoint = Endpoint(address: address, port: context.settings.resolver.authorityPort)
      visit(NameServerClient(context: context, endpoint: endpoint), name, zone, isIntrusive, &survey)
    }
    if context.isStopped || context.deadline.isPast {
      for id in ids { survey.open[id] = context.isStopped ? "stopped" : "deadline" }
    }
    conclude("dns.ns.lame", survey.lame, survey)
    let serials = survey.serials.sorted { $0.key < $1.key }.map { "\($0.key) at \($0.value.joined(separator: " "))" }
    conclude("dns.soa.serials", serials.count > 1 ? serials : [], survey)
    conclude("dns.ns.recursion", survey.recursive, survey)
    if isIntrusive { conclude("dns.zone_transfer", survey.generous, survey) }
  }

  private mutating func conclude(_ id: String, _ weak: [String], _ survey: Survey) {
    if weak.isEmpty, let reason = survey.open[id] { return leave(id, because: reason) }
    add(id, !weak.isEmpty, weak.joined(separator: ", "))
  }

  private func visit(
    _ client: NameServerClient, _ name: String, _ zone: String, _ isIntrusive: Bool, _ survey: inout Survey
  ) {
    do throws(ConnectionFailure) {
      let answer = try client.ask(zone, .soa)
      let serial = answer.records(.answer).lazy.compactMap { record -> UInt32? in
        if case .soa(_, _, let serial, _, _, _, _) = record.data { serial } else { nil }
      }.first
      if answer.header.isAuthoritative, answer.header.responseCode == 0, let serial {
        survey.serials[serial, default: []].append(name)
      } else {
        let code = DNSResponseCode.name(answer.extendedResponseCode)
        survey.lame.append("\(name) answers \(code)\(answer.header.isAuthoritative ? "" : " without authority")")
      }
    } catch {
      for id in ["dns.ns.lame", "dns.soa.serials"] { survey.open[id] = "\(name): \(error.sentence)" }
    }
    do throws(ConnectionFailure) {
      let answer = try client.ask(DNSLook.foreignName, .a, recursion: true)
      let isResolved = answer.header.responseCode == 0 && !answer.records(.answer).isEmpty
      if answer.header.recursionAvailable, isResolved { survey.recursive.append(name) }
      // It offers recursion and neither resolved nor refused: an upstream that was away for a moment.
      if answer.header.recursionAvailable, !isResolved, answer.header.responseCode != 5 {
        let code = DNSResponseCode.name(answer.extendedResponseCode)
        survey.open["dns.ns.recursion"] = "\(name) offers recursion and answers \(code) without an address"
      }
    } catch {
      survey.open["dns.ns.recursion"] = "\(name): \(error.sentence)"
    }
    if isIntrusive { transfer(client, name, zone, &survey) }
  }

  private func transfer(_ client: NameServerClient, _ name: String, _ zone: String, _ survey: inout Survey) {
    do throws(ConnectionFailure) {
      let records = try client.transfer(zone).flatMap { $0.records(.answer) }
      // A lone SOA is no transfer: it is what some servers answer to anything.
      if records.first?.type == .soa, records.count > 1 { survey.generous.append(name) }
    } catch {
      switch error {
      // No TCP, no transfer. To close or reset may be a no, or a server that sheds load: it stays open.
      case .connectionRefused: break
      default: survey.open["dns.zone_transfer"] = "\(name): \(error.sentence)"
      }
    }
  }
}
