internal import ControlAPI
internal import Documents
internal import Records
internal import Services
internal import Store
internal import Wire

/// Rosters: looked at, put, taken away.
extension HubCore {
  /// Offices, shifts of several buildings, and room.
  private static let mostRosters = 64
  /// Remarks of one kind that are told one by one.
  private static let mostRosterRemarks = 40

  func rosterList(_ request: RosterQuery) throws -> Page<RosterPreview> {
    let chosen = request.id.map { id in duty.rosters.filter { $0.id == id } } ?? duty.rosters
    if let id = request.id, chosen.isEmpty { throw APIProblem(.notFound, "there is no roster \(id.prefix(64))") }
    return Page(items: try chosen.map { try preview($0, weeks: request.weeks, isKept: true) })
  }

  func setRoster(_ request: RosterRequest, by actor: Actor) throws -> RosterPreview {
    guard (1...RosterQuery.mostWeeks).contains(request.weeks) else {
      throw APIProblem(.badRequest, "weeks is \(request.weeks), not 1 to \(RosterQuery.mostWeeks)")
    }
    let roster: Roster
    do { roster = try RosterReader.read(request.text, name: String(request.name.prefix(256))) } catch {
      throw APIProblem(.badRequest, "\(error.position): \(error.message)", hint: error.hint)
    }
    guard !request.dryRun else { return try preview(roster, weeks: request.weeks, isKept: false) }
    guard duty.rosters.count < HubCore.mostRosters || duty.rosters.contains(where: { $0.id == roster.id }) else {
      throw APIProblem(.refused, "there are \(HubCore.mostRosters) rosters already: take one away first")
    }
    try put(roster.id, roster, by: actor)
    return try preview(roster, weeks: request.weeks, isKept: true)
  }

  func removeRoster(_ request: RosterRemoval, by actor: Actor) throws -> Page<RosterPreview> {
    guard duty.rosters.contains(where: { $0.id == request.id }) else {
      throw APIProblem(.notFound, "there is no roster \(request.id.prefix(64))")
    }
    try put(request.id, nil, by: actor)
    return try rosterList(RosterQuery())
  }

  private func put(_ id: String, _ roster: Roster?, by actor: Actor) throws {
    let now = clock.now()
    let name = try personID(actor)
    let text =
      roster == nil
      ? BilingualText(en: "\(name) took the roster \(id) away", zh: "\(name) 删除排班 \(id)")
      : BilingualText(en: "\(name) put the roster \(id)", zh: "\(name) 更新排班 \(id)")
    try store.setRoster(
      id, to: roster, by: actor, line: DutyLine(time: now, author: name, kind: .roster, text: text), at: now)
    duty.rosters = try store.rosters()
    duty.rosterSince = now
    followRosters(now)
    duty.lastLook = Timestamp(nanoseconds: .min)
  }

  private func preview(_ roster: Roster, weeks: Int, isKept: Bool) throws -> RosterPreview {
    let now = clock.now()
    let zone = ZoneRules.zone(roster.zone, around: now) ?? duty.zone
    let table = RosterTable(roster: roster, zone: zone)
    let turns = table.turns(from: now, until: now.advanced(seconds: Double(weeks) * 7 * 86_400))
    return RosterPreview(
      roster: roster, isInForce: duty.table?.roster == roster, isKept: isKept, turns: turns,
      remarks: HubCore.remarks(turns, zone) + (try unfit(roster)), text: RosterText.text(roster))
  }

  private static func remarks(_ turns: [Turn], _ zone: CivilZone) -> [String] {
    func span(_ turn: Turn) -> String {
      "step \(turn.step), \(DutyTime.text(turn.from, zone)) to \(DutyTime.text(turn.until, zone))"
    }
    func some(_ lines: [String]) -> [String] {
      lines.count <= mostRosterRemarks
        ? lines : lines.prefix(mostRosterRemarks) + ["and \(lines.count - mostRosterRemarks) more"]
    }
    let gaps = turns.filter { $0.person == nil }.map { "gap: \(span($0))" }
    let overlaps = turns.filter { !$0.others.isEmpty }.map {
      "overlap: \(span($0)): \($0.person ?? "-") has it, and \($0.others.joined(separator: ", ")) are named too"
    }
    let missing = (1...Roster.steps).filter { step in !turns.contains { $0.step == step } }
    return missing.map { "step \($0) has nobody: the chain is shorter" } + some(gaps) + some(overlaps)
  }

  /// People who are named and cannot be called, or would be called for what is not theirs to see.
  private func unfit(_ roster: Roster) throws -> [String] {
    let people = try dutyPeople()
    let named = Set(roster.layers.flatMap(\.people) + roster.overrides.flatMap(\.people)).sorted()
    return named.flatMap { id -> [String] in
      guard let person = people[id] else { return ["\(id) is not known here and cannot be paged"] }
      let part = "\(id) sees a part of the city, and would be paged for rows that \(id) cannot open"
      return (person.addresses.isEmpty ? ["\(id) has no address and cannot be paged"] : [])
        + (person.organisations.isEmpty ? [] : [part])
    }
  }
}
