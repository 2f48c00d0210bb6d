package import Wire

/// One rule that matched, for the packet being inspected: what `Sensor` needs to write the alert.
package struct AlertHit: Sendable, Equatable {
  /// Index into `CompiledRules`.
  package var rule: Int32
  package var flags: Flags
  /// Which way the bytes went that matched; the packet's way unless a stream's rest or a transaction was inspected.
  package var direction = Direction.toServer
  /// The transaction that matched; only with `.transaction`.
  package var transaction: UInt64 = 0
  /// What a threshold of type `rate_filter` made of the action; nil: the rule's own.
  package var action: ActionOverride?

  package enum ActionOverride: UInt8, Sendable { case alert, pass, drop, reject }

  package struct Flags: OptionSet, Sendable {
    package var rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }
    /// Matched on this packet's own bytes or header.
    package static let packet = Flags(rawValue: 1)
    /// Matched on the reassembled stream.
    package static let stream = Flags(rawValue: 2)
    /// Matched on `transaction`.
    package static let transaction = Flags(rawValue: 4)
    /// Acts on the flow, not only the packet.
    package static let flow = Flags(rawValue: 8)
  }
}
