package import Wire

/// What an incident is graded by.
package enum IncidentMeasure: String, Codable, Sendable, CaseIterable {
  /// Hours that a site could not be reached; that altered content stood on the home page, on other pages.
  case hoursUnreachable, hoursAltered, hoursAlteredInside
  case personsLeaked, lossYuan

  package var title: BilingualText {
    switch self {
    case .hoursUnreachable: BilingualText(en: "hours unreachable", zh: "无法访问小时数")
    case .hoursAltered: BilingualText(en: "hours altered content stood on the home page", zh: "首页篡改持续小时数")
    case .hoursAlteredInside: BilingualText(en: "hours altered content stood on other pages", zh: "其他页面篡改持续小时数")
    case .personsLeaked: BilingualText(en: "persons whose data leaked", zh: "泄露个人信息人数")
    case .lossYuan: BilingualText(en: "direct loss in yuan", zh: "直接经济损失（元）")
    }
  }
}

/// One word on a measure: what a person stated or the scans measured.
package struct IncidentFact: Codable, Sendable, Hashable {
  package var measure: IncidentMeasure
  package var value: Double
  /// Whose word; `vigil` where scans measured it.
  package var by: String
  package var time: Timestamp
  /// From where it is known.
  package var basis: String
  package init(measure: IncidentMeasure, value: Double, by: String, time: Timestamp, basis: String) {
    self.measure = measure
    self.value = value
    self.by = by
    self.time = time
    self.basis = basis
  }

  /// `500` for 500.0.
  package static func plain(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? "\(Int64(value))" : "\(value)"
  }
}

/// The level that the grading guide gives, with all that went into it.
package struct LevelProposal: Codable, Sendable, Hashable {
  /// One condition of the guide that is met.
  package struct Reason: Codable, Sendable, Hashable {
    package var level: IncidentLevel
    package var measure: IncidentMeasure
    package var value: Double
    package var from: Double
    /// The condition holds for such operators only.
    package var operators: [OperatorKind]
    package var source: String
    /// Nobody has held the number against the published text.
    package var isVerified: Bool
    package init(
      level: IncidentLevel, measure: IncidentMeasure, value: Double, from: Double, operators: [OperatorKind],
      source: String, isVerified: Bool
    ) {
      self.level = level
      self.measure = measure
      self.value = value
      self.from = from
      self.operators = operators
      self.source = source
      self.isVerified = isVerified
    }
  }
  package var level: IncidentLevel
  /// The conditions that are met at that level; empty: none of a higher level is, by what is known.
  package var reasons: [Reason]
  package var inputs: [IncidentFact]
  /// Measures on which nobody has said anything: they could only raise it.
  package var unknown: [IncidentMeasure]
  package init(level: IncidentLevel, reasons: [Reason], inputs: [IncidentFact], unknown: [IncidentMeasure]) {
    self.level = level
    self.reasons = reasons
    self.inputs = inputs
    self.unknown = unknown
  }
}

/// One clock of an incident, as it stands.
package struct IncidentClock: Codable, Sendable, Hashable, Identifiable {
  package enum State: String, Codable, Sendable, CaseIterable {
    /// It cannot run yet: what it counts from has not been said.
    case waiting
    case running, overdue
    /// Done in time; done, but late.
    case met, late

    package var title: BilingualText {
      switch self {
      case .waiting: BilingualText(en: "waits", zh: "待定")
      case .running: BilingualText(en: "runs", zh: "计时中")
      case .overdue: BilingualText(en: "overdue", zh: "已超时")
      case .met: BilingualText(en: "in time", zh: "按时完成")
      case .late: BilingualText(en: "late", zh: "超时完成")
      }
    }
  }
  package var id: String
  package var title: BilingualText
  package var state: State
  /// Nil while it waits.
  package var due: Timestamp?
  package var done: Timestamp?
  /// What it waits for, or what was assumed ("the kind of operator is not said: the strictest counts").
  package var note: BilingualText?
  package var source: String
  package var isVerified: Bool
  package init(
    id: String, title: BilingualText, state: State, due: Timestamp?, done: Timestamp?, note: BilingualText?,
    source: String, isVerified: Bool
  ) {
    self.id = id
    self.title = title
    self.state = state
    self.due = due
    self.done = done
    self.note = note
    self.source = source
    self.isVerified = isVerified
  }
}
