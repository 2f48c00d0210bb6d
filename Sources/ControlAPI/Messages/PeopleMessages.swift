package import Records
package import Wire

/// Puts a person, in the place of one with her id.
package struct PersonRequest: APIRequest, Equatable {
  package var person: Person
  package init(person: Person) { self.person = person }
}

package struct PersonEnd: APIRequest, Equatable {
  package var id: String
  package init(id: String) { self.id = id }
}

/// Who asks, as the hub sees it.
package struct WhoAmI: Codable, Sendable, Equatable {
  package var person: Person
  /// What counts: a token may have less than its person.
  package var role: PersonRole
  /// Where the request came from, as the audit keeps it.
  package var origin: String
  /// Of a person who does not see all: the organisations she sees, with those below the ones that were named.
  package var organisations: [String]?
  package init(person: Person, role: PersonRole, origin: String, organisations: [String]?) {
    self.person = person
    self.role = role
    self.origin = origin
    self.organisations = organisations
  }
}

package struct TokenRequest: APIRequest, Equatable {
  package var person: String
  package var name: String
  /// Nil: the person's own.
  package var role: PersonRole?
  package var expires: Timestamp
  package init(person: String, name: String, role: PersonRole? = nil, expires: Timestamp) {
    self.person = person
    self.name = name
    self.role = role
    self.expires = expires
  }
}

/// The only answer in which a secret ever stands.
package struct TokenAnswer: Codable, Sendable, Equatable {
  package var token: AccessToken
  /// What the program sends: `Authorization: Bearer ...`. The hub keeps its hash.
  package var secret: String
  package init(token: AccessToken, secret: String) {
    self.token = token
    self.secret = secret
  }
}

package struct TokenEnd: APIRequest, Equatable {
  package var id: String
  package init(id: String) { self.id = id }
}
