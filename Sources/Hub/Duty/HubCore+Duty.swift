internal import ControlAPI
internal import Logging
internal import Records
internal import Scheduling
internal import Services
internal import Store
internal import Wire

/// The duty's clocks between the store and the outbox. What a second changes and whom it calls is one transaction: after
/// a crash the clocks stand where the calls say.
extension HubCore {
  /// All rows with a clock are looked at so often, whatever was told of them meanwhile.
  private static let lookEvery = 60.0
  /// A second's assignments: a flood is given out in a minute, and acts pass in between.
  private static let mostAssigned = 200
  private static let assignedFrom = Severity.low

  /// Before the first tick.
  func beginDuty() throws {
    let now = clock.now()
    let cases = try store.dutyCases().map { try RecordJSON.decode(DutyCase.self, from: $0) }
    var budgets: [String: PagingBudget] = [:]
    for entry in try store.dutyBudgets() {
      budgets[entry.person] = try RecordJSON.decode(PagingBudget.self, from: entry.json)
    }
    duty.escalation = Escalation(cases: cases, budgets: budgets)
    duty.shift = try store.openShift()
    duty.drills = try store.drills()
    duty.blind = try store.openBlindness()
    _ = decided.take()
    duty.forgetChanges()
    duty.lastLook = Timestamp(nanoseconds: .min)
    duty.zoneDay = .min
    try beginAnew(now)
    duty.rosters = try store.rosters()
    followRosters(now)
    try beginCanary(now)
    dues.replace(try store.dutyDues())
  }

  var dutyClocks: DutyClocks { configuration.duty.clocks(configuration.watch) }

  /// The zone's rules are of some years, the roster in force may have changed.
  func followRosters(_ now: Timestamp) {
    let wanted = configuration.duty.roster
    let roster = wanted.isEmpty ? duty.rosters.first : duty.rosters.first { $0.id == wanted }
    duty.zone = roster.flatMap { ZoneRules.zone($0.zone, around: now) } ?? ZoneRules.own(around: now)
    duty.table = roster.map { RosterTable(roster: $0, zone: duty.zone) }
    duty.zoneDay = now.seconds / 86_400
  }

  /// Whoever took the watch, and behind him the roster's.
  func dutyChain(_ now: Timestamp) -> WatchChain {
    var chain = duty.table?.chain(at: now) ?? WatchChain([nil, nil, nil])
    if let shift = duty.shift { chain.people[0] = shift.person }
    return chain
  }

  // MARK: the passing second

  func tickDuty(_ now: Timestamp) {
    if duty.zoneDay != now.seconds / 86_400 { followRosters(now) }
    for row in decided.take() { duty.note(row) }
    do {
      if duty.isInUse {
        try runClocks(now)
        watchTheWatch(now)
        try watchReports(now)
      } else {
        duty.forgetChanges()
        try stopClocks(now)
      }
      try followBlindness(now)
      try tickCanary(now)
      try signalLife(now)
      ailments[.duty] = nil
    } catch { ailments[.duty] = "\(error)" }
  }

  private func runClocks(_ now: Timestamp) throws {
    if now.nanoseconds(since: duty.lastLook) >= Int64(HubCore.lookEvery * 1e9) || now < duty.lastLook {
      try lookAtAll(now)
    }
    let chain = dutyChain(now)
    var escalation = duty.escalation
    var step = Escalation.Step()
    let inIncidents = try duty.sources.rowsInIncidents?() ?? []
    var seen: [Int64] = []
    for id in duty.changed.keys.sorted() where step.changed.count < Escalation.mostChanges {
      for row in duty.changed[id] ?? [] { escalation.see(row, now: now, into: &step) }
      seen.append(id)
    }
    let pace = paces(now)
    escalation.tick(
      now: now, chain: chain, clocks: dutyClocks, pace: pace, isInIncident: inIncidents.contains, into: &step)
    let fresh = fallsDue(escalation, pace)
    var changes = try changes(step, escalation, try assignments(chain, now), now)
    changes.dues = dues.changes(to: fresh)
    let assigned = changes.isEmpty ? [] : try store.keep(duty: changes, at: now)
    duty.escalation = escalation
    dues.replace(fresh)
    duty.forgetChanges(of: seen)
    for row in assigned { publish(row, .acted, now) }
    for page in step.pages where page.reason == .digest { tellFloods(page, now) }
  }

