import ControlAPI
import Engines
import Foundation
import Logging
import Records
import Services
import Store
import TestSupport
import Testing
import Wire

@testable import DemoCity
@testable import Hub

/// A hub with everything around it that the loop goes through, under a clock that only the test moves: a site of the
/// test city, the scanner, the receivers of what is told, the owner's browser.
final class Loop {
  static let start = Timestamp(text: "2026-03-02T01:00:00Z") ?? Timestamp(seconds: 1_772_413_200)
  static let officer = Actor(name: "ann", origin: "test")
  static let lead = Actor(name: "eve", origin: "test")

  let clock = FastClock(Loop.start)
  let city: LoopCity
  let post: LoopPost
  let configuration: Configuration
  private let folder: String
  private(set) var store: Store
  private(set) var core: HubCore
  private(set) var scanner: LoopScanner
  private(set) var owner: OwnerBrowser

  var site: String { city.site.id }
  var organisation: String { city.site.organisation }
  /// At the site, by whatever was asked for.
  var looks: Int { scanner.looks[site] ?? 0 }

  private init(in folder: String) async throws {
    self.folder = folder
    (city, post) = (try LoopCity(in: folder), try LoopPost(in: folder))
    configuration = try Loop.configuration(folder, post)
    store = try Store(folder: configuration.data.path, rules: .standard)
    core = try Loop.core(configuration, store, clock)
    scanner = await LoopScanner(configuration, trust: city.trust, clock: clock, at: core)
    owner = try await OwnerBrowser(core, clock)
    try await begin()
  }

  /// With a loop that is taken down again, whatever comes of it.
  static func run(_ body: (Loop) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "vigil-loop-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let loop = try await Loop(in: folder)
    do { try await body(loop) } catch {
      await loop.end()
      throw error
    }
    await loop.end()
  }

  private func end() async {
    await owner.close()
    store.close()
    post.stop()
    city.stop()
  }

  private static func configuration(_ folder: String, _ post: LoopPost) throws -> Configuration {
    var configuration = Configuration()
    configuration.data = DataFolder(path: folder + "/data")
    configuration.city = "Xincheng"
    configuration.sensor.enabled = false
    configuration.scan.engines = ["http"]
    configuration.scan.allow = [IPPrefix("127.0.0.0/8")].compactMap(\.self)
    configuration.notices.page = OwnerBrowser.base
    try post.configure(&configuration.delivery)
    try configuration.data.make()
    return configuration
  }

  private static func core(_ configuration: Configuration, _ store: Store, _ clock: FastClock) throws -> HubCore {
    let engines = EngineRegistry.all.map { engine in
      EngineItem(
        name: engine.name, summary: engine.title.en, probeClass: engine.checks.map(\.probeClass).max() ?? .observe,
        checks: engine.checks.map(\.id))
    }
    var logger = Logger(label: "loop")
    logger.logLevel = .error
    return try HubCore(
      configuration: configuration, store: store, engines: engines,
      tree: IndicatorReader.read(folder: Checkout.folder + "/Rules/posture"),
      guide: GradingGuideReader.read(path: Checkout.folder + "/Rules/grading/incidents.yaml"), content: nil,
      notices: NoticeRulesReader.read(folder: Checkout.folder + "/Rules/notices"), clock: clock.wall, logger: logger)
  }

  /// The watch, and the inventory: whom the sites belong to, up to the province.
  private func begin() async throws {
    try store.put(
      kind: "person",
      [
        Person(id: "ann", name: BilingualText("Ann"), role: .analyst, addresses: [.init(.file, "watch")]),
        Person(id: "eve", name: BilingualText("Eve"), role: .lead, addresses: [.init(.wecom, "lead")]),
      ].map { (id: $0.id, value: $0) })
    try await core.beginDuty()
    _ = try await core.setRoster(RosterRequest(name: "roster.yaml", text: Loop.roster), by: Loop.lead)
    _ = try await core.takeShift(ShiftTake(), by: Loop.officer)
    let report = try await core.importSites(
      ImportRequest(form: .yaml, name: "city.yaml", text: inventory, dryRun: false), by: Loop.lead)
    try #require(report.problems.isEmpty && report.notAuthorised.isEmpty, "\(report.problems)")
  }

  private static let roster = """
    id: city
    zone: Asia/Shanghai
    layers:
      - {name: watch, step: 1, people: [ann], rotation: daily, from: 2026-03-01}
      - {name: lead, step: 3, people: [eve], rotation: daily, from: 2026-03-01}

    """

