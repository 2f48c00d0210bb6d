import Foundation
import GRDB
import Records
import Services
import Testing
import Wire

@testable import Store

struct FindingMigrationTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private struct Kept: Decodable {
    struct Line: Decodable {
      var key: String
      var state: String
      var findingState: String
      var site: String
      var organisation: String
      var subject: String
      var check: String
      var time: Int64
      var body: String
    }
    var findings: [Line]
  }

  /// A store as the first release left it.
  private func make(_ observations: [(row: Int64, Observation)], rows: Int = 3) throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Fixtures/store/findings-first-release.json")
    let kept = try JSONDecoder().decode(Kept.self, from: Data(contentsOf: file))
    let data = folder.path + "/data"
    try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
    let pool = try DatabasePool(path: data + "/vigil.sqlite")
    try Schema.migrator.migrate(pool, upTo: "2 schedule")
    try pool.write { db in
      for line in kept.findings.prefix(rows) {
        try db.execute(
          sql: """
            INSERT INTO queueRow (wing, key, titleEn, titleZh, severity, outcome, state, site, organisation, subject,
              checkName, count, firstSeen, lastSeen, findingState, body)
              VALUES ('scanner', ?, 't', 't', 3, 1, ?, ?, ?, ?, ?, 3, ?, ?, ?, ?)
            """,
          arguments: [
            line.key, line.state, line.site, line.organisation, line.subject, line.check, line.time * 1_000_000_000,
            line.time * 1_000_000_000, line.findingState, line.body,
          ])
      }
      for (row, observation) in observations {
        try db.execute(
          sql: "INSERT INTO observation (row, time, site, json) VALUES (?, ?, ?, ?)",
          arguments: [row, observation.time.nanoseconds, observation.site, RecordJSON.text(observation)])
      }
    }
    try pool.close()
  }

  private func observation(
    _ engine: String, _ answer: Observation.Answer, _ day: Double, check: String = "http.exposed.git",
    path: String? = "/app/.git/HEAD"
  ) -> Observation {
    Observation(
      time: Sample.start.advanced(seconds: day * 86_400), engine: engine, engineVersion: "3", check: check,
      title: BilingualText("t"), severity: .high, site: "a",
      target: Target(scheme: "http", host: "a.example", port: 80), path: path, answer: answer,
      evidence: "\(engine) saw",
      confidence: 90)
  }

  @Test("Findings of the first release are read, with each engine's last word, and go on as the same rows")
  func reads() throws {
    try make(
      [
        (1, observation("http", .yes, -1)), (1, observation("nikto", .yes, -1)), (1, observation("nikto", .no, 0)),
      ], rows: 2)
    let store = try Store.open(folder)
    let findings = try store.findings([1, 2])
    let open = try #require(findings.first)
    #expect(open.state == .open && open.showing == 1 && open.disputed == 1 && open.standing == ["http": 1])
    #expect(open.answers.map(\.engine) == ["http", "nikto"] && open.answers.map(\.holds) == [true, false])
    #expect(open.answers.map(\.version) == ["3", "3"] && open.answers[0].evidence == "http saw")
    #expect(open.confidence == 95)
    let verified = try #require(findings.last)
    #expect(verified.state == .verified && verified.showing == 0 && verified.answers.map(\.holds) == [false])
    #expect(verified.answers.allSatisfy { $0.hasAffirmed })

    // Written otherwise, and the same weakness: the row goes on under its key of today.
    try store.take(
      try Sample.observations(
        [observation("http", .yes, 1), observation("tls", .yes, 2, check: "tls.version.ssl3", path: nil)], first: 1),
      at: Sample.start.advanced(seconds: 3 * 86_400))
    #expect(try store.rows(QueueQuery(order: .id)).map(\.id) == [1, 2])
    #expect(try store.findings([2]).first?.state == .reopened)
    // The last yes of the two engines is taken back: only now is it gone.
    try store.take(
      try Sample.observations([observation("http", .no, 3)], first: 3), at: Sample.start.advanced(seconds: 4 * 86_400))
    #expect(try store.findings([1]).first?.state == .verified)
    store.close()
    #expect(try Store.open(folder).findings([1, 2]).map(\.state) == [.verified, .reopened])
  }

  @Test("Two rows that were apart by how their place was written are one now, with the words of both")
  func unites() throws {
    try make([])
    let store = try Store.open(folder)
    let findings = try store.findings([1, 2, 3])
    #expect(findings.map(\.state) == [.moved, .verified, .open])
    #expect(findings[0].row.key == findings[2].row.key && findings[0].answers.isEmpty && findings[0].showing == 0)
    #expect(findings[2].answers.map(\.engine) == ["http", "nuclei", "nikto"] && findings[2].disagrees)
    #expect(findings[2].row.count == 6 && findings[2].confidence == 99)
    func take(_ engine: String, _ first: UInt64) throws {
      try store.take(
        try Sample.observations([observation(engine, .no, 3)], first: first),
        at: Sample.start.advanced(seconds: 4 * 86_400))
    }
    try take("http", 1)
    #expect(try store.findings([3]).first?.state == .open)
    try take("nuclei", 2)
    #expect(try store.findings([1, 3]).map(\.state) == [.moved, .verified])
  }

  @Test("What belongs to platforms is settled at the first start, as if their sites had just joined")
  func settles() throws {
    try make([], rows: 2)
    var store = try Store.open(folder)
    try store.replace(HostingTests.inventory(["a": nil]), by: Sample.actor, at: Sample.start)
    // As the first release left it: the inventory has the platform, the findings know of none.
    try store.write { db in
      try db.execute(
        sql: "UPDATE document SET json = ? WHERE kind = 'site'",
        arguments: [RecordJSON.text(HostingTests.site("a", on: "p"))])
    }
    store.close()
    store = try Store.open(folder)
    try store.beginPosture(at: Sample.start)
    let findings = try store.findings([1, 2])
    #expect(findings.map(\.row.platform) == [nil, "p"] && findings.map(\.state) == [.open, .verified])
    #expect(findings[1].row.organisation == "host" && findings[1].answers.map(\.place) == ["a"])
    try store.beginPosture(at: Sample.start)
    #expect(try store.findings([1, 2]) == findings)
  }

  @Test("Where no observation was kept, the finding's own memory speaks")
  func withoutObservations() throws {
    try make([], rows: 2)
    let store = try Store.open(folder)
    let open = try #require(try store.findings([1]).first)
    #expect(open.answers.map(\.engine) == ["http", "nikto"] && open.answers.map(\.holds) == [true, false])
    #expect(open.answers.map(\.confidence) == [95, 60] && open.answers[0].evidence == "HEAD of the repository")
    try store.take(try Sample.observations([observation("http", .no, 3)], first: 1))
    #expect(try store.findings([1]).first?.state == .verified)
  }
}
