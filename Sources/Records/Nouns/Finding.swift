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
  /// What it told is told by another finding now: its site has joined or left a platform.
  case moved

  /// The weakness is (as far as we know) still there and someone still owes work on it.
  package var isLive: Bool {
    switch self {
    case .open, .notified, .received, .fixing, .claimed, .reopened, .unverifiable: true
    case .verified, .accepted, .falsePositive, .moved: false
    }
  }
}

/// A weakness of a site, or of a hosting that many sites share, folded from observations of any number of engines,
/// with a life.
package struct Finding: Codable, Sendable, Hashable {
  package var row: QueueRow
  package var weakness: String
  /// Where it was seen first; of a hosting, at the first of its sites.
  package var target: Target
  package var path: String?
  package var parameter: String?
  /// Engine -> the confidence of its last *yes*, 0-100.
  package var engines: [String: Int]
  /// Engine -> at how many places it stands by its *yes*.
  package var standing: [String: Int]
  package var evidence: String
  package var verifiedAt: Timestamp?
  /// Of `accepted` and `falsePositive`.
  package var until: Timestamp?
  /// Who took it out of the work, and why; of `accepted` and `falsePositive`.
  package var settlement: Settlement?
  /// When its repair was claimed last: an earlier sighting does not refute it.
  package var claimedAt: Timestamp?
  package var reopened: Int
  /// Places that show it: 1 or 0 of a site's, any number of a hosting's.
  package var showing: Int
  /// Places at which one engine says *yes* and another *no*.
  package var disputed: Int
  /// Given with the finding, kept beside it: of one place where an observation is folded, at most `answersShown` where
  /// people look.
  package var answers: [EngineAnswer]

  package struct Settlement: Codable, Sendable, Hashable {
    package var by: String
    package var reason: String
    package var at: Timestamp
    package init(by: String, reason: String, at: Timestamp) {
      self.by = by
      self.reason = reason
      self.at = at
    }
  }

  /// What a person reads; the counts are of all.
  package static let answersShown = 200

  package init(
    row: QueueRow, weakness: String, target: Target, path: String? = nil, parameter: String? = nil,
    engines: [String: Int] = [:], standing: [String: Int] = [:], evidence: String = "", verifiedAt: Timestamp? = nil,
    until: Timestamp? = nil, settlement: Settlement? = nil, claimedAt: Timestamp? = nil, reopened: Int = 0,
    showing: Int = 0, disputed: Int = 0, answers: [EngineAnswer] = []
  ) {
    self.row = row
    self.weakness = weakness
    self.target = target
    self.path = path
    self.parameter = parameter
    self.engines = engines
    self.standing = standing
    self.evidence = evidence
    self.verifiedAt = verifiedAt
    self.until = until
    self.settlement = settlement
    self.claimedAt = claimedAt
    self.reopened = reopened
    self.showing = showing
    self.disputed = disputed
    self.answers = answers
  }

  package var state: FindingState { row.findingState ?? .open }
  package var disagrees: Bool { disputed > 0 }

  /// Independent engines combine as `1 - product(1 - p)`, each once: those that stand by their *yes*; where none does
  /// any more, all that said it.
  package var confidence: Int { Finding.confidence(engines: engines, standing: standing) }

  package static func confidence(engines: [String: Int], standing: [String: Int]) -> Int {
    let held = engines.filter { (standing[$0.key] ?? 0) > 0 }
    let miss = (held.isEmpty ? engines : held).values.reduce(1.0) { $0 * (1 - Double($1) / 100) }
    return Int(((1 - miss) * 100).rounded())
  }
}

extension Finding {
  private enum OldKeys: String, CodingKey { case denials }

  /// A store of the first release has the engines whose last answer was *no*, and no count of places.
  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    let engines = try values.decode([String: Int].self, forKey: .engines)
    let denials =
      try decoder.container(keyedBy: OldKeys.self).decodeIfPresent([String].self, forKey: .denials) ?? []
    let stand = Dictionary(uniqueKeysWithValues: engines.keys.filter { !denials.contains($0) }.map { ($0, 1) })
    let row = try values.decode(QueueRow.self, forKey: .row)
    self.init(
      row: row, weakness: try values.decode(String.self, forKey: .weakness),
      target: try values.decode(Target.self, forKey: .target),
      path: try values.decodeIfPresent(String.self, forKey: .path),
      parameter: try values.decodeIfPresent(String.self, forKey: .parameter), engines: engines,
      standing: try values.decodeIfPresent([String: Int].self, forKey: .standing) ?? stand,
      evidence: try values.decode(String.self, forKey: .evidence),
      verifiedAt: try values.decodeIfPresent(Timestamp.self, forKey: .verifiedAt),
      until: try values.decodeIfPresent(Timestamp.self, forKey: .until),
      settlement: try values.decodeIfPresent(Settlement.self, forKey: .settlement),
      claimedAt: try values.decodeIfPresent(Timestamp.self, forKey: .claimedAt),
      reopened: try values.decode(Int.self, forKey: .reopened),
      showing: try values.decodeIfPresent(Int.self, forKey: .showing) ?? (stand.isEmpty ? 0 : 1),
      disputed: try values.decodeIfPresent(Int.self, forKey: .disputed) ?? (stand.isEmpty || denials.isEmpty ? 0 : 1),
      answers: try values.decodeIfPresent([EngineAnswer].self, forKey: .answers) ?? [])
  }
}
