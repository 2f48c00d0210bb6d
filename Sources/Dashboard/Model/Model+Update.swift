import ControlAPI
import Records
import Wire

extension Model {
  /// The only way in. The effects are done by `Program`, in order.
  mutating func update(_ message: Message) -> [Effect] {
    switch message {
    case .key(let key): return press(key)
    case .resized(let size): self.size = size
    case .clock(let time): tick(time)
    case .connected: connected()
    case .lost(let reason, let again): lost(reason, again)
    case .answered(let question, let value): take(question, value)
    case .refused(let question, let reason): refuse(question, reason)
    case .acted(let request, let report): return acted(Label(act: request.act).words, report)
    case .done(let deed, let answer): return done(deed, answer)
    case .failed(let sentence): say(BilingualText(sentence), isProblem: true)
    case .streamed(let item): streamed(item)
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

  /// Nothing that was fetched before counts as fresh from here on.
  private mutating func lost(_ reason: String, _ again: Double) {
    var began = now
    if case .lost(let since, _, _) = link { began = since }
    link = .lost(since: began, reason: reason, again: now.advanced(seconds: again))
  }

  private mutating func take(_ question: Question, _ value: any Sendable) {
    if question == .overview { overview = value as? Overview }
    answers[question] = Answer(value: value, at: now)
    forget()
    relist { $0 == question }
    keepMarks()
  }

  private mutating func refuse(_ question: Question, _ reason: String) {
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

  /// Rows that are on no list any more are not acted on.
  private mutating func keepMarks() {
    guard !marks.isEmpty, let panel = focusedPanel, panel.listsQueue, listing(panel) != nil else { return }
    let listed = Set(entries(panel).compactMap(\.actRow))
    marks = marks.filter { listed.contains($0) }
  }

  private mutating func streamed(_ item: StreamItem) {
    feed.add(item, at: now)
    if item.kind == .row, let changed = item.row { replace([changed]) }
  }

  mutating func acted(_ act: BilingualText, _ report: ActReport) -> [Effect] {
    replace(report.done)
    marks = []
    lastBulk = report.bulk
    let refusals = report.refusals ?? report.refused.count
    if let refusal = report.refused.first {
      let more = refusals > 1 ? " (+\(refusals - 1))" : ""
      say(
        BilingualText(
          en: "row \(refusal.id): \(refusal.reason)\(more)", zh: "第 \(refusal.id) 行：\(refusal.reason)\(more)"),
        isProblem: true)
      return [.refresh]
    }
    let rows = report.count ?? report.done.count
    let target = rows == 1 ? report.done.first.map { ActSubject.rows([$0.id]).title } : nil
    let what = target ?? BilingualText(en: "\(rows) rows", zh: "\(rows) 行")
    let undo = report.bulk == nil ? ("", "") : ("; U takes it back", "；U 可撤销")
    say(BilingualText(en: "\(act.en): \(what.en)\(undo.0)", zh: "\(act.zh)：\(what.zh)\(undo.1)"), isProblem: false)
    return [.refresh]
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

  mutating func refuse(_ en: String, _ zh: String) { say(BilingualText(en: en, zh: zh), isProblem: true) }
}
