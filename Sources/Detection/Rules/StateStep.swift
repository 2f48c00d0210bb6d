internal import RuleLanguage

/// What a rule asks of or does to the state that rules keep.
enum StateStep: Sendable {
  /// One of the bits (places in the table of bit numbers) is set.
  case anyBit(Part)
  /// One of the bits is not set.
  case anyBitUnset(Part)
  case setBit(Int32)
  case unsetBit(Int32)
  case toggleBit(Int32)
  case compareCounter(Int32, FlowintMatch.Command, CounterValue)
  case changeCounter(Int32, FlowintMatch.Command, CounterValue)
  case counterExists(Int32, Bool)
  case hostBit(HostBitStep)

  var isChange: Bool {
    switch self {
    case .setBit, .unsetBit, .toggleBit, .changeCounter: true
    case .hostBit(let step): step.isChange
    case .anyBit, .anyBitUnset, .compareCounter, .counterExists: false
    }
  }
}

struct CounterValue: Sendable {
  var value: UInt32 = 0
  /// Another counter; -1: `value`.
  var counter: Int32 = -1
}

/// `xbits` and `hostbits`: a mark on an address or a pair of them.
struct HostBitStep: Sendable {
  enum Side: UInt8, Sendable { case source, destination, pair }
  var command: FlowbitsMatch.Command
  var bit: Int32
  var side: Side
  var seconds: UInt32

  var isChange: Bool { command == .set || command == .unset || command == .toggle }
}

/// How often a rule may alert.
struct LimitStep: Sendable {
  enum Kind: UInt8, Sendable { case limit, threshold, both, backoff, detectionFilter, rate, suppress }
  var kind: Kind
  var track: ThresholdTrack
  var count: UInt32 = 0
  var seconds: UInt32 = 0
  /// `backoff`: the factor. `rate`: the seconds the new action holds (0: for good).
  var extra: UInt32 = 0
  var action = AlertHit.ActionOverride.alert
  /// `suppress`: the addresses, and whose; -1: all.
  var addresses: Int32 = -1
  var suppressed = ThresholdEntry.SuppressionTrack.either
}
