internal import ControlAPI
internal import Logging
internal import Records
internal import Scheduling
internal import Services
internal import Store
internal import Wire

/// Reports of the duty: made, signed, missed.
extension HubCore {
  func dutyReportList(_ request: DutyListRequest) throws -> Page<DutyReportItem> {
    Page(items: try store.dutyReports(limit: request.limit).map { reportItem($0) })
  }

  func makeDutyReport(_ request: DutyReportRequest, by actor: Actor) async throws -> DutyReportItem {
    let now = clock.now()
    let span = try reportSpan(request, now)
    let unticked = try span.period.map { try checklist($0).checks.filter { $0.tickedBy == nil }.map(\.text) } ?? []
    return try await make(
      request.kind, from: span.from, until: span.until, period: span.period?.id,
      unticked: request.kind == .closing ? unticked : [], by: actor)
  }

  /// The queries run beside the hub's own work.
  func make(
    _ kind: DutyReport.Kind, from: Timestamp, until: Timestamp, period: String?, unticked: [BilingualText] = [],
    by actor: Actor
  ) async throws -> DutyReportItem {
    let assembly = reportAssembly(clock.now())
    let report = try await Task.detached {
      try assembly.report(kind, from: from, until: until, period: period, unticked: unticked)
    }.value
    return reportItem(try keep(report, by: actor))
  }

  private func keep(_ report: DutyReport, by actor: Actor) throws -> DutyReport {
    let name = actor.name
    let text = BilingualText(
      en: "\(name) made the \(report.kind.rawValue) report", zh: "\(name) 生成\(HubCore.title(report.kind))")
    return try store.keep(
      report,
      audit: AuditEntry(time: report.made, actor: actor, act: "make report", subject: "report"),
      line: DutyLine(time: report.made, author: name == "vigil" ? nil : name, kind: .report, text: text))
  }

  private static func title(_ kind: DutyReport.Kind) -> String {
    switch kind {
    case .daily: "日报"
    case .zero: "零报告"
    case .closing: "保障总结报告"
    }
  }

  func reportAssembly(_ now: Timestamp) -> DutyReportAssembly {
    let sites = scheduler.inventory.sites
    return DutyReportAssembly(
      store: store, zone: duty.zone, clocks: dutyClocks, sources: duty.sources, now: now, inventory: sites,
      unauthorised: Set(sites.filter { !isAuthorised($0, now) }.map(\.id)),
      stopped: Set(sites.filter { scheduler.isStopped(site: $0.id) }.map(\.id)),
      hasSensor: !registry.sensorItems(now: now).isEmpty)
  }

  nonisolated private func item(_ report: DutyReport, _ zone: CivilZone) -> DutyReportItem {
    func text(_ language: TextLanguage) -> String {
      DutyReportText(report, city: configuration.city, language, zone: zone).text
    }
    return DutyReportItem(report: report, text: BilingualText(en: text(.en), zh: text(.zh)))
  }
  private func reportItem(_ report: DutyReport) -> DutyReportItem { item(report, duty.zone) }

  // MARK: spans

  private func reportSpan(
    _ request: DutyReportRequest, _ now: Timestamp
  ) throws -> (from: Timestamp, until: Timestamp, period: GuardPeriod?) {
    switch request.kind {
    case .daily:
      let day = try reportDay(request.day, now)
      return (midnight(day), min(midnight(day + 1), now), nil)
    case .zero:
      let period = try guardPeriod(request.period, now)
      // From the last one on: no hour lies between two of them.
      let last = try store.dutyReports(limit: DutyListRequest.longest).first {
        $0.kind == .zero && $0.period == period.id && $0.signedBy != nil
      }
      return (last?.until ?? min(period.from, now), min(now, period.until), period)
    case .closing:
      let period = try guardPeriod(request.period, now)
      guard period.from < now else {
        throw APIProblem(.refused, "the guard period \(period.id) has not begun", zh: "保障期 \(period.id) 尚未开始")
      }
      return (period.from, min(now, period.until), period)
    }
  }

  private func reportDay(_ text: String?, _ now: Timestamp) throws -> Int64 {
    let today = duty.zone.local(now).day
    guard let text else { return today - 1 }
    guard text.utf8.count == 10, let day = LocalMoment(text: text)?.day else {
      throw APIProblem(
        .badRequest, "\(text.prefix(32)) is no day", zh: "\(text.prefix(32)) 不是日期", hint: "for example 2026-11-25")
    }
    guard day <= today else { throw APIProblem(.badRequest, "\(text) has not come yet", zh: "\(text) 尚未到来") }
    return day
  }

