import ControlAPI
import Engines
import Foundation
import Records
import Seam
import Services
import Testing
import Wire

@testable import Hub

struct IndicatorTreeTests {
  static let folder = Checkout.folder + "/Rules/posture"

  @Test("The tree that comes with Vigil reads, and every indicator says its remedy in both languages and a reference")
  func installed() throws {
    let tree = try IndicatorReader.read(folder: IndicatorTreeTests.folder)
    #expect(tree.dimensions.count == 6)
    for indicator in tree.indicators {
      #expect(!indicator.remedy.en.isEmpty && !indicator.remedy.zh.isEmpty && !indicator.references.isEmpty)
      #expect(tree.points[indicator.severity] == indicator.weight, "\(indicator.id)")
    }
  }

  @Test(
    "Every check that costs something moves exactly one indicator, and no indicator names a check or rule that is none")
  func bound() throws {
    let tree = try IndicatorReader.read(folder: IndicatorTreeTests.folder)
    let checks = EngineRegistry.all.flatMap(\.checks)
    let unbound = checks.filter { $0.severity > .info && tree.place(of: $0.id) == nil }.map(\.id)
    #expect(unbound.isEmpty)
    let free = checks.filter { $0.severity == .info && tree.place(of: $0.id) != nil }.map(\.id)
    #expect(free == [], "checks that cost nothing move nothing")
    let known = Set(checks.map(\.id)).union(try IndicatorTreeTests.rules())
    let unknown = tree.indicators.flatMap { $0.checks + $0.alerts + $0.attacks }.filter { !known.contains($0) }
    #expect(unknown.isEmpty)
  }

  /// `1:sid` of every rule that comes with Vigil.
  static func rules() throws -> [String] {
    let folder = Checkout.folder + "/Rules/network"
    return try FileManager.default.contentsOfDirectory(atPath: folder).flatMap { name in
      try String(contentsOfFile: folder + "/" + name, encoding: .utf8).split(separator: "\n")
        .compactMap { $0.firstMatch(of: /sid:([0-9]+);/)?.1 }.map { "1:\($0)" }
    }
  }

  @Test("A mistake in the tree is told with its file, line and column")
  func mistakes() throws {
    let folder = try TestFolder()
    try FileManager.default.createDirectory(atPath: folder.path + "/web", withIntermediateDirectories: true)
    _ = try folder.file(
      "tree.yaml",
      """
      dimensions:
        - {id: web, en: Web, zh: Web}
      points: {critical: 40, high: 20, medium: 8, low: 2, info: 0}
      criticality: {ordinary: 1, important: 2, critical: 4}
      """)
    _ = try folder.file(
      "web/a.yaml",
      """
      class: a
      title: {en: A, zh: A}
      indicators:
        - id: web.a.one
          title: {en: One, zh: 一}
          checks: [x]
          severity: grave
          weight: 2
          remedy: {en: r, zh: r}
      """)
    let mistake = #expect(throws: OperatorMistake.self) { try IndicatorReader.read(folder: folder.path) }
    #expect(mistake?.description.contains("web/a.yaml:7:15") == true, "\(mistake?.description ?? "")")
    _ = try folder.file("web/a.yaml", "class: a\ntitle: {en: A, zh: A}\nindicators: []\nmore: 1\n")
    #expect(throws: OperatorMistake.self) { try IndicatorReader.read(folder: folder.path) }
  }
}

struct PostureOfHubTests {
  let folder: TestFolder
  init() throws { folder = try TestFolder() }

  private static let inventory = """
    organisations:
      - {id: city, name: {en: City, zh: 市}}
      - {id: tax, name: {en: Tax Bureau, zh: 税务局}, parent: city}
    sites:
      - {id: tax, url: "https://tax.example.gov/", organisation: tax, criticality: critical}
      - {id: parks, url: "https://parks.example.gov/", organisation: city}
    """

  private static func observation(_ check: String, _ site: String, _ answer: Observation.Answer = .yes) -> Observation {
    Observation(
      time: WallClock.system.now(), engine: "http", check: check, title: BilingualText(check), severity: .high,
      site: site, target: Target(scheme: "https", host: "\(site).example.gov", port: 443), answer: answer)
  }

