package import Wire

/// A guard period (重大活动保障): from-to, some sites are looked at oftener and left alone by heavy scans.
package struct GuardPeriod: Codable, Sendable, Hashable, Identifiable {
  package var id: String
  package var name: String
  package var from: Timestamp
  package var until: Timestamp
  /// Sites by id, by tag, by organisation (those below it included). All three empty: every site.
  package var sites: [String]
  package var tags: [String]
  package var organisations: [String]
  /// Every interval is multiplied by it.
  package var cadenceFactor: Double
  /// Engines that do not run meanwhile.
  package var frozenEngines: [String]

  /// A tenth of the interval is as tight as it gets: the limits of politeness stay.
  package static let factors = 0.1...1.0
  /// Unless others are named: what asks a site for more than its visitors do.
  package static let usuallyFrozen = ["ports", "tls", "templates"]

  package init(
    id: String, name: String, from: Timestamp, until: Timestamp, sites: [String] = [], tags: [String] = [],
    organisations: [String] = [], cadenceFactor: Double = 0.5, frozenEngines: [String] = GuardPeriod.usuallyFrozen
  ) {
    self.id = id
    self.name = name
    self.from = from
    self.until = until
    self.sites = sites
    self.tags = tags
    self.organisations = organisations
    self.cadenceFactor = cadenceFactor
    self.frozenEngines = frozenEngines
  }

  package func isInForce(at time: Timestamp) -> Bool { from <= time && time < until }

  /// `lineage`: the site's organisation and all above it.
  package func covers(_ site: Site, lineage: [String]) -> Bool {
    if sites.isEmpty, tags.isEmpty, organisations.isEmpty { return true }
    return sites.contains(site.id) || site.tags.contains(where: tags.contains)
      || lineage.contains(where: organisations.contains)
  }
}
