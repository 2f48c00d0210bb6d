package import Records
package import Wire

/// Which hosts any of many authorisations names: thousands of sites are asked against thousands of permissions, so
/// that neither list is walked for each of the other. Times and classes are not asked here.
package struct AuthorisedHosts: Sendable {
  private var names: Set<String> = []
  private var parents: Set<String> = []
  private var networks: [IPPrefix] = []

  package init(_ authorisations: some Sequence<Authorisation>) {
    var nets: Set<IPPrefix> = []
    for authorisation in authorisations {
      for pattern in authorisation.hosts {
        let pattern = pattern.lowercased()
        if pattern.hasPrefix("*.") { parents.insert(String(pattern.dropFirst(2))) } else { names.insert(pattern) }
      }
      nets.formUnion(authorisation.networks)
    }
    networks = Array(nets)
  }

  /// As `Authorisation.covers` of any of them.
  package func covers(host: String, address: IPAddress?) -> Bool {
    let host = host.lowercased()
    if names.contains(host) { return true }
    var rest = host[...]
    while let dot = rest.firstIndex(of: ".") {
      rest = rest[rest.index(after: dot)...]
      if parents.contains(String(rest)) { return true }
    }
    guard let literal = IPAddress(host) ?? address else { return false }
    return networks.contains { $0.contains(literal) }
  }
}
