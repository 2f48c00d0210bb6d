package import Wire

/// What one engine saw on one target at one time. Immutable; evidence is masked before it is made.
package struct Observation: Codable, Sendable, Hashable {
  package enum Answer: Codable, Sendable, Hashable {
    case yes, no
    case notDetermined(reason: String)
  }
  package var time: Timestamp
  package var engine: String
  package var engineVersion: String
  /// The weakness asked for, as in the indicator tree: `tls.certificate.expired`. Stable, lower case, dotted.
  package var check: String
  package var title: BilingualText
  package var severity: Severity
  package var site: String?
  package var target: Target
  /// The path template and parameter, where the weakness has them.
  package var path: String?
  package var parameter: String?
  package var answer: Answer
  /// Masked, in a sentence or a few lines; bounded by `evidenceLimit`.
  package var evidence: String
  /// 0-100.
  package var confidence: Int
  /// From where it was asked: the scanner's name.
  package var vantage: String

  package static let evidenceLimit = 4096

  package init(
    time: Timestamp, engine: String, engineVersion: String = "1", check: String, title: BilingualText,
    severity: Severity, site: String? = nil, target: Target, path: String? = nil, parameter: String? = nil,
    answer: Answer, evidence: String = "", confidence: Int = 100, vantage: String = ""
  ) {
    self.time = time
    self.engine = engine
    self.engineVersion = engineVersion
    self.check = check
    self.title = title
    self.severity = severity
    self.site = site
    self.target = target
    self.path = path
    self.parameter = parameter
    self.answer = answer
    self.evidence = String(evidence.prefix(Observation.evidenceLimit))
    self.confidence = min(max(confidence, 0), 100)
    self.vantage = vantage
  }
}

package enum FindingState: String, Codable, Sendable, CaseIterable {
  case open, notified, received, fixing, claimed, verified, reopened, accepted, falsePositive, unverifiable

  /// The weakness is (as far as we know) still there and someone still owes work on it.
  package var isLive: Bool {
    switch self {
    case .open, .notified, .received, .fixing, .claimed, .reopened, .unverifiable: true
    case .verified, .accepted, .falsePositive: false
    }
  }
}

/// A weakness of a site, folded from observations of any number of engines, with a life.
package struct Finding: Codable, Sendable, Hashable {
  package var row: QueueRow
  package var weakness: String
  package var target: Target
  package var path: String?
  package var parameter: String?
  /// Engine -> the confidence of its last *yes*, 0-100.
  package var engines: [String: Int]
  package var evidence: String
  /// Engines whose last answer was *no*, since the last *yes*.
  package var denials: [String]
  package var verifiedAt: Timestamp?
  /// Of `accepted` and `falsePositive`.
  package var until: Timestamp?
  package var reopened: Int

  package init(
    row: QueueRow, weakness: String, target: Target, path: String? = nil, parameter: String? = nil,
    engines: [String: Int] = [:], evidence: String = "", denials: [String] = [], verifiedAt: Timestamp? = nil,
    until: Timestamp? = nil, reopened: Int = 0
  ) {
    self.row = row
    self.weakness = weakness
    self.target = target
    self.path = path
    self.parameter = parameter
    self.engines = engines
    self.evidence = evidence
    self.denials = denials
    self.verifiedAt = verifiedAt
    self.until = until
    self.reopened = reopened
  }

  package var state: FindingState { row.findingState ?? .open }
  /// Independent engines combine as `1 - product(1 - p)`.
  package var confidence: Int {
    let miss = engines.values.reduce(1.0) { $0 * (1 - Double($1) / 100) }
    return Int(((1 - miss) * 100).rounded())
  }
}
