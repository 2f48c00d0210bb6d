import ControlAPI
import Engines
import Foundation
import Records
import Seam
import Testing
import Wire

@testable import Hub

struct FindingsOfHubTests {
  let folder: TestFolder
  init() throws { folder = try TestFolder() }

  private static let inventory = """
    organisations:
      - {id: city, name: {en: City, zh: 市}}
      - {id: tax, name: {en: Tax Bureau, zh: 税务局}, parent: city}
      - {id: cloud, name: {en: Cloud, zh: 云}, parent: city}
    platforms:
      - {id: gov-cloud, name: Cloud, owner: cloud, networks: ["192.0.2.0/24"]}
    sites:
      - {id: tax, url: "https://tax.example.gov/", organisation: tax, platform: gov-cloud}
      - {id: parks, url: "https://parks.example.gov/", organisation: city, platform: gov-cloud}
      - {id: lone, url: "https://lone.example.gov/", organisation: tax}
    """

  private func observation(
    _ check: String, _ site: String, _ answer: Observation.Answer = .yes, engine: String = "tls",
    ago seconds: Double = 0,
    evidence: String = "seen"
  ) -> Observation {
    Observation(
      time: WallClock.system.now().advanced(seconds: -seconds), engine: engine, engineVersion: "7", check: check,
      title: BilingualText(check), severity: .high, site: site,
      target: Target(scheme: "https", host: "\(site).example.gov", port: 443), answer: answer, evidence: evidence,
      confidence: 80)
  }