  private var inventory: String {
    let (site, neighbour) = (city.site, city.neighbour)
    func contact(_ name: String, _ rank: String = "primary") -> String {
      "{name: \(name), email: \(name.lowercased())@\(organisation).example, rank: \(rank)}"
    }
    return """
      organisations:
        - {id: province, name: Province, contacts: [{name: Chen, email: chen@province.example, rank: primary}]}
        - {id: city, name: City, parent: province, contacts: [{name: Zhao, email: zhao@city.example, rank: primary}]}
        - id: district
          name: District
          parent: city
          contacts: [{name: Qian, email: qian@district.example, rank: primary}]
        - id: \(organisation)
          name: Owner
          parent: district
          contacts: [\(contact("Li")), \(contact("Sun", "backup"))]
        - {id: \(neighbour.organisation), name: Neighbour, parent: district}
      authorisations:
        - id: order-1
          granted_by: City
          document: no. 1
          hosts: ["*.xincheng.test"]
          networks: [127.32.0.0/16]
          from: 2026-01-01
          until: 2099-01-01
          up_to: probe
      sites:
        - {id: \(site.id), url: "\(city.url(of: site))", organisation: \(organisation), addresses: [\(site.address)]}
        - id: \(neighbour.id)
          url: "\(city.url(of: neighbour))"
          organisation: \(neighbour.organisation)
          addresses: [\(neighbour.address)]

      """
  }

  /// The hub ends and begins again on what it kept.
  func restart() async throws {
    await owner.close()
    store.close()
    store = try Store(folder: configuration.data.path, rules: .standard)
    core = try Loop.core(configuration, store, clock)
    try await core.beginDuty()
    await scanner.join(core)
    owner = try await OwnerBrowser(core, clock)
  }

  // MARK: time

  /// A second of the hub's, with the work that it gives the scanner and the post.
  func second() async throws {
    clock.advance(1)
    try await now()
  }

  private func now() async throws {
    await core.tick()
    try await scanner.work()
    try await post.carry(of: store, configuration, clock)
  }

  /// A look that was asked for is taken in the second after, and judged in the one behind.
  func seconds(_ count: Int) async throws { for _ in 0..<count { try await second() } }

  /// Hour by hour; what is due within an hour happens at its end.
  func pass(until end: Timestamp, hour body: () async throws -> Void = {}) async throws {
    while clock.now < end {
      clock.set(min(clock.now.advanced(seconds: 3600), end))
      try await now()
      try await body()
    }
  }

  /// A line of the story, with the day and the time since its beginning.
  func tell(_ line: String) {
    let seconds = clock.now.nanoseconds(since: Loop.start) / 1_000_000_000
    let time = [seconds / 3600 % 24, seconds / 60 % 60, seconds % 60].map { ($0 < 10 ? "0" : "") + "\($0)" }
    print("figure: loop: day \(seconds / 86_400), \(time.joined(separator: ":")): \(line)")
  }

  // MARK: what the API answers

  /// Weaknesses of the site in whatever state.
  func findings() async throws -> [FindingItem] {
    let filter = "site:\(site) state:new,acknowledged,escalated,shelved,closed"
    return try await core.findings(ListRequest(filter: filter), within: .all, me: nil).items
  }

  func finding() async throws -> Finding {
    let all = try await findings()
    try #require(all.count == 1, "\(all.map(\.finding.weakness))")
    return all[0].finding
  }

  func row() async throws -> QueueRow {
    let rows = try await core.list(ListRequest(filter: "site:\(site) open:true"), within: .all, me: nil).items
    try #require(rows.count == 1)
    return rows[0].row
  }

  /// Of the organisation, the newest first; early warnings have a list of their own.
  func notices(_ filter: String = "") async throws -> [Notice] {
    try await core.noticeList(
      ListRequest(filter: "organisation:\(organisation) kind:notice \(filter)"), within: .all, me: nil
    ).items
  }

  func notice(_ id: Int64) async throws -> NoticeDetail { try await core.noticeDetail(id, within: .all) }

  /// The last of its finding's retests with that reason.
  func retest(_ reason: Retest.Reason) async throws -> Retest {
    try #require(try store.retests(finding: try await finding().row.id).last { $0.reason == reason })
  }

  func score() async throws -> Int? {
    try await core.postureReport(PostureRequest(scope: "site/\(site)"), within: .all).mean.score
  }
}
