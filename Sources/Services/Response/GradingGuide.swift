package import Records

/// The guide that levels and clocks are taken from: data (`Rules/grading/incidents.yaml`), with the source of each
/// number and whether somebody has held it against the published text.
package struct GradingGuide: Sendable, Hashable {
  /// A level's condition: a measure that has come so far.
  package struct Condition: Sendable, Hashable {
    package var level: IncidentLevel
    package var measure: IncidentMeasure
    package var from: Double
    /// Empty: for every operator.
    package var operators: [OperatorKind]
    package var source: String
    package var isVerified: Bool
    package init(
      level: IncidentLevel, measure: IncidentMeasure, from: Double, operators: [OperatorKind] = [],
      source: String = "", isVerified: Bool = false
    ) {
      self.level = level
      self.measure = measure
      self.from = from
      self.operators = operators
      self.source = source
      self.isVerified = isVerified
    }
  }

  /// A clock: from a moment on so long, until something is done.
  package struct ClockRule: Sendable, Hashable {
    package enum Start: String, Sendable, CaseIterable { case opened, awareness, reported }
    package enum End: String, Sendable, CaseIterable {
      case received, contained, feedback, reported, reportedOnward
    }
    package var id: String
    package var title: BilingualText
    package var start: Start
    package var end: End
    /// Empty: of every kind.
    package var kinds: [IncidentKind]
    /// Nil: at every level.
    package var minimumLevel: IncidentLevel?
    /// Seconds; of an operator that is not named the clock does not run.
    package var seconds: [OperatorKind: Double]
    package var source: String
    package var isVerified: Bool
    package init(
      id: String, title: BilingualText, start: Start, end: End, kinds: [IncidentKind] = [],
      minimumLevel: IncidentLevel? = nil, seconds: [OperatorKind: Double], source: String = "",
      isVerified: Bool = false
    ) {
      self.id = id
      self.title = title
      self.start = start
      self.end = end
      self.kinds = kinds
      self.minimumLevel = minimumLevel
      self.seconds = seconds
      self.source = source
      self.isVerified = isVerified
    }
  }

  /// Checks of the engines whose time of standing is a measure.
  package var measured: [IncidentMeasure: [String]]
  package var conditions: [Condition]
  package var clocks: [ClockRule]
  package init(
    measured: [IncidentMeasure: [String]] = [:], conditions: [Condition] = [], clocks: [ClockRule] = []
  ) {
    self.measured = measured
    self.conditions = conditions
    self.clocks = clocks
  }

  /// The level by what is known: a person's last word on a measure goes before what scans measured. An incident is
  /// at least of level IV.
  package func propose(_ incident: Incident, measured: [IncidentFact]) -> LevelProposal {
    var inputs: [IncidentMeasure: IncidentFact] = [:]
    for fact in measured + incident.facts { inputs[fact.measure] = fact }
    let met = conditions.compactMap { condition -> LevelProposal.Reason? in
      guard let fact = inputs[condition.measure], fact.value >= condition.from,
        condition.applies(to: incident.operatorKind)
      else { return nil }
      return LevelProposal.Reason(
        level: condition.level, measure: condition.measure, value: fact.value, from: condition.from,
        operators: condition.operators, source: condition.source, isVerified: condition.isVerified)
    }
    let level = met.map(\.level).max() ?? .four
    let asked = Set(conditions.map(\.measure))
    return LevelProposal(
      level: level, reasons: met.filter { $0.level == level },
      inputs: IncidentMeasure.allCases.compactMap { inputs[$0] },
      unknown: IncidentMeasure.allCases.filter { asked.contains($0) && inputs[$0] == nil })
  }
}

extension GradingGuide.Condition {
  /// Of an operator of whom nobody has said what he is, the condition counts: a proposal errs upward.
  func applies(to kind: OperatorKind?) -> Bool {
    operators.isEmpty || kind.map(operators.contains) ?? true
  }
}