  private func assignments(_ chain: WatchChain, _ now: Timestamp) throws -> [(row: Int64, person: String)] {
    let rows = try store.unassigned(minimum: HubCore.assignedFrom, limit: HubCore.mostAssigned)
    let person = chain.people.compactMap(\.self).first
    let isBehind = person == nil || rows.count == HubCore.mostAssigned
    let late = rows.count { Double(now.nanoseconds(since: $0.firstSeen)) / 1e9 > dutyClocks.assign }
    duty.faults["assign"] = isBehind && late > 0 ? DutyLines.unassigned(late, dutyClocks.assign) : nil
    return person.map { person in rows.map { ($0.id, person) } } ?? []
  }

  /// What nobody published is seen all the same; rows that are no more are forgotten.
  private func lookAtAll(_ now: Timestamp) throws {
    let rows = try store.rows(
      QueueQuery(
        minimumSeverity: DutyClocks.leastSeverity, states: [.new, .acknowledged, .escalated, .shelved],
        limit: HubCore.mostRows))
    let open = Set(rows.map(\.id))
    for row in rows { duty.note(row) }
    for id in duty.escalation.cases.keys where !open.contains(id) {
      if let row = try? store.row(id) {
        duty.note(row)
      } else {
        var (escalation, step) = (duty.escalation, Escalation.Step())
        escalation.forget(id, into: &step)
        var changes = Store.DutyChanges()
        changes.ended = Array(step.ended)
        _ = try store.keep(duty: changes, at: now)
        duty.escalation = escalation
      }
    }
    duty.lastLook = now
  }

  /// What of its time a guard period leaves to a row. Whoever attacks what belongs to no site attacks the city.
  func paces(_ now: Timestamp) -> (DutyCase) -> Double {
    let guards = scheduler.guards.filter { $0.isInForce(at: now) }
    guard !guards.isEmpty else { return { _ in 1 } }
    let parents = Dictionary(
      scheduler.inventory.organisations.map { ($0.id, $0.parent) }, uniquingKeysWith: { first, _ in first })
    let (index, factor) = (sites, dutyClocks.guardFactor)
    return { value in
      guard let site = value.site.flatMap({ index[$0] }) else { return factor }
      var (lineage, next) = ([String](), site.organisation)
      while let organisation = next, !lineage.contains(organisation) {
        lineage.append(organisation)
        next = parents[organisation] ?? nil
      }
      return guards.contains { $0.covers(site, lineage: lineage) } ? factor : 1
    }
  }

  /// By row; a guard period that begins or ends moves them.
  private func fallsDue(_ escalation: Escalation, _ pace: (DutyCase) -> Double) -> [Int64: Timestamp] {
    escalation.cases.values.reduce(into: [:]) { dues, value in
      guard value.stage == .waiting else { return }
      dues[value.row] = value.due(dutyClocks, pace: pace(value))
    }
  }

  /// Where nobody is on duty any more, the watch's own clocks say what is due.
  private func stopClocks(_ now: Timestamp) throws {
    var changes = Store.DutyChanges()
    changes.dues = dues.changes(to: [:])
    guard !changes.isEmpty else { return }
    _ = try store.keep(duty: changes, at: now)
    dues.replace([:])
  }

  // MARK: changes

