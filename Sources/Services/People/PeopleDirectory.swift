package import Records
package import Wire

/// Who is who: a user of this machine or a token goes in, a person with a role comes out. A value made of what the store
/// has; a change is asked of it first (`checked`), kept by the store, then taken in.
package struct PeopleDirectory: Sendable {
  /// As many as work in a city's office and its bureaus, and room.
  package static let mostPeople = 2_000
  package static let mostTokens = 10_000
  /// Names that the hub itself acts under in the audit.
  static let ownNames: Set<String> = ["vigil", "hub"]

  /// Users who can change the hub's store and binary anyway (root, and the hub's own): always administrators, so that
  /// nobody can be locked out of a hub that is his.
  package let owners: [UInt32: String]
  /// What a user of this machine is whom nobody has put; nil: nobody.
  package let unknown: PersonRole?
  package private(set) var people: [String: Person] = [:]
  package private(set) var tokens: [String: KeptToken] = [:]
  private var byUser: [String: String] = [:]

  package init(owners: [UInt32: String], unknown: PersonRole?, people: [Person] = [], tokens: [KeptToken] = []) {
    self.owners = owners
    self.unknown = unknown
    for person in people { take(person) }
    for token in tokens { take(token) }
  }

  // MARK: who asks

  /// Of a Unix socket, by the kernel's word.
  package func asker(user: UInt32, named name: String) -> Asker? {
    let known = byUser[name].flatMap { people[$0] }
    if owners[user] != nil {
      var person = known ?? Person(id: name, name: BilingualText(name), role: .administrator, unixUser: name)
      (person.role, person.organisations) = (.administrator, [])
      return Asker(person: person, role: .administrator, token: nil, isOwner: true)
    }
    if let known { return Asker(person: known, role: known.role, token: nil, isOwner: false) }
    return unknown.map { role in
      let person = Person(id: name, name: BilingualText(name), role: role, unixUser: name)
      return Asker(person: person, role: role, token: nil, isOwner: false)
    }
  }

  /// Nil for a token that nobody has, or has no more.
  package func asker(token text: TokenText, now: Timestamp) -> Asker? {
    guard let kept = tokens[text.id], text.matches(kept.hash), kept.token.isValid(at: now),
      let person = people[kept.token.person]
    else { return nil }
    return Asker(person: person, role: min(kept.token.role, person.role), token: kept.token.id, isOwner: false)
  }

  /// The same asker as of now: nil where the person or the token has gone meanwhile.
  package func again(_ asker: Asker, user: UInt32?, now: Timestamp) -> Asker? {
    if let id = asker.token {
      guard let kept = tokens[id], kept.token.isValid(at: now), let person = people[kept.token.person] else {
        return nil
      }
      return Asker(person: person, role: min(kept.token.role, person.role), token: id, isOwner: false)
    }
    guard let user, let name = asker.person.unixUser else { return nil }
    return self.asker(user: user, named: name)
  }

  // MARK: changes

  package mutating func take(_ person: Person) {
    if let before = people[person.id]?.unixUser { byUser[before] = nil }
    people[person.id] = person
    person.unixUser.map { byUser[$0] = person.id }
  }

  package mutating func remove(_ id: String, at now: Timestamp) {
    if let user = people.removeValue(forKey: id)?.unixUser { byUser[user] = nil }
    for (token, kept) in tokens where kept.token.person == id && kept.token.revoked == nil {
      tokens[token]?.token.revoked = now
    }
  }

  package mutating func take(_ token: KeptToken) { tokens[token.token.id] = token }

  /// Told at most once an hour for each token: what the store should keep, or nil.
  package mutating func used(_ id: String, now: Timestamp) -> AccessToken? {
    guard var kept = tokens[id] else { return nil }
    if let last = kept.token.lastUsed, now.nanoseconds(since: last) < 3_600_000_000_000, now >= last { return nil }
    kept.token.lastUsed = Timestamp(seconds: now.seconds / 3600 * 3600)
    tokens[id] = kept
    return kept.token
  }
}

/// Who asks: a person, and what counts of her role by the way she came.
package struct Asker: Sendable, Hashable {
  package var person: Person
  package var role: PersonRole
  /// The id of the token she came with.
  package var token: String?
  /// The hub's own user or root.
  package var isOwner: Bool
}
