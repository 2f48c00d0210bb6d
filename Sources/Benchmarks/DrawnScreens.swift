import ControlAPI
import Dashboard
import Glibc
import Records
import Wire

/// What the dashboard costs while it is open: a city of 2,000 sites, ten frames and fifty alerts a second, every list
/// answered every third second. Per frame: processor time of messages, of drawing with difference and encoding, and bytes.
enum DrawnScreens {
  private static let sites = 2000
  private static let frames = 600
  private static let framesPerSecond = 10
  private static let alertsPerFrame = 5
  private static let framesPerAnswer = 30

  static func run(folder: String) throws {
    print(
      "\(sites) sites, \(framesPerSecond) frames and \(framesPerSecond * alertsPerFrame) alerts a second, "
        + "\(frames) frames")
    print(
      "screen                 messages us   frame us   most us   answers us   bytes   most bytes   first   "
        + "% of a core")
    for screen in ["overview", "situation", "duty"] {
      for (columns, rows) in [(80, 24), (120, 40), (200, 60)] { try run(folder, screen, columns, rows) }
    }
  }

  private static func run(_ folder: String, _ screen: String, _ columns: Int, _ rows: Int) throws {
    var off = try OffScreen(folder: folder, screen: screen, columns: columns, rows: rows, now: City.now)
    var (messages, drawing, most, answers, answered): (Int64, Int64, Int64, Int64, Int64) = (0, 0, 0, 0, 0)
    var (bytes, mostBytes) = (0, 0)
    off.answer { City.answer($0, round: 0) }
    let first = off.frame()
    for frame in 1...frames {
      let start = Measurement.processorTime()
      off.hear((0..<alertsPerFrame).map { City.streamed(frame * alertsPerFrame + $0) })
      off.tick(City.now.advanced(seconds: Double(frame) / Double(framesPerSecond)))
      if frame % framesPerSecond == 0 { off.walk() }
      let heard = Measurement.processorTime()
      if frame % framesPerAnswer == 0 {
        // Making the answers is not the dashboard's work.
        let values = City.answers(round: frame)
        let begun = Measurement.processorTime()
        off.answer { values[$0.split(separator: " ").first.map(String.init) ?? ""] }
        answers += Measurement.processorTime() - begun
        answered += 1
      }
      let drawn = Measurement.processorTime()
      let count = off.frame()
      let spent = Measurement.processorTime() - drawn
      messages += heard - start
      drawing += spent
      most = max(most, spent)
      bytes += count
      mostBytes = max(mostBytes, count)
    }
    let each = Int64(frames)
    let second = (messages + drawing + answers) * Int64(framesPerSecond) / each
    let cells = [
      "\(messages / each / 1000)", "\(drawing / each / 1000)", "\(most / 1000)", "\(answers / max(answered, 1) / 1000)",
      "\(bytes / frames)", "\(mostBytes)", "\(first)", "\(Double(second / 100_000) / 100)",
    ]
    let name = "\(screen) \(columns)x\(rows)"
    let widths = [11, 9, 8, 11, 6, 11, 6, 12]
    let columns = zip(cells, widths).map { String(repeating: " ", count: max($1 - $0.count, 0) + 1) + $0 }
    print(name + String(repeating: " ", count: max(22 - name.count, 0)) + columns.joined(separator: " "))
  }
}

/// A city that changes a little from answer to answer.
private enum City {
  static let now = Timestamp(seconds: 1_795_000_000)

  /// By path.
  static func answers(round: Int) -> [String: any Sendable] {
    Dictionary(
      uniqueKeysWithValues: ["/v1/overview", "/v1/queue", "/v1/posture", "/v1/duty/log"].compactMap { path in
        answer(path, round: round).map { (path, $0) }
      })
  }

