package import Wire

/// A hosting that many sites share; limits and shared findings belong to it.
package struct Platform: Codable, Sendable, Hashable, Identifiable {
  package var id: String
  package var name: String
  /// The organisation that answers for it, and for what is found on all its sites alike.
  package var owner: String?
  package var networks: [IPPrefix]
  /// Its own limits over all its sites together; nil: the common ones (`Documentation/scan.md`).
  package var connectsPerSecond: Double?
  package var requestsPerSecond: Double?
  /// Networks of the proxies, CDN or WAF before its sites: only they are believed about clients.
  package var proxies: [IPPrefix]?

  package init(
    id: String, name: String, networks: [IPPrefix] = [], owner: String? = nil, connectsPerSecond: Double? = nil,
    requestsPerSecond: Double? = nil, proxies: [IPPrefix]? = nil
  ) {
    self.proxies = proxies
    self.id = id
    self.name = name
    self.networks = networks
    self.owner = owner
    self.connectsPerSecond = connectsPerSecond
    self.requestsPerSecond = requestsPerSecond
  }
}
