package import Records
package import Wire

/// What may be put and removed.
extension PeopleDirectory {
  private static let longestID = 64
  private static let longestName = 200
  private static let mostOrganisations = 64
  private static let mostAddresses = 16
  /// RFC 5321: a mailbox has at most 254 bytes.
  private static let longestAddress = 254

  /// Throws why `person` may not be put. `organisations`: those that the inventory has.
  package func check(_ person: Person, organisations: Set<String>) throws(PersonRefusal) {
    try PeopleDirectory.checkForm(person)
    guard people[person.id] != nil || people.count < PeopleDirectory.mostPeople else {
      throw PersonRefusal("there are \(PeopleDirectory.mostPeople) people already, the limit")
    }
    if let missing = person.organisations.first(where: { !organisations.contains($0) }) {
      throw PersonRefusal("there is no organisation \(missing.prefix(128))", hint: "see vigil organisations")
    }
    guard person.role != .administrator || person.organisations.isEmpty else {
      throw PersonRefusal(
        "an administrator sees all: who gives rights to others cannot have fewer", hint: "name no organisation")
    }
    if let user = person.unixUser, let other = people.values.first(where: { $0.unixUser == user && $0.id != person.id })
    {
      throw PersonRefusal("the user \(user) of this machine is \(other.id) already")
    }
    if owners.values.contains(person.id), person.unixUser != person.id {
      throw PersonRefusal(
        "\(person.id) is a user of this machine who is an administrator by herself", hint: "choose another id")
    }
    if person.role != .administrator { try checkOthers(than: person.id) }
  }

  package func checkRemoval(_ id: String) throws(PersonRefusal) {
    guard people[id] != nil else { throw PersonRefusal("there is no person \(id.prefix(64))") }
    try checkOthers(than: id)
  }

  /// The last administrator stays one.
  private func checkOthers(than id: String) throws(PersonRefusal) {
    guard people[id]?.role == .administrator else { return }
    guard people.values.contains(where: { $0.role == .administrator && $0.id != id }) else {
      throw PersonRefusal("\(id) is the last administrator", hint: "make another one first")
    }
  }

  private static func checkForm(_ person: Person) throws(PersonRefusal) {
    guard isID(person.id) else {
      throw PersonRefusal("an id has 1 to \(longestID) letters a-z, A-Z, digits, '.', '-' or '_'")
    }
    guard !ownNames.contains(person.id) else {
      throw PersonRefusal("\(person.id) is what the hub calls itself in the audit", hint: "choose another id")
    }
    guard isPlain(person.name.en, longestName), isPlain(person.name.zh, longestName) else {
      throw PersonRefusal("a name has 1 to \(longestName) bytes and no control characters")
    }
    if let user = person.unixUser, !isPlain(user, longestID) {
      throw PersonRefusal("a user of this machine has a name of 1 to \(longestID) bytes")
    }
    guard person.organisations.count <= mostOrganisations else {
      throw PersonRefusal("a person is of at most \(mostOrganisations) organisations", hint: "name one above them")
    }
    guard person.addresses.count <= mostAddresses, person.addresses.allSatisfy({ isPlain($0.to, longestAddress) })
    else {
      throw PersonRefusal("a person has at most \(mostAddresses) addresses of 1 to \(longestAddress) bytes each")
    }
    guard ["en", "zh"].contains(person.language) else {
      throw PersonRefusal("the language is \(person.language.prefix(16)), not en or zh")
    }
  }

  private static func isID(_ text: String) -> Bool {
    (1...longestID).contains(text.utf8.count)
      && text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
          true
        default: false
        }
      }
  }

  private static func isPlain(_ text: String, _ longest: Int) -> Bool {
    (1...longest).contains(text.utf8.count)
      && text.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7f..<0xa0).contains($0.value) }
  }

  // MARK: tokens

  /// A year: a longer one outlives the reason that it was made for.
  package static let longestToken = 366.0 * 86_400

  /// The token that is asked for, without its secret; throws why it may not be.
  package func token(
    _ id: String, of person: String, name: String, role: PersonRole?, expires: Timestamp, now: Timestamp
  ) throws(PersonRefusal) -> AccessToken {
    guard let owner = people[person] else { throw PersonRefusal("there is no person \(person.prefix(64))") }
    guard PeopleDirectory.isPlain(name, PeopleDirectory.longestName) else {
      throw PersonRefusal("a token's name has 1 to \(PeopleDirectory.longestName) bytes and no control characters")
    }
    let role = role ?? owner.role
    guard role <= owner.role else {
      throw PersonRefusal("\(person) is \(owner.role.rawValue): a token of hers cannot be \(role.rawValue)")
    }
    guard expires > now else { throw PersonRefusal("the token would have expired \(expires.text)") }
    guard Double(expires.nanoseconds(since: now)) / 1e9 <= PeopleDirectory.longestToken else {
      throw PersonRefusal("a token holds at most 366 days, not until \(expires.text)")
    }
    guard tokens.count < PeopleDirectory.mostTokens, tokens[id] == nil else {
      throw PersonRefusal("there are \(tokens.count) tokens already", hint: "expired ones are forgotten with the time")
    }
    return AccessToken(id: id, person: person, name: name, role: role, created: now, expires: expires)
  }
}
