internal import ControlAPI
internal import Records
internal import Scheduling
internal import Services
internal import Store
internal import Wire

/// Who has the watch: taken, handed over, written down.
extension HubCore {
  static let longestRemark = 2000

  /// The id of whoever acts: the person's, or of the person who is this user of the machine.
  func personID(_ actor: Actor) throws -> String {
    let people = try dutyPeople()
    if people[actor.name] != nil { return actor.name }
    return people.values.first { $0.unixUser == actor.name }?.id ?? actor.name
  }

  func takeShift(_ request: ShiftTake, by actor: Actor) throws -> ShiftItem {
    let now = clock.now()
    let person = try personID(actor)
    try refuseLong(request.over)
    let open = duty.shift
    if let open { try mayTake(open, person, request) }
    let fresh = Shift(
      person: person, since: now,
      takenOver: open == nil || isHandedOver(open, to: person) ? nil : request.over)
    var ended = open
    ended?.until = now
    if isHandedOver(open, to: person) { ended?.confirmedBy = person }
    let kept = try store.change(
      ending: ended, beginning: fresh,
      audit: AuditEntry(
        time: now, actor: actor, act: "take watch", subject: "duty",
        before: try open.map { try RecordJSON.text($0.person) }, after: try RecordJSON.text(fresh)),
      lines: [DutyLines.taken(fresh, from: open?.person, now)])
    duty.shift = kept
    watchChanged(now)
    return try shiftItem(kept ?? fresh, note: ended?.note)
  }

  private func isHandedOver(_ shift: Shift?, to person: String) -> Bool {
    guard let note = shift?.note else { return false }
    return note.to == nil || note.to == person
  }

  private func mayTake(_ open: Shift, _ person: String, _ request: ShiftTake) throws {
    guard open.person != person else {
      let since = DutyTime.text(open.since, duty.zone)
      throw APIProblem(
        .refused, "\(person) has the watch already, since \(since)", zh: "\(person) 自 \(since) 起已在值班")
    }
    guard !isHandedOver(open, to: person), request.over?.isEmpty ?? true else { return }
    let why =
      open.note.map {
        BilingualText(
          en: "\(open.person) hands over to \($0.to ?? "anybody")", zh: "\(open.person) 交班给 \($0.to ?? "任何人")")
      }
      ?? BilingualText(
        en: "\(open.person) has the watch and has not handed it over", zh: "\(open.person) 在值班，尚未交班")
    throw APIProblem(
      .refused, why.en, zh: why.zh, hint: "take it all the same with a reason: vigil duty take --over \"fell ill\"")
  }

  func handOver(_ request: ShiftHandOver, by actor: Actor) throws -> ShiftItem {
    let now = clock.now()
    let person = try personID(actor)
    try refuseLong(request.remark)
    guard var shift = duty.shift else {
      throw APIProblem(.refused, "nobody has the watch", zh: "当前无人值班", hint: "take it first: vigil duty take")
    }
    guard shift.person == person else {
      throw APIProblem(
        .refused, "the watch is \(shift.person)'s, and \(person) cannot hand it over",
        zh: "当前由 \(shift.person) 值班，\(person) 不能交班")
    }
    if let to = request.to { try refuseUnknown(to, person) }
    shift.note = try handoverNote(shift, request, now)
    guard let note = shift.note else { return try shiftItem(shift) }
    duty.shift = try store.change(
      ending: shift, beginning: nil,
      audit: AuditEntry(
        time: now, actor: actor, act: "hand over watch", subject: "duty", before: nil, after: try RecordJSON.text(note)),
      lines: [DutyLines.handedOver(note, now)])
    return try shiftItem(shift)
  }

