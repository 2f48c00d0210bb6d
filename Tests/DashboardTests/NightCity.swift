import ControlAPI
import Records
import Wire

@testable import Dashboard

/// The city and its watch.
extension Night {
  static let situation = SituationReport(
    scope: "city", title: BilingualText(en: "Wuhan demo city", zh: "武汉演示市"), time: now, hours: 24,
    posture: posture.mean, change: -2, days: [],
    risks: [
      RiskItem(
        id: 17, check: "http.exposed.credentials",
        title: BilingualText(en: "a file of credentials is exposed", zh: "凭据文件泄露"), severity: .critical,
        site: "tax.example.gov", platform: nil, organisation: "finance", score: 640, points: 40, weight: 4, factor: 4,
        attacks: 12, outcome: .succeeded),
      RiskItem(
        id: 18, check: "tls.certificate.expiring",
        title: BilingualText(en: "certificate expires in 6 days", zh: "证书将在 6 天后过期"), severity: .high,
        site: "school.example.cn", platform: nil, organisation: "schools", score: 40, points: 20, weight: 2, factor: 1,
        attacks: nil, outcome: nil),
    ],
    sources: TopList(
      entries: [.init(value: "198.51.100.9", count: 1912), .init(value: "203.0.113.4", count: 60)], total: 2100,
      short: 0),
    targets: TopList(
      entries: [.init(value: "tax.example.gov", count: 1500), .init(value: "portal.example.cn", count: 412)],
      total: 2100, short: 0),
    coverage: [
      EngineReach(engine: "availability", sites: 2000, fresh: 1996, stale: 2, never: 2, reasons: []),
      EngineReach(
        engine: "tls", sites: 1800, fresh: 1200, stale: 580, never: 20,
        reasons: [.init(reason: "not authorised", sites: 300)]),
    ],
    blindness: Blindness(
      sensors: [
        Blindness.Sensor(
          sensor: "gate", state: .seeing, reason: nil, spoolBytes: 0, lost: nil,
          shares: Blindness.Shares(
            flows: 9000, bytes: 1_000_000, encrypted: 81.4, oneSided: 2, unknown: 1.5, unattributed: 7,
            notDetermined: nil))
      ],
      all: Blindness.Shares(
        flows: 9000, bytes: 1_000_000, encrypted: 81.4, oneSided: 2, unknown: 1.5, unattributed: 7, notDetermined: nil),
      intervals: []),
    early: [
      EarlyWarning(
        id: "technique/1:2000001", kind: .technique, value: "1:2000001",
        title: BilingualText(en: "web shell upload tried at 12 sites", zh: "12 个站点遭后门上传尝试"), since: ago(4000),
        last: ago(60), seenAt: (0..<12).map { "school-\($0).example.cn" })
    ], incidents: [])

  static let posture = PostureReport(
    scope: "city", title: BilingualText(en: "Wuhan demo city", zh: "武汉演示市"), time: now,
    mean: MeanPosture(score: 81, sites: 43, tested: 39, dimensions: []),
    dimensions: [
      dimension("transport", "Transport and certificates", "传输与证书", 74),
      dimension("naming", "Naming and routing", "域名与路由", 92), dimension("web", "Web application", "Web 应用", 83),
      dimension("exposure", "Exposure", "暴露面", 58), dimension("content", "Content and data", "内容与数据", 90),
      dimension("operation", "Operation and traffic", "运行与流量", nil),
    ],
    deductions: [
      deduction("exposure.files.credentials", "No credentials are served", "未泄露凭据文件", 120, 3),
      deduction("transport.certificates.expiry", "Certificates are valid", "证书在有效期内", 40, 2),
      deduction("transport.versions.old", "No old version of TLS", "未启用旧版 TLS", 24, 8),
    ],
    sites: [],
    days: (0..<30).map {
      PostureScoreDay(day: "2026-\($0 < 9 ? "10-2\($0)" : "11-\(($0 - 8) / 10)\(($0 - 8) % 10)")", score: 78 + $0 % 6)
    })

