import ControlAPI
import Foundation
import Records
import Reports
import Seam
import Services
import Store
import Testing
import Wire

@testable import Hub

/// Reports of a hub that has seen a little.
struct ReportOfHubTests {
  let folder: TestFolder
  init() throws { folder = try TestFolder() }

  private static let inventory = """
    organisations:
      - {id: city, name: {en: City, zh: 市}}
      - {id: tax, name: {en: Tax Bureau, zh: 税务局}, parent: city}
    authorisations:
      - {id: soon, granted_by: council, document: Letter 7, hosts: [tax.example.gov], from: 2020-01-01, until: UNTIL}
    sites:
      - {id: tax, url: "https://tax.example.gov/", organisation: tax, criticality: critical}
      - {id: parks, url: "https://parks.example.gov/", organisation: city}
    """

  private static func observation(
    _ check: String, _ site: String, _ engine: String, _ answer: Observation.Answer = .yes, _ evidence: String = ""
  ) -> Observation {
    Observation(
      time: WallClock.system.now(), engine: engine, check: check, title: BilingualText(en: "Seen", zh: "所见"),
      severity: .high, site: site, target: Target(scheme: "https", host: "\(site).example.gov", port: 443),
      answer: answer, evidence: evidence, confidence: 90)
  }

  private func store(_ records: [BatchRecord], in hub: RunningHub, role: SeamMessage.Role, source: String) async throws
  {
    let wire = try SeamWire(hub.configuration.data.ingestSocket, role: role, source: source)
    try wire.send(.batch(RecordBatch(source: source, boot: 1, first: 1, records: records)))
    while let message = try await wire.receive() {
      if case .stored(let mark) = message { return #expect(mark.last == UInt64(records.count)) }
    }
    Issue.record("the batch of \(source) was not stored")
  }

  /// The tax site has a repository lying open, which two engines see and one denies again, and which is attacked; the site of
  /// the parks was never tested.
  private func seeded() async throws -> RunningHub {
    let hub = try await RunningHub(folder)
    let until = WallClock.system.now().advanced(seconds: 10 * 86_400).secondText.prefix(10)
    let text = Self.inventory.replacing("UNTIL", with: until)
    let imported = try await hub.client.call(
      API.importSites, ImportRequest(form: .yaml, name: "i.yaml", text: text, dryRun: false))
    #expect(imported.problems.isEmpty, "\(imported.problems)")
    let observations = [
      Self.observation("http.exposed.git", "tax", "http", .yes, "ref: <b>refs</b>/heads/main"),
      Self.observation("http.exposed.git", "tax", "nikto", .yes, "/.git/ answers"),
      Self.observation("http.exposed.git", "tax", "zap", .yes, "seen once"),
      Self.observation("http.exposed.git", "tax", "zap", .no, "404"),
    ]
    var records = try observations.map {
      BatchRecord(kind: .observation, bytes: Array(try RecordJSON.text($0).utf8))
    }
    let word = try #require(
      EngineCoverage([
        CoverageEntry(site: "tax", engine: "http", status: .tested, time: WallClock.system.now()),
        CoverageEntry(
          site: "tax", check: "http.headers.hsts", engine: "http", status: .notDetermined, reason: "deadline",
          time: WallClock.system.now()),
      ]))
    records.append(BatchRecord(kind: .coverage, bytes: Array(try RecordJSON.text(word).utf8)))
    try await store(records, in: hub, role: .scanner, source: "scanner-1")
    let alerts = [Lines.alert(sid: 9_000_220, severity: 2, second: 0)]
    try await store(alerts.map { BatchRecord(kind: .alert, bytes: $0) }, in: hub, role: .sensor, source: "sensor-1")
    return hub
  }

  private func contents(_ hub: RunningHub, _ scope: String, _ period: String = "7d") async throws -> ReportContents {
    let answer = try await hub.client.call(
      API.report, ReportRequest(scope: scope, period: period, format: .json))
    #expect(answer.mediaType == "application/json")
    return try RecordJSON.decode(ReportContents.self, from: answer.text)
  }

