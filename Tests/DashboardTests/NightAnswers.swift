import ControlAPI
import Records
import Wire

@testable import Dashboard

/// What the hub of that night answers to each question.
extension Night {
  /// Nil: a question that no fixture answers.
  static func answer(_ question: Question) -> (any Sendable)? {
    let words = question.description.split(separator: " ", maxSplits: 1).map(String.init)
    let query = words.count > 1 ? words[1] : ""
    switch words[0].dropFirst("/v1".count) {
    case "/overview": return overview()
    case "/queue": return page(query.contains("check:") ? queue + weak : queue, query) { $0 }
    case "/queue/groups": return Page(items: groups(query))
    case "/findings": return page(findings, query) { QueueItem(row: $0.finding.row, due: nil) }
    case "/incidents":
      let wanted = query.contains("open:false") ? closedCases : query.hasPrefix("limit=1 ") ? [cases[0]] : cases
      return Page(items: wanted, total: query.contains("overdue:true") ? 1 : wanted.count)
    case "/incidents/offers":
      return Page(items: [IncidentOffer(incident: cases[0].incident, reasons: [.sameSite, .sameSource])])
    case let path where path.hasPrefix("/incidents/"): return caseDetail
    case "/notices": return Page(items: notices, total: query.hasPrefix("limit=1 ") ? 1 : notices.count)
    case "/tasks": return Page(items: tasks, total: tasks.count)
    case "/intake": return Page(items: intake, total: intake.count)
    case "/outbox": return Page(items: outbox, total: nil)
    case "/outbox/lanes": return Page(items: lanes)
    case let path where path.hasPrefix("/situation"): return situation
    case "/posture": return posture
    case "/posture/ranking": return ranking
    case "/authorisations": return Page(items: authorisations)
    case "/sites": return Page(items: inventory, total: inventory.count)
    case "/organisations": return Page(items: organisations)
    case "/suppressions": return Page(items: suppressions)
    case "/engines/precision": return Page(items: precision)
    case "/audit": return Page(items: audit)
    case "/sites/check": return Page(items: remarks, total: 1)
    case "/sites/proposals": return Page(items: proposals)
    case "/contacts": return Page(items: contacts)
    case "/people/me": return whoAmI(.lead)
    case "/posture/indicators": return Page(items: Samples.indicators)
    case let path where path.hasPrefix("/queue/"):
      return path == "/queue/18" ? Samples.findingDetail : Samples.alertDetail
    case let path where path.hasSuffix("/trail"): return Page(items: Samples.trail)
    case let path where path.hasPrefix("/sites/"): return Samples.site
    case let path where path.hasPrefix("/notices/"): return Samples.notice
    case let path: return dutyAnswer(String(path))
    }
  }

  /// What the query's filter leaves, as the hub does it.
  private static func page<Item>(_ items: [Item], _ query: String, row: (Item) -> QueueItem) -> Page<Item>? {
    let parts = query.split(separator: "filter=", maxSplits: 1, omittingEmptySubsequences: false)
    let text = parts.count > 1 ? parts[1].split(separator: " sort=", maxSplits: 1).first.map(String.init) ?? "" : ""
    guard let filter = try? Filter(text, .findings) else { return nil }
    let rows = items.filter { filter.matches(row($0), now: now) }
    return Page(items: rows, total: rows.count)
  }

  static func whoAmI(_ role: PersonRole) -> WhoAmI {
    WhoAmI(
      person: Person(id: "night-1", name: BilingualText("Night"), role: role), role: role, origin: "unix uid 1000",
      organisations: nil)
  }

  // MARK: queue

