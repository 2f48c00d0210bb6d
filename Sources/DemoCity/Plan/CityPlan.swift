/// A city of N sites from one seed: who answers for them, where they lie, what is wrong with each. Pure: the same seed
/// and numbers give the same plan, and a larger city begins with the sites of a smaller one.
package struct CityPlan: Sendable {
  package let seed: UInt64
  package let organisations: [PlannedOrganisation]
  package let platforms: [PlannedPlatform]
  package let sites: [PlannedSite]

  /// Issue's bound: addresses and names are made for so many.
  package static let largest = 5000
  /// Own addresses lie in 127.32.0.0/16, platforms in 127.33.0.0/16.
  package static let networks = ["127.32.0.0/16", "127.33.0.0/16"]
  /// Of eight sites one lives on a platform, with up to 24 others.
  private static let platformShare = 8
  private static let sitesAPlatform = 25
  /// Of eight sites one has one trait alone, each trait in its turn: any city of 1,200 sites has them all, and a scanner
  /// that misses one has a site where nothing else is wrong.
  private static let plantingSeat = 3

  /// - Parameter faults: sites of a thousand that stall, reset, answer without end, or talk no TLS at all.
  package init(seed: UInt64, sites count: Int, faults: Int = 0) {
    self.seed = seed
    let count = min(max(count, 1), CityPlan.largest)
    organisations = CityNames.organisations
    let hosted = (0..<count).filter { $0 % CityPlan.platformShare == 5 }
    let platforms = (0..<(hosted.count + CityPlan.sitesAPlatform - 1) / CityPlan.sitesAPlatform).map {
      CityPlan.platform($0, seed)
    }
    let bodies = organisations
    self.platforms = platforms
    let planted = CityPlan.planted(seed)
    sites = (0..<count).map { number in
      let seat = number / CityPlan.platformShare
      let platform = number % CityPlan.platformShare == 5 ? platforms[seat / CityPlan.sitesAPlatform] : nil
      let isFirst = platform == nil || seat % CityPlan.sitesAPlatform == 0
      var site = CityPlan.site(number, seed, bodies, platform, isFirst: isFirst, faults: faults)
      if number % CityPlan.platformShare == CityPlan.plantingSeat {
        CityPlan.plant(planted[seat % planted.count], in: &site)
      }
      return site
    }
  }

  package var openingLine: String { "seed \(seed), \(sites.count) sites, \(platforms.count) platforms" }

  // MARK: drawing

  /// Each trait once, in the seed's order; without those that keep a scanner waiting, which are `faults`.
  private static func planted(_ seed: UInt64) -> [SiteTrait] {
    var random = CityRandom(seed: seed, part: 0x3_0000_0000)
    var left = SiteTrait.allCases.filter { $0 != .stalls && $0 != .endless }
    var order: [SiteTrait] = []
    while !left.isEmpty { order.append(left.remove(at: random.below(left.count))) }
    return order
  }

  private static func plant(_ trait: SiteTrait, in site: inout PlannedSite) {
    site.isPlain = trait == .plainOnly || trait == .plainPassword
    site.traits = fitting([trait], isPlain: site.isPlain)
  }

  private static func platform(_ number: Int, _ seed: UInt64) -> PlannedPlatform {
    var random = CityRandom(seed: seed, part: 0x1_0000_0000 + UInt64(number))
    return PlannedPlatform(
      id: "hosting-\(number + 1)", english: "Shared hosting \(number + 1)",
      address: "127.33.\(number / 250).\(number % 250 + 1)",
      traits: CityPlan.draw(from: [.tls], of: &random))
  }

  private static func site(
    _ number: Int, _ seed: UInt64, _ bodies: [PlannedOrganisation], _ platform: PlannedPlatform?, isFirst: Bool,
    faults: Int
  ) -> PlannedSite {
    var random = CityRandom(seed: seed, part: UInt64(number))
    let body = bodies[random.below(bodies.count)]
    let service = CityNames.services[random.below(CityNames.services.count)]
    let rank = random.below(20)
    let isPlain = platform == nil && random.below(25) == 0
    let parts: [SiteTrait.Part] =
      platform == nil
      ? [.tls, .certificate, .head, .body, .path, .content, .port] : [.certificate, .head, .body, .path, .content]
    var traits = draw(from: parts, of: &random).union(platform?.traits ?? [])
    if platform == nil, random.below(1000) < faults {
      let kinds: [SiteTrait] = [.stalls, .resets, .endless, .garbage, .plainOnTLS]
      traits = [kinds[random.below(kinds.count)]]
    } else if random.below(400) == 0 {
      let kinds: [SiteTrait] = [.serverError, .blocking, .slow]
      traits = traits.filter { $0.part != .content }.union([kinds[random.below(kinds.count)]])
    }
    let usesRSA = random.below(6) == 0
    return PlannedSite(
      number: number, id: "s\(number)", host: "\(service)\(number).\(body.label).\(CityNames.domain)",
      organisation: body.label, platform: platform?.id,
      address: platform?.address ?? "127.32.\(number / 250).\(number % 250 + 1)",
      criticality: rank == 0 ? "critical" : rank < 5 ? "important" : "ordinary", isPlain: isPlain, usesRSA: usesRSA,
      entropy: random.next(), traits: fitting(traits, isPlain: isPlain), isFirstOfAddress: isFirst)
  }

  /// Each trait at one site of 200 besides: most sites have one or none, some have several together.
  private static let share = 200

  private static func draw(from parts: [SiteTrait.Part], of random: inout CityRandom) -> Set<SiteTrait> {
    var drawn: Set<SiteTrait> = []
    for trait in SiteTrait.allCases where parts.contains(trait.part) && random.below(share) == 0 {
      let clash = SiteTrait.exclusive.contains { $0.contains(trait) && !$0.isDisjoint(with: drawn) }
      if !clash { drawn.insert(trait) }
    }
    return drawn
  }

  /// Without what another trait, or the scheme, would hide.
  static func fitting(_ traits: Set<SiteTrait>, isPlain: Bool) -> Set<SiteTrait> {
    var traits = traits
    if isPlain {
      traits = traits.filter {
        ![.tls, .certificate, .fault].contains($0.part) || [.stalls, .resets, .endless].contains($0)
      }
      traits.subtract([
        .noHSTS, .shortHSTS, .hstsNoSubdomains, .cookieNoSecure, .cookiePrefix, .mixedActive, .mixedPassive, .plainForm,
        .contactMissing, .contactInvalid, .contactExpired, .redirectLoop, .redirectOther, .redirectDowngrade,
      ])
      traits.insert(.plainOnly)
    } else {
      traits.subtract([.plainOnly, .plainPassword])
    }
    let hidesPage: Set<SiteTrait> = [.redirectLoop, .redirectOther, .redirectDowngrade, .parked]
    if !traits.isDisjoint(with: hidesPage) {
      traits = traits.filter { ![.head, .body, .content].contains($0.part) || hidesPage.contains($0) }
    }
    if traits.contains(.defaced) { traits = traits.filter { ![.body, .content].contains($0.part) || $0 == .defaced } }
    if traits.contains(where: { [.serverError, .blocking].contains($0) }) {
      traits = traits.filter { ![.head, .body, .path, .content].contains($0.part) }
    }
    if traits.contains(where: \.isMute) { traits = traits.filter { $0.part == .fault || $0 == .plainOnly } }
    return traits
  }
}

extension SiteTrait {
  /// Nothing of the site can be seen behind it.
  package var isMute: Bool { [.stalls, .resets, .garbage, .plainOnTLS].contains(self) }
}