  @Test("A site's report has its score, deductions with remedy and day, engines side by side, attacks, trail and gaps")
  func site() async throws {
    let hub = try await seeded()
    let report = try await contents(hub, "site/tax")
    #expect(report.kind == .site && report.id == "tax" && report.posture.score == 80)
    #expect(report.days.count == 7 && report.days.last?.score == 80)
    #expect(report.days.dropLast().allSatisfy { $0.score == nil }, "days before the log are not nought")
    let deduction = try #require(report.deductions.first)
    #expect(deduction.indicator == "exposure.files.repository" && !deduction.remedy.zh.isEmpty)
    let finding = try #require(report.findings.first)
    #expect(report.findings.count == 1 && finding.status == .open && finding.isNew && finding.isAttacked)
    #expect(finding.engines.map(\.engine) == ["http", "nikto", "zap"])
    #expect(finding.engines.map(\.answer) == [.yes, .yes, .no])
    #expect(finding.engines.map(\.evidence) == ["ref: <b>refs</b>/heads/main", "/.git/ answers", "404"])
    // Attacked: four days, for the deduction too.
    let due = try #require(finding.due)
    #expect(due == finding.firstSeen.advanced(seconds: 4 * 86_400) && deduction.due == due)
    #expect(report.severities.first { $0.severity == .high } == .init(severity: .high, open: 1, opened: 1))
    #expect(report.attacks.map(\.rule) == ["1:9000220"] && report.attacks.map(\.site) == ["tax"])
    #expect(report.trail.map(\.kind).contains(.opened) && report.trail.map(\.kind).contains(.attacked))
    #expect(report.coverage.first { $0.engine == "http" }?.tested == 1)
    #expect(report.gaps.contains { $0.check == "http.headers.hsts" && $0.reason == "deadline" })
    #expect(report.authorisations.map(\.id) == ["soon"])
    await hub.end()
  }

  @Test("City and organisation sum up their sites; what was not tested or not kept is said, never scored")
  func sums() async throws {
    let hub = try await seeded()
    let city = try await contents(hub, "city")
    #expect(city.posture.score == 80 && city.posture.sites == 2 && city.posture.tested == 1)
    #expect(city.sites.map(\.site) == ["tax", "parks"] && city.sites.map(\.score) == [80, nil])
    #expect(city.ranking.map(\.line.organisation).sorted() == ["city", "tax"])
    #expect(city.unknown.contains { $0.en.contains("Sites never tested by the period's end: 1 of 2.") })
    #expect(city.unknown.contains { $0.en.contains("The posture log begins") })
    #expect(city.unknown.contains { $0.en.contains("Days without a score: 6 of 7.") })
    let organisation = try await contents(hub, "organisation/city")
    #expect(organisation.sites.count == 2 && organisation.ranking.isEmpty && organisation.title.zh == "市")
    let none = try await contents(hub, "organisation/tax")
    #expect(none.sites.map(\.site) == ["tax"])

    // A period before the log: nothing is known, and that is what it says.
    let past = try await contents(hub, "city", "2020-10")
    #expect(past.posture.score == nil && past.posture.sites == 0 && past.findings.isEmpty && past.attacks.isEmpty)
    #expect(past.days.count == 31 && past.days.allSatisfy { $0.score == nil })
    #expect(past.unknown.contains { $0.en.contains("lies before the posture log") })
    await hub.end()
  }