  /// Weaknesses of pages and of what passes in clear: rows that only the screen of data asks for.
  static let weak: [QueueItem] = [
    row(
      41, .high, BilingualText(en: "a page was replaced", zh: "网页内容被篡改"), site: "portal.example.cn", wing: .scanner,
      check: "content.tampered", due: -1800, seen: 900),
    row(
      42, .medium, BilingualText(en: "a page has dark links", zh: "网页存在暗链"), site: "school.example.cn", who: "night-2",
      state: .acknowledged, wing: .scanner, check: "content.dark_links.hidden", seen: 4000),
    row(
      31, .high, BilingualText(en: "personal numbers of 100 persons or more", zh: "公开 100 人以上个人信息"),
      site: "school.example.cn", wing: .scanner, check: "content.personal.many", seen: 60),
    row(
      32, .critical, BilingualText(en: "a file of credentials is exposed", zh: "凭据文件泄露"), site: "tax.example.gov",
      wing: .scanner, check: "http.exposed.credentials", due: 1500, seen: 60),
    row(
      43, .medium, BilingualText(en: "a login passes in clear", zh: "登录口令明文传输"), site: "school.example.cn",
      outcome: .attempted, count: 214, check: "1:9000240", due: 7200, seen: 30),
  ]

  private static func groups(_ query: String) -> [QueueGroupItem] {
    if query.contains("by=site") {
      return [
        QueueGroupItem(
          value: "tax.example.gov", title: nil, rows: 4, new: 3, worst: .critical, count: 40, lastSeen: ago(40)),
        QueueGroupItem(
          value: "school.example.cn", title: nil, rows: 2, new: 1, worst: .high, count: 2, lastSeen: ago(400)),
      ]
    }
    return [
      QueueGroupItem(
        value: "content.tampered", title: BilingualText(en: "a page was replaced", zh: "网页内容被篡改"), rows: 3, new: 2,
        worst: .high, count: 9, lastSeen: ago(40)),
      QueueGroupItem(
        value: "content.personal.many",
        title: BilingualText(en: "personal numbers of 100 persons", zh: "公开 100 人以上个人信息"),
        rows: 2, new: 2, worst: .high, count: 2, lastSeen: ago(4000)),
      QueueGroupItem(
        value: "http.exposed.git", title: BilingualText(en: "a git repository is exposed", zh: "Git 仓库泄露"), rows: 1,
        new: 0, worst: .high, count: 1, lastSeen: ago(90_000)),
    ]
  }

  static let findings: [FindingItem] = [
    finding(weak[2], .open, 92), finding(weak[3], .claimed, 88),
  ]

  private static func finding(_ item: QueueItem, _ state: FindingState, _ confidence: Int) -> FindingItem {
    var row = item.row
    row.findingState = state
    return FindingItem(
      finding: Finding(
        row: row, weakness: row.check, target: Target(scheme: "https", host: row.subject, port: 443),
        engines: ["content": confidence]))
  }

  // MARK: incidents

  static let cases: [IncidentItem] = [
    incident("2026-0007", "web shell at the tax office / 税务局后门", .webshell, .three, lead: "li", due: -300),
    incident("2026-0006", "home page altered", .tampering, nil, lead: nil, due: 1500),
  ]
  static let closedCases: [IncidentItem] = {
    var item = incident("2026-0005", "outage of the library", .outage, .four, lead: "wang", due: nil)
    item.incident.state = .closed
    return [item]
  }()

  private static func incident(
    _ id: String, _ title: String, _ kind: IncidentKind, _ level: IncidentLevel?, lead: String?, due: Double?
  ) -> IncidentItem {
    var incident = Incident(
      id: id, title: title, kind: kind, opened: ago(3300), openedBy: "night-1", lead: lead, operatorKind: .other)
    if let level { incident.levels = [.init(level: level, by: "li", time: ago(3000), reason: "by the guide")] }
    let clocks = [
      IncidentClock(
        id: "receipt", title: BilingualText(en: "receipt by the operator", zh: "运营者签收"), state: .met, due: ago(2400),
        done: ago(2500), note: nil, source: "house", isVerified: true),
      IncidentClock(
        id: "contained", title: BilingualText(en: "contained", zh: "完成遏制"),
        state: due.map { $0 < 0 ? .overdue : .running } ?? .met, due: due.map { now.advanced(seconds: $0) },
        done: nil, note: nil, source: "house", isVerified: true),
      IncidentClock(
        id: "report", title: BilingualText(en: "report upward", zh: "向上级报告"), state: .waiting, due: nil, done: nil,
        note: BilingualText(en: "nobody has said when it was known", zh: "获知时间未记录"), source: "art. 4",
        isVerified: false),
    ]
    return IncidentItem(
      incident: incident, sites: ["tax.example.gov"],
      proposal: LevelProposal(level: .three, reasons: [], inputs: [], unknown: []), clocks: clocks)
  }

