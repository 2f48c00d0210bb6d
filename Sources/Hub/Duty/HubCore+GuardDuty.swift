internal import ControlAPI
internal import Documents
internal import Logging
internal import Records
internal import Scheduling
internal import Store
internal import Wire

/// A guard period's start: what is to be done, who has done it, and what nobody has.
extension HubCore {
  private struct Tick: Codable {
    var check: String
    var by: String
    var at: Timestamp
  }

  func checklist(_ period: GuardPeriod) throws -> GuardChecklist {
    let path = configuration.duty.checklist ?? InstalledFiles.path("Rules/duty/guard.yaml")
    guard let path else {
      throw APIProblem(.failed, "the checklist is not installed", hint: "name its file by duty.checklist")
    }
    let ticks = try store.document([Tick].self, kind: "guardTicks", id: period.id) ?? []
    return GuardChecklist(
      period: period,
      checks: try GuardChecklistReader.read(path).map { check in
        guard let tick = ticks.last(where: { $0.check == check.id }) else { return check }
        var check = check
        check.tickedBy = tick.by
        check.tickedAt = tick.at
        return check
      })
  }

  func checklist(id: String) throws -> GuardChecklist { try checklist(try guardPeriod(id, clock.now())) }

  func tick(_ request: GuardTick, period id: String, by actor: Actor) throws -> GuardChecklist {
    let now = clock.now()
    let before = try checklist(id: id)
    guard let check = before.checks.first(where: { $0.id == request.check }) else {
      throw APIProblem(
        .notFound, "the checklist has no line \(request.check.prefix(64))", zh: "清单中没有 \(request.check.prefix(64))",
        hint: before.checks.prefix(12).map(\.id).joined(separator: ", "))
    }
    guard (check.tickedBy != nil) != request.isTicked else {
      throw APIProblem(
        .refused, request.isTicked ? "\(check.id) is ticked by \(check.tickedBy ?? "")" : "\(check.id) is not ticked",
        zh: request.isTicked ? "\(check.id) 已由 \(check.tickedBy ?? "") 完成" : "\(check.id) 尚未完成")
    }
    let person = try personID(actor)
    var ticks = try store.document([Tick].self, kind: "guardTicks", id: id) ?? []
    ticks.removeAll { $0.check == check.id }
    if request.isTicked { ticks.append(Tick(check: check.id, by: person, at: now)) }
    let verb = request.isTicked ? ("ticked", "完成") : ("took back", "撤回")
    try store.keepTicks(
      ticks, period: id,
      audit: AuditEntry(
        time: now, actor: actor, act: request.isTicked ? "tick" : "untick", subject: "guard/\(id)",
        before: check.tickedBy, after: check.id),
      line: DutyLine(
        time: now, author: person, kind: .guardPeriod,
        text: BilingualText(
          en: "\(person) \(verb.0) \"\(check.text.en)\" of \(id)",
          zh: "\(person) \(verb.1)保障期 \(id) 清单项“\(check.text.zh)”")))
    return try checklist(id: id)
  }

  /// Before the period is forgotten: what happened in it. Where it cannot be made the end goes on, and that is said.
  func closePeriod(_ id: String, by actor: Actor) async {
    guard let period = scheduler.guards.first(where: { $0.id == id }), period.from < clock.now() else { return }
    do {
      let unticked = try checklist(period).checks.filter { $0.tickedBy == nil }.map(\.text)
      _ = try await make(
        .closing, from: period.from, until: min(period.until, clock.now()), period: id, unticked: unticked, by: actor)
    } catch { logger.error("the closing report was not made", metadata: ["guard": "\(id)", "error": "\(error)"]) }
  }
}