  static func answer(_ question: String, round: Int) -> (any Sendable)? {
    switch question.split(separator: " ").first {
    case "/v1/overview": overview(round)
    case "/v1/queue": Page(items: (0..<200).map { row($0, count: round) }, total: 1912)
    case "/v1/posture": posture
    case "/v1/duty/log":
      Page(
        items: (0..<100).map {
          DutyLine(
            id: Int64($0), time: now, kind: .page, text: BilingualText(en: "row \($0) was called", zh: "已呼叫第 \($0) 行"))
        })
    default: nil
    }
  }

  private static func overview(_ round: Int) -> Overview {
    let cells = (0..<2000).map { site in
      let worst = (site * 7919 + round) % 23
      return SiteCell(
        site: "site-\(site).example.cn", organisation: "organisation-\(site % 121)", score: 60 + (site + round) % 41,
        worst: worst < 5 ? Severity(rank: worst) : nil, openAlerts: worst % 3, openFindings: worst % 5)
    }
    let hours = Severity.allCases.reversed().map { severity in
      SeverityHours(severity: severity, hours: (0..<24).map { ($0 * 7 + round) % 11 * (5 - severity.rank) })
    }
    return Overview(
      time: now.advanced(seconds: Double(round) / 10), city: "Benchmark", language: "en",
      posture: Posture(score: 81, change: -2, cells: cells), severities: hours,
      queue: QueueCounts(new: 44 + round, acknowledged: 5, overdue: 3), sensors: [], scanners: [],
      scans: ScanOverview(sites: 2000, fresh: 1912, never: 40, notAuthorised: 12, running: 4, due: 36, stops: []),
      watch: nil, warnings: [])
  }

  private static let posture = PostureReport(
    scope: "city", title: BilingualText("Benchmark"), time: now,
    mean: MeanPosture(score: 81, sites: 2000, tested: 1960, dimensions: []),
    dimensions: ["transport", "naming", "web", "exposure", "content", "operation"].map {
      PostureDimension(id: $0, title: BilingualText($0), score: 80)
    },
    deductions: (0..<60).map {
      SharedDeduction(
        indicator: "\(["transport", "web", "exposure"][$0 % 3]).class-\($0 % 5).indicator-\($0)",
        title: BilingualText("indicator \($0)"), points: 1000 / ($0 + 1), sites: 60 - $0, remedy: BilingualText(""))
    }, sites: [], days: (0..<30).map { PostureScoreDay(day: "2026-11-\(10 + $0 % 20)", score: 70 + $0 % 12) })

  private static func row(_ number: Int, count: Int) -> QueueItem {
    QueueItem(
      row: QueueRow(
        id: Int64(number + 1), wing: .sensor, key: FoldKey(rawValue: "k"),
        title: BilingualText(en: "web shell answered a command \(number)", zh: "网站后门执行了命令 \(number)"),
        severity: Severity(rank: 4 - number * 5 / 200), outcome: Outcome(rank: number % 5),
        site: "site-\(number).example.cn", organisation: "organisation-\(number % 121)", subject: "site",
        check: "1:20000\(number)", count: Int64(count + number), firstSeen: now, lastSeen: now),
      due: number % 2 == 0 ? now.advanced(seconds: Double(300 + number)) : nil)
  }

  static func streamed(_ number: Int) -> StreamItem {
    let item = row(number % 200, count: number)
    if number % 2 == 0 {
      return StreamItem(kind: .row, change: .counted, cursor: "c", time: now, row: item)
    }
    let alert = AlertRecord(
      timestamp: now, source: IPAddress("198.51.100.9"), destination: IPAddress("192.0.2.7"), sourcePort: 40_022,
      destinationPort: 80, appProtocol: "http",
      signature: .init(sid: 2_000_001, message: "web shell", category: "Web attack", severity: .critical),
      context: .init(hostname: "site-\(number % 2000).example.cn", url: "/shell.jsp", method: "POST", status: 200))
    return StreamItem(kind: .alert, cursor: "c", time: now, alert: alert, row: item)
  }
}
