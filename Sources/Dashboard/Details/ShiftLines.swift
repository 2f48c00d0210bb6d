import ControlAPI
import Records
import Wire

/// A shift: who had it, how fast rows were answered, and what was handed over.
struct ShiftLines {
  let item: ShiftItem
  let forms: DetailForms

  var lines: [DetailLine] {
    let shift = item.shift
    var lines = [
      forms.fact("officer", "值班员", shift.person, .title), forms.fact("since", "自", forms.moment(shift.since)),
      forms.fact("until", "至", shift.until.map(forms.moment) ?? forms.words("it is the watch now", "当前班次")),
    ]
    lines += forms.known("taken over", "接管原因", shift.takenOver)
    lines.append(forms.fact("answered", "应答", answers))
    return lines + handover(shift)
  }

  private var answers: String {
    let answers = item.answers
    guard answers.count > 0 else { return forms.words("nothing yet", "暂无") }
    func text(_ seconds: Double?) -> String { seconds.map(Figures.span) ?? "-" }
    return forms.words(
      "\(answers.count) rows, half within \(text(answers.median)), 95 % within \(text(answers.p95)), \(answers.late) late",
      "\(answers.count) 行，中位 \(text(answers.median))，95% 在 \(text(answers.p95)) 内，超时 \(answers.late)")
  }

  private func handover(_ shift: Shift) -> [DetailLine] {
    guard let note = shift.note else {
      return forms.section(
        "handover", "交接", [], none: BilingualText(en: "nothing was handed over", zh: "无交接记录"))
    }
    let confirmed = shift.confirmedBy.map { [Run($0, .good)] } ?? [Run(Label.notTaken.text(forms.language), .warning)]
    var lines = [
      forms.fact("written", "时间", forms.moment(note.time)), forms.fact("to", "交予", note.to ?? "-"),
      forms.fact("confirmed by", "接班确认", confirmed),
    ]
    lines += forms.known("remark", "备注", note.remark.isEmpty ? nil : note.remark)
    lines.append(forms.fact("open rows", "未结告警", counts(note)))
    return forms.section("handover", "交接", lines) + items(note) + rest(note)
  }

  private func counts(_ note: HandoverNote) -> [Run] {
    let runs = note.counts.flatMap { count in
      [Run(count.severity.letter, count.severity.role), Run(" \(Figures.grouped(count.count))  ")]
    }
    return runs.isEmpty ? [Run(Label.noOpenRow.text(forms.language), .good)] : runs
  }

  private func items(_ note: HandoverNote) -> [DetailLine] {
    var lines = forms.table(
      note.items.map { item in
        let due = item.due.map { Value.due($0).cell(forms.now, forms.look) } ?? Value.Cell("-", .dim)
        return .init(
          [
            Run(item.severity.letter, item.severity.role), Run(due.text, due.role),
            Run(item.state.title.text(forms.language), .dim), Run(item.holder ?? "-"),
            Run("\(item.title.text(forms.language))  \(item.subject)"),
          ], to: .row(item.row))
      })
    if note.more > 0 { lines.append(forms.line("+\(Figures.grouped(note.more))", .dim)) }
    return forms.section("high and critical rows", "高危与严重告警", lines)
  }

  /// A list that this hub does not keep is said not to be kept, not to be empty.
  private func rest(_ note: HandoverNote) -> [DetailLine] {
    func list(_ en: String, _ zh: String, _ texts: [BilingualText]?) -> [DetailLine] {
      let none =
        texts == nil
        ? BilingualText(en: "not kept by this hub", zh: "本中枢不保存") : BilingualText(en: "none", zh: "无")
      return forms.section(en, zh, (texts ?? []).map { forms.line($0.text(forms.language)) }, none: none)
    }
    let due = note.due.map { item -> DetailLine in
      let cell = Value.due(item.time).cell(forms.now, forms.look)
      return forms.line([Run(cell.text + "  ", cell.role), Run(item.text.text(forms.language))])
    }
    return list("cases", "事件", note.incidents) + list("notices", "通报", note.notices)
      + list("suppressions", "抑制", note.suppressions) + forms.section("due in the next shift", "下一班到期", due)
      + forms.section("what ails", "异常", note.ailing.map { forms.line($0.text(forms.language), .warning) })
      + forms.section(
        "scans that are stopped", "停止的扫描", note.stops.map { forms.line($0.text(forms.language), .warning) })
  }
}
