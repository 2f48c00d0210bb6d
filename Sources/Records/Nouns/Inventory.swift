package import Wire

/// Who answers for sites. A tree, by `parent`.
package struct Organisation: Codable, Sendable, Hashable, Identifiable {
  package var id: String
  package var name: BilingualText
  package var parent: String?
  package var contact: String?
  package var backupContact: String?
  package init(
    id: String, name: BilingualText, parent: String? = nil, contact: String? = nil, backupContact: String? = nil
  ) {
    self.id = id
    self.name = name
    self.parent = parent
    self.contact = contact
    self.backupContact = backupContact
  }
}

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
  package var maintenance: [MaintenanceWindow]
  package var addresses: [IPAddress]

  package init(
    id: String, url: String, scheme: String, host: String, port: UInt16, path: String = "/",
    organisation: String? = nil, platform: String? = nil, criticality: Criticality = .ordinary, tags: [String] = [],
    engines: [String] = [], cadence: Int? = nil, maintenance: [MaintenanceWindow] = [], addresses: [IPAddress] = []
  ) {
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
    self.maintenance = maintenance
    self.addresses = addresses
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

/// A hosting that many sites share; limits and shared findings belong to it.
package struct Platform: Codable, Sendable, Hashable, Identifiable {
  package var id: String
  package var name: String
  package var networks: [IPPrefix]
  package init(id: String, name: String, networks: [IPPrefix] = []) {
    self.id = id
    self.name = name
    self.networks = networks
  }
}

/// What a probe may do. Ordered: a permission for one includes those before it.
package enum ProbeClass: String, Codable, Sendable, CaseIterable, Comparable {
  case observe, probe, intrusive
  package var rank: Int { self == .observe ? 0 : self == .probe ? 1 : 2 }
  package static func < (a: ProbeClass, b: ProbeClass) -> Bool { a.rank < b.rank }
}

/// Who permits the probing of which hosts and addresses, by which document, from when to when, up to which class.
package struct Authorisation: Codable, Sendable, Hashable, Identifiable {
  package var id: String
  package var grantedBy: String
  package var document: String
  /// Host names; `*.example.org` is every name below it.
  package var hosts: [String]
  package var networks: [IPPrefix]
  package var from: Timestamp
  package var until: Timestamp
  package var upTo: ProbeClass
  package init(
    id: String, grantedBy: String, document: String, hosts: [String], networks: [IPPrefix], from: Timestamp,
    until: Timestamp, upTo: ProbeClass
  ) {
    self.id = id
    self.grantedBy = grantedBy
    self.document = document
    self.hosts = hosts
    self.networks = networks
    self.from = from
    self.until = until
    self.upTo = upTo
  }
}
