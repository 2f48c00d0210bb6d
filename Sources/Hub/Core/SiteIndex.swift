internal import Records
internal import Services
internal import Wire

/// Whose traffic or weakness it is: by the name asked for (Host, SNI), then by address and port. A value made anew
/// when the inventory changes.
struct SiteIndex: Sendable {
  private struct Endpoint: Hashable {
    let address: IPAddress
    let port: UInt16
  }
  private var hosts: [String: Site] = [:]
  private var endpoints: [Endpoint: Site] = [:]
  private var ids: [String: Site] = [:]
  private var platforms: [String: Platform] = [:]
  /// Of addresses at which one site stands alone: what such a server sends out by itself is the site's.
  private var residents: [IPAddress: Site?] = [:]
  /// By site: its own declared proxies, and those of its platform.
  private var proxies: [String: [IPPrefix]] = [:]
  private let home: [IPPrefix]

  init(sites: [Site], platforms: [Platform] = [], home: [IPPrefix]) {
    self.home = home
    for platform in platforms { self.platforms[platform.id] = platform }
    for site in sites {
      ids[site.id] = site
      let declared = site.proxies + (site.platform.flatMap { self.platforms[$0]?.proxies } ?? [])
      if !declared.isEmpty { proxies[site.id] = declared }
      let host = HostForm.normal(site.host)
      hosts["\(host):\(site.port)"] = site
      // A name without a port is the site that has it first; www. is the same house.
      for name in [host, HostForm.key(host)] where hosts[name] == nil { hosts[name] = site }
      for address in site.addresses + [IPAddress(site.host)].compactMap(\.self) {
        endpoints[Endpoint(address: address, port: site.port)] = site
        let other = residents[address] ?? site
        residents.updateValue(other?.host == site.host ? site : nil, forKey: address)
      }
    }
  }

  subscript(id: String) -> Site? { ids[id] }

  func owner(of alert: AlertRecord) -> SiteAttribution {
    if alert.signature.gid == HubAlert.gid {
      return SiteAttribution(site: nil, subject: alert.context.sensor ?? "hub")
    }
    if alert.signature.gid == Drill.gid, alert.requestedHost == nil {
      return SiteAttribution(site: nil, subject: "drill")
    }
    let ends = ends(of: alert)
    var (owner, isOutbound) = owner(of: alert, ends)
    (owner.remote, owner.isOutbound) = isOutbound ? (ends.server.address, true) : (ends.client.address, false)
    if !isOutbound, let peer = ends.client.address, let site = owner.site, let declared = proxies[site] {
      owner.client = ClientChain.client(
        of: peer, forwardedFor: alert.context.forwardedFor, forwarded: alert.context.forwarded, proxies: declared)
      owner.remote = owner.client ?? peer
    }
    return owner
  }

  /// Whose end of a flow it is, by the name that was asked for, else by address and port.
  func site(named name: String?, address: IPAddress, port: UInt16) -> Site? {
    name.flatMap { site(named: $0, port: port) } ?? endpoints[Endpoint(address: address, port: port)]
  }

  /// By the name asked for, then by address and port.
  private func owner(of alert: AlertRecord, _ ends: Ends) -> (SiteAttribution, isOutbound: Bool) {
    let isOutbound = isHome(ends.client.address) && !isHome(ends.server.address)
    if let name = alert.requestedHost, let site = site(named: name, port: ends.server.port),
      !isOutbound || site.addresses.isEmpty || ends.server.address.map(site.addresses.contains) ?? true
    {
      return (owned(site), false)
    }
    if let address = ends.server.address, let site = endpoints[Endpoint(address: address, port: ends.server.port)] {
      return (owned(site), false)
    }
    let own = isOutbound ? ends.client : ends.server
    // A server that asks has a port of the moment.
    if let client = ends.client.address, client != ends.server.address, let site = residents[client] ?? nil,
      isOutbound || !isHome(ends.server.address)
    {
      return (owned(site), true)
    }
    return (SiteAttribution(site: nil, subject: SiteIndex.subject(own.address, own.port)), isOutbound)
  }

  private struct Ends {
    var client: (address: IPAddress?, port: UInt16)
    var server: (address: IPAddress?, port: UInt16)
  }

  /// Which end asked. Where the alert does not say, a packet from one of our sites' ports is an answer.
  private func ends(of alert: AlertRecord) -> Ends {
    let source = (address: alert.source, port: alert.sourcePort)
    let destination = (address: alert.destination, port: alert.destinationPort)
    let isAnswer =
      alert.context.isToClient ?? alert.context.flow?.initiator.map { $0 == alert.destination && $0 != alert.source }
      ?? alert.source.map { endpoints[Endpoint(address: $0, port: alert.sourcePort)] != nil } ?? false
    return isAnswer ? Ends(client: destination, server: source) : Ends(client: source, server: destination)
  }

  private func isHome(_ address: IPAddress?) -> Bool { address.map { a in home.contains { $0.contains(a) } } ?? false }

  func owner(of observation: Observation) -> SiteAttribution {
    let target = observation.target
    guard let site = observation.site.flatMap({ ids[$0] }) ?? site(named: target.host, port: target.port) else {
      return SiteAttribution(site: observation.site, subject: target.host)
    }
    var owner = owned(site)
    if FindingScope.of(observation.check) == .platform, let platform = site.platform.flatMap({ platforms[$0] }) {
      (owner.platform, owner.platformOwner) = (platform.id, platform.owner)
    }
    return owner
  }

  private func site(named name: String, port: UInt16) -> Site? {
    let host = HostForm.normal(SiteIndex.hostPart(name))
    return hosts["\(host):\(port)"] ?? hosts[host] ?? hosts[HostForm.key(host)]
  }

  /// The host of `host:port`, as a Host line has it; an IPv6 address without brackets is no pair.
  private static func hostPart(_ name: String) -> String {
    guard let colon = name.lastIndex(of: ":"), !name[..<colon].contains(":") || name[..<colon].hasSuffix("]"),
      name[colon...].dropFirst().allSatisfy(\.isNumber)
    else { return name }
    return String(name[..<colon])
  }

  private func owned(_ site: Site) -> SiteAttribution {
    SiteAttribution(site: site.id, organisation: site.organisation, subject: site.host)
  }

  private static func subject(_ address: IPAddress?, _ port: UInt16) -> String {
    guard let address else { return "unknown" }
    return address.isV6 ? "[\(address)]:\(port)" : "\(address):\(port)"
  }
}