  private func changes(
    _ step: Escalation.Step, _ escalation: Escalation, _ assigned: [(row: Int64, person: String)], _ now: Timestamp
  ) throws -> Store.DutyChanges {
    var changes = Store.DutyChanges()
    changes.assigned = assigned
    changes.answers = step.answers
    changes.ended = step.ended.sorted()
    changes.cases = try step.changed.sorted().compactMap { row in
      try escalation.cases[row].map { (row, try RecordJSON.text($0)) }
    }
    changes.budgets = try step.budgets.sorted().map { key in
      (key, try escalation.budgets[key].map { try RecordJSON.text($0) })
    }
    guard !step.pages.isEmpty || !step.orphans.isEmpty || !step.forsaken.isEmpty else { return changes }
    let people = try dutyPeople()
    for page in step.pages {
      let dispatch = people[page.person].flatMap {
        PageText.dispatch(page, to: $0, city: configuration.city, zone: duty.zone)
      }
      let entry = try dispatch.map {
        OutboxEntry(channel: Dispatch.channel, body: try RecordJSON.text($0), created: now, due: now)
      }
      changes.calls.append(.init(page: page, entry: entry))
      changes.lines.append(DutyLines.page(page, isSent: entry != nil, now))
    }
    changes.lines += step.orphans.map { DutyLines.orphan($0, now) }
    changes.lines += step.forsaken.map { DutyLines.forsaken($0, dutyClocks.rounds, now) }
    return changes
  }

  func dutyPeople() throws -> [String: Person] {
    Dictionary(
      try store.documents(Person.self, kind: "person").map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// More pages than a person may get is a fault of tuning, and is shown as one.
  private func forgetFloods() {
    for key in duty.faults.keys where key.hasPrefix("paging/") {
      if duty.escalation.budgets[String(key.dropFirst("paging/".count))] == nil { duty.faults[key] = nil }
    }
  }

  private func tellFloods(_ page: DutyPage, _ now: Timestamp) {
    let text = DutyLines.flood(page)
    duty.faults["paging/\(page.person)"] = text
    raise(HubAlert.record(.tooManyPages, about: page.person, text.en, now: now))
  }

  // MARK: the watch itself

  /// Nobody on watch, or a shift that nobody took in time: an alert as any other, which the chain behind is called for.
  private func watchTheWatch(_ now: Timestamp) {
    forgetFloods()
    let chain = dutyChain(now)
    let isNobody = chain[1] == nil
    tell("nobody", isNobody, DutyLines.nobody, .nobodyOnWatch, about: "watch", now)
    guard !isNobody, let table = duty.table, let named = table.chain(at: now)[1] else {
      return tell("taken", false, BilingualText(""), .watchNotTaken, about: "watch", now)
    }
    let since = duty.shift?.person == named ? now : turnBegin(table, named, now)
    // Nobody could take it before the roster was there, or while the hub was not.
    let possible = max(since, started, duty.rosterSince)
    let isLate =
      duty.shift?.person != named && Double(now.nanoseconds(since: possible)) / 1e9 > dutyClocks.take
    tell(
      "taken", isLate, DutyLines.notTaken(named, since, holder: duty.shift?.person, duty.zone), .watchNotTaken,
      about: "watch", now)
  }

  private func turnBegin(_ table: RosterTable, _ person: String, _ now: Timestamp) -> Timestamp {
    let before = now.advanced(seconds: -8 * 86_400)
    let turns = table.turns(from: before, until: now.advanced(seconds: 1)).filter { $0.step == 1 }
    return turns.last { $0.person != person }?.until ?? before
  }

  /// Once when it begins, as alert and in the log; once in the log when it is over.
  func tell(
    _ key: String, _ holds: Bool, _ text: BilingualText, _ kind: HubAlert.Kind, about name: String, _ now: Timestamp
  ) {
    guard holds != duty.told.contains(key) else { return }
    if holds {
      duty.told.insert(key)
      duty.faults[key] = text
      raise(HubAlert.record(kind, about: name, text.en, now: now))
    } else {
      duty.told.remove(key)
      duty.faults[key] = nil
    }
    let line = holds ? text : DutyLines.over(key)
    try? store.append(DutyLine(time: now, kind: kind == .canaryLate ? .canary : .watchGap, text: line))
  }
}
