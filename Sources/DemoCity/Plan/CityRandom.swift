internal import Wire

/// What a city is drawn by.
struct CityRandom: RandomNumberGenerator {
  private var source: SeededRandom

  init(seed: UInt64) { source = SeededRandom(seed: seed) }

  /// A stream of its own for each site, so that a larger city begins with the sites of a smaller one.
  init(seed: UInt64, part: UInt64) {
    var mixed = CityRandom(seed: seed ^ (part &* 0xd605_1e13_77c9_5b5d))
    source = SeededRandom(seed: mixed.next())
  }

  mutating func next() -> UInt64 { source.next() }

  mutating func below(_ bound: Int) -> Int { bound > 0 ? Int(next() % UInt64(bound)) : 0 }

  /// True in so many of a million.
  mutating func happens(_ perMillion: Int) -> Bool { below(1_000_000) < perMillion }
}
