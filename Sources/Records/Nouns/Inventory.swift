package import Wire

package enum Criticality: String, Codable, Sendable, CaseIterable { case ordinary, important, critical }

/// A monitored web site.
package struct Site: Codable, Sendable, Hashable, Identifiable {
  /// Stable and short: what keys and commands use. By default the host (with `:port` unless it is 80 or 443).
  package var id: String
  /// In normal form: scheme, lower-case host, port only where it is not the scheme's own, path.
  package var url: String
  package var scheme: String
  package var host: String
  package var port: UInt16
  package var path: String
  package var organisation: String?
  package var platform: String?
  package var criticality: Criticality
  package var tags: [String]
  /// Engines to run; empty: all.
  package var engines: [String]
  /// Seconds between rounds; nil: the scheduler's own.
  package var cadence: Int?
  /// The same by engine, before `cadence`.
  package var engineCadence: [String: Int]
  package var maintenance: [MaintenanceWindow]
  package var addresses: [IPAddress]
  /// Networks of the proxies, CDN or WAF before it, beside those of its platform.
  package var proxies: [IPPrefix]

  package init(
    id: String, url: String, scheme: String, host: String, port: UInt16, path: String = "/",
    organisation: String? = nil, platform: String? = nil, criticality: Criticality = .ordinary, tags: [String] = [],
    engines: [String] = [], cadence: Int? = nil, engineCadence: [String: Int] = [:],
    maintenance: [MaintenanceWindow] = [], addresses: [IPAddress] = [], proxies: [IPPrefix] = []
  ) {
    self.proxies = proxies
    self.id = id
    self.url = url
    self.scheme = scheme
    self.host = host
    self.port = port
    self.path = path
    self.organisation = organisation
    self.platform = platform
    self.criticality = criticality
    self.tags = tags
    self.engines = engines
    self.cadence = cadence
    self.engineCadence = engineCadence
    self.maintenance = maintenance
    self.addresses = addresses
  }

  /// What came after the first release may be missing in a store.
  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      id: try values.decode(String.self, forKey: .id), url: try values.decode(String.self, forKey: .url),
      scheme: try values.decode(String.self, forKey: .scheme), host: try values.decode(String.self, forKey: .host),
      port: try values.decode(UInt16.self, forKey: .port), path: try values.decode(String.self, forKey: .path),
      organisation: try values.decodeIfPresent(String.self, forKey: .organisation),
      platform: try values.decodeIfPresent(String.self, forKey: .platform),
      criticality: try values.decode(Criticality.self, forKey: .criticality),
      tags: try values.decode([String].self, forKey: .tags),
      engines: try values.decode([String].self, forKey: .engines),
      cadence: try values.decodeIfPresent(Int.self, forKey: .cadence),
      engineCadence: try values.decodeIfPresent([String: Int].self, forKey: .engineCadence) ?? [:],
      maintenance: try values.decodeIfPresent([MaintenanceWindow].self, forKey: .maintenance) ?? [],
      addresses: try values.decode([IPAddress].self, forKey: .addresses),
      proxies: try values.decodeIfPresent([IPPrefix].self, forKey: .proxies) ?? [])
  }
}

/// One endpoint: what is connected to, and the name asked for there.
package struct Target: Codable, Sendable, Hashable {
  package var scheme: String
  package var host: String
  /// Nil before it is resolved.
  package var address: IPAddress?
  package var port: UInt16
  package var serverName: String?
  package var path: String
  package init(
    scheme: String, host: String, address: IPAddress? = nil, port: UInt16, serverName: String? = nil,
    path: String = "/"
  ) {
    self.scheme = scheme
    self.host = host
    self.address = address
    self.port = port
    self.serverName = serverName
    self.path = path
  }
  package var url: String {
    let bracketed = host.contains(":") ? "[\(host)]" : host
    let isDefault = (scheme == "https" && port == 443) || (scheme == "http" && port == 80)
    return "\(scheme)://\(bracketed)\(isDefault ? "" : ":\(port)")\(path)"
  }
}

/// What a probe may do. Ordered: a permission for one includes those before it.
package enum ProbeClass: String, Codable, Sendable, CaseIterable, Comparable {
  case observe, probe, intrusive
  package var rank: Int { self == .observe ? 0 : self == .probe ? 1 : 2 }
  package static func < (a: ProbeClass, b: ProbeClass) -> Bool { a.rank < b.rank }
}
