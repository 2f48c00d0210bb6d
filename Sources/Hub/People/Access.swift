internal import ControlAPI
internal import Glibc
internal import Records
internal import Services
internal import Store
internal import Synchronization
internal import Wire

/// Who may what, for all that ask at once: the directory, what each sees of the inventory in force, and how fast they
/// may ask. Changed by the hub's core only; asked from any thread, at each request.
final class Access: Sendable {
  fileprivate struct State {
    var directory: PeopleDirectory
    var inventory: Store.Inventory
    /// By the organisations that were named; made at the first asking after a change.
    var purviews: [[String]: Purview] = [:]
    var rates: RateLimit
    var failures = FailedAttempts()
    /// What the store does not have yet: when tokens were last used.
    var used: [String: AccessToken] = [:]
  }
  private let state: Mutex<State>

  init(_ configuration: Configuration, _ store: Store, _ inventory: Store.Inventory) throws {
    var owners = [UInt32(0): Peer.name(of: 0)]
    owners[geteuid()] = Peer.name(of: geteuid())
    let directory = PeopleDirectory(
      owners: owners, unknown: configuration.people.unknown,
      people: try store.people(), tokens: try store.tokens())
    let rates = RateLimit(perSecond: configuration.api.requestsPerSecond, burst: configuration.api.burst)
    state = Mutex(State(directory: directory, inventory: inventory, rates: rates))
  }

  // MARK: what is in force

  func follow(_ inventory: Store.Inventory) {
    state.withLock { state in
      state.inventory = inventory
      state.purviews = [:]
    }
  }

  /// After the store was put in another's place.
  func reload(_ store: Store) throws {
    let (people, tokens) = (try store.people(), try store.tokens())
    state.withLock { state in
      state.directory = PeopleDirectory(
        owners: state.directory.owners, unknown: state.directory.unknown, people: people, tokens: tokens)
      state.purviews = [:]
      state.used = [:]
    }
  }

  var directory: PeopleDirectory { state.withLock { $0.directory } }
  var organisations: Set<String> { state.withLock { Set($0.inventory.organisations.map(\.id)) } }

  func change(_ body: @Sendable (inout PeopleDirectory) -> Void) { state.withLock { body(&$0.directory) } }

  func takeUsed() -> [AccessToken] {
    state.withLock { state in
      defer { state.used = [:] }
      return state.used.values.sorted { $0.id < $1.id }
    }
  }

  // MARK: who asks

  func asker(user: UInt32, named name: String) -> Asker? {
    state.withLock { $0.directory.asker(user: user, named: name) }
  }

  func asker(token: TokenText, now: Timestamp) -> Asker? {
    state.withLock { state in
      guard let asker = state.directory.asker(token: token, now: now) else { return nil }
      if let used = state.directory.used(token.id, now: now) { state.used[token.id] = used }
      return asker
    }
  }

  func purview(of asker: Asker) -> Purview { state.withLock { $0.purview(of: asker.person) } }

  /// Nil where the one who came as `asker` may no longer ask for what needs `role`.
  func purview(still asker: Asker, user: UInt32?, role: PersonRole, now: Timestamp) -> Purview? {
    state.withLock { state in
      guard let now = state.directory.again(asker, user: user, now: now), now.role >= role else { return nil }
      return state.purview(of: now.person)
    }
  }

  // MARK: how fast

  /// Seconds to wait; nil: go on. The hub's owners are not slowed: they could end it.
  func wait(_ asker: Asker, now: Timestamp) -> Double? {
    guard !asker.isOwner else { return nil }
    return state.withLock { $0.rates.take(asker.token ?? asker.person.id, now: now) }
  }

  /// Counts one who is nobody; seconds before such a one is listened to again, nil where it was listened to now.
  func refuse(_ address: String, now: Timestamp) -> Double? {
    state.withLock { state in
      if let wait = state.failures.wait(address, now: now) { return wait }
      state.failures.failed(address, now: now)
      return nil
    }
  }
}

extension Access.State {
  fileprivate mutating func purview(of person: Person) -> Purview {
    guard !person.organisations.isEmpty else { return .all }
    let key = person.organisations.sorted()
    if let known = purviews[key] { return known }
    let purview = Purview(
      of: key, organisations: inventory.organisations, sites: inventory.sites, platforms: inventory.platforms)
    purviews[key] = purview
    return purview
  }
}
