/// What of the city one may see and change: all of it, or some organisations with all that is theirs.
///
/// A row belongs to its site, and a hosting's row to the hosting; both belong to the organisation that answers for them
/// today. What belongs to no organisation (a row of an address that no site has, a sensor's silence) is seen by those who
/// see all.
package struct Purview: Sendable, Hashable {
  package var isAll: Bool
  /// With all that lie below those that were named.
  package var organisations: Set<String>
  package var sites: Set<String>
  package var platforms: Set<String>

  package static let all = Purview(isAll: true)

  package init(organisations: Set<String>, sites: Set<String>, platforms: Set<String>) {
    isAll = false
    self.organisations = organisations
    self.sites = sites
    self.platforms = platforms
  }

  private init(isAll: Bool) {
    self.isAll = isAll
    organisations = []
    sites = []
    platforms = []
  }

  /// What `roots` and all organisations below them answer for. A ring in the tree (which an import refuses) ends.
  package init(of roots: [String], organisations all: [Organisation], sites: [Site], platforms: [Platform]) {
    var children: [String: [String]] = [:]
    for organisation in all { organisation.parent.map { children[$0, default: []].append(organisation.id) } }
    var branch = Set(roots)
    var open = roots
    while let next = open.popLast() {
      for child in children[next] ?? [] where branch.insert(child).inserted { open.append(child) }
    }
    self.init(
      organisations: branch,
      sites: Set(sites.lazy.filter { $0.organisation.map(branch.contains) ?? false }.map(\.id)),
      platforms: Set(platforms.lazy.filter { $0.owner.map(branch.contains) ?? false }.map(\.id)))
  }

  package func has(site: String) -> Bool { isAll || sites.contains(site) }
  package func has(organisation: String) -> Bool { isAll || organisations.contains(organisation) }
  package func has(platform: String) -> Bool { isAll || platforms.contains(platform) }
  package func has(_ row: QueueRow) -> Bool { has(site: row.site, platform: row.platform) }

  /// It names a site or an organisation, and whichever it names is hers. One of a rule alone is of the whole city.
  package func has(_ suppression: Suppression) -> Bool {
    if isAll { return true }
    guard suppression.site != nil || suppression.organisation != nil else { return false }
    return suppression.site.map(sites.contains) ?? true
      && suppression.organisation.map(organisations.contains) ?? true
  }

  /// Of what belongs to a hosting the site says nothing: others stand there too.
  package func has(site: String?, platform: String?) -> Bool {
    if isAll { return true }
    if let platform { return platforms.contains(platform) }
    return site.map(sites.contains) ?? false
  }
}
