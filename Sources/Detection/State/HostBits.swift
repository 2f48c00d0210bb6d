internal import RuleLanguage
internal import Wire

/// Marks on addresses and pairs of them (`xbits`, `hostbits`), each until its time. Bounded.
struct HostBits {
  /// Beyond, expired marks are let go; if none is, the new mark is not kept and `refused` grows.
  static let limit = 1 << 18

  struct Key: Hashable {
    var bit: Int32
    var side: HostBitStep.Side
    var first: IPAddress
    var second: IPAddress
  }

  private var until: [Key: Int64] = [:]
  private(set) var refused: UInt64 = 0

  static func key(_ step: HostBitStep, _ source: IPAddress, _ destination: IPAddress) -> Key {
    // A mark on a host is found again whichever end of a packet the host is.
    switch step.side {
    case .source: Key(bit: step.bit, side: .source, first: source, second: IPAddress(v4: 0))
    case .destination: Key(bit: step.bit, side: .source, first: destination, second: IPAddress(v4: 0))
    case .pair: Key(bit: step.bit, side: .pair, first: min(source, destination), second: max(source, destination))
    }
  }

  func isSet(_ key: Key, at time: Timestamp) -> Bool { until[key].map { $0 > time.nanoseconds } ?? false }

  mutating func change(_ step: HostBitStep, _ key: Key, at time: Timestamp) {
    let isSet = isSet(key, at: time)
    switch step.command {
    case .unset: until[key] = nil
    case .toggle where isSet: until[key] = nil
    case .set, .toggle: set(key, time.advanced(seconds: Double(step.seconds)).nanoseconds, at: time)
    case .isset, .isnotset: break
    }
  }

  private mutating func set(_ key: Key, _ end: Int64, at time: Timestamp) {
    if until.count >= HostBits.limit, until[key] == nil {
      until = until.filter { $0.value > time.nanoseconds }
      guard until.count < HostBits.limit else {
        refused += 1
        return
      }
    }
    until[key] = end
  }
}
