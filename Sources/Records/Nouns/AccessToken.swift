package import Wire

/// A person's key to the API for a program or another machine, without its secret.
package struct AccessToken: Codable, Sendable, Hashable, Identifiable {
  /// Eight hexadecimal digits, the first part of the token's text.
  package var id: String
  package var person: String
  /// What it is for, as people say it.
  package var name: String
  /// At most its person's; what counts is the lower of the two when it is used.
  package var role: PersonRole
  package var created: Timestamp
  package var expires: Timestamp
  /// To the hour: it tells what nobody uses any more, not what somebody did.
  package var lastUsed: Timestamp?
  package var revoked: Timestamp?

  package init(
    id: String, person: String, name: String, role: PersonRole, created: Timestamp, expires: Timestamp,
    lastUsed: Timestamp? = nil, revoked: Timestamp? = nil
  ) {
    self.id = id
    self.person = person
    self.name = name
    self.role = role
    self.created = created
    self.expires = expires
    self.lastUsed = lastUsed
    self.revoked = revoked
  }

  package func isValid(at now: Timestamp) -> Bool { revoked == nil && now < expires }
}

/// A token as the store has it.
package struct KeptToken: Sendable, Hashable {
  package var token: AccessToken
  /// SHA-256 of its secret.
  package var hash: [UInt8]
  package init(token: AccessToken, hash: [UInt8]) {
    self.token = token
    self.hash = hash
  }
}
