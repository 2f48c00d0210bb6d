/// SplitMix64 (Steele, Lea, Flood 2014): the same numbers from the same seed on every machine, for ever.
struct CityRandom: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// A stream of its own for each site, so that a larger city begins with the sites of a smaller one.
  init(seed: UInt64, part: UInt64) {
    var mixed = CityRandom(seed: seed ^ (part &* 0xd605_1e13_77c9_5b5d))
    state = mixed.next()
  }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var word = state
    word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
    word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
    return word ^ (word >> 31)
  }

  mutating func below(_ bound: Int) -> Int { bound > 0 ? Int(next() % UInt64(bound)) : 0 }

  /// True in so many of a million.
  mutating func happens(_ perMillion: Int) -> Bool { below(1_000_000) < perMillion }
}
