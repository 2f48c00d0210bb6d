package import Records
internal import Wire

extension Inventory {
  /// What of it lies within `purview`: an inventory of its own. Of authorisations only what they say of its sites: the
  /// other hosts on the paper are other people's.
  package func within(_ purview: Purview) -> Inventory {
    if purview.isAll { return self }
    let sites = sites.filter { purview.has(site: $0.id) }
    return Inventory(
      organisations: organisations.filter { purview.has(organisation: $0.id) }.map { organisation in
        var organisation = organisation
        organisation.parent = organisation.parent.flatMap { purview.has(organisation: $0) ? $0 : nil }
        return organisation
      },
      platforms: platforms.filter { purview.has(platform: $0.id) }, sites: sites,
      authorisations: authorisations.compactMap { Inventory.part(of: $0, for: sites) })
  }

  private static func part(of authorisation: Authorisation, for sites: [Site]) -> Authorisation? {
    func covers(_ hosts: [String], _ networks: [IPPrefix]) -> Bool {
      var part = authorisation
      (part.hosts, part.networks) = (hosts, networks)
      return sites.contains { part.covers(host: $0.host, address: $0.target.address) }
    }
    guard covers(authorisation.hosts, authorisation.networks) else { return nil }
    var part = authorisation
    part.hosts = authorisation.hosts.filter { covers([$0], []) }
    part.networks = authorisation.networks.filter { covers([], [$0]) }
    return part
  }
}