  private func midnight(_ day: Int64) -> Timestamp { duty.zone.moment(LocalMoment(seconds: day * 86_400)) }

  func guardPeriod(_ id: String?, _ now: Timestamp) throws -> GuardPeriod {
    if let id {
      guard let period = scheduler.guards.first(where: { $0.id == id }) else {
        throw APIProblem(
          .notFound, "there is no guard period \(id.prefix(64))", zh: "没有保障期 \(id.prefix(64))",
          hint: "see vigil scans guard")
      }
      return period
    }
    guard let period = scheduler.guards.first(where: { $0.isInForce(at: now) }) else {
      throw APIProblem(.refused, "no guard period is in force", zh: "当前没有生效的保障期", hint: "name one: --period ID")
    }
    return period
  }

  // MARK: signing

  /// Once, with a name that whoever signs writes: what was signed is never made anew.
  func signDutyReport(_ request: DutySignature, by actor: Actor) throws -> DutyReportItem {
    let now = clock.now()
    var report: DutyReport
    do { report = try store.dutyReport(request.report) } catch { throw APIProblem(.notFound, error.sentence) }
    if let name = report.signedBy {
      throw APIProblem(.refused, "the report \(report.id) was signed by \(name)", zh: "报告 \(report.id) 已由 \(name) 签发")
    }
    guard (1...100).contains(request.name.count), (request.remark?.count ?? 0) <= HubCore.longestRemark else {
      throw APIProblem(
        .badRequest, "a signature is a name of 1 to 100 characters, with at most \(HubCore.longestRemark) more",
        zh: "签名须为 1 至 100 个字符，备注最多 \(HubCore.longestRemark) 个字符")
    }
    report.signedBy = request.name
    report.signedAt = now
    report.remark = request.remark
    let text = BilingualText(
      en: "\(request.name) signed the \(report.kind.rawValue) report \(report.id)",
      zh: "\(request.name) 签发\(HubCore.title(report.kind)) \(report.id)")
    return reportItem(
      try store.keep(
        report, audit: AuditEntry(time: now, actor: actor, act: "sign report", subject: "report"),
        line: DutyLine(time: now, author: try personID(actor), kind: .report, text: text)))
  }

  // MARK: what nobody asked for

  /// Yesterday's daily report, soon after midnight; and in a guard period the zero report that is missing.
  func watchReports(_ now: Timestamp) throws {
    let today = duty.zone.local(now).day
    if lastDutyDay != today {
      lastDutyDay = today
      try beginDay(today, now)
    }
    let due = midnight(today).advanced(seconds: Double(configuration.duty.zeroReportSeconds))
    guard now >= due, let period = scheduler.guards.first(where: { $0.from < due && $0.until > midnight(today) }) else {
      return tell("zero", false, BilingualText(""), .zeroReportMissing, about: "duty", now)
    }
    // Asked of the store once a minute is enough.
    guard now.seconds % 60 == 0 || !duty.told.contains("zero") else { return }
    let isSigned = try store.dutyReports(limit: 100).contains {
      $0.kind == .zero && $0.period == period.id && $0.signedAt.map { duty.zone.local($0).day == today } ?? false
    }
    tell(
      "zero", !isSigned,
      BilingualText(
        en: "the zero report of the guard period \(period.id) is not signed, and was due at "
          + DutyTime.clock(due, duty.zone),
        zh: "保障期 \(period.id) 的零报告未签发，应于 \(DutyTime.clock(due, duty.zone)) 前签发"), .zeroReportMissing,
      about: "duty", now)
  }

  private func beginDay(_ today: Int64, _ now: Timestamp) throws {
    let from = midnight(today - 1)
    let isKept = try store.dutyReports(limit: 100).contains { $0.kind == .daily && $0.from == from }
    let begin = try store.document(Timestamp.self, kind: "duty", id: "begin") ?? now
    guard !isKept, begin < midnight(today) else { return }
    Task {
      do {
        _ = try await make(
          .daily, from: from, until: midnight(today), period: nil, by: Actor(name: "vigil", origin: "clock"))
      } catch { logger.error("the daily report was not made", metadata: ["error": "\(error)"]) }
    }
  }
}
