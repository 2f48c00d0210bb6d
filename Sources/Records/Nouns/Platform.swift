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
  package var proxies: [IPPrefix]

  package init(
    id: String, name: String, networks: [IPPrefix] = [], owner: String? = nil, connectsPerSecond: Double? = nil,
    requestsPerSecond: Double? = nil, proxies: [IPPrefix] = []
  ) {
    self.proxies = proxies
    self.id = id
    self.name = name
    self.networks = networks
    self.owner = owner
    self.connectsPerSecond = connectsPerSecond
    self.requestsPerSecond = requestsPerSecond
  }

  /// What came after the first release may be missing in a store.
  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      id: try values.decode(String.self, forKey: .id), name: try values.decode(String.self, forKey: .name),
      networks: try values.decode([IPPrefix].self, forKey: .networks),
      owner: try values.decodeIfPresent(String.self, forKey: .owner),
      connectsPerSecond: try values.decodeIfPresent(Double.self, forKey: .connectsPerSecond),
      requestsPerSecond: try values.decodeIfPresent(Double.self, forKey: .requestsPerSecond),
      proxies: try values.decodeIfPresent([IPPrefix].self, forKey: .proxies) ?? [])
  }
}
