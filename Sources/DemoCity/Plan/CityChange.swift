/// One thing that changes at one site between two looks.
package struct CityChange: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    /// Somebody else's page in place of the home page.
    case defaced
    /// What stands before the site answers, the site does not.
    case down
    /// A trait comes that was not there, or one goes.
    case worse, better
  }

  package var site: Int
  package var kind: Kind
  package var added: Set<SiteTrait> = []
  package var removed: Set<SiteTrait> = []
}

extension CityPlan {
  /// What changes before round `round` (2 and on) at so many sites of a thousand, from the seed alone.
  ///
  /// - Parameter traits: of each site as they are now.
  package func changes(
    round: Int, perThousand: Int = 50, kinds: [CityChange.Kind] = [.worse, .better], traits: [Set<SiteTrait>]? = nil
  ) -> [CityChange] {
    var random = CityRandom(seed: seed, part: 0x2_0000_0000 + UInt64(truncatingIfNeeded: round))
    let count = max(1, sites.count * perThousand / 1000)
    var places = Array(sites.indices)
    var changes: [CityChange] = []
    while changes.count < count, !places.isEmpty, !kinds.isEmpty {
      let site = sites[places.remove(at: random.below(places.count))]
      let now = traits?[site.number] ?? site.traits
      let kind = kinds[random.below(kinds.count)]
      if let change = CityPlan.change(site, now, kind, &random) { changes.append(change) }
    }
    return changes.sorted { $0.site < $1.site }
  }

  /// What comes or goes between rounds: each alone, seen by any look, and hidden by nothing.
  static let movable: [SiteTrait] = [
    .noHSTS, .serverVersion, .noPolicy, .noSniffing, .noFraming, .noReferrer, .cookieNoHTTPOnly, .exposedGit,
    .exposedEnvironment, .exposedDump, .directoryListing, .methodTrace, .corsNull, .errorVersion, .contactExpired,
  ]

  private static func change(
    _ site: PlannedSite, _ now: Set<SiteTrait>, _ kind: CityChange.Kind, _ random: inout CityRandom
  ) -> CityChange? {
    let hiding: [SiteTrait] = [
      .redirectLoop, .redirectOther, .redirectDowngrade, .parked, .serverError, .blocking, .slow, .endless,
    ]
    guard !now.contains(where: { $0.isMute || hiding.contains($0) }) else { return nil }
    switch kind {
    case .defaced: return CityChange(site: site.number, kind: kind, added: [.defaced])
    case .down: return CityChange(site: site.number, kind: kind, added: [.serverError])
    case .worse:
      let free = movable.filter { trait in
        !now.contains(trait) && fitting(now.union([trait]), isPlain: site.isPlain).contains(trait)
          && !SiteTrait.exclusive.contains { $0.contains(trait) && !$0.isDisjoint(with: now) }
      }
      return free.isEmpty ? nil : CityChange(site: site.number, kind: kind, added: [free[random.below(free.count)]])
    case .better:
      let there = movable.filter(now.contains)
      return there.isEmpty
        ? nil : CityChange(site: site.number, kind: kind, removed: [there[random.below(there.count)]])
    }
  }
}
