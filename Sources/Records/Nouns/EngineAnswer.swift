package import Wire

/// What one engine last said of a finding at one place. A finding keeps one for each engine and place, so that each
/// engine counts once, and disagreement can be shown side by side.
package struct EngineAnswer: Codable, Sendable, Hashable {
  /// The site's id; the host, where there is no site.
  package var place: String
  package var engine: String
  package var version: String
  package var answer: Observation.Answer
  /// From when it has said the same, without another word between.
  package var since: Timestamp
  package var time: Timestamp
  /// Of its last *yes*, or of what it says now where it never said that.
  package var confidence: Int
  /// Masked. Of its last word that said *yes* or *no*.
  package var evidence: String
  /// Its last word that was determined: the weakness is there (true) or not (false); nil: it was never sure.
  package var holds: Bool?
  /// When that was: what it could not tell later is later than this.
  package var sure: Timestamp?
  /// It said *yes* once: without its *no* the weakness is not gone.
  package var hasAffirmed: Bool

  /// A line or two in a table; the observation has it whole.
  package static let evidenceLimit = 1024
  /// Engines told apart at one place: ours, the external ones, and imports under names of their own. Those beyond share
  /// `others`, which only says *yes*: no machine verifies what nobody can tell apart.
  package static let engineLimit = 64
  package static let others = "others"

  package init(_ observation: Observation, place: String, at seen: Timestamp) {
    self.place = place
    engine = observation.engine
    version = observation.engineVersion
    answer = observation.answer
    since = seen
    time = seen
    confidence = observation.confidence
    evidence = String(observation.evidence.prefix(EngineAnswer.evidenceLimit))
    hasAffirmed = observation.answer == .yes
    switch observation.answer {
    case .yes: (holds, sure) = (true, seen)
    case .no: (holds, sure) = (false, seen)
    case .notDetermined: (holds, sure) = (nil, nil)
    }
  }

  /// This word after an older one of the same engine at the same place.
  package func following(_ old: EngineAnswer) -> EngineAnswer {
    var new = self
    if answer.isSame(as: old.answer) { new.since = min(old.since, since) }
    if holds == nil { (new.holds, new.sure, new.evidence) = (old.holds, old.sure, old.evidence) }
    if !hasAffirmed, old.hasAffirmed { (new.hasAffirmed, new.confidence) = (true, old.confidence) }
    return new
  }
}

extension Observation.Answer {
  /// Both yes, both no, or neither sure: the reason does not count.
  package func isSame(as other: Observation.Answer) -> Bool {
    switch (self, other) {
    case (.yes, .yes), (.no, .no), (.notDetermined, .notDetermined): true
    default: false
    }
  }

  /// `yes`, `no`, `not determined: the reason`.
  package var text: String {
    switch self {
    case .yes: "yes"
    case .no: "no"
    case .notDetermined(let reason): "not determined: \(reason)"
    }
  }
}

extension Sequence<EngineAnswer> {
  /// One engine at least stands by its *yes*.
  package var shows: Bool { contains { $0.holds == true } }
  /// One says *yes* and another *no*.
  package var disagrees: Bool { shows && contains { $0.holds == false } }
}
