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
  /// Of addresses at which one site stands alone: what such a server sends out by itself is the site's.
  private var residents: [IPAddress: Site?] = [:]
  private let home: [IPPrefix]

  init(sites: [Site], home: [IPPrefix]) {
    self.home = home
    for site in sites {
      ids[site.id] = site
      hosts["\(site.host):\(site.port)"] = site
      // A name without a port is the site that has it first; www. is the same house.
      for name in [site.host, SiteIndex.bare(site.host)] where hosts[name] == nil { hosts[name] = site }
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
    let end = alert.protectedEnd(home: home)
    if let name = alert.requestedHost?.lowercased(), let site = site(named: name, port: end.port) { return owned(site) }
    if let address = end.address {
      if let site = endpoints[Endpoint(address: address, port: end.port)] { return owned(site) }
      // A server that asks has a port of the moment.
      if address == alert.source, address != alert.destination, let site = residents[address] ?? nil {
        return owned(site)
      }
    }
    return SiteAttribution(site: nil, subject: SiteIndex.subject(end.address, end.port))
  }

  func owner(of observation: Observation) -> SiteAttribution {
    if let site = observation.site.flatMap({ ids[$0] }) { return owned(site) }
    let target = observation.target
    if let site = site(named: target.host.lowercased(), port: target.port) { return owned(site) }
    return SiteAttribution(site: observation.site, subject: target.host)
  }

  private func site(named name: String, port: UInt16) -> Site? {
    if let exact = hosts[name] ?? hosts["\(name):\(port)"] { return exact }
    let host = name.last.map(\.isNumber) == true ? name.split(separator: ":").first.map(String.init) ?? name : name
    return hosts[host] ?? hosts[SiteIndex.bare(host)]
  }

  private func owned(_ site: Site) -> SiteAttribution {
    SiteAttribution(site: site.id, organisation: site.organisation, subject: site.host)
  }

  private static func bare(_ host: String) -> String { host.hasPrefix("www.") ? String(host.dropFirst(4)) : host }

  private static func subject(_ address: IPAddress?, _ port: UInt16) -> String {
    guard let address else { return "unknown" }
    return address.isV6 ? "[\(address)]:\(port)" : "\(address):\(port)"
  }
}