  private static func dimension(_ id: String, _ en: String, _ zh: String, _ score: Int?) -> PostureDimension {
    PostureDimension(
      id: id, title: BilingualText(en: en, zh: zh), score: score,
      classes: [
        PostureClass(id: "\(id).certificates", title: BilingualText(en: "Certificates", zh: "证书")),
        PostureClass(id: "\(id).versions", title: BilingualText(en: "Versions", zh: "协议版本")),
      ])
  }

  private static func deduction(_ id: String, _ en: String, _ zh: String, _ points: Int, _ sites: Int)
    -> SharedDeduction
  {
    SharedDeduction(
      indicator: id, title: BilingualText(en: en, zh: zh), points: points, sites: sites, remedy: BilingualText(""))
  }

  static let ranking = RankingReport(
    from: ago(2_592_000), until: now,
    lines: [
      rank(1, "library", "City library", "市图书馆", 96, LoopLine(place: 1, owed: 4, onTime: 4, rated: 3, satisfied: 3)),
      rank(2, "schools", "Schools", "学校", 82, LoopLine(place: 2, owed: 10, onTime: 6)),
      rank(3, "finance", "Finance bureau", "财政局", 64, nil),
    ])

  private static func rank(_ place: Int, _ id: String, _ en: String, _ zh: String, _ score: Int, _ loop: LoopLine?)
    -> RankingReport.NamedLine
  {
    RankingReport.NamedLine(
      name: BilingualText(en: en, zh: zh),
      line: RankingLine(
        place: place, organisation: id, posture: MeanPosture(score: score, sites: 9, tested: 9, dimensions: []),
        found: 10, verified: 12 - 3 * place, duty: loop))
  }

  static let authorisations = [
    Authorisation(
      id: "schools-2026", grantedBy: "教育局", document: "扫描授权书 2026-3", hosts: ["*.example.cn"], networks: [],
      from: ago(8_640_000), until: now.advanced(seconds: 1_700_000), upTo: .probe)
  ]

  // MARK: duty

  static func dutyAnswer(_ path: String) -> (any Sendable)? {
    switch path {
    case "/duty": duty
    case "/duty/rosters": Page(items: [roster])
    case "/duty/shifts": Page(items: shifts)
    case "/duty/log": Page(items: log)
    case "/duty/reports": Page(items: reports)
    case "/duty/drills": Page(items: drills)
    case "/duty/guards/expo", "/duty/guards/2026-0007": checklist
    case "/duty/canary": canary
    default: nil
    }
  }

  static let duty = DutyStatus(
    time: now, zone: "Asia/Shanghai", roster: "city",
    watch: Watch(name: "night-1", since: ago(7200), until: now.advanced(seconds: 21_600), next: "day-2"),
    chain: WatchChain(["night-1", nil, "li"]), shift: shifts[0], waiting: 3, held: 5, clocks: DutyClocks(),
    clocksSince: nil, faults: [BilingualText(en: "nobody stands behind the watch", zh: "副班空岗")], guards: ["expo"],
    drills: [drills[0].drill])

  static let expo = GuardPeriod(
    id: "expo", name: "trade fair / 博览会", from: ago(86_400), until: now.advanced(seconds: 172_800))

  static let checklist = GuardChecklist(
    period: expo,
    checks: [
      GuardCheck(id: "scope", text: BilingualText(en: "the sites are confirmed with their owners", zh: "已与各单位确认保障站点")),
      GuardCheck(
        id: "contacts",
        text: BilingualText(en: "contacts and backup contacts were called and answered", zh: "主、备联系人已电话确认"),
        tickedBy: "li", tickedAt: ago(90_000)),
      GuardCheck(
        id: "canary", text: BilingualText(en: "the canary comes all the way in time", zh: "链路探测正常"),
        tickedBy: "night-1", tickedAt: ago(3600)),
    ])