  /// One batch of a source's own, stored when it returns.
  private func store(
    _ observations: [Observation], tested: [String] = [], in hub: RunningHub, source: String, boot: UInt64 = 1
  ) async throws {
    let now = WallClock.system.now()
    var records = try observations.map { BatchRecord(kind: .observation, bytes: try RecordJSON.encode($0)) }
    for site in tested {
      let word = EngineCoverage([CoverageEntry(site: site, engine: "tls", status: .tested, time: now)])
      records.append(BatchRecord(kind: .coverage, bytes: try RecordJSON.encode(try #require(word))))
    }
    let wire = try SeamWire(hub.configuration.data.ingestSocket, role: .scanner, source: source)
    try wire.send(.batch(RecordBatch(source: source, boot: boot, first: 1, records: records)))
    while let message = try await wire.receive() {
      if case .stored(let mark) = message { return #expect(mark.last == UInt64(records.count)) }
    }
    Issue.record("the batch of \(source) was not stored")
  }

  private func running() async throws -> RunningHub {
    let hub = try await RunningHub(folder)
    let imported = try await hub.client.call(
      API.importSites, ImportRequest(form: .yaml, name: "i.yaml", text: Self.inventory, dryRun: false))
    #expect(imported.problems.isEmpty)
    return hub
  }

  private func list(_ filter: String, _ hub: RunningHub) async throws -> [FindingItem] {
    try await hub.client.call(API.findings, ListRequest(filter: filter)).items
  }

  @Test("A hosting's weakness is one finding of its owner, takes points once, and is shown at each of its sites")
  func hosting() async throws {
    let hub = try await running()
    try await store(
      ["tax", "parks", "lone"].map { observation("tls.version.ssl3", $0) } + [observation("http.hsts.missing", "tax")],
      tested: ["tax", "parks", "lone"], in: hub, source: "s1")
    let hosted = try await list("platform:gov-cloud", hub)
    #expect(hosted.map(\.finding.row.organisation) == ["cloud"] && hosted.map(\.sites) == [["parks", "tax"]])
    #expect(try await list("site:parks", hub).map(\.id) == hosted.map(\.id))
    #expect(try await list("site:tax", hub).count == 2)
    #expect(try await list("sites>=2", hub).map(\.id) == hosted.map(\.id))

    func report(_ scope: String) async throws -> PostureReport {
      try await hub.client.call(API.posture, PostureRequest(scope: scope))
    }
    #expect(try await report("site/parks").mean.score == 100)
    #expect(try await report("site/parks").platforms.map(\.site) == ["platform:gov-cloud"])
    let lone = try await report("site/lone")
    #expect(lone.mean.score == 80 && lone.platforms.isEmpty)
    #expect(try await report("organisation/cloud").mean.score == 80)
    #expect(try await report("organisation/tax").mean.score == 86)
    // (92 + 100 + 80 + 80) / 4
    let city = try await report("city")
    #expect(city.mean.score == 88 && city.mean.platforms == 1 && city.mean.sites == 3)
    #expect(city.deductions.first { $0.indicator.hasPrefix("transport.versions") }?.sites == 2)
    #expect(try await hub.client.call(API.site, id: "parks").findings.map(\.id) == hosted.map(\.id))

    try await store([observation("tls.version.ssl3", "tax", .no)], in: hub, source: "s2")
    #expect(try await report("organisation/cloud").mean.score == 80)
    try await store([observation("tls.version.ssl3", "parks", .no)], in: hub, source: "s3")
    #expect(try await report("organisation/cloud").mean.score == 100)
    #expect(try await list("life:verified", hub).map(\.id) == hosted.map(\.id))
    let ranking = try await hub.client.call(API.ranking, PostureRequest(days: 1)).lines.map(\.line)
    let cloud = try #require(ranking.first { $0.organisation == "cloud" })
    #expect(cloud.found == 1 && cloud.verified == 1 && cloud.posture.sites == 0)
    #expect(try await hub.client.call(API.checkPosture).different.isEmpty)
    await hub.end()
  }

  @Test("Engines that disagree stand side by side, with time, confidence, version and reason; the filter finds them")
  func disagreement() async throws {
    let hub = try await running()
    try await store(
      [
        observation("tls.version.ssl3", "lone", ago: 60),
        observation("tls.version.ssl3", "lone", .no, engine: "sslscan"),
        observation("tls.version.ssl3", "lone", .notDetermined(reason: "the tool was cut off"), engine: "testssl"),
        observation("http.hsts.missing", "lone"),
      ], in: hub, source: "s1")
    let disputed = try await list("disagree:yes", hub)
    #expect(disputed.map(\.finding.weakness) == ["tls.version.ssl3"] && disputed.map(\.confidence) == [80])
    #expect(try await list("disagree:no", hub).map(\.finding.weakness) == ["http.hsts.missing"])
    #expect(try await list("engine:sslscan check:tls.*", hub).count == 1)
    #expect(try await list("engine:nmap", hub).isEmpty)
    let id = try #require(disputed.first?.id)
    let detail = try await hub.client.call(API.queueRow, id: "\(id)")
    let answers = try #require(detail.finding).answers
    #expect(answers.map(\.engine) == ["tls", "sslscan", "testssl"])
    #expect(answers.map(\.answer) == [.yes, .no, .notDetermined(reason: "the tool was cut off")])
    #expect(answers.map(\.version) == ["7", "7", "7"] && answers.map(\.holds) == [true, false, nil])
    await #expect(throws: APIProblem.self) { try await list("disagre:yes", hub) }
    // An independent engine that says yes too makes it surer, and ends the disagreement only at its own mouth.
    try await store([observation("tls.version.ssl3", "lone", engine: "nmap")], in: hub, source: "s2")
    #expect(try await list("disagree:yes", hub).map(\.confidence) == [96])
    try await store([observation("tls.version.ssl3", "lone", engine: "sslscan")], in: hub, source: "s3")
    #expect(try await list("check:tls.*", hub).map(\.disagrees) == [false])
    await hub.end()
  }

  @Test("Between two moments: new, back, changed, gone, and apart what nobody looked at; by site and organisation")
  func differences() async throws {
    let hub = try await running()
    let checks = ["stays", "changes", "goes", "unseen", "accepted", "returns"].map { "http.\($0)" }
    try await store(checks.map { observation($0, "lone", ago: 5, evidence: "first") }, in: hub, source: "s1")
    try await store([observation("http.returns", "lone", .no)], in: hub, source: "s2")
    // Stored is stored: what came before lies before this moment of the same clock, what comes after behind it.
    let middle = WallClock.system.now()
    try await store(
      [
        observation("http.stays", "lone", evidence: "first"), observation("http.changes", "lone", evidence: "other"),
        observation("http.goes", "lone", .no), observation("http.returns", "lone", evidence: "first"),
        observation("http.comes", "lone"), observation("tls.version.ssl3", "tax"), observation("http.passing", "lone"),
        observation("http.unseen", "lone", .notDetermined(reason: "the site stalls")),
      ], in: hub, source: "s3")
    try await store([observation("http.passing", "lone", .no)], in: hub, source: "s4")

    func diff(_ change: (inout FindingDiffRequest) -> Void = { _ in }) async throws -> FindingDiff {
      var request = FindingDiffRequest(since: middle.text)
      change(&request)
      return try await hub.client.call(API.findingDiff, request)
    }
    let all = try await diff()
    #expect(all.begins == nil)
    var expected = FindingDiff.Counts()
    (expected.new, expected.back, expected.changed, expected.gone) = (2, 1, 1, 1)
    (expected.same, expected.notCovered, expected.passing) = (1, 2, 1)
    #expect(all.counts == expected)
    #expect(all.lines.compactMap(\.change) == [.new, .new, .back, .changed, .gone])
    let changed = try #require(all.lines.first { $0.change == .changed })
    #expect(changed.evidenceBefore == "first" && changed.evidence == "other")
    let unseen = try #require(all.lines.first { $0.check == "http.unseen" })
    #expect(unseen.change == nil && unseen.notCovered == "tls: the site stalls")
    #expect(all.lines.first { $0.check == "http.accepted" }?.notCovered?.hasPrefix("not looked at since") == true)

    #expect(try await diff { $0.site = "tax" }.lines.map(\.platform) == ["gov-cloud"])
    #expect(try await diff { $0.organisation = "cloud" }.counts.new == 1)
    #expect(try await diff { $0.organisation = "tax" }.counts.new == 1)
    #expect(try await diff { $0.organisation = "city" }.counts.new == 2)
    #expect(try await diff { $0.limit = 1 }.lines.count == 1)
    let before = try await diff { ($0.since, $0.until) = ("1h", middle.text) }
    #expect(before.counts.new == 5 && before.counts.passing == 1 && before.begins != nil)
    for broken in [("yesterday", nil), ("1h", "soon"), (middle.text, "2h")] as [(String, String?)] {
      await #expect(throws: APIProblem.self) { try await diff { ($0.since, $0.until) = broken } }
    }
    await #expect(throws: APIProblem.self) { try await diff { $0.site = "nowhere" } }
    await #expect(throws: APIProblem.self) { try await diff { $0.organisation = "nobody" } }
    await hub.end()
  }

  @Test("Verdicts of analysts become measured precision, and too few of them nothing; confidence stays what it is")
  func precision() async throws {
    let hub = try await running()
    let count = MeasuredPrecision.leastVerdicts
    let observations = (0..<count).map { number -> Observation in
      var one = observation("http.exposed.git", "lone", engine: "http")
      one.path = "/a\(Array("abcdefghijklmnop")[number])/.git"
      return one
    }
    try await store(observations, in: hub, source: "s1")
    let ids = try await list("check:http.exposed.git", hub).map(\.id)
    #expect(ids.count == count)
    func lines() async throws -> [PrecisionLine] { try await hub.client.call(API.precision).items }
    #expect(try await lines().isEmpty)
    _ = try await hub.client.call(
      API.act, ActRequest(ids: Array(ids.dropLast()), act: .close, verdict: .falsePositive))
    #expect(try await lines().map(\.low) == [nil])
    _ = try await hub.client.call(API.act, ActRequest(ids: [ids[count - 1]], act: .close, verdict: .truePositive))
    let line = try #require(try await lines().first)
    #expect(line.measured.engine == "http" && line.measured.check == "http.exposed.git")
    #expect(line.measured.truePositives == 1 && line.measured.falsePositives == count - 1 && line.isOverconfident)
    #expect(line.low != nil && line.measured.declared == 80)
    #expect(try await list("state:closed", hub).allSatisfy { $0.confidence == 80 })
    await hub.end()
  }
}
