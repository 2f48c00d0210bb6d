package import Records

/// How long after a failure: by its cause, doubling, never longer than the ordinary interval.
package enum BackOff {
  /// The first wait, in seconds. Who is blocked or asked to slow down stays away longer than who met a fault, since
  /// asking again is what was complained of.
  package static func base(_ source: ScanOutcome.Source) -> Double {
    switch source {
    case .site: 300
    case .network: 60
    case .vigil: 60
    case .policy: 3600
    case .blocked: 3600
    case .rateLimited: 900
    }
  }

  package static func seconds(after outcome: ScanOutcome, failures: Int, interval: Double) -> Double {
    if case .after(let seconds) = outcome.retry, failures <= 1 { return min(Double(max(seconds, 1)), interval) }
    return min(base(outcome.source) * Double(1 << min(max(failures - 1, 0), 10)), interval)
  }
}
