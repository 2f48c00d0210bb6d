/// What came of one try to hand a message to its receiver.
package enum DeliveryOutcome: Sendable, Hashable {
  /// The receiver has it, by the word of its protocol.
  case accepted
  /// It answered, and not with yes: this message is tried again, and counted. `after`: seconds that it asked for.
  case failed(String, after: Double?)
  /// Nobody answered, or the receiver as a whole is not at work (busy, restarting, too many messages): the lane waits, and
  /// the message has lost no try.
  case unavailable(String, after: Double?)
  /// It will never take this message.
  case refused(String)
  /// The same, since there is no such address.
  case bounced(String)

  package var reason: String? {
    switch self {
    case .accepted: nil
    case .failed(let reason, _), .unavailable(let reason, _), .refused(let reason), .bounced(let reason): reason
    }
  }
}
