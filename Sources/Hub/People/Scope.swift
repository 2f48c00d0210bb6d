internal import ControlAPI
internal import Records
internal import Services
internal import Wire

/// What a handler knows beside the request itself: who asks, and what of the city is hers. Made by the gate alone.
struct Scope: Sendable {
  /// The name in the path.
  let id: String
  let asker: Asker
  /// What a list may show and an act may change.
  let purview: Purview
  /// Who acts, for the audit.
  let actor: Actor
  let role: PersonRole
  /// Of a Unix socket.
  fileprivate let user: UInt32?
  fileprivate let access: Access
  fileprivate let clock: WallClock

  init(
    id: String, asker: Asker, purview: Purview, actor: Actor, role: PersonRole, user: UInt32?, access: Access,
    clock: WallClock
  ) {
    self.id = id
    self.asker = asker
    self.purview = purview
    self.actor = actor
    self.role = role
    self.user = user
    self.access = access
    self.clock = clock
  }

  /// For answers that go on: nil as soon as the one who listens may no longer.
  func purviewNow() -> Purview? { access.purview(still: asker, user: user, role: role, now: clock.now()) }
}
