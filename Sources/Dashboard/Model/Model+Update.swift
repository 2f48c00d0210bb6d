import ControlAPI
import Records
import Wire

extension Model {
  /// The only way in. The effects are done by `Program`, in order.
  mutating func update(_ message: Message) -> [Effect] {
    switch message {
    case .key(let key): return pressInView(key)
    case .resized(let size): self.size = size
    case .clock(let time): tick(time)
    case .connected: connected()
    case .lost(let reason, let again): lost(reason, again)
    case .answered(let question, let value): take(question, value)
    case .refused(let question, let reason): refuse(question, reason)
    case .acted(let request, let report):
      return acted(Label(act: request.act).words, report, isUndo: request.act == .undo)
    case .done(let deed, let answer): return done(deed, answer)
    case .failed(let sentence): say(sentence, isProblem: true)
    case .streamed(let items): streamed(items)
    case .definitions(let reading): take(reading)
    }
    return []
  }

  private mutating func tick(_ time: Timestamp) {
    now = time
    if let notice, notice.until <= time { self.notice = nil }
  }

  private mutating func connected() {
    guard link != .connected else { return }
    let wasLost = link != .connecting
    link = .connected
    if wasLost { say(BilingualText(en: "the hub is back", zh: "与中枢的连接已恢复"), isProblem: false) }
  }

  /// While it lasts nothing counts as fresh; after it what is not older than its asking allows.
  private mutating func lost(_ reason: BilingualText, _ again: Double) {
    var began = now
    if case .lost(let since, _, _) = link { began = since }
    link = .lost(since: began, reason: reason, again: now.advanced(seconds: again))
  }

  private mutating func take(_ question: Question, _ value: any Sendable) {
    if question == .overview { overview = value as? Overview }
    answers[question] = Answer(value: value, at: now)
    forget()
    relist { $0 == question }
  }

  private mutating func refuse(_ question: Question, _ reason: BilingualText) {
    answers[question, default: Answer()].problem = reason
  }

  /// Answers to what was asked before a filter, a selection or a screen changed. Those of now are never let go.
  private static let mostAnswers = 64

  /// A row that is open has up to fifty alerts, each with its record.
  private static let mostRows = 8

  private mutating func forgetRows() {
    let rows = answers.filter { $0.value.value is QueueDetail }
    guard rows.count > Model.mostRows else { return }
    let open = question(of: place)
    let old = rows.filter { $0.key != open }.sorted {
      ($0.value.at?.nanoseconds ?? 0, $0.key.description) < ($1.value.at?.nanoseconds ?? 0, $1.key.description)
    }
    for (question, _) in old.prefix(rows.count - Model.mostRows) { answers[question] = nil }
  }

  private mutating func forget() {
    forgetRows()
    guard answers.count > Model.mostAnswers else { return }
    let wanted = Set(wants.map(\.question))
    let old = answers.filter { !wanted.contains($0.key) }.sorted {
      ($0.value.at?.nanoseconds ?? 0, $0.key.description) < ($1.value.at?.nanoseconds ?? 0, $1.key.description)
    }
    for (question, _) in old.prefix(answers.count - Model.mostAnswers / 2) { answers[question] = nil }
  }

  private mutating func streamed(_ items: [StreamItem]) {
    let now = now
    changeFeed { $0.add(items, at: now) }
    replace(items.compactMap { $0.kind == .row ? $0.row : nil })
  }

  mutating func acted(_ act: BilingualText, _ report: ActReport, isUndo: Bool = false) -> [Effect] {
    replace(report.done)
    unmark(report)
    let rows = report.count ?? report.done.count
    lastBulk = report.bulk.map { Bulk(id: $0, act: act, rows: rows, at: now) }
    let refusals = report.refusals ?? report.refused.count
    if let refusal = report.refused.first {
      let more = refusals > 1 ? " (+\(refusals - 1))" : ""
      say(
        BilingualText(
          en: "row \(refusal.id): \(refusal.words.en)\(more)", zh: "第 \(refusal.id) 行：\(refusal.words.zh)\(more)"),
        isProblem: true)
      return [.refresh]
    }
    let target = rows == 1 ? report.done.first.map { told($0, isUndo: isUndo) } : nil
    let what = target ?? BilingualText(en: "\(rows) rows", zh: "\(rows) 行")
    let undo = report.bulk == nil ? ("", "") : ("; U takes it back", "；U 可撤销")
    say(BilingualText(en: "\(act.en): \(what.en)\(undo.0)", zh: "\(act.zh)：\(what.zh)\(undo.1)"), isProblem: false)
    return [.refresh]
  }

  /// Of a row where something was taken back also how it stands again.
  private func told(_ item: QueueItem, isUndo: Bool) -> BilingualText {
    let (row, state) = (ActSubject.rows([item.id]).title, item.row.triage.state.title)
    return isUndo ? BilingualText(en: "\(row.en), again \(state.en)", zh: "\(row.zh)，恢复为\(state.zh)") : row
  }

  /// What was acted on is marked no more; what was marked since is.
  private mutating func unmark(_ report: ActReport) {
    let about = Set(report.done.map(\.id) + report.refused.map(\.id))
    marked = marked.mapValues { $0.subtracting(about) }.filter { !$0.value.isEmpty }
  }

  /// A file with a mistake keeps the screen as it last was right; the others change.
  private mutating func take(_ reading: DefinitionFolder.Reading) {
    definitionProblem = reading.problem
    let kept = definitions.filter { old in
      reading.wrong.contains(old.file) && !reading.definitions.contains { $0.id == old.id }
    }
    let now = reading.definitions + kept
    guard !now.isEmpty else { return }
    definitions = now
    walk.keep(screens: Set(now.map(\.id)), home: .screen(now.first { $0.number == 0 }?.id ?? now[0].id))
    relist()
  }

  mutating func say(_ text: BilingualText, isProblem: Bool) {
    notice = Notice(text: text, isProblem: isProblem, until: now.advanced(seconds: Model.noticeSeconds))
  }

  /// Says why not, where there is a reason.
  mutating func refuses(_ why: BilingualText?) -> Bool {
    if let why { say(why, isProblem: true) }
    return why != nil
  }

  mutating func refuse(_ en: String, _ zh: String) { say(BilingualText(en: en, zh: zh), isProblem: true) }
}
