/// SplitMix64 (Steele, Lea, Flood 2014): the same numbers from the same seed on every machine, for ever. For simulations,
/// fault injection and random walks; nothing here is a secret.
package struct SeededRandom: RandomNumberGenerator, Sendable, Hashable, Codable {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }

  /// 0..<1, of 53 bits: quicker than `Double.random`, for hundreds of millions of due times.
  package mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }
}
