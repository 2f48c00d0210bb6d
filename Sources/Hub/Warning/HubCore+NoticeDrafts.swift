internal import ControlAPI
internal import Records
internal import Reports
internal import Scheduling
internal import Services
internal import Store
internal import Wire

/// Drafts, by machine and by person, and the whole text of a notice.
extension HubCore {
  /// Weaknesses that no notice tells of become drafts, one open draft an organisation: assigned to its contact at once,
  /// sent only after a person's word.
  func draftNotices(_ now: Timestamp) throws {
    let fresh = try store.findingsToNotice(from: configuration.notices.severity)
    for (organisation, findings) in Dictionary(grouping: fresh, by: { $0.row.organisation ?? "" }).sorted(by: {
      $0.key < $1.key
    }) {
      guard post(now).organisations[organisation] != nil else { continue }
      var rest = findings[...]
      while !rest.isEmpty {
        let known = try store.openNotice(organisation: organisation, cause: nil)
        let room = known.map { Notice.findingLimit - $0.findings.count } ?? Notice.findingLimit
        let base = room > 0 ? known : nil
        let part = rest.prefix(room > 0 ? room : Notice.findingLimit)
        rest = rest.dropFirst(part.count)
        try draft(Array(part), organisation, over: base, now)
      }
    }
  }

  private func draft(_ findings: [Finding], _ organisation: String, over known: Notice?, _ now: Timestamp) throws {
    var notice =
      known
      ?? Notice(
        severity: .info, organisation: organisation, title: BilingualText(""), author: Notice.machine, created: now)
    try add(findings[...], to: &notice)
    notice.title = HubCore.title(notice)
    notice.assigned = notice.assigned ?? assignment(organisation, now)
    try save(draft: notice, over: known, by: Actor(name: Notice.machine, origin: "rule"), now)
  }

  func add(_ findings: ArraySlice<Finding>, to notice: inout Notice) throws {
    notice.findings += findings.map(\.row.id)
    for finding in findings {
      notice.severity = max(notice.severity, finding.row.severity)
      if notices.isUrgent(finding.weakness) { notice.urgency = .urgent }
      for site in try places(of: finding) where !notice.sites.contains(site) { notice.sites.append(site) }
    }
  }

  /// A site's own, or those at which its hosting shows it.
  private func places(of finding: Finding) throws -> [String] {
    if let site = finding.row.site { return [site] }
    return try store.findings([finding.row.id]).first.map(FindingItem.sites) ?? []
  }

  static func title(_ notice: Notice) -> BilingualText {
    let (count, sites) = (notice.findings.count, notice.sites.count)
    guard count > 0 else { return notice.kind.title }
    return BilingualText(
      en: "\(count) weakness\(count == 1 ? "" : "es") at \(sites) site\(sites == 1 ? "" : "s")",
      zh: "\(sites) 个网站的 \(count) 个安全问题")
  }

  func assignment(_ organisation: String, _ now: Timestamp) -> Notice.Assignment {
    Notice.Assignment(contact: post(now).organisations[organisation]?.primary?.name, at: now)
  }

  @discardableResult func save(
    draft notice: Notice, over known: Notice?, by actor: Actor, _ now: Timestamp
  ) throws -> Notice {
    try store.step(notice, at: now) { given, _ in
      var write = NoticeWrite(given)
      write.audit = [
        AuditEntry(
          time: now, actor: actor, act: known == nil ? "draft notice" : "edit notice", subject: "notice/\(given.id)",
          before: try known.map { try RecordJSON.text($0) }, after: try RecordJSON.text(given))
      ]
      write.tasks = [approval(given, now)]
      return write
    }
  }

  private func approval(_ notice: Notice, _ now: Timestamp) -> DutyTask {
    DutyTask(
      .approval, "notice/\(notice.id)",
      BilingualText(
        en: "draft \(notice.id) to \(notice.organisation) waits for approval",
        zh: "拟稿 \(notice.id)（\(notice.organisation)）待审批"), created: now)
  }

  // MARK: by people

