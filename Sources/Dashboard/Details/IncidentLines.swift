import ControlAPI
import Records
import Wire

/// A case: level and who set it, clocks, people, rows and sites, what is known, what was done.
struct IncidentLines {
  let detail: IncidentDetail
  let forms: DetailForms

  private var item: IncidentItem { detail.item }
  private var incident: Incident { detail.item.incident }
  private var language: Language { forms.language }

  var lines: [DetailLine] {
    let drill = incident.isDrill ? [Run("\(Drill.mark.text(language)) ", .warning)] : []
    return [forms.line(drill + [Run(incident.title, .title)])] + facts + clocks + grading + rows + sites + known + steps
      + log
  }

  private var facts: [DetailLine] {
    var lines = [
      forms.fact("state", "状态", incident.state.title.text(language)),
      forms.fact("level", "级别", level), forms.fact("kind", "类型", incident.kind.title.text(language)),
      forms.fact("lead", "负责人", incident.lead ?? Label.nobody.text(language), incident.lead == nil ? .warning : .text),
      forms.fact("opened", "立案", "\(forms.moment(incident.opened)) \(incident.openedBy)"),
    ]
    lines += forms.known("members", "成员", incident.members.isEmpty ? nil : incident.members.joined(separator: ", "))
    let operatorKind = incident.operatorKind?.title.text(language)
    lines.append(forms.fact("operator", "运营者类别", operatorKind ?? forms.words("nobody has said", "未说明"), .dim))
    let known = incident.awareness.last.map { "\(forms.moment($0.time)) \($0.by): \($0.reason)" }
    lines.append(forms.fact("known since", "获知时间", known ?? forms.words("nobody has said", "未说明"), .dim))
    return lines
  }

  private var level: [Run] {
    let proposed = item.proposal.level
    let text = forms.words("proposed: \(proposed.title.en)", "建议：\(proposed.rawValue) \(proposed.title.zh)")
    guard let decision = incident.levels.last else { return [Run(text, .warning)] }
    let set = [
      Run(
        forms.words(decision.level.title.en, "\(decision.level.rawValue) \(decision.level.title.zh)"),
        decision.level.role),
      Run("  \(decision.by) \(forms.moment(decision.time)): \(decision.reason)", .dim),
    ]
    return decision.level == proposed ? set : set + [Run("  \(text)", .warning)]
  }

  // MARK: clocks, grading

  private var clocks: [DetailLine] {
    let rows = item.clocks.map { clock -> DetailForms.Cells in
      let isRunning = clock.state == .running || clock.state == .overdue
      let left = isRunning ? clock.due.map { Value.due($0).cell(forms.now, forms.look) } : nil
      let role: Role =
        clock.state == .overdue ? .error : clock.state == .late ? .warning : clock.state == .met ? .good : .text
      let done = clock.done.map { forms.words("done \(forms.moment($0))", "完成于 \(forms.moment($0))") }
      let words = [done, clock.note?.text(language), clock.isVerified ? clock.source : "\(clock.source)?"]
      return .init([
        Run(left?.text ?? "-", left?.role ?? .dim), Run(clock.state.title.text(language), role),
        Run(clock.title.text(language)), Run(words.compactMap(\.self).joined(separator: "; "), .dim),
      ])
    }
    return forms.section("clocks", "时限", forms.table(rows))
  }

  private var grading: [DetailLine] {
    let reasons = item.proposal.reasons.map { reason in
      forms.line(
        forms.words(
          "\(reason.level.rawValue): \(reason.measure.title.en) \(IncidentFact.plain(reason.value)), from "
            + "\(IncidentFact.plain(reason.from)) on (\(reason.source)\(reason.isVerified ? "" : "?"))",
          "\(reason.level.rawValue)：\(reason.measure.title.zh) \(IncidentFact.plain(reason.value))，达到 "
            + "\(IncidentFact.plain(reason.from))（\(reason.source)\(reason.isVerified ? "" : "?")）"))
    }
    let unknown = item.proposal.unknown.map { $0.title.text(language) }
    let open =
      unknown.isEmpty
      ? [] : [forms.line(forms.words("not said: ", "未说明：") + unknown.joined(separator: ", "), .dim)]
    return forms.section("why that level is proposed", "定级依据", reasons + open)
  }

  // MARK: what is in it

  private var rows: [DetailLine] {
    let none = BilingualText(en: "none", zh: "无")
    return forms.section(
      "rows", "告警与隐患",
      forms.table(
        detail.rows.map { row in
          .init(
            [
              Run(row.severity.letter, row.severity.role), Run("#\(row.id)", .key), Run(row.subject),
              Run(row.title.text(language) + (row.removed == nil ? "" : forms.words(" (removed)", "（已移出）"))),
            ], to: .row(row.id))
        }), none: none)
  }

  private var sites: [DetailLine] {
    forms.section(
      "sites", "站点", detail.sites.map { forms.line($0, .key, to: .site($0)) },
      none: BilingualText(en: "none", zh: "无"))
  }

  private var known: [DetailLine] {
    let facts = incident.facts.map { fact in
      forms.line([
        Run(forms.moment(fact.time) + " ", .dim), Run(fact.by, .key),
        Run("  \(fact.measure.title.text(language)): \(IncidentFact.plain(fact.value))"), Run("  \(fact.basis)", .dim),
      ])
    }
    return forms.section("facts", "事实", facts)
  }

  private var steps: [DetailLine] {
    let steps = incident.steps.map { ($0.happened, $0.by, $0.state.title, $0.proof) }
    let marks = incident.marks.map { ($0.happened, $0.by, $0.kind.title, $0.note) }
    let rows = (steps + marks).sorted { $0.0 < $1.0 }.map { time, by, title, text in
      DetailForms.Cells([
        Run(forms.moment(time), .dim), Run(by, .key), Run(title.text(language)), Run(text),
      ])
    }
    return forms.section("steps", "处置步骤", forms.table(rows))
  }

  private var log: [DetailLine] {
    let lines = detail.log.reversed().map { line in
      DetailForms.Cells([
        Run(forms.moment(line.time), .dim), Run(line.kind.title.text(language), .dim), Run(line.actor.name, .key),
        Run(line.text),
      ])
    }
    return forms.section("log, the newest first", "记录", forms.table(lines))
  }
}
