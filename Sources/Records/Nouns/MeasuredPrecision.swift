/// How often an engine's *yes* to a check, or a rule's alert, was right, as analysts said when they closed rows.
package struct MeasuredPrecision: Codable, Sendable, Hashable {
  /// Nil: a rule of the sensor.
  package var engine: String?
  /// A check's id, or `gid:sid`.
  package var check: String
  package var truePositives: Int
  package var falsePositives: Int
  /// The confidence that the engine gives itself, of its last judged *yes*; nil for rules.
  package var declared: Int?

  /// Below it nothing is said: with nine verdicts the interval is wider than half of all there is.
  package static let leastVerdicts = 10

  package init(
    engine: String?, check: String, truePositives: Int = 0, falsePositives: Int = 0, declared: Int? = nil
  ) {
    self.engine = engine
    self.check = check
    self.truePositives = truePositives
    self.falsePositives = falsePositives
    self.declared = declared
  }

  package var verdicts: Int { truePositives + falsePositives }

  /// Wilson's interval of 95 %, in percent; nil where the verdicts are too few.
  package var interval: ClosedRange<Double>? {
    guard verdicts >= MeasuredPrecision.leastVerdicts else { return nil }
    let (n, z) = (Double(verdicts), 1.959_964)
    let share = Double(truePositives) / n
    let center = share + z * z / (2 * n)
    let half = z * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot()
    let whole = 1 + z * z / n
    return max(0, 100 * (center - half) / whole)...min(100, 100 * (center + half) / whole)
  }

  /// The engine is surer of itself than what was measured lets it be. Said, never acted on.
  package var isOverconfident: Bool {
    guard let declared, let interval else { return false }
    return Double(declared) > interval.upperBound
  }
}

/// One row that an analyst judged.
package struct JudgedRow: Sendable, Hashable {
  package var wing: Wing
  package var check: String
  /// Engine -> the confidence of its *yes*; empty for rules.
  package var engines: [String: Int]
  package var verdict: Verdict
  package init(wing: Wing, check: String, engines: [String: Int], verdict: Verdict) {
    self.wing = wing
    self.check = check
    self.engines = engines
    self.verdict = verdict
  }
}
