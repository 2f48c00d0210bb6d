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
    case .connected: return connected()
    case .lost(let reason): lost(reason)
    case .overview(let overview): take(overview)
    case .list(let request, let page): take(request, page)
    case .listRefused(let request, let reason): refuse(request, reason)
    case .row(let detail): if place == .row(detail.item.id) { row = detail }
    case .site(let detail): if place == .site(detail.item.id) { site = detail }
    case .acted(let request, let report): return acted(request, report)
    case .failed(let sentence): say(sentence, isProblem: true)
    case .streamed(let item): streamed(item)
    case .definitions(let definitions, let problem): return take(definitions, problem)
    }
    return []
  }

  private mutating func tick(_ time: Timestamp) {
    now = time
    if let notice, notice.until <= time { self.notice = nil }
  }

  private mutating func connected() -> [Effect] {
    guard link != .connected else { return [] }
    let wasLost = link != .connecting
    link = .connected
    if wasLost { say("the hub is back", isProblem: false) }
    return [.refresh]
  }

  /// Nothing that was fetched before counts as fresh from here on.
  private mutating func lost(_ reason: String) {
    if case .lost = link { return }
    link = .lost(since: now, reason: reason)
  }

  private mutating func take(_ overview: Overview) {
    self.overview = overview
    overviewAt = now
    keepSelections()
  }

  private mutating func take(_ request: PanelRequest, _ page: Page<QueueItem>) {
    // An answer to what is asked no more: the officer filtered meanwhile.
    guard requests.contains(request) else { return }
    lists[request.key] = List(items: page.items, total: page.total, at: now, problem: nil)
    let listed = Set(page.items.map(\.id))
    marks = marks.filter { listed.contains($0) }
    keepSelections()
  }

  private mutating func refuse(_ request: PanelRequest, _ reason: String) {
    guard requests.contains(request) else { return }
    lists[request.key] = List(at: now, problem: reason)
  }

  private mutating func streamed(_ item: StreamItem) {
    feed.add(item)
    if item.kind == .row, let changed = item.row { replace([changed]) }
  }

  private mutating func acted(_ request: ActRequest, _ report: ActReport) -> [Effect] {
    replace(report.done)
    marks = []
    if let refusal = report.refused.first {
      let more = report.refused.count > 1 ? " (and \(report.refused.count - 1) more)" : ""
      say("row \(refusal.id): \(refusal.reason)\(more)", isProblem: true)
    } else {
      let rows = report.done.count == 1 ? "row \(report.done[0].id)" : "\(report.done.count) rows"
      say("\(request.act.rawValue): \(rows)", isProblem: false)
    }
    if case .row(let id) = place { return [.refresh, .openRow(id)] }
    return [.refresh]
  }

  private mutating func take(_ definitions: [Definition], _ problem: String?) -> [Effect] {
    definitionProblem = problem
    guard problem == nil else { return [] }
    self.definitions = definitions
    let known = Set(definitions.map(\.id))
    path = path.filter { if case .screen(let id) = $0 { known.contains(id) } else { true } }
    if path.isEmpty { path = [.screen(definitions.first?.id ?? "overview")] }
    keepSelections()
    return [.refresh]
  }

  mutating func say(_ text: String, isProblem: Bool) {
    notice = Notice(text: text, isProblem: isProblem, until: now.advanced(seconds: Model.noticeSeconds))
  }
}
