internal import Records
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
  private let home: [IPPrefix]

  init(sites: [Site], platforms: [Platform] = [], home: [IPPrefix]) {
    self.home = home
    for platform in platforms { self.platforms[platform.id] = platform }
    for site in sites {
      ids[site.id] = site
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
    let end = alert.protectedEnd(home: home)
    if let name = alert.requestedHost, let site = site(named: name, port: end.port) { return owned(site) }
    if let address = end.address {
      if let site = endpoints[Endpoint(address: address, port: end.port)] { return owned(site) }
      // A server that asks has a port of the moment.
      if address == alert.source, address != alert.destination, let site = residents[address] ?? nil {
        return owned(site)
      }
    }
    return SiteAttribution(site: nil, subject: SiteIndex.subject(end.address, end.port))
  }

  /// The end that is not ours; nil for an alert of Vigil's own, which is no attack. A rule may match on the answer: then
  /// its source is our server.
  func attacker(of alert: AlertRecord) -> String? {
    guard alert.signature.gid != HubAlert.gid else { return nil }
    let isOurs =
      alert.protectedEnd(home: home).address != alert.destination
      || alert.source.map { endpoints[Endpoint(address: $0, port: alert.sourcePort)] != nil } ?? false
    return (isOurs ? alert.destination : alert.source)?.description
  }

  /// Whose end of a flow it is, by the name that was asked for, else by address and port.
  func site(named name: String?, address: IPAddress, port: UInt16) -> Site? {
    name.flatMap { site(named: $0, port: port) } ?? endpoints[Endpoint(address: address, port: port)]
  }

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