  static let caseDetail = IncidentDetail(
    item: Samples.worked(cases[0]), sites: ["tax.example.gov"],
    rows: [IncidentRow(queue[0].row, joined: ago(3300), by: "night-1")],
    log: [
      line(1, .opened, "opened from row 17", 3300), line(2, .lead, "li leads", 3200),
      line(3, .level, "III: altered content stood for two hours", 3000),
      line(4, .log, "the upload folder was taken off the server; 上传目录已下线", 1200),
    ])

  private static func line(_ id: Int64, _ kind: IncidentLine.Kind, _ text: String, _ seen: Double) -> IncidentLine {
    IncidentLine(
      id: id, incident: "2026-0007", time: ago(seen), actor: Actor(name: "night-1", origin: "unix uid 1000"),
      kind: kind, text: text)
  }

  // MARK: warning

  static let notices: [Notice] = {
    var sent = Notice(
      id: 3, number: "2026-TB-012", severity: .high, organisation: "schools", sites: ["school.example.cn"],
      findings: [31], title: BilingualText(en: "personal data stand on pages", zh: "网页公开个人信息"), author: "night-1",
      created: ago(90_000))
    (sent.state, sent.sent, sent.begun, sent.answerDue) = (.sent, ago(86_000), ago(86_000), now.advanced(seconds: 3600))
    var late = Notice(
      id: 2, number: "2026-TB-011", kind: .warning, colour: .orange, severity: .critical, urgency: .urgent,
      organisation: "finance", findings: [17], title: BilingualText(en: "a web shell is at work", zh: "网站后门正在被利用"),
      author: "night-2", created: ago(9000))
    (late.state, late.answerDue, late.begun, late.overdueSince) = (.received, ago(600), ago(7800), ago(600))
    late.supervision = 1
    let draft = Notice(
      id: 4, severity: .medium, organisation: "library", title: BilingualText(en: "HSTS is missing", zh: "缺少 HSTS"),
      author: Notice.machine, created: ago(300))
    return [draft, sent, late]
  }()

  static let tasks = [
    DutyTask(
      id: 1, .silence, "notice/2",
      BilingualText(en: "finance has not said that notice 2026-TB-011 came: call them", zh: "财政局未签收 2026-TB-011：请电话催办"),
      created: ago(900), due: now.advanced(seconds: 300)),
    DutyTask(
      id: 2, .approval, "notice/4", BilingualText(en: "a draft to library waits for a word", zh: "致图书馆的通报草稿待审批"),
      created: ago(300)),
  ]

  static let intake: [Intake] = {
    var first = Intake(
      id: 9, source: .superior, sender: "省网信办", senderNumber: "鄂网通〔2026〕88 号", title: "关于某网站漏洞的通报",
      received: ago(7200), due: now.advanced(seconds: 7200), enteredBy: "night-1")
    first.assignee = "night-2"
    return [first]
  }()

  static let outbox = [
    OutboxItem(
      OutboxEntry(
        id: 5, channel: "webhook", body: "{}", created: ago(600), attempts: 3, due: now.advanced(seconds: 60),
        lastError: "503 Service Unavailable", lane: "webhook"))
  ]
  static let lanes = [
    OutboxLaneItem(
      lane: "mail", state: .flowing, downSince: nil, lastError: nil, lastAccepted: ago(120), waiting: 0, oldest: nil,
      dead: 0),
    OutboxLaneItem(
      lane: "chat:https://chat.example.cn/hook", state: .down, downSince: ago(700), lastError: "connection refused",
      lastAccepted: ago(5000), waiting: 3, oldest: ago(650), dead: 1),
  ]
}
