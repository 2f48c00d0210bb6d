import ControlAPI
import Records
import Testing
import Wire

@testable import Dashboard

/// A night in a small city, at 12:04:31 on a day that never moves.
enum Night {
  static let now = Timestamp(text: "2026-11-22T12:04:31Z") ?? Timestamp(nanoseconds: 0)

  static func ago(_ seconds: Double) -> Timestamp { now.advanced(seconds: -seconds) }

  /// The queue has these rows and no others.
  static func list(_ ids: ClosedRange<Int64>, _ model: inout Model) throws {
    let question = try #require(model.wants.map(\.question).first { $0.description.hasPrefix("/v1/queue ") })
    let rows = ids.map { row($0, .high, BilingualText("x"), site: "a.example") }
    _ = model.update(.answered(question, Page(items: rows)))
  }

  static func row(
    _ id: Int64, _ severity: Severity, _ title: BilingualText, site: String, outcome: Outcome = .notDetermined,
    count: Int64 = 1, who: String? = nil, state: TriageState = .new, wing: Wing = .sensor, check: String = "1:2000001",
    due: Double? = nil, seen: Double = 60
  ) -> QueueItem {
    QueueItem(
      row: QueueRow(
        id: id, wing: wing, key: FoldKey(rawValue: String(repeating: "a", count: 64)), title: title, severity: severity,
        outcome: outcome, triage: Triage(state: state, assignee: who), site: site, organisation: "finance",
        subject: site, check: check, count: count, firstSeen: ago(3600), lastSeen: ago(seen),
        findingState: wing == .scanner ? .open : nil), due: due.map { now.advanced(seconds: $0) })
  }

  static let queue: [QueueItem] = [
    row(
      17, .critical, BilingualText(en: "web shell answered a command", zh: "网站后门执行了命令"), site: "tax.example.gov",
      outcome: .succeeded, count: 12, due: -121, seen: 40),
    row(
      18, .high, BilingualText(en: "certificate expires in 6 days", zh: "证书将在 6 天后过期"), site: "school.example.cn",
      who: "night-2", state: .acknowledged, wing: .scanner, check: "tls.certificate.expiring", seen: 360),
    row(
      19, .high, BilingualText(en: "SQL injection in a query string", zh: "查询串中的 SQL 注入"), site: "portal.example.cn",
      outcome: .attempted, count: 1912, due: 660, seen: 5),
    row(
      21, .medium, BilingualText("ET SCAN Nmap probe"), site: "192.0.2.7:443", outcome: .failed, count: 3, seen: 90_000),
    row(
      22, .low, BilingualText(en: "HSTS is missing", zh: "缺少 HSTS"), site: "library.example.cn", wing: .scanner,
      check: "http.hsts.missing", seen: 4000),
  ]

  static let sites: [SiteCell] = {
    var cells = [
      SiteCell(
        site: "tax.example.gov", organisation: "finance", score: 41, worst: .critical, openAlerts: 3, openFindings: 2),
      SiteCell(
        site: "budget.example.gov", organisation: "finance", score: 88, worst: .low, openAlerts: 0, openFindings: 1),
      SiteCell(
        site: "school.example.cn", organisation: "schools", score: 70, worst: .high, openAlerts: 0, openFindings: 4),
    ]
    for index in 1...40 {
      cells.append(
        SiteCell(
          site: "school-\(index).example.cn", organisation: "schools", score: index > 36 ? nil : 100, worst: nil,
          openAlerts: 0, openFindings: 0))
    }
    return cells
  }()

  static func sensor(
    _ name: String, _ state: SensorItem.State = .seeing, reason: String? = nil, drops: [DropCount] = []
  )
    -> SensorItem
  {
    SensorItem(
      status: SensorStatus(
        sensor: name, boot: 1, time: now, started: ago(7200), interface: "eth0", blind: reason, packets: 1_000_000,
        rulesLoaded: 1204, drops: drops), state: state, reason: reason, bitsPerSecond: 812_000_000,
      packetsPerSecond: 96_400)
  }

