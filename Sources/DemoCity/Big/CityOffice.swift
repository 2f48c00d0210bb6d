internal import Synchronization

/// Certificates of the planned city, each made at its first visitor: keys are lent from a pool, since a key costs a
/// thousand times what a certificate does; each site's certificate is its own.
final class CityOffice: Sendable {
  /// What a site shows: the leaf, and what is sent behind it.
  final class Issued: Sendable {
    let leaf: Identity
    let chain: [Identity]
    init(_ leaf: Identity, _ chain: [Identity]) { (self.leaf, self.chain) = (leaf, chain) }
  }
  private struct Key: Hashable {
    var site: Int
    var traits: Set<SiteTrait>
    /// Counts renewals.
    var edition: Int
  }

  private static let curvePairs = 8
  private static let longPairs = 3
  private static let day = 86_400

  private let root: Identity
  private let first: Identity
  private let second: Identity
  private let outdated: Identity
  private let curves: [Identity]
  private let longs: [Identity]
  private let short: Identity
  private let issued = Mutex<[Key: Issued]>([:])

  init(root: Identity) throws(DemoError) {
    self.root = root
    func authority(_ name: String, _ issuer: Identity, until: Int = 5 * 365 * 86_400) throws(DemoError) -> Identity {
      try Identity(
        Identity.Request(name: name, from: -800 * CityOffice.day, until: until, isAuthority: true), issuer: issuer)
    }
    first = try authority("Xincheng Authority 1", root)
    second = try authority("Xincheng Authority 2", first)
    outdated = try authority("Xincheng Authority of Yesterday", root, until: -20 * CityOffice.day)
    func pair(_ key: Identity.Key) throws(DemoError) -> Identity { try Identity(.init(name: "pair", key: key)) }
    var (curves, longs): ([Identity], [Identity]) = ([], [])
    for _ in 0..<CityOffice.curvePairs { curves.append(try pair(.ec)) }
    for _ in 0..<CityOffice.longPairs { longs.append(try pair(.rsa(2048))) }
    (self.curves, self.longs, short) = (curves, longs, try pair(.rsa(1024)))
  }

  /// Nil where OpenSSL refuses to make it.
  func issue(to site: PlannedSite, _ traits: Set<SiteTrait>, edition: Int = 0) -> Issued? {
    let key = Key(
      site: site.number, traits: traits.filter { $0.part == .certificate || $0.needsRSA }, edition: edition)
    if let known = issued.withLock({ $0[key] }) { return known }
    guard let made = try? make(site, traits) else { return nil }
    return issued.withLock { table in
      if let known = table[key] { return known }
      table[key] = made
      return made
    }
  }

  private func make(_ site: PlannedSite, _ traits: Set<SiteTrait>) throws(DemoError) -> Issued {
    let day = CityOffice.day
    var request = Identity.Request(name: site.host, names: [site.host])
    (request.from, request.until) = (-10 * day, (60 + site.number % 200) * day)
    for trait in traits where trait.part == .certificate { CityOffice.spoil(&request, trait, site) }
    let isLong = site.usesRSA || traits.contains(where: \.needsRSA)
    let pair =
      traits.contains(.weakKey) ? short : isLong ? longs[site.number % longs.count] : curves[site.number % curves.count]
    if traits.contains(.selfSigned) { return Issued(try Identity(request, pair: pair), []) }
    if traits.contains(.chainOrder) {
      return Issued(try Identity(request, issuer: second, pair: pair), [first, second])
    }
    if traits.contains(.chainExpired) { return Issued(try Identity(request, issuer: outdated, pair: pair), [outdated]) }
    let leaf = try Identity(request, issuer: first, pair: pair)
    if traits.contains(.chainIncomplete) { return Issued(leaf, []) }
    if traits.contains(.chainDuplicate) { return Issued(leaf, [first, first]) }
    return Issued(leaf, traits.contains(.chainRoot) ? [first, root] : [first])
  }

  private static func spoil(_ request: inout Identity.Request, _ trait: SiteTrait, _ site: PlannedSite) {
    switch trait {
    case .expired: (request.from, request.until) = (-400 * day, -35 * day)
    case .notYetValid: request.from = 30 * day
    case .expiresSoon: request.until = (2 + site.number % 20) * day
    case .wrongName: (request.name, request.names) = ("other.test", ["other.test"])
    case .noNames: request.names = []
    case .suffixWildcard: request.names = [site.host, "*.com.cn"]
    case .weakSignature: request.digest = "SHA1"
    case .wrongUsage: request.purposes = "clientAuth"
    case .leafAuthority: (request.isAuthority, request.usage) = (true, "digitalSignature,keyCertSign")
    case .stapleMissing: request.demandsStaple = true
    default: break
    }
  }
}

extension SiteTrait {
  /// OpenSSL has its suite with RSA alone, or a curve of the certificate would hide it.
  var needsRSA: Bool { [.tlsNoForwardSecrecy, .tlsWeakGroup, .tlsWeakCurve].contains(self) }
}