  func draftNotice(_ request: NoticeDraft, by actor: Actor, within purview: Purview) throws -> Notice {
    let now = clock.now()
    guard organisation(request.organisation, within: purview) != nil else {
      throw APIProblem.noOrganisation(request.organisation)
    }
    guard (request.colour != nil) == (request.kind == .warning) else {
      throw APIProblem(
        .badRequest, request.kind == .warning ? "a warning wants a colour" : "only a warning has a colour",
        zh: request.kind == .warning ? "预警须有颜色等级" : "只有预警有颜色等级")
    }
    let rows = try rows(Array(request.rows.prefix(NoticeDraft.mostRows)), within: purview)
    let incidents = Array(request.incidents.prefix(100))
    for id in incidents { _ = try found { try store.incident(id, within: purview) } }
    var notice = Notice(
      kind: request.kind, colour: request.colour, severity: request.severity ?? rows.map(\.severity).max() ?? .medium,
      urgency: request.urgency, organisation: request.organisation,
      findings: rows.filter { $0.wing == .scanner }.map(\.id), alerts: rows.filter { $0.wing == .sensor }.map(\.id),
      incidents: incidents, advisory: request.advisory, title: BilingualText(""),
      advice: request.advice, author: actor.name, created: now, isDrill: request.isDrill)
    try check(notice, rows, request)
    notice.sites = try siteList(rows, request, within: purview)
    notice.title = request.title ?? HubCore.title(notice)
    notice.assigned = assignment(request.organisation, now)
    return try save(draft: notice, over: nil, by: actor, now)
  }

  private func rows(_ ids: [Int64], within purview: Purview) throws -> [QueueRow] {
    let own = try store.ids(ids, within: purview)
    return try ids.map { id in
      try found {
        guard own.contains(id) else { throw StoreError.noRow(id) }
        return try store.row(id)
      }
    }
  }

  private func check(_ notice: Notice, _ rows: [QueueRow], _ request: NoticeDraft) throws {
    guard request.rows.count <= NoticeDraft.mostRows, notice.findings.count <= Notice.findingLimit else {
      throw APIProblem(
        .badRequest, "a notice has at most \(Notice.findingLimit) findings and \(NoticeDraft.mostRows) rows",
        zh: "一份通报最多包含 \(Notice.findingLimit) 个隐患和 \(NoticeDraft.mostRows) 行")
    }
    guard !rows.isEmpty || !request.sites.isEmpty || !request.incidents.isEmpty || request.advisory != nil else {
      throw APIProblem(
        .badRequest, "a notice is about rows of the queue, sites, incidents or an advisory: none is named",
        zh: "通报须指明队列行、站点、事件或漏洞公告")
    }
    if let row = rows.first(where: { $0.organisation != notice.organisation }) {
      throw APIProblem(
        .refused, "row \(row.id) is of \(row.organisation ?? "nobody"), not of \(notice.organisation)",
        zh: "第 \(row.id) 行属于 \(row.organisation ?? "无归属单位")，不属于 \(notice.organisation)")
    }
    guard notice.advice.count <= Notice.adviceLimit else {
      throw APIProblem(
        .badRequest, "the advice has more than \(Notice.adviceLimit) characters", zh: "处置建议超过 \(Notice.adviceLimit) 个字符"
      )
    }
  }

  private func siteList(
    _ rows: [QueueRow], _ request: NoticeDraft, within purview: Purview
  ) throws -> [String] {
    for id in request.sites {
      guard let site = site(id, within: purview) else {
        throw APIProblem.noSite(id)
      }
      guard site.organisation == request.organisation else {
        throw APIProblem(
          .refused, "\(site.id) is of \(site.organisation ?? "nobody"), not of \(request.organisation)",
          zh: "\(site.id) 属于 \(site.organisation ?? "无归属单位")，不属于 \(request.organisation)")
      }
    }
    var result: [String] = []
    let told = try store.findings(rows.filter { $0.site == nil }.map(\.id)).flatMap(FindingItem.sites)
    for site in request.sites + rows.compactMap(\.site) + told where !result.contains(site) { result.append(site) }
    return result
  }

