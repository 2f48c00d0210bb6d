internal import ControlAPI
internal import Logging
internal import Records
internal import Services
internal import Store

/// People and tokens: checked by the directory, kept by the store with the audit, then in force for the next request and
/// for every open stream.
extension HubCore {
  func putPerson(_ person: Person, by actor: Actor) throws -> Person {
    try access.directory.check(person, organisations: access.organisations)
    try store.put(person, by: actor, at: clock.now())
    access.change { $0.take(person) }
    wakeStreams()
    return person
  }

  func removePerson(_ id: String, by actor: Actor) throws -> Person {
    let directory = access.directory
    guard let person = directory.people[id] else { throw APIProblem(.notFound, "there is no person \(id.prefix(64))") }
    try directory.checkRemoval(id)
    let now = clock.now()
    try store.remove(person: id, by: actor, at: now)
    access.change { $0.remove(id, at: now) }
    wakeStreams()
    return person
  }

  /// Each stream asks again whether its listener may.
  func wakeStreams() { feed.publish([.news]) }

  // MARK: tokens

  func addToken(_ request: TokenRequest, by actor: Actor) throws -> TokenAnswer {
    let now = clock.now()
    let text = TokenText(random: HubCore.randomBytes(4 + TokenText.secretBytes))
    let token = try access.directory.token(
      text.id, of: request.person, name: request.name, role: request.role, expires: request.expires, now: now)
    let kept = KeptToken(token: token, hash: text.hash)
    try store.add(kept, by: actor, at: now)
    access.change { $0.take(kept) }
    return TokenAnswer(token: token, secret: text.text)
  }

  /// Her own, or as an administrator any; another's is told as one that does not exist.
  func revokeToken(_ id: String, by scope: Scope) throws -> AccessToken {
    guard var kept = access.directory.tokens[id],
      kept.token.person == scope.asker.person.id || scope.asker.role == .administrator
    else { throw APIProblem(.notFound, "there is no token \(id.prefix(64))") }
    guard kept.token.revoked == nil else { return kept.token }
    let now = clock.now()
    try store.revoke(kept.token, by: scope.actor, at: now)
    kept.token.revoked = now
    let revoked = kept
    access.change { $0.take(revoked) }
    wakeStreams()
    return kept.token
  }

  nonisolated func tokens(for scope: Scope) -> [AccessToken] {
    let all = access.directory.tokens.values.map(\.token)
    let hers = scope.asker.role == .administrator ? all : all.filter { $0.person == scope.asker.person.id }
    return hers.sorted { ($0.person, $0.created, $0.id) < ($1.person, $1.created, $1.id) }
  }

  /// A store that cannot keep it loses an hour that nobody acted in.
  func keepUsedTokens() {
    do { try store.keep(used: access.takeUsed()) } catch {
      logger.warning("the last use of tokens was not kept", metadata: ["error": "\(error)"])
    }
  }

  /// The system's generator is the kernel's (getrandom(2)).
  private static func randomBytes(_ count: Int) -> [UInt8] {
    var generator = SystemRandomNumberGenerator()
    return (0..<count).map { _ in UInt8.random(in: 0 ... .max, using: &generator) }
  }
}
