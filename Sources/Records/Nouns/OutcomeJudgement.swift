package import Wire

/// Why an alert's outcome is what it is: by which rule of judgement, in words, and from what.
package struct OutcomeJudgement: Codable, Sendable, Hashable {
  /// The rules of judgement (`Documentation/alerts.md`). What a newer hub wrote is kept as it is.
  package struct Rule: RawRepresentable, Codable, Sendable, Hashable {
    package var rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
  }
  package struct Input: Codable, Sendable, Hashable {
    package var name: String
    package var value: String
    package init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  package var outcome: Outcome
  package var rule: Rule
  package var reason: BilingualText
  package var inputs: [Input]
  package var time: Timestamp
  package init(outcome: Outcome, rule: Rule, reason: BilingualText, inputs: [Input], time: Timestamp) {
    self.outcome = outcome
    self.rule = rule
    self.reason = reason
    self.inputs = inputs
    self.time = time
  }

  /// How many a row keeps: the first and the newest risings.
  package static let kept = 8
}

extension OutcomeJudgement.Rule {
  /// The alert's own answer.
  package static let blocked = Self(rawValue: "blocked")
  package static let refused = Self(rawValue: "refused")
  package static let onlyOpening = Self(rawValue: "only-opening")
  package static let encrypted = Self(rawValue: "encrypted")
  package static let oneSided = Self(rawValue: "one-sided")
  package static let noAnswer = Self(rawValue: "no-answer")
  package static let clientError = Self(rawValue: "client-error")
  package static let serverError = Self(rawValue: "server-error")
  package static let redirected = Self(rawValue: "redirected")
  package static let headOnly = Self(rawValue: "head-only")
  package static let answered = Self(rawValue: "answered")
  package static let clientTarget = Self(rawValue: "client-target")
  /// The rule's class.
  package static let infectionCall = Self(rawValue: "infection-call")
  package static let infectionName = Self(rawValue: "infection-name")
  package static let infectionAnswer = Self(rawValue: "infection-answer")
  package static let successClass = Self(rawValue: "success-class")
  package static let failureClass = Self(rawValue: "failure-class")
  /// The finding behind it.
  package static let weaknessAnswered = Self(rawValue: "weakness-answered")
  package static let weaknessBehind = Self(rawValue: "weakness-behind")
  package static let testedClean = Self(rawValue: "tested-clean")
  /// Later events.
  package static let callBack = Self(rawValue: "call-back")
  package static let plantedPath = Self(rawValue: "planted-path")
  package static let followUp = Self(rawValue: "follow-up")
  package static let nothingSeen = Self(rawValue: "nothing-seen")
}

/// A person's word on an outcome. It stands until a machine sees more than it had seen when the person spoke.
package struct PersonJudgement: Codable, Sendable, Hashable {
  package var outcome: Outcome
  package var reason: String
  package var by: String
  package var at: Timestamp
  /// What the machine had judged by then.
  package var machine: Outcome
  package init(outcome: Outcome, reason: String, by: String, at: Timestamp, machine: Outcome) {
    self.outcome = outcome
    self.reason = reason
    self.by = by
    self.at = at
    self.machine = machine
  }

  /// What the row shows, the machine having judged `machine` by now.
  package static func effective(_ word: PersonJudgement?, machine: Outcome) -> Outcome {
    guard let word else { return machine }
    return machine > max(word.machine, word.outcome) ? machine : word.outcome
  }
}
