import ControlAPI
import Records
import Wire

/// The watch in words.
enum DutyLines {
  static func watch(_ duty: DutyStatus, now: Timestamp, _ look: Look) -> [Line] {
    let language = look.language
    // What is wrong with the duty itself stands before all that is not.
    var lines = [holder(duty, look)] + duty.faults.map { Line("! \($0.text(language))", .error, indent: 2) }
    let chain = (1...Roster.steps).map { step in
      let name = duty.chain[step]
      let gap = step == 1 ? "" : "  "
      return Run("\(gap)\(TurnEntry.step(step).title.text(language)) \(name ?? "-")", name == nil ? .warning : .text)
    }
    lines.append(Line([Run("\(Label.called.text(language)): ", .dim)] + chain, indent: 2))
    let rows = Line(
      "\(Figures.grouped(duty.waiting)) \(Label.waits.text(language)), "
        + "\(Figures.grouped(duty.held)) \(Label.heldByWatch.text(language))")
    lines.append(rows)
    for id in duty.guards { lines.append(Line("\(Label.guardPeriod.text(language)) \(id)", .warning)) }
    for drill in duty.drills { lines.append(Line("\(Drill.mark.text(language)) \(drill.name)", .warning)) }
    return lines
  }

  private static func holder(_ duty: DutyStatus, _ look: Look) -> Line {
    let language = look.language
    guard let watch = duty.watch else {
      return Line("\(Label.watch.text(language)): \(Label.nobody.text(language))", .error)
    }
    var runs = [
      Run("\(Label.watch.text(language)): "), Run(watch.name, watch.isTaken ? .good : .warning),
      Run(" \(Label.since.text(language)) \(Figures.minute(watch.since, after: duty.time, look))", .dim),
    ]
    if !watch.isTaken { runs.append(Run(" \(Label.notTaken.text(language))", .warning)) }
    if let until = watch.until {
      let next = watch.next.map { " \($0)" } ?? ""
      runs.append(Run(" -> \(Figures.minute(until, after: duty.time, look))\(next)", .dim))
    }
    return Line(runs, indent: 2)
  }

  // MARK: handover

  /// The note that stands, or the last that was taken over.
  static func handover(_ shifts: [ShiftItem], now: Timestamp, _ look: Look) -> [Line] {
    guard let item = shifts.first(where: { $0.shift.note != nil }), let note = item.shift.note else { return [] }
    let language = look.language
    var head = [
      Run("\(item.shift.person) \(Label.handedTo.text(language)) \(note.to ?? "?")", .title),
      Run("  \(Figures.minute(note.time, after: now, look))", .dim),
    ]
    if let by = item.shift.confirmedBy {
      head.append(Run("  \(Label.confirmedBy.text(language)) \(by)", .good))
    } else {
      head.append(Run("  \(Label.notTaken.text(language))", .warning))
    }
    var lines = [Line(head, indent: 2)]
    if !note.remark.isEmpty { lines.append(Line(note.remark, indent: 2)) }
    lines.append(counts(note, look))
    lines += note.items.map { row($0, now, look) }
    lines += note.due.map { due($0, now, look) }
    lines += (note.ailing + note.stops).map { Line("! \($0.text(look.language))", .warning, indent: 2) }
    return lines
  }

  private static func counts(_ note: HandoverNote, _ look: Look) -> Line {
    let runs = Severity.allCases.reversed().flatMap { severity -> [Run] in
      let count = note.counts.filter { $0.severity == severity }.reduce(0) { $0 &+ $1.count }
      return count > 0 ? [Run(severity.letter, severity.role), Run(" \(Figures.grouped(count))  ")] : []
    }
    return Line(runs.isEmpty ? [Run(Label.noOpenRow.text(look.language), .good)] : runs)
  }

  private static func row(_ item: HandoverNote.Item, _ now: Timestamp, _ look: Look) -> Line {
    var runs = [
      Run(item.severity.letter, item.severity.role), Run(" \(item.title.text(look.language))"),
      Run("  \(item.subject)", .key), Run("  \(item.holder ?? "-")", .dim),
    ]
    if let due = item.due {
      let cell = Value.due(due).cell(now, look)
      runs.append(Run("  \(cell.text)", cell.role))
    }
    return Line(runs, indent: 2)
  }

  private static func due(_ item: HandoverNote.Due, _ now: Timestamp, _ look: Look) -> Line {
    let cell = Value.due(item.time).cell(now, look)
    return Line([Run(cell.text + " ", cell.role), Run(item.text.text(look.language))], indent: 2)
  }

  // MARK: canary

  static func canary(_ report: CanaryReport, _ look: Look) -> [Line] {
    let language = look.language
    var lines: [Line] = []
    if let why = report.notMeasured { lines.append(Line(why.text(language), .warning, indent: 2)) }
    if report.sent > 0 {
      lines.append(
        Line([
          Run("\(Figures.grouped(report.sent)) \(CanaryRun.Stage.sent.title.text(language)), "),
          Run(
            "\(Figures.grouped(report.late)) \(Label.late.text(language))", report.late > 0 ? .error : .good),
        ]))
    }
    if let stage = report.last?.stuckBefore {
      lines.append(Line("\(Label.stuckBefore.text(language)): \(stage.title.text(language))", .error, indent: 2))
    }
    return lines + report.stages.map { stage($0, look) }
  }

  private static func stage(_ stage: CanaryReport.Stage, _ look: Look) -> Line {
    func text(_ seconds: Double?) -> String { seconds.map(Figures.span) ?? "-" }
    return Line([
      Run("\(stage.stage.title.text(look.language)) "),
      Run(
        "p50 \(text(stage.p50)), p99 \(text(stage.p99)), \(Label.most.text(look.language)) \(text(stage.most))", .dim),
    ])
  }
}
