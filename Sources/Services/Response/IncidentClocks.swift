package import Records
package import Wire

/// The clocks of an incident by the guide, at a moment.
package enum IncidentClocks {
  /// `proposed` counts where no level is set, and the clock says so. A drill's clocks run like others.
  package static func clocks(
    of incident: Incident, proposed: IncidentLevel, guide: GradingGuide, now: Timestamp
  ) -> [IncidentClock] {
    let level = incident.level ?? proposed
    return guide.clocks.compactMap { rule in
      guard rule.kinds.isEmpty || rule.kinds.contains(incident.kind) else { return nil }
      if let minimum = rule.minimumLevel, level < minimum { return nil }
      guard let seconds = rule.seconds(for: incident.operatorKind) else { return nil }
      return clock(rule, seconds, incident, now)
    }
  }

  private static func clock(
    _ rule: GradingGuide.ClockRule, _ seconds: Double, _ incident: Incident, _ now: Timestamp
  ) -> IncidentClock {
    let start = incident.start(of: rule.start)
    let done = start == nil && rule.start == .reported ? nil : incident.end(of: rule.end)
    let due = start?.advanced(seconds: seconds)
    return IncidentClock(
      id: rule.id, title: rule.title, state: state(due: due, done: done, now), due: due, done: done,
      note: note(rule, incident, hasStart: start != nil), source: rule.source, isVerified: rule.isVerified)
  }

  private static func state(due: Timestamp?, done: Timestamp?, _ now: Timestamp) -> IncidentClock.State {
    guard let due else { return done == nil ? .waiting : .met }
    if let done { return done <= due ? .met : .late }
    return now > due ? .overdue : .running
  }

  private static func note(
    _ rule: GradingGuide.ClockRule, _ incident: Incident, hasStart: Bool
  ) -> BilingualText? {
    guard hasStart else {
      switch rule.start {
      case .awareness: return BilingualText(en: "nobody has recorded when the operator knew", zh: "尚未记录获知时间")
      case .reported: return BilingualText(en: "it was not reported yet", zh: "尚未上报")
      case .opened: return nil
      }
    }
    if incident.operatorKind == nil, Set(rule.seconds.values).count > 1 || rule.seconds.count < 3 {
      return BilingualText(
        en: "the kind of operator is not said: the strictest counts", zh: "运营者类别未定，按最严时限计")
    }
    if incident.level == nil, rule.minimumLevel != nil {
      return BilingualText(en: "by the proposed level: none is set", zh: "级别未定，按建议级别计")
    }
    return nil
  }
}

extension GradingGuide.ClockRule {
  /// Nil: it does not run for him. Of an operator of whom nobody has said what he is, the strictest.
  func seconds(for kind: OperatorKind?) -> Double? {
    kind.map { seconds[$0] } ?? seconds.values.min()
  }
}

extension Incident {
  /// What runs from the opening runs anew from the last reopening.
  func start(of start: GradingGuide.ClockRule.Start) -> Timestamp? {
    switch start {
    case .opened: steps.last { $0.state == .open }?.recorded ?? opened
    case .awareness: knownSince
    case .reported: end(of: .reported)
    }
  }

  /// The first time that it was done. After a reopening what was contained must be contained again.
  func end(of end: GradingGuide.ClockRule.End) -> Timestamp? {
    switch end {
    case .received: first(.received)
    case .feedback: first(.feedback)
    case .reported: first(.reported)
    case .reportedOnward: first(.reportedOnward)
    case .contained: containedSince
    }
  }

  private func first(_ kind: IncidentMark.Kind) -> Timestamp? {
    marks.filter { $0.kind == kind }.map(\.happened).min()
  }

  private var containedSince: Timestamp? {
    let last = steps.lastIndex { $0.state == .open }.map { steps[($0 + 1)...] } ?? steps[...]
    return last.first { $0.state == .contained }?.happened
  }
}
