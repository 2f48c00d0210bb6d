package import Records
package import Wire

/// MODEL's clocks over the rows that nobody has acknowledged, and over those whose holder fell silent.
///
/// A row of high severity or worse is called at once to whoever has the watch, then step by step down the chain each
/// time that its clock runs out, for some rounds. Once acknowledged nobody is called, until the acknowledgement runs out:
/// then the holder is asked once, and after another term the lead. What it says must be kept in one transaction with its
/// own state (`Step`): whoever could not keep it throws the changed value away and asks again.
package struct Escalation: Sendable {
  package private(set) var cases: [Int64: DutyCase]
  /// By person; drills count apart, so that an exercise silences nobody.
  package private(set) var budgets: [String: PagingBudget]

  /// What a row or a second changed, and what must be told.
  package struct Step: Sendable, Equatable {
    package var pages: [DutyPage] = []
    package var answers: [DutyAnswer] = []
    package var changed: Set<Int64> = []
    package var ended: Set<Int64> = []
    package var budgets: Set<String> = []
    /// Rows of which nobody can be told: no roster, or nobody on it.
    package var orphans: [Int64] = []
    /// Rows to which nobody came after the last round.
    package var forsaken: [Int64] = []
    package init() {}
    package var isEmpty: Bool {
      pages.isEmpty && answers.isEmpty && changed.isEmpty && ended.isEmpty && budgets.isEmpty
    }
  }

  package init(cases: [DutyCase] = [], budgets: [String: PagingBudget] = [:]) {
    self.cases = Dictionary(cases.map { ($0.row, $0) }, uniquingKeysWith: { first, _ in first })
    self.budgets = budgets
  }

  /// Of one second: a flood whose clocks run out together is gone through in the seconds that follow, and acts pass in
  /// between.
  package static let mostChanges = 500
  /// From traffic to queue; what took longer waited in a spool.
  static let promptNanoseconds: Int64 = 60 * 1_000_000_000

  // MARK: rows

  /// The row as it is now.
  package mutating func see(_ row: QueueRow, now: Timestamp, into step: inout Step) {
    let known = cases[row.id]
    guard row.severity >= DutyClocks.leastSeverity, row.triage.isOpen else { return end(row, known, now, &step) }
    switch row.triage.state {
    case .new: seeNew(row, known, now, &step)
    case .acknowledged: seeHeld(row, known, now, &step)
    case .escalated, .shelved, .closed: end(row, known, now, &step)
    }
  }

  /// The row is no more.
  package mutating func forget(_ row: Int64, into step: inout Step) {
    guard cases.removeValue(forKey: row) != nil else { return }
    step.changed.remove(row)
    step.ended.insert(row)
  }

  private mutating func seeNew(_ row: QueueRow, _ known: DutyCase?, _ now: Timestamp, _ step: inout Step) {
    if var known, known.stage == .waiting {
      known.severity = row.severity
      known.assigned = row.triage.assignee
      known.comments = row.comments
      return put(known, &step)
    }
    // One that came back begins anew, and so does one that came late: nobody could have acknowledged it before.
    let isPrompt = now.nanoseconds(since: row.firstSeen) <= Escalation.promptNanoseconds
    let isFirst = known == nil && row.triage.changedAt == nil && isPrompt
    put(DutyCase(row, since: isFirst ? min(row.firstSeen, now) : now), &step)
  }

  private mutating func seeHeld(_ row: QueueRow, _ known: DutyCase?, _ now: Timestamp, _ step: inout Step) {
    let acknowledged = row.triage.acknowledgedAt ?? now
    if var known, known.stage == .held, known.acknowledged == acknowledged {
      // Who writes is not silent: the term begins again.
      if row.comments > known.comments {
        known.heldSince = now
        known.asked = 0
      }
      known.comments = row.comments
      known.severity = row.severity
      // Given to somebody since: it is his now.
      if row.triage.assignee != known.assigned { known.holder = row.triage.assignee ?? known.holder }
      known.assigned = row.triage.assignee
      return put(known, &step)
    }
    var held = known ?? DutyCase(row, since: acknowledged)
    answer(row, known, at: acknowledged, &step)
    let wasGiven = known?.assigned != nil && known?.assigned == row.triage.assignee
    held.stage = .held
    held.assigned = row.triage.assignee
    held.holder = (wasGiven ? row.triage.changedBy : row.triage.assignee) ?? row.triage.changedBy
    held.acknowledged = acknowledged
    held.heldSince = acknowledged
    held.asked = 0
    held.pausedSince = nil
    held.severity = row.severity
    held.comments = row.comments
    put(held, &step)
  }

  private mutating func end(_ row: QueueRow, _ known: DutyCase?, _ now: Timestamp, _ step: inout Step) {
    guard let known else { return }
    answer(row, known, at: row.triage.changedAt ?? now, &step)
    forget(row.id, into: &step)
  }

  private func answer(_ row: QueueRow, _ known: DutyCase?, at time: Timestamp, _ step: inout Step) {
    guard let known, known.stage == .waiting, let person = row.triage.changedBy else { return }
    step.answers.append(
      DutyAnswer(
        row: row.id, severity: known.severity, since: known.since, time: time, person: person, isDrill: known.isDrill))
  }

  private mutating func put(_ value: DutyCase, _ step: inout Step) {
    guard cases[value.row] != value else { return }
    cases[value.row] = value
    step.ended.remove(value.row)
    step.changed.insert(value.row)
  }

  // MARK: time

  /// `pace` is the part of its time that a guard period leaves a row; `isInIncident`: others care for it now.
  package mutating func tick(
    now: Timestamp, chain: WatchChain, clocks: DutyClocks, pace: (DutyCase) -> Double = { _ in 1 },
    isInIncident: (Int64) -> Bool = { _ in false }, into step: inout Step
  ) {
    for id in cases.keys.sorted() where step.changed.count < Escalation.mostChanges {
      guard let old = cases[id] else { continue }
      var value = old
      let pages: [DutyPage]
      switch value.stage {
      case .waiting: pages = calls(&value, chain, clocks, pace(value), now, &step)
      case .held: pages = asks(&value, chain, clocks, pace(value), isInIncident(id), now)
      }
      put(value, &step)
      for page in pages { send(page, clocks, now, &step) }
    }
    digests(clocks, now, &step)
  }

  /// Whom it is time to call; of several that were missed each person once.
  private func calls(
    _ value: inout DutyCase, _ chain: WatchChain, _ clocks: DutyClocks, _ pace: Double, _ now: Timestamp,
    _ step: inout Step
  ) -> [DutyPage] {
    let expected = value.expected(clocks, pace: pace, now: now)
    guard expected > value.called else {
      let last = value.since.advanced(
        seconds: clocks.acknowledge(value.severity, pace: pace) * Double(DutyCase.mostCalls(clocks)))
      if value.called >= DutyCase.mostCalls(clocks), now >= last, !value.isTold {
        value.isTold = true
        step.forsaken.append(value.row)
      }
      return []
    }
    guard !chain.isEmpty else {
      if !value.isTold { step.orphans.append(value.row) }
      value.isTold = true
      return []
    }
    var pages: [DutyPage] = []
    for number in value.called..<expected {
      guard let (at, person) = Escalation.next(chain, from: number % Roster.steps) else { continue }
      pages.removeAll { $0.person == person }
      pages.append(
        DutyPage(
          id: "page/\(value.row)/\(value.since.nanoseconds)/\(number)", reason: .waiting, row: value.row,
          severity: value.severity, site: value.site, person: person, step: at, round: number / Roster.steps + 1,
          time: now, deadline: value.due(clocks, pace: pace), isDrill: value.isDrill))
    }
    value.called = expected
    value.isTold = false
    return pages
  }

  /// The step itself, or the next behind it where somebody is; behind the last comes the first.
  private static func next(_ chain: WatchChain, from place: Int) -> (step: Int, person: String)? {
    for offset in 0..<Roster.steps {
      let step = (place + offset) % Roster.steps + 1
      if let person = chain[step] { return (step, person) }
    }
    return nil
  }

  private func asks(
    _ value: inout DutyCase, _ chain: WatchChain, _ clocks: DutyClocks, _ pace: Double, _ isInIncident: Bool,
    _ now: Timestamp
  ) -> [DutyPage] {
    if isInIncident {
      value.pausedSince = value.pausedSince ?? now
      return []
    }
    if let paused = value.pausedSince {
      value.heldSince = value.heldSince?.advanced(seconds: Double(now.nanoseconds(since: paused)) / 1e9)
      value.pausedSince = nil
    }
    guard let from = value.heldSince, value.asked < 2 else { return [] }
    var due = from.advanced(seconds: clocks.hold(value.severity, pace: pace))
    if value.asked == 1 { due = due.advanced(seconds: clocks.acknowledge(value.severity, pace: pace)) }
    guard now >= due else { return [] }
    value.asked += 1
    let isLead = value.asked == 2
    guard let person = isLead ? chain[3] ?? chain[2] ?? chain[1] : value.holder ?? chain[1] else { return [] }
    let step = isLead ? (1...Roster.steps).last { chain[$0] == person } ?? Roster.steps : 1
    return [
      DutyPage(
        id: "ask/\(value.row)/\(from.nanoseconds)/\(value.asked)", reason: isLead ? .leadAsked : .holderAsked,
        row: value.row, severity: value.severity, site: value.site, person: person, step: step, round: 1, time: now,
        deadline: due, isDrill: value.isDrill)
    ]
  }

  // MARK: budget

  private mutating func send(_ page: DutyPage, _ clocks: DutyClocks, _ now: Timestamp, _ step: inout Step) {
    let key = Escalation.budgetKey(page.person, isDrill: page.isDrill)
    step.budgets.insert(key)
    if budgets[key, default: PagingBudget()].take(page, limit: clocks.pagesPerHour, now: now) {
      step.pages.append(page)
    }
  }

  static func budgetKey(_ person: String, isDrill: Bool) -> String { (isDrill ? "drill:" : "") + person }

  private mutating func digests(_ clocks: DutyClocks, _ now: Timestamp, _ step: inout Step) {
    for key in budgets.keys.sorted() {
      guard var budget = budgets[key] else { continue }
      let before = budget
      let due = budget.digest(now: now) { waiting in
        guard let value = cases[waiting.row] else { return false }
        return waiting.isAsk ? value.stage == .held && value.asked > 0 : value.stage == .waiting
      }
      if let due { step.pages.append(Escalation.digest(key, due.rows, due.more, now)) }
      if budget.isIdle(now) {
        budgets[key] = nil
        step.budgets.insert(key)
      } else if budget != before {
        budgets[key] = budget
        step.budgets.insert(key)
      }
    }
  }

  private static func digest(_ key: String, _ rows: [PagingBudget.Waiting], _ more: Int, _ now: Timestamp) -> DutyPage {
    let isDrill = key.hasPrefix("drill:")
    return DutyPage(
      id: "digest/\(key)/\(now.nanoseconds)", reason: .digest, row: 0,
      severity: rows.map(\.severity).max() ?? DutyClocks.leastSeverity,
      person: isDrill ? String(key.dropFirst("drill:".count)) : key, step: 0, round: 0, time: now, isDrill: isDrill,
      rows: rows.prefix(DutyPage.mostRows).map(\.row), count: rows.count + more)
  }
}
