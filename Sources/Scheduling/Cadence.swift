package import Records

/// How soon again: by risk, one step slower per clean scan, never slower than the last step (as CISA's CyHy does).
package struct Cadence: Sendable, Hashable {
  /// Seconds; index 0 while something critical is open.
  package var steps: [Double] = [12 * 3600, 24 * 3600, 4 * 86_400, 7 * 86_400]

  package init() {}

  /// Worse than before takes effect at once; better only a step per scan, so that one lucky scan calms nobody.
  package func step(after worst: Severity?, previous: Int) -> Int {
    let wanted =
      switch worst {
      case .critical: 0
      case .high: 1
      case .medium: 2
      default: steps.count - 1
      }
    return min(wanted, previous + 1, steps.count - 1)
  }

  package func interval(step: Int, site: Int?) -> Double {
    if let site { return Double(site) }
    return steps[min(max(step, 0), steps.count - 1)]
  }
}

/// How long after a failure: by whose fault it was, doubling, bounded; never longer than the ordinary interval.
package enum BackOff {
  package static func seconds(after outcome: ScanOutcome, failures: Int, interval: Double) -> Double {
    if case .after(let seconds) = outcome.retry, failures <= 1 { return Double(max(seconds, 1)) }
    let base: Double =
      switch outcome.source {
      case .site: 300
      case .network: 60
      case .vigil: 60
      case .policy: 3600
      }
    return min(base * Double(1 << min(max(failures - 1, 0), 10)), max(interval, base))
  }
}

/// SplitMix64 (Steele, Lea, Flood 2014): seeded, so that a simulated month is the same month again.
package struct SeededRandom: RandomNumberGenerator, Sendable, Hashable, Codable {
  var state: UInt64

  package init(seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
