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

  /// What became of findings of an earlier scan, made once a comparison: a target may have thousands.
  package struct Fates {
    private var exact: [FindingKey: Fate] = [:]
    private var byCheck: [String: Fate] = [:]

    init(_ target: SeenTarget) {
      for observation in target.observations {
        let key = FindingKey(target: target.key, check: observation.check, parameter: observation.parameter)
        switch observation.answer {
        case .yes:
          exact[key] = .present
          if byCheck[key.check] == nil { byCheck[key.check] = .gone }
        case .no:
          if exact[key] == nil { exact[key] = .gone }
          if byCheck[key.check] == nil { byCheck[key.check] = .gone }
        case .notDetermined(let reason):
          if exact[key] != .present { exact[key] = .unknown(reason: reason) }
          byCheck[key.check] = .unknown(reason: reason)
        }
      }
    }

    /// Where a check names its findings by a parameter (a port, a path), one that is no longer named is gone once the
    /// check was answered at all.
    package func callAsFunction(_ finding: FindingKey) -> Fate {
      exact[finding] ?? byCheck[finding.check] ?? .unknown(reason: "not asked")
    }
  }

  package var fates: Fates { Fates(self) }
}
