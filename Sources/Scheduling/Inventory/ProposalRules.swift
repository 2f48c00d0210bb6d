package import Records
internal import Wire

/// Which sightings are worth a person's look, and what a person's yes does. A value made anew with the inventory.
package struct ProposalRules: Sendable {
  private let hosts: Set<String>
  private let sites: [String: Site]
  private let policy: AddressPolicy

  package init(_ inventory: Inventory, addresses: AddressPolicy) {
    hosts = Set(inventory.sites.map(\.host))
    sites = Dictionary(inventory.sites.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    policy = addresses
  }

  /// Left out are hosts that the inventory has, patterns (`*.example.cn` is no host), what is no name at all, and
  /// addresses that are refused anyway.
  package func proposals(of sighting: Sighting) -> [Proposal] {
    guard let site = sites[sighting.site] else { return [] }
    var seen: Set<String> = []
    return sighting.values.prefix(Sighting.valueLimit).compactMap { text in
      guard let value = sighting.kind == .address ? newAddress(text, of: site) : newHost(text),
        seen.insert(value).inserted
      else { return nil }
      return Proposal(
        id: ProposalRules.id(sighting.site, sighting.kind, value), site: sighting.site, kind: sighting.kind,
        value: value, engine: sighting.engine, firstSeen: sighting.time, lastSeen: sighting.time)
    }
  }

  /// Twelve hexadecimal digits: short enough to type, and 48 bits keep some thousands apart.
  static func id(_ site: String, _ kind: Sighting.Kind, _ value: String) -> String {
    let text = [site, kind.rawValue, value].map { "\($0.utf8.count):\($0)" }.joined()
    return SHA256.hex(SHA256.digest(Array(text.utf8)).prefix(6))
  }

  private func newHost(_ text: String) -> String? {
    // A redirect may name a port besides; the site that comes of it has its scheme's.
    let name = text.count(where: { $0 == ":" }) == 1 ? text.prefix { $0 != ":" } : text[...]
    guard !name.hasPrefix("*"), let host = try? HostName.normal(name), !hosts.contains(host) else { return nil }
    if let address = IPAddress(host) { return policy.refusal(of: address) == nil ? host : nil }
    return host.contains(".") ? host : nil
  }

  private func newAddress(_ text: String, of site: Site) -> String? {
    guard let address = IPAddress(text), policy.refusal(of: address) == nil, !site.addresses.contains(address),
      IPAddress(site.host) != address
    else { return nil }
    return address.description
  }
}

extension Inventory {
  /// What acceptance makes of it: a host becomes a site of the same organisation, an address one of its site's. No
  /// authorisation comes of it. Nil where its site is gone, or nothing would change.
  package func accepting(_ proposal: Proposal) -> Inventory? {
    guard let index = sites.firstIndex(where: { $0.id == proposal.site }) else { return nil }
    var next = self
    if proposal.kind == .address {
      guard let address = IPAddress(proposal.value), !sites[index].addresses.contains(address) else { return nil }
      next.sites[index].addresses.append(address)
      return next
    }
    let scheme = sites[index].scheme
    var site = Site(SiteAddress(scheme: scheme, host: proposal.value, port: scheme == "https" ? 443 : 80))
    guard !sites.contains(where: { $0.url == site.url }) else { return nil }
    if sites.contains(where: { $0.id == site.id }) { site.id = site.url }
    guard !sites.contains(where: { $0.id == site.id }) else { return nil }
    site.organisation = sites[index].organisation
    next.sites.append(site)
    return next
  }
}
