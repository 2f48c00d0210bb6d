internal import ControlAPI
internal import Records
internal import Scheduling
internal import Services
internal import Store
internal import Wire

/// A handover note out of what is kept.
extension HubCore {
  /// A shift as long as most, where the roster does not say how long.
  private static let usualShift = 12 * 3600.0
  /// Of somebody who has the watch for a week: what is due later is another's note.
  private static let longestShift = 48 * 3600.0

  func handoverNote(_ shift: Shift, _ request: ShiftHandOver, _ now: Timestamp) throws -> HandoverNote {
    let rows = try store.rows(
      QueueQuery(states: [.new, .acknowledged, .escalated, .shelved], limit: HubCore.mostRows))
    let worst = rows.filter { $0.severity >= DutyClocks.leastSeverity && $0.triage.state != .shelved }
    return HandoverNote(
      time: now, by: shift.person, to: request.to ?? nextOfficer(after: shift.person, now), remark: request.remark,
      since: shift.since, counts: HubCore.counts(rows.filter { !$0.isDrill }),
      items: worst.prefix(HandoverNote.mostItems).map { handoverItem($0, paces(now)) },
      more: max(worst.count - HandoverNote.mostItems, 0), suppressions: try duty.sources.suppressions?(),
      incidents: try duty.sources.incidents?(), notices: try duty.sources.notices?(),
      stops: scheduler.stops.map(HubCore.stopWarning), ailing: ailing(now),
      due: fallsDue(rows, now))
  }

  /// Whom the roster names now, or next.
  private func nextOfficer(after person: String, _ now: Timestamp) -> String? {
    guard let table = duty.table else { return nil }
    if let named = table.chain(at: now)[1], named != person { return named }
    return table.chain(at: table.turn(step: 1, at: now).until)[1]
  }

  private static func counts(_ rows: [QueueRow]) -> [HandoverNote.Count] {
    struct Key: Hashable {
      var severity: Severity
      var outcome: Outcome
    }
    return Dictionary(grouping: rows) { Key(severity: $0.severity, outcome: $0.outcome) }
      .map { HandoverNote.Count(severity: $0.key.severity, outcome: $0.key.outcome, count: $0.value.count) }
      .sorted { ($1.severity, $1.outcome) < ($0.severity, $0.outcome) }
  }

  private func handoverItem(_ row: QueueRow, _ pace: (DutyCase) -> Double) -> HandoverNote.Item {
    let value = duty.escalation.cases[row.id]
    return HandoverNote.Item(
      row: row.id, severity: row.severity, outcome: row.outcome, state: row.triage.state, subject: row.subject,
      title: row.title, holder: value?.holder ?? row.triage.assignee,
      due: value.flatMap { $0.due(dutyClocks, pace: pace($0)) }, isDrill: row.isDrill)
  }

  private func ailing(_ now: Timestamp) -> [BilingualText] {
    let sensors = registry.sensorItems(now: now).compactMap(HubCore.blindWarning)
    let scanners = registry.scannerItems(now: now).filter(\.isLate).map {
      BilingualText(
        en: "scanner \($0.status.scanner) gives no sign of life", zh: "扫描器 \($0.status.scanner) 失去联系")
    }
    return sensors + scanners + ailmentWarnings + duty.faults.sorted { $0.key < $1.key }.map(\.value)
  }

  // MARK: what falls due

  private func fallsDue(_ rows: [QueueRow], _ now: Timestamp) -> [HandoverNote.Due] {
    let end = nextShiftEnd(now)
    let due = shelves(rows) + holds() + periods() + authorisations(now)
    return Array(
      due.filter { $0.time >= now && $0.time < end }.sorted { $0.time < $1.time }.prefix(HandoverNote.mostItems))
  }

  private func nextShiftEnd(_ now: Timestamp) -> Timestamp {
    guard let table = duty.table else { return now.advanced(seconds: HubCore.usualShift) }
    let end = table.turn(step: 1, at: table.turn(step: 1, at: now).until).until
    return min(end, now.advanced(seconds: HubCore.longestShift))
  }

  private func shelves(_ rows: [QueueRow]) -> [HandoverNote.Due] {
    rows.compactMap { row in
      row.triage.shelvedUntil.map {
        .init(time: $0, text: BilingualText(en: "row \(row.id) comes back from its shelf", zh: "事件 \(row.id) 搁置到期"))
      }
    }
  }

  private func holds() -> [HandoverNote.Due] {
    duty.escalation.cases.values.compactMap { value in
      guard value.stage == .held, let due = value.due(dutyClocks) else { return nil }
      let holder = value.holder ?? "-"
      return .init(
        time: due,
        text: BilingualText(
          en: "the acknowledgement of row \(value.row) by \(holder) runs out", zh: "\(holder) 对事件 \(value.row) 的确认到期"))
    }
  }

  private func periods() -> [HandoverNote.Due] {
    scheduler.guards.flatMap { period -> [HandoverNote.Due] in
      [
        .init(
          time: period.from, text: BilingualText(en: "guard period \(period.id) begins", zh: "保障期 \(period.id) 开始")),
        .init(time: period.until, text: BilingualText(en: "guard period \(period.id) ends", zh: "保障期 \(period.id) 结束")),
      ]
    }
  }

  private func authorisations(_ now: Timestamp) -> [HandoverNote.Due] {
    scheduler.expiringAuthorisations(now: now).map {
      .init(
        time: $0.until, text: BilingualText(en: "the authorisation \($0.id) ends", zh: "授权 \($0.id) 到期"))
    }
  }
}
