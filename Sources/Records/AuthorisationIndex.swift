package import Wire

/// Authorisations by what they name, so that thousands of targets are asked against thousands of them without walking
/// all for each. Answers as `Authorisation.covers` does.
package struct AuthorisationIndex: Sendable {
  private let all: [Authorisation]
  private var names: [String: [Int]] = [:]
  /// Of `*.parent`, by the parent.
  private var parents: [String: [Int]] = [:]
  private var networked: [Int] = []

  package init(_ all: [Authorisation]) {
    self.all = all
    for (place, authorisation) in all.enumerated() {
      for pattern in authorisation.hosts {
        let pattern = pattern.lowercased()
        if pattern.hasPrefix("*.") {
          parents[String(pattern.dropFirst(2)), default: []].append(place)
        } else {
          names[pattern, default: []].append(place)
        }
      }
      if !authorisation.networks.isEmpty { networked.append(place) }
    }
  }

  /// In the order that they were given in.
  package func covering(host: String, address: IPAddress? = nil) -> [Authorisation] {
    let lower = host.lowercased()
    var places = Set(names[lower] ?? [])
    var rest = lower[...]
    while let dot = rest.firstIndex(of: ".") {
      rest = rest[rest.index(after: dot)...]
      places.formUnion(parents[String(rest)] ?? [])
    }
    if let literal = IPAddress(host) ?? address {
      places.formUnion(networked.filter { all[$0].networks.contains { $0.contains(literal) } })
    }
    return places.sorted().map { all[$0] }
  }
}
