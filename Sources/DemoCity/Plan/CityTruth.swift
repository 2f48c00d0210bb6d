/// What is true of one site with certain traits, check by check, as far as a scanner of the class *probe* can see it.
/// Made of the plan alone: no engine has a say in it.
package struct CityTruth: Hashable, Sendable {
  package enum Answer: String, Hashable, Sendable { case yes, no, notDetermined }

  /// Checks that must say *yes*.
  package private(set) var yes: Set<String>
  /// Checks, or groups that end in `.*`, of which nothing can be known.
  package private(set) var open: Set<String>

  package init(_ site: PlannedSite, _ all: Set<SiteTrait>) {
    let traits = CityPlan.fitting(all, isPlain: site.isPlain)
    yes = Set(traits.flatMap(\.checks))
    open = []
    if traits.contains(where: \.isMute) {
      open = ["tls.*", "certificate.*", "http.*", "content.*", "availability.*"]
      // What talks, but no TLS, is neither down nor up.
      return
    }
    if !site.isPlain { addTLS(site, traits) }
    addPage(site, traits)
  }

  private mutating func addTLS(_ site: PlannedSite, _ traits: Set<SiteTrait>) {
    // OpenSSL 3.0, which serves the city, knows no group of that kind.
    yes.insert("tls.key_exchange.no_post_quantum")
    if !site.isFirstOfAddress { yes.insert("certificate.sni_differs") }
    if traits.contains(.tlsOnlyOld) { open.formUnion(["tls.extended_master_secret.missing", "tls.signature.sha1"]) }
  }

  private mutating func addPage(_ site: PlannedSite, _ traits: Set<SiteTrait>) {
    if !traits.isDisjoint(with: [.serverError, .blocking, .endless]) {
      open.formUnion(["http.*", "content.*", "availability.*"])
    }
    if !traits.isDisjoint(with: [.redirectLoop, .redirectOther]) { open.formUnion(["content.*", "http.*"]) }
    // The page that is judged is the plain one.
    if traits.contains(.redirectDowngrade) { open.formUnion(["http.*", "content.*"]) }
    if traits.contains(.parked) { open.insert("content.*") }
  }

  package func answer(_ check: String) -> Answer {
    if yes.contains(check) { return .yes }
    if open.contains(check) { return .notDetermined }
    let group = check.prefix { $0 != "." } + ".*"
    return open.contains(String(group)) ? .notDetermined : .no
  }
}
