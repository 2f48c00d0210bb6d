package import Wire

/// How grave, by the national plan for incidents: I is the gravest. Ordered: `.four < .one`.
package enum IncidentLevel: String, Codable, Sendable, CaseIterable, Comparable {
  case one = "I"
  case two = "II"
  case three = "III"
  case four = "IV"

  package var title: BilingualText {
    switch self {
    case .one: BilingualText(en: "I, especially grave (red)", zh: "特别重大（红色）")
    case .two: BilingualText(en: "II, grave (orange)", zh: "重大（橙色）")
    case .three: BilingualText(en: "III, rather grave (yellow)", zh: "较大（黄色）")
    case .four: BilingualText(en: "IV, ordinary (blue)", zh: "一般（蓝色）")
    }
  }
  package var rank: Int { 4 - (IncidentLevel.allCases.firstIndex(of: self) ?? 3) }
  package static func < (a: IncidentLevel, b: IncidentLevel) -> Bool { a.rank < b.rank }
}

package enum IncidentState: String, Codable, Sendable, CaseIterable {
  case open, contained, recovered, closed

  package var title: BilingualText {
    switch self {
    case .open: BilingualText(en: "open", zh: "处置中")
    case .contained: BilingualText(en: "contained", zh: "已遏制")
    case .recovered: BilingualText(en: "recovered", zh: "已恢复")
    case .closed: BilingualText(en: "closed", zh: "已结案")
    }
  }
  /// The step that may follow; nil after the last.
  package var next: IncidentState? {
    switch self {
    case .open: .contained
    case .contained: .recovered
    case .recovered: .closed
    case .closed: nil
    }
  }
}

/// What happened. Which clocks run depends on it.
package enum IncidentKind: String, Codable, Sendable, CaseIterable {
  case tampering, leak, webshell, outage, attack, other

  package var title: BilingualText {
    switch self {
    case .tampering: BilingualText(en: "tampering", zh: "网页篡改")
    case .leak: BilingualText(en: "leak", zh: "数据泄露")
    case .webshell: BilingualText(en: "web shell", zh: "网站后门")
    case .outage: BilingualText(en: "outage", zh: "无法访问")
    case .attack: BilingualText(en: "attack", zh: "网络攻击")
    case .other: BilingualText(en: "other", zh: "其他")
    }
  }
}

/// Whose duty it is to report upward: how fast differs by it.
package enum OperatorKind: String, Codable, Sendable, CaseIterable {
  case criticalInfrastructure, centralOrgan, other

  package var title: BilingualText {
    switch self {
    case .criticalInfrastructure: BilingualText(en: "critical infrastructure", zh: "关键信息基础设施")
    case .centralOrgan: BilingualText(en: "central organ", zh: "中央和国家机关")
    case .other: BilingualText(en: "other operator", zh: "其他运营者")
    }
  }
}

/// A case: rows of the queue and sites, a level, people, clocks and a log. What changes it is `IncidentMachine`'s.
package struct Incident: Codable, Sendable, Hashable, Identifiable {
  /// `2026-0007`: the year and its running number. Given by the store, never used again; empty before.
  package var id: String
  package var title: String
  package var kind: IncidentKind
  package var state: IncidentState
  /// An exercise: shown everywhere, in no statistic.
  package var isDrill: Bool
  package var opened: Timestamp
  package var openedBy: String
  package var lead: String?
  package var members: [String]
  /// Nil: nobody has said; then the strictest clock counts.
  package var operatorKind: OperatorKind?
  /// Every decision, the first first; the last holds.
  package var levels: [LevelDecision]
  /// Every word on a measure, the first first; the last on each holds.
  package var facts: [IncidentFact]
  /// The first is when it was known; each that follows corrects it and keeps the old.
  package var awareness: [Awareness]
  /// Steps and reopenings in order.
  package var steps: [IncidentStep]
  package var marks: [IncidentMark]

  package init(
    id: String = "", title: String, kind: IncidentKind, isDrill: Bool = false, opened: Timestamp, openedBy: String,
    lead: String? = nil, operatorKind: OperatorKind? = nil
  ) {
    self.id = id
    self.title = title
    self.kind = kind
    self.isDrill = isDrill
    self.opened = opened
    self.openedBy = openedBy
    self.lead = lead
    self.operatorKind = operatorKind
    state = .open
    members = []
    levels = []
    facts = []
    awareness = []
    steps = []
    marks = []
  }

  package var isOpen: Bool { state != .closed }
  /// As a lead has set it; nil: nobody has yet.
  package var level: IncidentLevel? { levels.last?.level }
  package var knownSince: Timestamp? { awareness.last?.time }

  /// A lead sets the level; a machine only proposes it.
  package struct LevelDecision: Codable, Sendable, Hashable {
    package var level: IncidentLevel
    package var by: String
    package var time: Timestamp
    package var reason: String
    package init(level: IncidentLevel, by: String, time: Timestamp, reason: String) {
      self.level = level
      self.by = by
      self.time = time
      self.reason = reason
    }
  }

  /// When the operator knew, as a named person says.
  package struct Awareness: Codable, Sendable, Hashable {
    package var time: Timestamp
    package var by: String
    package var recorded: Timestamp
    package var reason: String
    package init(time: Timestamp, by: String, recorded: Timestamp, reason: String) {
      self.time = time
      self.by = by
      self.recorded = recorded
      self.reason = reason
    }
  }
}

/// Who brought a case to a state, when it happened, when it was said, and what proves it; of a reopening, why.
package struct IncidentStep: Codable, Sendable, Hashable {
  package var state: IncidentState
  package var by: String
  package var happened: Timestamp
  package var recorded: Timestamp
  package var proof: String
  package init(state: IncidentState, by: String, happened: Timestamp, recorded: Timestamp, proof: String) {
    self.state = state
    self.by = by
    self.happened = happened
    self.recorded = recorded
    self.proof = proof
  }
}

/// What others owed and did: it ends a clock.
package struct IncidentMark: Codable, Sendable, Hashable {
  package enum Kind: String, Codable, Sendable, CaseIterable {
    /// The operator confirmed that it was told; answered; the report went upward; and further up.
    case received, feedback, reported, reportedOnward

    package var title: BilingualText {
      switch self {
      case .received: BilingualText(en: "received", zh: "已签收")
      case .feedback: BilingualText(en: "feedback", zh: "已反馈")
      case .reported: BilingualText(en: "reported upward", zh: "已上报")
      case .reportedOnward: BilingualText(en: "reported onward", zh: "已转报")
      }
    }
  }
  package var kind: Kind
  package var by: String
  package var happened: Timestamp
  package var recorded: Timestamp
  /// By what way, to whom, under what number.
  package var note: String
  package init(kind: Kind, by: String, happened: Timestamp, recorded: Timestamp, note: String) {
    self.kind = kind
    self.by = by
    self.happened = happened
    self.recorded = recorded
    self.note = note
  }
}