  static func overview(sensors: [SensorItem]? = nil, warnings: [BilingualText] = []) -> Overview {
    let hours = { (scale: Int) in (0..<24).map { ($0 * 7 % 11) * scale / 10 } }
    return Overview(
      time: now, city: "Wuhan demo city", language: "en", posture: Posture(score: 81, change: -2, cells: sites),
      severities: [
        SeverityHours(severity: .critical, hours: [Int](repeating: 0, count: 23) + [3]),
        SeverityHours(severity: .high, hours: hours(4)), SeverityHours(severity: .medium, hours: hours(10)),
        SeverityHours(severity: .low, hours: hours(100)), SeverityHours(severity: .info, hours: hours(0)),
      ], queue: QueueCounts(new: 44, acknowledged: 5, overdue: 3, bySeverity: [0, 5, 12, 24, 3]),
      sensors: sensors ?? [sensor("gate")],
      scanners: [
        ScannerItem(
          status: ScannerStatus(
            scanner: "scan-1", boot: 1, time: now, started: ago(7200), running: 4, jobsCompleted: 5120, jobsFailed: 7),
          isLate: false)
      ],
      scans: ScanOverview(
        sites: 2000, fresh: 1912, never: 40, notAuthorised: 12, running: 4, due: 36, stops: [], guards: [expo]),
      watch: Watch(name: "night-1", since: ago(7200)), warnings: warnings)
  }

  static func alert(_ message: String, seen: Double, url: String = "/shell.jsp", row: QueueItem? = nil) -> StreamItem {
    StreamItem(
      kind: .alert, change: .counted, cursor: "c", time: now,
      alert: AlertRecord(
        timestamp: ago(seen), source: IPAddress("198.51.100.9"), destination: IPAddress("192.0.2.7"), sourcePort: 40022,
        destinationPort: 80, appProtocol: "http",
        signature: .init(sid: 2_000_001, message: message, category: "Web attack", severity: .critical),
        context: .init(hostname: "tax.example.gov", url: url, method: "POST", status: 200)), row: row)
  }

  static func definition(_ text: String, file: String = "overview.yaml") -> Definition? {
    DefinitionReader.read(text: text, file: file).definition
  }

  /// The model as it stands after the hub answered.
  static func model(
    _ columns: Int, _ rows: Int, overview: Overview? = nil, definitions: [Definition] = TestScreens.installed,
    screen: String? = nil
  ) -> Model {
    var model = Model(
      me: "night-1", size: Size(columns: columns, rows: rows), now: now, definitions: definitions, screen: screen)
    _ = model.update(.connected)
    answer(&model, overview: overview)
    _ = model.update(.streamed([alert("ET SCAN Nmap probe", seen: 70)]))
    _ = model.update(.streamed([alert("web shell answered a command", seen: 40, row: queue[0])]))
    return model
  }

  /// Answers everything that is on screen, and then what follows from it.
  /// `spoilt`: a text that stands wherever traffic chooses it.
  static func answer(_ model: inout Model, overview: Overview? = nil, spoilt: String? = nil) {
    var asked: Set<Question> = []
    for _ in 0..<3 {
      for want in model.wants where asked.insert(want.question).inserted {
        var value: (any Sendable)? = want.question == .overview ? overview ?? Night.overview() : answer(want.question)
        if let spoilt, let clean = value { value = Samples.spoil(clean, spoilt) }
        guard let value else { preconditionFailure("nobody answers \(want.question)") }
        _ = model.update(.answered(want.question, value))
      }
    }
  }

  static func look(
    _ language: Language = .en, _ depth: ColorDepth = .none, _ theme: Theme.Name = .dark
  ) -> Look {
    var capabilities = Capabilities()
    capabilities.colors = depth
    capabilities.ambiguousIsWide = language == .zh
    return Look(theme: Theme(name: theme, depth: depth), capabilities: capabilities, language: language)
  }
}

enum TestScreens {
  /// The checkout's own.
  static let folder = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/") + "/Dashboards"

  static let installed: [Definition] = {
    let read = DefinitionFolder(path: folder).read()
    precondition(read.problem == nil, read.problem ?? "")
    return read.definitions
  }()
  static let overview: Definition = {
    guard let found = installed.first(where: { $0.number == 0 }) else { preconditionFailure("no overview") }
    return found
  }()
}

extension Model {
  /// Presses keys one after the other; letters for themselves.
  mutating func type(_ text: String) -> [Effect] { text.flatMap { update(.key(.character($0))) } }
}