  /// One batch of a source's own, stored when it returns.
  private func store(_ records: [BatchRecord], in hub: RunningHub, role: SeamMessage.Role, source: String) async throws
  {
    let wire = try SeamWire(hub.configuration.data.ingestSocket, role: role, source: source)
    try wire.send(.batch(RecordBatch(source: source, boot: 1, first: 1, records: records)))
    while let message = try await wire.receive() {
      if case .stored(let mark) = message { return #expect(mark.last == UInt64(records.count)) }
    }
    Issue.record("the batch of \(source) was not stored")
  }

  private func records(_ observations: [Observation], tested: [String] = []) throws -> [BatchRecord] {
    let now = WallClock.system.now()
    return try observations.map { BatchRecord(kind: .observation, bytes: Array(try RecordJSON.text($0).utf8)) }
      + tested.map { site in
        let word = EngineCoverage([CoverageEntry(site: site, engine: "http", status: .tested, time: now)])
        return BatchRecord(kind: .coverage, bytes: Array(try RecordJSON.text(try #require(word)).utf8))
      }
  }

  @Test(
    "A weakness of a site moves its score, its organisation's, those above it and the city's; its end moves them back")
  func moves() async throws {
    let hub = try await RunningHub(folder)
    let imported = try await hub.client.call(
      API.importSites, ImportRequest(form: .yaml, name: "i.yaml", text: PostureOfHubTests.inventory, dryRun: false))
    #expect(imported.problems.isEmpty)
    let weak = PostureOfHubTests.observation("http.exposed.git", "tax")
    try await store(records([weak], tested: ["tax", "parks"]), in: hub, role: .scanner, source: "scanner-1")
    func score(_ scope: String) async throws -> Int? {
      try await hub.client.call(API.posture, PostureRequest(scope: scope)).mean.score
    }
    #expect(try await score("site/tax") == 80)
    #expect(try await score("organisation/tax") == 80)
    // (80 * 4 + 100) / 5
    #expect(try await score("organisation/city") == 84)
    #expect(try await score("city") == 84)
    let report = try await hub.client.call(API.posture, PostureRequest())
    #expect(report.deductions.map(\.indicator) == ["exposure.files.repository"])
    #expect(report.dimensions.first { $0.id == "exposure" }?.score == 84)
    #expect(report.dimensions.first { $0.id == "transport" }?.score == 100)

    // The attack on that very weakness outranks the same attack on a site that does not have it.
    let alerts = ["tax", "parks"].map { Lines.alert(sid: 9_000_220, host: "\($0).example.gov", severity: 2) }
    try await store(alerts.map { BatchRecord(kind: .alert, bytes: $0) }, in: hub, role: .sensor, source: "sensor-1")
    let rows = try await hub.client.call(API.queue, ListRequest(filter: "rule:1:9000220")).items.map(\.row)
    #expect(rows.map(\.site) == ["tax", "parks"])
    #expect(rows.map(\.severity) == [.high, .medium])

    let gone = PostureOfHubTests.observation("http.exposed.git", "tax", .no)
    try await store(records([gone]), in: hub, role: .scanner, source: "scanner-2")
    #expect(try await score("site/tax") == 100)
    let table = try await hub.client.call(API.ranking, PostureRequest(days: 1))
    #expect(table.lines.map(\.line.organisation).sorted() == ["city", "tax"])
    #expect(table.lines.first { $0.line.organisation == "tax" }?.line.closureRate == 100)
    let check = try await hub.client.call(API.checkPosture, Nothing())
    #expect(check.lines > 0 && check.different.isEmpty)
    await hub.end()
  }

  @Test("Scores outlive a restart, and a store from before there was a log begins it")
  func restarts() async throws {
    for run in 0..<2 {
      let hub = try await RunningHub(folder)
      _ = try await hub.client.call(
        API.importSites, ImportRequest(form: .yaml, name: "i.yaml", text: PostureOfHubTests.inventory, dryRun: false))
      let weak = PostureOfHubTests.observation("content.defacement", "parks")
      try await store(records([weak], tested: ["parks"]), in: hub, role: .scanner, source: "scanner-\(run)")
      #expect(try await hub.client.call(API.posture, PostureRequest(scope: "site/parks")).mean.score == 80)
      await hub.end()
    }
    let hub = try await RunningHub(folder)
    #expect(try await hub.client.call(API.posture, PostureRequest(scope: "site/parks")).mean.score == 80)
    #expect(try await hub.client.call(API.overview, Nothing()).posture.score == 80)
    await #expect(throws: APIProblem.self) {
      try await hub.client.call(API.posture, PostureRequest(scope: "site/none"))
    }
    await #expect(throws: APIProblem.self) { try await hub.client.call(API.posture, PostureRequest(scope: "town")) }
    await hub.end()
  }
}
