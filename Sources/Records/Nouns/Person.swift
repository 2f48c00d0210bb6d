/// What a person may do, lowest first; each may all that those before it may.
package enum PersonRole: String, Codable, Sendable, CaseIterable, Comparable {
  /// Reads.
  case viewer
  /// Works on the queue, on findings, drafts of notices, the log of the duty.
  case analyst
  /// Approves, sets levels, suppresses, changes inventory, rosters and scans.
  case lead
  /// Changes who may do what, and what outlives everything: people, tokens, backups.
  case administrator

  package static func < (a: PersonRole, b: PersonRole) -> Bool {
    (allCases.firstIndex(of: a) ?? 0) < (allCases.firstIndex(of: b) ?? 0)
  }
}

/// Someone who works with Vigil. Kept in the store as a document of the kind `person`, under its `id`.
package struct Person: Codable, Sendable, Hashable, Identifiable {
  /// How a person is told to another (`analyst-2`): letters, digits, `.`, `-`, `_`; what the audit keeps.
  package var id: String
  package var name: BilingualText
  package var role: PersonRole
  /// Ids of the organisations whose rows, sites and notices this person sees, with all below them; empty: all.
  package var organisations: [String]
  /// The user of this machine who is this person on the Unix socket.
  package var unixUser: String?
  /// Where a page or a notice reaches this person, the first first.
  package var addresses: [ContactAddress]
  /// `en` or `zh`.
  package var language: String

  package init(
    id: String, name: BilingualText, role: PersonRole, organisations: [String] = [], unixUser: String? = nil,
    addresses: [ContactAddress] = [], language: String = "en"
  ) {
    self.id = id
    self.name = name
    self.role = role
    self.organisations = organisations
    self.unixUser = unixUser
    self.addresses = addresses
    self.language = language
  }
}

/// Where something can be told.
package struct ContactAddress: Codable, Sendable, Hashable {
  package var channel: ContactChannel
  /// Of `mail` a mailbox; of each other the name of a receiver in the configuration.
  package var to: String
  package init(_ channel: ContactChannel, _ to: String) {
    self.channel = channel
    self.to = to
  }
}

/// By which way.
package enum ContactChannel: String, Codable, Sendable, CaseIterable {
  case mail, webhook, dingtalk, wecom, feishu, syslog, file
}
