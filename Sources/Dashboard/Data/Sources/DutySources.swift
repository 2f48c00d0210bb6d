import ControlAPI
import Records
import Wire

/// The watch: who has it, who comes next, what was written, how the way of an alert is.
extension Source {
  static let dutySources = [
    Source(
      "duty", "who has the watch, and how many rows wait: one entry",
      columns: [.who, .since, .until, .next, .roster, .waiting, .held], isStirred: true, asking: API.duty,
      { _ in Nothing() }, listing: { Listing([DutyEntry(status: $0)]) }),
    Source(
      "roster", "turns of the roster in force: who, at which step, from when to when; gaps and overlaps",
      columns: [.step, .who, .from, .until, .because, .others], asking: API.rosters, { _ in RosterQuery(weeks: 1) },
      listing: { page in
        Listing(page.items.filter(\.isInForce).flatMap { $0.turns.map { TurnEntry(turn: $0) } })
      }),
    Source(
      "shifts", "shifts, the newest first, with how fast rows were answered",
      columns: [.id, .who, .since, .until, .answered, .median, .p95, .late, .next, .note],
      usual: [.who, .since, .until, .answered, .median, .late, .next], asking: API.shifts,
      { DutyListRequest(limit: min($0.limit, DutyListRequest.longest)) }, listing: { Listing($0) }),
    Source(
      "log", "the log of the duty, the newest line first", columns: [.time, .kind, .who, .text], asking: API.dutyLog,
      { DutyListRequest(limit: min($0.limit, DutyListRequest.longest)) }, listing: { Listing($0) }),
    Source(
      "reports", "daily, zero and closing reports", columns: [.id, .kind, .from, .until, .verdict, .signed, .made],
      usual: [.kind, .from, .until, .verdict, .signed], asking: API.dutyReports,
      { DutyListRequest(limit: min($0.limit, DutyListRequest.longest)) }, listing: { Listing($0) }),
    Source(
      "drills", "exercises, the newest first",
      columns: [.id, .name, .who, .from, .until, .rows, .answered, .median, .late],
      usual: [.name, .who, .from, .until, .rows, .answered, .median], asking: API.drills,
      { DutyListRequest(limit: min($0.limit, DutyListRequest.longest)) }, listing: { Listing($0) }),
    Source(
      "canary", "the way of an alert in the last hour, stage by stage", columns: [.stage, .count, .p50, .p99, .most],
      asking: API.canary, { _ in Nothing() }, listing: { Listing($0.stages) }),
    Source(
      "guardChecks", "the start checklist of the guard period that is selected in the panel that `follow` names",
      columns: [.state, .text, .who, .time, .id], usual: [.state, .text, .who, .time],
      question: { asked in asked.subject.map { Question(API.guardChecklist, id: $0, Nothing()) } },
      listing: { answer in
        (answer as? GuardChecklist).map { list in
          Listing(list.checks.map { GuardCheckEntry(period: list.period.id, check: $0) })
        }
      }),
  ]
}

/// What is to be done before a guard period, and who did it.
struct GuardCheckEntry: Listed {
  var period: String
  var check: GuardCheck
  var key: String { check.id }

  func value(_ column: Column) -> Value {
    switch column {
    case .id: .text(check.id)
    case .state: .name(check.tickedBy == nil ? GuardCheckEntry.open : GuardCheckEntry.done)
    case .text, .title: .words(check.text)
    case .who: .text(check.tickedBy)
    case .time: .time(check.tickedAt)
    default: .none
    }
  }

  private static let open = NamedValue(
    name: "open", title: BilingualText(en: "open", zh: "未完成"), role: .warning, rank: 0)
  private static let done = NamedValue(
    name: "done", title: BilingualText(en: "done", zh: "已完成"), role: .good, rank: 1)
}

struct DutyEntry: Listed {
  var status: DutyStatus
  var key: String { "duty" }
  var leadsTo: Model.Place? { status.shift.map { .shift($0.id) } }

  func value(_ column: Column) -> Value {
    switch column {
    case .who: .text(status.watch?.name)
    case .since, .begun: .time(status.watch?.since)
    case .until, .due: .due(status.watch?.until)
    case .next: .text(status.watch?.next)
    case .roster: .text(status.roster)
    case .waiting: .count(status.waiting)
    case .held: .count(status.held)
    default: .none
    }
  }
}

/// Somebody's turn at a step.
struct TurnEntry: Listed {
  var turn: Turn
  var key: String { "\(turn.step) \(turn.from.nanoseconds)" }

  func value(_ column: Column) -> Value {
    switch column {
    case .step: .name(TurnEntry.step(turn.step))
    case .who: turn.person.map { .text($0) } ?? .name(TurnEntry.gap)
    case .from: .time(turn.from)
    case .until: .time(turn.until)
    case .because: .text(turn.because)
    case .others: turn.others.isEmpty ? .none : .list(turn.others)
    default: .none
    }
  }

  static let gap = NamedValue(name: "", title: Label.nobody.words, role: .error, rank: 0)

  static func step(_ step: Int) -> NamedValue {
    let titles = [Label.officer, .deputy, .lead]
    let title = titles.indices.contains(step - 1) ? titles[step - 1].words : BilingualText("\(step)")
    return NamedValue(name: "\(step)", title: title, rank: step)
  }
}

extension ShiftItem: Listed {
  var key: String { String(id) }
  var leadsTo: Model.Place? { .shift(id) }

  func value(_ column: Column) -> Value {
    switch column {
    case .id: .count(id)
    case .who: .text(shift.person)
    case .since: .time(shift.since)
    case .until: .time(shift.until)
    case .answered: .count(answers.count)
    case .median: .seconds(answers.median)
    case .p95: .seconds(answers.p95)
    case .late: .count(answers.late)
    case .next: .text(shift.note?.to ?? shift.confirmedBy)
    case .note: .text(shift.note?.remark)
    default: .none
    }
  }
}

extension DutyLine: Listed {
  var key: String { String(id) }

  func value(_ column: Column) -> Value {
    switch column {
    case .time: .time(time)
    case .kind: kind.value(kind == .fault || kind == .watchGap ? .warning : .text)
    case .who: .text(author ?? "vigil")
    case .text: .words(text)
    default: .none
    }
  }
}

extension DutyReportItem: Listed {
  var key: String { String(id) }

  func value(_ column: Column) -> Value {
    switch column {
    case .id: .count(id)
    case .kind: report.kind.value()
    case .from: .time(report.from)
    case .until: .time(report.until)
    case .verdict: report.verdict.map { $0.value($0 == .zero ? .good : .warning) } ?? .none
    case .signed: .text(report.signedBy)
    case .made: .time(report.made)
    default: .none
    }
  }
}

extension DrillItem: Listed {
  var key: String { id }

  func value(_ column: Column) -> Value {
    switch column {
    case .id: .text(id)
    case .name: .text(drill.name)
    case .who: .text(drill.by)
    case .from: .time(drill.from)
    case .until: .time(drill.until)
    case .rows: .count(drill.rows.count)
    case .answered: .count(answers.count)
    case .median: .seconds(answers.median)
    case .late: .count(answers.late)
    default: .none
    }
  }
}

extension CanaryReport.Stage: Listed {
  var key: String { stage.rawValue }

  func value(_ column: Column) -> Value {
    switch column {
    case .stage, .title: stage.value()
    case .count: .count(count)
    case .p50: .seconds(p50)
    case .p99: .seconds(p99)
    case .most: .seconds(most)
    default: .none
    }
  }
}