  private func refuseUnknown(_ to: String, _ person: String) throws {
    guard to != person else {
      throw APIProblem(.badRequest, "\(person) hands over to himself", zh: "不能交班给本人")
    }
    let people = try dutyPeople()
    let named = Set(duty.table.map { $0.roster.layers.flatMap(\.people) + $0.roster.overrides.flatMap(\.people) } ?? [])
    guard people.isEmpty && named.isEmpty || people[to] != nil || named.contains(to) else {
      throw APIProblem(
        .badRequest, "nobody is called \(to.prefix(64))", zh: "没有名为 \(to.prefix(64)) 的人员", hint: "see vigil duty roster"
      )
    }
  }

  private func refuseLong(_ text: String?) throws {
    guard let text, text.count > HubCore.longestRemark else { return }
    throw APIProblem(
      .badRequest, "the words have \(text.count) characters, at most \(HubCore.longestRemark) are kept",
      zh: "内容有 \(text.count) 个字符，最多保留 \(HubCore.longestRemark) 个")
  }

  /// The chain's first step is another now: whoever is called next is he.
  private func watchChanged(_ now: Timestamp) { tickDuty(now) }

  // MARK: questions

  func shiftItem(_ shift: Shift, note: HandoverNote? = nil) throws -> ShiftItem {
    let answers = try store.answers(from: shift.since, until: shift.until ?? Timestamp(nanoseconds: .max))
    let text = (note ?? shift.note).map { note in
      BilingualText(
        en: HandoverText.text(note, .en, duty.zone), zh: HandoverText.text(note, .zh, duty.zone))
    }
    return ShiftItem(
      shift: shift, answers: AnswerMath.statistics(answers.filter { $0.person == shift.person }, clocks: dutyClocks),
      note: text)
  }

  func shiftList(_ request: DutyListRequest) throws -> Page<ShiftItem> {
    Page(items: try store.shifts(limit: request.limit).map { try shiftItem($0) })
  }

  func watchNow(_ now: Timestamp) throws -> Watch? {
    let turn = duty.table?.turn(step: 1, at: now)
    let next = turn.flatMap { turn in duty.table?.chain(at: turn.until)[1] }
    if let shift = duty.shift {
      return Watch(
        name: shift.person, since: shift.since, until: turn?.until, next: next, isTaken: true,
        answers: try shiftItem(shift).answers)
    }
    guard let turn, let person = turn.person, let table = duty.table else { return nil }
    let before = table.turns(from: now.advanced(seconds: -8 * 86_400), until: now.advanced(seconds: 1))
      .filter { $0.step == 1 }
    let since = before.last { $0.person != person }?.until ?? now.advanced(seconds: -8 * 86_400)
    return Watch(name: person, since: since, until: turn.until, next: next, isTaken: false)
  }

  func dutyStatus() throws -> DutyStatus {
    let now = clock.now()
    let cases = duty.escalation.cases.values
    return DutyStatus(
      time: now, zone: duty.zone.name, roster: duty.table?.roster.id, watch: try watchNow(now), chain: dutyChain(now),
      shift: try duty.shift.map { try shiftItem($0) }, waiting: cases.count { $0.stage == .waiting },
      held: cases.count { $0.stage == .held }, clocks: dutyClocks, clocksSince: duty.clocksSince,
      faults: duty.faults.sorted { $0.key < $1.key }.map(\.value),
      guards: scheduler.guards.filter { $0.isInForce(at: now) }.map(\.id),
      drills: duty.drills.filter { $0.until == nil })
  }

  func writeLog(_ request: DutyRemark, by actor: Actor) throws -> DutyLine {
    guard !request.text.isEmpty, request.text.count <= DutyLine.longest else {
      throw APIProblem(
        .badRequest, "a line of the log has 1 to \(DutyLine.longest) characters, not \(request.text.count)",
        zh: "日志须为 1 至 \(DutyLine.longest) 个字符，现为 \(request.text.count) 个")
    }
    let line = DutyLine(
      time: clock.now(), author: try personID(actor), kind: .remark, text: BilingualText(request.text))
    try store.append(line)
    return try store.dutyLines(limit: 1).first ?? line
  }
}
