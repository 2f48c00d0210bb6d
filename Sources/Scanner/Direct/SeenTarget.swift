package import Records

/// All that one scan saw of one target.
package struct SeenTarget: Sendable {
  /// The target's URL, with the address where that is pinned: what a later scan of the same is found by.
  package var key: String
  package var observations: [Observation]
  /// By engine.
  package var memories: [String: String]

  package init(key: String, observations: [Observation] = [], memories: [String: String] = [:]) {
    (self.key, self.observations, self.memories) = (key, observations, memories)
  }

  /// What is there, by key; of two with one key the first.
  package var found: [FindingKey: Observation] {
    let pairs = observations.filter { $0.answer == .yes }.map {
      (FindingKey(target: key, check: $0.check, parameter: $0.parameter), $0)
    }
    return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
  }

  package enum Fate: Hashable, Sendable {
    case present, gone
    /// Not asked, or asked and not determined: never *gone*.
    case unknown(reason: String)
  }

  /// What became of a finding of an earlier scan. Where a check names its findings by a parameter (a port, a path), one
  /// that is no longer named is gone once the check was answered at all.
  package func fate(of finding: FindingKey) -> Fate {
    let answers = observations.filter { $0.check == finding.check }
    let exact = answers.filter { $0.parameter == finding.parameter }
    let telling = exact.isEmpty ? answers : exact
    if exact.contains(where: { $0.answer == .yes }) { return .present }
    for observation in telling {
      if case .notDetermined(let reason) = observation.answer { return .unknown(reason: reason) }
    }
    return telling.isEmpty ? .unknown(reason: "not asked") : .gone
  }
}
