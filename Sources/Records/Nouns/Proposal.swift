package import Wire

/// What an engine met of a site beside what it was sent to: names and addresses that may be part of it.
package struct Sighting: Codable, Sendable, Hashable {
  package enum Kind: String, Codable, Sendable, CaseIterable {
    /// A host that the site's page redirects to.
    case redirectHost
    /// A name in the certificate that the site serves.
    case certificateName
    /// An address, of either family, that the site's name leads to.
    case address
  }
  package var site: String
  package var engine: String
  package var kind: Kind
  package var values: [String]
  package var time: Timestamp

  /// Certificates of shared hostings carry a hundred names; beyond that none is worth a person's look.
  package static let valueLimit = 128

  package init(site: String, engine: String, kind: Kind, values: [String], time: Timestamp) {
    self.site = site
    self.engine = engine
    self.kind = kind
    self.values = Array(values.prefix(Sighting.valueLimit))
    self.time = time
  }
}

/// A part of a site that was found and is not in the inventory. Nothing becomes of it until a person says so.
package struct Proposal: Codable, Sendable, Hashable, Identifiable {
  package enum State: String, Codable, Sendable, CaseIterable { case proposed, accepted, declined }
  /// Made from site, kind and value, so that what is found again is the same proposal.
  package var id: String
  package var site: String
  package var kind: Sighting.Kind
  /// A host name in its ASCII form, or an address.
  package var value: String
  package var engine: String
  package var firstSeen: Timestamp
  package var lastSeen: Timestamp
  package var state: State
  package var decidedBy: String?
  package var decidedAt: Timestamp?

  package init(
    id: String, site: String, kind: Sighting.Kind, value: String, engine: String, firstSeen: Timestamp,
    lastSeen: Timestamp, state: State = .proposed, decidedBy: String? = nil, decidedAt: Timestamp? = nil
  ) {
    self.id = id
    self.site = site
    self.kind = kind
    self.value = value
    self.engine = engine
    self.firstSeen = firstSeen
    self.lastSeen = lastSeen
    self.state = state
    self.decidedBy = decidedBy
    self.decidedAt = decidedAt
  }
}