  private static let roster = RosterPreview(
    roster: Roster(id: "city", name: BilingualText(en: "City watch", zh: "市网信办值班"), zone: "Asia/Shanghai", layers: []),
    isInForce: true, isKept: true,
    turns: [
      Turn(step: 1, person: "night-1", from: ago(7200), until: now.advanced(seconds: 21_600), because: "night"),
      Turn(
        step: 1, person: "day-2", from: now.advanced(seconds: 21_600), until: now.advanced(seconds: 64_800),
        because: "day", others: ["day-3"]),
      Turn(step: 2, person: nil, from: ago(7200), until: now.advanced(seconds: 64_800), because: "deputy"),
      Turn(step: 3, person: "li", from: ago(90_000), until: now.advanced(seconds: 90_000), because: "lead"),
      Turn(step: 1, person: "old", from: ago(90_000), until: ago(7200), because: "day"),
    ], remarks: [], text: "")

  static let shifts: [ShiftItem] = {
    let note = HandoverNote(
      time: ago(7260), by: "day-2", to: "night-1", remark: "the tax office was called; 税务局已电话通知", since: ago(50_000),
      counts: [
        .init(severity: .critical, outcome: .succeeded, count: 1),
        .init(severity: .high, outcome: .attempted, count: 7),
      ],
      items: [
        .init(
          row: 17, severity: .critical, outcome: .succeeded, state: .new, subject: "tax.example.gov",
          title: queue[0].row.title, holder: nil, due: ago(121), isDrill: false)
      ], more: 0, suppressions: nil, incidents: nil, notices: nil, stops: [],
      ailing: [BilingualText(en: "sensor core is late", zh: "探针 core 迟报")],
      due: [.init(time: now.advanced(seconds: 7200), text: BilingualText(en: "zero report", zh: "零报告"))])
    return [
      ShiftItem(
        shift: Shift(id: 12, person: "night-1", since: ago(7200)),
        answers: AnswerStatistics(count: 6, median: 74, p95: 310, late: 0), note: nil),
      ShiftItem(
        shift: Shift(
          id: 11, person: "day-2", since: ago(50_000), until: ago(7200), note: note, confirmedBy: "night-1"),
        answers: AnswerStatistics(count: 31, median: 52, p95: 420, late: 2), note: nil),
    ]
  }()

  private static let log = [
    DutyLine(
      id: 3, time: ago(60), author: "night-1", kind: .remark,
      text: BilingualText(en: "called the tax office", zh: "已致电税务局")),
    DutyLine(
      id: 2, time: ago(900), kind: .page,
      text: BilingualText(en: "row 17: night-1 was called", zh: "第 17 行：已呼叫 night-1")),
    DutyLine(
      id: 1, time: ago(7200), kind: .watchGap, text: BilingualText(en: "nobody stands behind", zh: "副班无人")),
  ]

  private static let reports = [
    DutyReportItem(
      report: DutyReport(
        id: 2, kind: .zero, from: ago(86_400), until: ago(300), made: ago(200), zone: "Asia/Shanghai",
        verdict: .notDetermined, rows: [0, 0, 0, 0, 0], events: [], unsettled: [],
        acknowledged: AnswerStatistics(count: 0, median: nil, p95: nil, late: 0), pages: 0, digests: 0, shifts: [],
        blind: [], sites: 43, sitesTested: 39), text: BilingualText(""))
  ]

  private static let drills = [
    DrillItem(
      drill: Drill(id: "d1", name: "spring / 春季演练", by: "li", from: ago(600), rows: [50, 51]),
      answers: AnswerStatistics(count: 1, median: 95, p95: 95, late: 0), rows: [], pages: 2)
  ]

  private static let canary = CanaryReport(
    notMeasured: nil, target: "192.0.2.53", sent: 60, late: 1,
    stages: [
      .init(stage: .packet, count: 60, p50: 0.002, p99: 0.04, most: 0.05),
      .init(stage: .stored, count: 60, p50: 0.01, p99: 0.2, most: 31),
      .init(stage: .assigned, count: 60, p50: 1, p99: 1.4, most: 2),
      .init(stage: .seen, count: 0, p50: nil, p99: nil, most: nil),
    ], last: nil)
}
