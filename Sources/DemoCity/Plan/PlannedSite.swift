internal import Wire

/// A body of the big city that answers for sites.
package struct PlannedOrganisation: Hashable, Sendable {
  /// The inventory's id and the last label of its names.
  package var label: String
  package var parent: String
  package var kind: String
  package var english: String
  package var chinese: String
}

/// A hosting that many sites share: one address, one TLS, many names.
package struct PlannedPlatform: Hashable, Sendable {
  package var id: String
  package var english: String
  package var address: String
  package var traits: Set<SiteTrait>
}

/// One site as it begins.
package struct PlannedSite: Hashable, Sendable {
  package var number: Int
  package var id: String
  package var host: String
  package var organisation: String
  package var platform: String?
  /// Dotted.
  package var address: String
  package var criticality: String
  package var isPlain: Bool
  /// RSA 2048 in place of P-256.
  package var usesRSA: Bool
  /// Of what is drawn for its pages and files.
  package var entropy: UInt64
  /// Those of its platform included.
  package var traits: Set<SiteTrait>
  /// The site whose certificate is shown where no name is asked for.
  package var isFirstOfAddress: Bool

  package func port(_ ports: CityPorts) -> UInt16 { isPlain ? ports.plain : ports.tls }
  package func url(_ ports: CityPorts) -> String { "\(isPlain ? "http" : "https")://\(host):\(port(ports))/" }

  /// The key under which everything of one address is found.
  var place: UInt32 { PlannedSite.place(address) ?? 0 }
  static func place(_ text: String) -> UInt32? {
    let parts = text.split(separator: ".").compactMap { UInt32($0) }
    guard parts.count == 4, parts.allSatisfy({ $0 < 256 }) else { return nil }
    return parts.reduce(0) { $0 << 8 | $1 }
  }
}