  @Test("Every form in every language is made; what is unknown or no period is refused in a sentence")
  func forms() async throws {
    let hub = try await seeded()
    for scope in ["city", "organisation/tax", "site/tax"] {
      for format in ReportForm.allCases {
        for language in TextLanguage.allCases {
          let request = ReportRequest(scope: scope, period: "30d", format: format, language: language)
          let answer = try await hub.client.call(API.report, request)
          #expect(answer.mediaType == format.mediaType && answer.name.hasSuffix(".\(format.fileExtension)"))
          #expect(answer.name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-.".contains($0)) })
          if format == .html { #expect(!answer.text.contains("<b>refs</b>")) }
        }
      }
    }
    func refusal(_ scope: String, _ period: String) async -> String {
      do {
        _ = try await hub.client.call(API.report, ReportRequest(scope: scope, period: period))
        return ""
      } catch { return "\(error)" }
    }
    #expect(await refusal("site/none", "7d").hasPrefix("there is no site none"))
    #expect(await refusal("organisation/none", "7d").hasPrefix("there is no organisation none"))
    #expect(await refusal("town", "7d").hasPrefix("town is no scope"))
    #expect(await refusal("city", "soon").hasPrefix("\"soon\" is no period"))
    #expect(await refusal("city", "2099-01").contains("has not begun"))
    await hub.end()
  }

  @Test(
    "whatever stands in sites, the longest report stays below what is sent", arguments: ReportForm.allCases,
    [true, false])
  func bounded(_ form: ReportForm, _ isSite: Bool) throws {
    let contents = try Self.longest(form, isSite)
    let size = try contents.text(form, .en).utf8.count
    let least = contents.findings.count * ReportLimits.shortEvidence
    #expect(size < ReportAnswer.largest && (size > least || !isSite && form != .json && form != .sarif), "\(size)")
    print("figure: the longest report of \(isSite ? "a site" : "the city") as \(form.rawValue): \(size >> 20) MiB")
  }

  /// Made of what each form makes longest of a character: &quot;, an escaped pair, a backslash before each.
  private static func longest(_ form: ReportForm, _ isSite: Bool) throws -> ReportContents {
    let worst = form == .html ? "\"" : form == .markdown ? "|" : "\u{e0001}"
    let limit = isSite ? ReportLimits.evidence : ReportLimits.shortEvidence
    let evidence = ReportLimits.cut(String(repeating: worst, count: 5_000), to: limit)
    let now = WallClock.system.now()
    let word = ReportContents.EngineWord(
      engine: "http", answer: .yes, confidence: 90, evidence: isSite ? evidence : nil, time: now)
    let finding = ReportContents.FindingLine(
      row: 1, weakness: "http.exposed.git", title: BilingualText(String(repeating: worst, count: 30)), severity: .high,
      status: .open, state: .open, site: "tax", target: Target(scheme: "https", host: "tax.example.gov", port: 443),
      confidence: 90, engines: Array(repeating: word, count: ReportLimits.engines), evidence: evidence, firstSeen: now,
      lastSeen: now)
    let wide = form == .json || form == .sarif ? ReportLimits.programFindings : ReportLimits.findings
    return ReportContents(
      kind: isSite ? .site : .city, title: BilingualText("tax"), city: "c", made: now, version: "1",
      period: try ReportPeriod("7d", now: now, utcOffset: 0), logBegan: nil,
      posture: MeanPosture(score: nil, sites: 1, tested: 0, dimensions: []),
      findings: Array(repeating: finding, count: isSite ? ReportLimits.siteFindings : wide))
  }

  @Test("Days that were kept make the line; one between that was not is a gap, and days of another tree are said")
  func days() async throws {
    let first = try await seeded()
    let data = first.configuration.data.path
    await first.end()
    let now = WallClock.system.now()
    let today = PostureHistory.day(of: now, utcOffset: LocalTime.utcOffset(at: now))
    do {
      let store = try Store(folder: data, rules: .standard)
      let scores: [(Int64, Int)] = [(today - 3, 40), (today - 1, 60)]
      try store.keep(
        postureDays: try scores.map { day, score in
          let mean = MeanPosture(score: score, sites: 1, tested: 1, dimensions: [])
          return (
            day, try RecordJSON.text(PostureDay(day: day, tree: "another", city: mean, sites: ["tax": score - 1]))
          )
        })
    }
    let hub = try await RunningHub(folder)
    let city = try await contents(hub, "city", "5d")
    #expect(city.days.map(\.score) == [nil, 40, nil, 60, 80])
    #expect(city.unknown.contains { $0.en.contains("Days scored with other indicators or weights: 2.") })
    #expect(city.unknown.contains { $0.en.contains("Days without a score: 2 of 5.") })
    #expect(try await contents(hub, "site/tax", "5d").days.map(\.score) == [nil, 39, nil, 59, 80])
    await hub.end()
  }

  @Test("A blind sensor, a test after the period and alerts on both sides of it are said, and count for nothing in it")
  func blind() async throws {
    let hub = try await seeded()
    let now = WallClock.system.now()
    let blind = try #require(
      HubAlert.record(.wasBlind, about: "sensor-1", "sensor-1 was blind for 90 s: killed", now: now))
    let early = BatchRecord(kind: .alert, bytes: Lines.alert(sid: 9_000_220, severity: 2, second: 300))
    try await store([blind, early], in: hub, role: .sensor, source: "sensor-2")
    let running = try await contents(hub, "city")
    #expect(running.unknown.contains { $0.en.contains("sensor-1 was blind for 90 s: killed (in all 1, last") })
    #expect(running.attacks.map(\.rule) == ["1:9000220"], "what Vigil says of itself is no attack")

    let (from, until) = (now.advanced(seconds: -200), now.advanced(seconds: -100))
    let past = try await contents(hub, "site/tax", "\(from.text)..\(until.text)")
    #expect(past.attacks.map(\.count) == [2] && past.findings.isEmpty && past.trail.isEmpty)
    #expect(past.unknown.contains { $0.en.contains("went on after it: 1. Whether an alert") })
    #expect(past.coverage.first { $0.engine == "http" } == .init(engine: "http", notDetermined: 1))
    #expect(past.unknown.contains { $0.en.contains("only a test after the period is kept: 1.") })
    await hub.end()
  }
}
