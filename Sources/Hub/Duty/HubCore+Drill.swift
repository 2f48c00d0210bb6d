internal import ControlAPI
internal import Records
internal import Services
internal import Store
internal import Wire

/// Drills: alerts that the hub makes itself, marked, by the way of all alerts.
extension HubCore {
  func drillList(_ request: DutyListRequest) throws -> Page<DrillItem> {
    Page(items: try duty.drills.prefix(request.limit).map { try drillItem($0) })
  }

  func drill(_ request: DrillRequest, by actor: Actor) async throws -> DrillItem {
    switch request.act {
    case .start: try startDrill(request, by: actor)
    case .inject: try inject(request, by: actor)
    case .end: try await endDrill(request, by: actor)
    }
  }

  private func startDrill(_ request: DrillRequest, by actor: Actor) throws -> DrillItem {
    guard (1...64).contains(request.id.utf8.count), request.name.count <= 256 else {
      throw APIProblem(
        .badRequest, "a drill needs an id of 1 to 64 bytes and a name of at most 256 characters",
        zh: "演练须有 1 至 64 字节的编号和不超过 256 个字符的名称")
    }
    guard !duty.drills.contains(where: { $0.id == request.id }) else {
      throw APIProblem(.conflict, "there is a drill \(request.id) already", zh: "演练 \(request.id) 已存在")
    }
    let now = clock.now()
    let drill = Drill(id: request.id, name: request.name, by: try personID(actor), from: now)
    try keep(
      drill, actor, "start drill",
      BilingualText(en: "the drill \(drill.id) begins", zh: "演练 \(drill.id) 开始"), now)
    return try drillItem(drill)
  }

  private func inject(_ request: DrillRequest, by actor: Actor) throws -> DrillItem {
    let now = clock.now()
    var drill = try running(request.id)
    guard drill.rows.count < Drill.mostRows else {
      throw APIProblem(
        .refused, "the drill \(drill.id) has \(Drill.mostRows) rows, and no more are made",
        zh: "演练 \(drill.id) 已有 \(Drill.mostRows) 行，不再增加")
    }
    guard (1...200).contains(request.title.count) else {
      throw APIProblem(
        .badRequest, "the title has \(request.title.count) characters, 1 to 200 are shown",
        zh: "标题有 \(request.title.count) 个字符，须为 1 至 200 个")
    }
    let site = try request.site.map { id in
      guard let site = sites[id] else { throw APIProblem.noSite(id) }
      return site
    }
    let number = UInt32(clamping: duty.drills.reduce(0) { $0 + $1.rows.count } + 1)
    let record = HubAlert.drill(
      number: number, "\(Drill.mark.en)\(Drill.mark.zh) \(request.title)", request.severity, site: site, now: now)
    guard let record else { throw APIProblem(.failed, "the alert could not be made") }
    let before = try store.streamEnd().row
    raise(record)
    let made = try store.rows(after: before, limit: 10).first { $0.check == "\(Drill.checkPrefix)\(number)" }
    guard let made else { throw APIProblem(.failed, "the alert made no row") }
    drill.rows.append(made.id)
    try keep(
      drill, actor, "inject",
      BilingualText(en: "the drill \(drill.id) made row \(made.id)", zh: "演练 \(drill.id) 注入事件 \(made.id)"), now)
    return try drillItem(drill)
  }

  private func endDrill(_ request: DrillRequest, by actor: Actor) async throws -> DrillItem {
    let now = clock.now()
    // An answer of this very second counts.
    tickDuty(now)
    var drill = try running(request.id)
    drill.until = now
    let item = try drillItem(drill)
    let open = drill.rows.filter { id in (try? store.row(id).triage.isOpen) ?? false }
    for (_, result) in try store.act(.close(.expected), on: open, by: actor, at: now) {
      if case .success(let row) = result { publish(row, .acted, now) }
    }
    let median = item.answers.median.map { "\(Int($0.rounded())) s" } ?? "-"
    try keep(
      drill, actor, "end drill",
      BilingualText(
        en:
          "the drill \(drill.id) is over: \(item.answers.count) of \(drill.rows.count) rows acknowledged, median \(median)",
        zh: "演练 \(drill.id) 结束：\(drill.rows.count) 条中确认 \(item.answers.count) 条，中位 \(median)"), now)
    return item
  }

  private func running(_ id: String) throws -> Drill {
    guard let drill = duty.drills.first(where: { $0.id == id }) else {
      throw APIProblem(
        .notFound, "there is no drill \(id.prefix(64))", zh: "没有演练 \(id.prefix(64))",
        hint: "start it: vigil duty drill start ID")
    }
    guard drill.until == nil else { throw APIProblem(.refused, "the drill \(id) is over", zh: "演练 \(id) 已结束") }
    return drill
  }

  private func keep(_ drill: Drill, _ actor: Actor, _ act: String, _ text: BilingualText, _ now: Timestamp) throws {
    let marked = BilingualText(en: "\(Drill.mark.en) \(text.en)", zh: "\(Drill.mark.zh)\(text.zh)")
    try store.keep(
      drill,
      audit: AuditEntry(
        time: now, actor: actor, act: act, subject: "drill/\(drill.id)", after: try RecordJSON.text(drill)),
      lines: [DutyLine(time: now, author: try personID(actor), kind: .drill, text: marked)])
    duty.drills = try store.drills()
  }

  private func drillItem(_ drill: Drill) throws -> DrillItem {
    let end = drill.until ?? Timestamp(nanoseconds: .max)
    let answers = try store.answers(from: drill.from, until: end.advanced(seconds: 1), isDrill: true).filter {
      drill.rows.contains($0.row)
    }
    let first = Dictionary(answers.map { ($0.row, $0) }, uniquingKeysWith: { first, _ in first })
    let pages = try store.pages(from: drill.from, until: end).count { drill.rows.contains($0.page.row) }
    return DrillItem(
      drill: drill, answers: AnswerMath.statistics(Array(first.values), clocks: dutyClocks),
      rows: drill.rows.map { .init(row: $0, seconds: first[$0]?.seconds, person: first[$0]?.person) }, pages: pages)
  }
}