  func editNotice(_ id: Int64, _ request: NoticeEdit, by actor: Actor, within purview: Purview) throws -> Notice {
    let known = try found { try store.notice(id, within: purview) }
    guard known.state == .draft else {
      throw APIProblem(
        .refused, "notice \(known.number ?? "\(id)") is \(known.state.rawValue): only a draft is edited",
        zh: "通报 \(known.number ?? "\(id)") \(known.state.title.zh)，只有拟稿可修改")
    }
    guard request.advice.map({ $0.count <= Notice.adviceLimit }) ?? true else {
      throw APIProblem(
        .badRequest, "the advice has more than \(Notice.adviceLimit) characters", zh: "处置建议超过 \(Notice.adviceLimit) 个字符"
      )
    }
    var notice = known
    notice.title = request.title ?? known.title
    notice.advice = request.advice ?? known.advice
    notice.urgency = request.urgency ?? known.urgency
    if actor.name != known.author, !known.editors.contains(actor.name) { notice.editors.append(actor.name) }
    return try save(draft: notice, over: known, by: actor, clock.now())
  }

  // MARK: texts

  func contents(of notice: Notice, _ now: Timestamp) throws -> NoticeContents {
    let due = try fixTimes(notice, notice.sent ?? now)
    let remedies = Dictionary(
      board.tree.indicators.flatMap { indicator in indicator.checks.map { ($0, indicator.remedy) } },
      uniquingKeysWith: { first, _ in first })
    let weaknesses = try store.findings(notice.findings, answers: 0).map { finding in
      NoticeContents.Weakness(
        row: finding.row.id, title: finding.row.title, check: finding.weakness,
        place: finding.row.subject + (finding.path ?? ""), severity: finding.row.severity,
        evidence: finding.evidence, remedy: remedies[finding.weakness], firstSeen: finding.row.firstSeen,
        due: due[finding.row.id])
    }
    let attacks = notice.alerts.compactMap { id -> NoticeContents.Attack? in
      guard let row = try? store.detail(id, alerts: 0).row else { return nil }
      return NoticeContents.Attack(
        row: id, title: row.title, subject: row.subject, count: row.count, lastSeen: row.lastSeen)
    }
    return NoticeContents(
      notice: notice, city: configuration.city,
      organisation: post(now).organisations[notice.organisation]?.name ?? BilingualText(notice.organisation),
      weaknesses: weaknesses, attacks: attacks,
      containedDue: notice.urgency == .urgent
        ? notice.sent?.advanced(seconds: notices.times.clocks(at: now).urgentContainedSeconds) : nil,
      utcOffset: LocalTime.utcOffset(at: now))
  }

  func documents(_ contents: NoticeContents) -> [NoticeDocument] {
    TextLanguage.allCases.map { notices.templates.document(contents, $0) }
  }

  func noticeDetail(_ id: Int64, within purview: Purview) throws -> NoticeDetail {
    let now = clock.now()
    let notice = try found { try store.notice(id, within: purview) }
    var texts = try store.documents(ofNotice: id)
    if texts.isEmpty { texts = documents(try contents(of: notice, now)) }
    let subject = "notice/\(id)"
    return NoticeDetail(
      notice: notice,
      organisation: post(now).organisations[notice.organisation]?.name ?? BilingualText(notice.organisation),
      documents: Dictionary(texts.map { ($0.language, $0.markdown) }, uniquingKeysWith: { first, _ in first }),
      findings: try store.findings(notice.findings).map(FindingItem.init),
      contacts: try store.contacts(of: notice.organisation),
      tasks: try store.tasks(open: false, subject: subject), audit: try store.audit(subject: subject))
  }

  nonisolated func noticeList(
    _ request: ListRequest, within purview: Purview, me: String?
  ) async throws -> Page<Notice> {
    let filter = try Filter(request.filter, .notices)
    let (context, now) = (await context(filter, me: me), clock.now())
    return try await reading { [self] in
      let plan = try ListPlan(
        request, filter, sorts: Store.noticeSorts, newest: 0, now: now, context: context, purview: purview)
      let slice = try store.notices(plan.query)
      return plan.page(slice.items, next: slice.next, count: plan.wantsCount ? try store.noticeCount(plan.query) : nil)
    }
  }
}

extension NoticeDraft {
  static let mostRows = 200
}
