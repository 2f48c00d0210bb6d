/// The city's authority: a root that the scanner trusts, an authority below it, and a certificate for each site, as
/// wrong as the site's table line says.
struct CertificateOffice {
  let root: Identity
  private let intermediate: Identity

  struct Issued {
    var leaf: Identity
    /// Sent behind the leaf.
    var chain: [Identity]
  }

  static let rootRequest = Identity.Request(
    name: "Shuguang Demonstration Root", until: 10 * 365 * 86_400, isAuthority: true)

  init(root: Identity) throws(DemoError) {
    self.root = root
    intermediate = try Identity(
      Identity.Request(name: "Shuguang Demonstration Authority", until: 5 * 365 * 86_400, isAuthority: true),
      issuer: root)
  }

  func issue(to site: CitySite) throws(DemoError) -> Issued {
    let weaknesses = site.weaknesses
    var request = Identity.Request(name: site.host, names: [site.host])
    if weaknesses.contains(.expired) { (request.from, request.until) = (-400 * 86_400, -35 * 86_400) }
    if weaknesses.contains(.notYetValid) { request.from = 30 * 86_400 }
    if weaknesses.contains(.expiresSoon) { request.until = 5 * 86_400 }
    if weaknesses.contains(.wrongName) { (request.name, request.names) = ("other.test", ["other.test"]) }
    if weaknesses.contains(.sha1Signature) { request.digest = "SHA1" }
    if weaknesses.contains(.weakKey) { request.key = .rsa(1024) }
    if weaknesses.contains(.noForwardSecrecy) { request.key = .rsa(2048) }
    if weaknesses.contains(.selfSigned) { return Issued(leaf: try Identity(request), chain: []) }
    let leaf = try Identity(request, issuer: intermediate)
    return Issued(leaf: leaf, chain: weaknesses.contains(.incompleteChain) ? [] : [intermediate])
  }
}
