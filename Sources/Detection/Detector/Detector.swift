package import AppLayer
package import Decode
package import Flow
package import Wire

/// Inspects what one worker sees; synchronous, one per worker, no allocation per packet in steady state.
/// `Detection.swift` tells the order of calls for one packet.
package final class Detector {
  package let rules: CompiledRules
  /// After `finish`: the alerts of this packet, in the order of evaluation, pass rules and thresholds applied.
  package internal(set) var hits: [AlertHit] = []

  package init(_ rules: CompiledRules) { self.rules = rules }

  /// A packet begins: header rules, decode events, payload rules. `flow` is nil for what has none.
  package func begin(_ packet: DecodedPacket, _ bytes: RawSpan, _ flow: FlowContext?) {}

  /// What Sensor learned of the flow since `begin` (its protocol, its state).
  package func update(_ flow: FlowContext) {}

  package func note(_ events: StreamEventSet) {}

  /// An event of AppLayer's that belongs to the session and to no transaction.
  package func note(_ event: ParserEvent) {}

  package func inspect(_ chunk: borrowing StreamChunk) {}

  /// Cheap when the transaction has not moved since the last call. Call for both directions.
  package func inspect(_ transaction: Transaction, _ direction: Direction) {}

  package func finish() {}

  package func flowEnded(_ slot: FlowSlot) {}
}
