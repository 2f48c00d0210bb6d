internal import Records
internal import Wire

/// A site as the schedule needs it: who permits it, who answers for it, what guards it now.
struct Place: Sendable {
  let site: Site
  /// The authorisations that name it, valid or not.
  let permits: [Authorisation]
  /// Its organisation and all above it.
  let lineage: [String]
  /// Guard periods in force.
  var factor = 1.0
  var frozen: [String: GuardPeriod] = [:]

  /// A tree deeper than this is a ring.
  static let deepestOrganisation = 32

  init(_ site: Site, _ book: AuthorisationBook, parents: [String: String]) {
    self.site = site
    permits = book.covering(site)
    var (lineage, next) = ([String](), site.organisation)
    while let organisation = next, lineage.count < Place.deepestOrganisation, !lineage.contains(organisation) {
      lineage.append(organisation)
      next = parents[organisation]
    }
    self.lineage = lineage
  }

  mutating func setGuards(_ guards: [GuardPeriod], at now: Timestamp) {
    (factor, frozen) = (1, [:])
    for period in guards where period.isInForce(at: now) && period.covers(site, lineage: lineage) {
      factor = min(factor, period.cadenceFactor)
      for engine in period.frozenEngines {
        if let other = frozen[engine], other.until >= period.until { continue }
        frozen[engine] = period
      }
    }
  }
}

/// Which authorisations name a host, found without asking all of them.
struct AuthorisationBook: Sendable {
  private let all: [Authorisation]
  private var exact: [String: [Int]] = [:]
  /// `*.example.org` under `example.org`.
  private var below: [String: [Int]] = [:]
  private var numbered: [Int] = []

  init(_ all: [Authorisation]) {
    self.all = all
    for (index, authorisation) in all.enumerated() {
      if !authorisation.networks.isEmpty { numbered.append(index) }
      for host in authorisation.hosts.map({ $0.lowercased() }) {
        if host.hasPrefix("*.") {
          below[String(host.dropFirst(2)), default: []].append(index)
        } else {
          exact[host, default: []].append(index)
        }
      }
    }
  }

  /// `Authorisation.covers` has the last word.
  func covering(_ site: Site) -> [Authorisation] {
    let host = site.host.lowercased()
    var found = Set(exact[host] ?? [])
    var rest = host[...]
    while let dot = rest.firstIndex(of: ".") {
      rest = rest[rest.index(after: dot)...]
      found.formUnion(below[String(rest)] ?? [])
    }
    let address = site.target.address
    if address != nil || IPAddress(host) != nil { found.formUnion(numbered) }
    return found.sorted().map { all[$0] }.filter { $0.covers(host: site.host, address: address) }
  }
}
