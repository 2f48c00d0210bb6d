import ControlAPI
import Records
import Wire

/// A notice: where it stands, what was said to it, and its whole text.
struct NoticeLines {
  let detail: NoticeDetail
  let forms: DetailForms

  private var notice: Notice { detail.notice }
  private var language: Language { forms.language }

  var lines: [DetailLine] {
    let head = [
      Run(notice.severity.letter, notice.severity.role), Run(" \(notice.title.text(language))", .title),
    ]
    return [forms.line(head)] + facts + clocks + answers + about + tasks + document + history
  }

  /// One of a list, as a link.
  static func link(_ notice: Notice, _ forms: DetailForms) -> DetailForms.Cells {
    let due = Value.due(notice.due).cell(forms.now, forms.look)
    return .init(
      [
        Run(notice.severity.letter, notice.severity.role), Run(due.text, due.role),
        Run(notice.state.title.text(forms.language), .dim), Run(notice.number ?? "-", .key),
        Run(notice.title.text(forms.language)),
      ], to: .notice(notice.id))
  }

  private var facts: [DetailLine] {
    let kind = [notice.kind.title.text(language), notice.colour?.title.text(language)].compactMap(\.self)
    var lines = [
      forms.fact("state", "状态", notice.state.title.text(language), notice.overdueSince == nil ? .text : .error),
      forms.fact("kind", "类型", kind.joined(separator: ", ")),
      forms.fact("number", "文号", notice.number ?? forms.words("given when it is approved", "审批时编号")),
      forms.fact(
        "to", "单位", detail.organisation.text(language), to: .organisation(notice.organisation)),
      forms.fact("author", "拟稿", ([notice.author] + notice.editors).joined(separator: ", ")),
      forms.fact("approved by", "审批", notice.approver ?? "-"),
    ]
    if notice.supervision > 0 {
      let text = forms.words("\(notice.supervision) levels above were told", "已向上 \(notice.supervision) 级督办")
      lines.append(forms.fact("supervised", "督办", text, .warning))
    }
    if let ending = notice.closed {
      lines.append(forms.fact("ended", "办结", "\(forms.moment(ending.at)) \(ending.by): \(ending.reason)"))
    }
    lines += detail.contacts.map { contact in
      forms.fact(
        "address", "地址",
        [
          Run("\(contact.address) "),
          Run(contact.state.title.text(language), contact.state == .confirmed ? .good : .warning),
        ])
    }
    return lines
  }

  private var clocks: [DetailLine] {
    let named: [(String, String, Timestamp?)] = [
      ("receipt", "签收", notice.receiptDue), ("answer", "反馈", notice.answerDue), ("fixed", "整改", notice.fixDue),
    ]
    let isRunning = notice.state.isOut
    let lines = named.compactMap { en, zh, time -> DetailLine? in
      guard let time else { return nil }
      let cell = isRunning ? Value.due(time).cell(forms.now, forms.look) : Value.Cell("-", .dim)
      return forms.fact(en, zh, [Run(forms.moment(time) + "  ", .dim), Run(cell.text, cell.role)])
    }
    return forms.section(
      "clocks", "时限", lines, none: BilingualText(en: "they begin when it is sent", zh: "下发后起算"))
  }

  private var answers: [DetailLine] {
    let all = (notice.received.map { [$0] } ?? []) + notice.answers
    let lines = all.map { answer in
      DetailForms.Cells([
        Run(forms.moment(answer.at), .dim), Run(answer.kind.title.text(language)), Run(answer.name, .key),
        Run([answer.text, answer.from].filter { !$0.isEmpty }.joined(separator: "  ")),
      ])
    }
    return forms.section(
      "what they said", "对方反馈", forms.table(lines), none: BilingualText(en: "nothing yet", zh: "暂无"))
  }

  // MARK: what it is about

  private var about: [DetailLine] {
    let findings = detail.findings.map { forms.row($0.finding.row) }
    let alerts = notice.alerts.map { DetailForms.Cells([Run("#\($0)", .key)], to: .row($0)) }
    let cases = notice.incidents.map { DetailForms.Cells([Run($0, .key)], to: .incident($0)) }
    let sites = notice.sites.map { DetailForms.Cells([Run($0, .key)], to: .site($0)) }
    return forms.section("what it is about", "涉及事项", forms.table(findings + alerts + cases) + forms.table(sites))
  }

  private var tasks: [DetailLine] {
    let lines = detail.tasks.map { task -> DetailForms.Cells in
      let due = Value.due(task.due).cell(forms.now, forms.look)
      return .init([
        Run(due.text, due.role), Run(task.kind.title.text(language)),
        Run(task.text.text(language) + (task.doneBy.map { " (\($0))" } ?? "")),
      ])
    }
    return forms.section("to be done", "待办", forms.table(lines))
  }

  /// In the screen's language, else in whichever there is.
  private var document: [DetailLine] {
    let text = detail.documents[language.rawValue] ?? detail.documents.sorted { $0.key < $1.key }.first?.value ?? ""
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line -> DetailLine in
      line.hasPrefix("#")
        ? forms.line(String(line.drop { $0 == "#" || $0 == " " }), .title) : forms.line(String(line))
    }
    return forms.section("text", "正文", text.isEmpty ? [] : lines)
  }

  private var history: [DetailLine] {
    forms.section(
      "history", "经过",
      forms.table(
        detail.audit.map { entry in
          let change = [entry.before, entry.after].compactMap(\.self).joined(separator: " -> ")
          return .init([Run(forms.moment(entry.time), .dim), Run(entry.actor.name, .key), Run(entry.act), Run(change)])
        }))
  }
}
