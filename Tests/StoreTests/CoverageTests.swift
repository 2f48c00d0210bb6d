import Records
import Testing
import Wire

@testable import Store

/// What was tested, and what a target that dies in mid-scan changes: nothing that it did not show.
@Suite struct CoverageTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  static func entry(
    _ status: CoverageEntry.Status, check: String = "*", _ reason: String = "", day: Double
  ) -> CoverageEntry {
    CoverageEntry(
      site: "a", check: check, engine: "tls", status: status, reason: reason,
      time: Sample.start.advanced(seconds: day * 86_400))
  }

  /// A report as a scanner tells it: the whole, and what stayed open.
  static func report(
    _ entries: [CoverageEntry], _ observations: [Observation], _ status: ScanOutcome.Status, first: UInt64
  ) throws -> RecordBatch {
    var batch = try Sample.observations(observations, first: first)
    let coverage = try #require(EngineCoverage(entries))
    batch.records.append(BatchRecord(kind: .coverage, bytes: try RecordJSON.encode(coverage)))
    let outcome = ScanOutcome(
      job: "j", engine: "tls", site: "a", status: status, reason: entries[0].reason, source: .site,
      started: coverage.time, ended: coverage.time)
    batch.records.append(BatchRecord(kind: .outcome, bytes: try RecordJSON.encode(outcome)))
    return batch
  }

  @Test("A target that dies in mid-scan closes no finding but those it was seen without")
  func diesInMidScan() throws {
    let store = try Store.open(folder)
    try store.take(
      try Self.report(
        [Self.entry(.tested, day: 0)],
        [Sample.observation(check: "early"), Sample.observation(check: "late")], .completed, first: 1))
    func states() throws -> [String: FindingState] {
      Dictionary(
        uniqueKeysWithValues: try store.rows(QueueQuery()).map { ($0.check, $0.findingState ?? .open) })
    }
    #expect(try states() == ["early": .open, "late": .open])
    // The server answered the first question and then no more.
    let reset = Observation.Answer.notDetermined(reason: "reset by the server")
    try store.take(
      try Self.report(
        [
          Self.entry(.tested, "reset by the server", day: 1),
          Self.entry(.notDetermined, check: "late", "reset by the server", day: 1),
        ], [Sample.observation(.no, check: "early", day: 1), Sample.observation(reset, check: "late", day: 1)],
        .partial,
        first: 4 + 1), at: Sample.start.advanced(seconds: 86_400))
    #expect(try states() == ["early": .verified, "late": .open])
    // It does not answer at all: every check is open, and nothing moves.
    try store.take(
      try Self.report(
        [
          Self.entry(.notDetermined, "connection refused", day: 2),
          Self.entry(.notDetermined, check: "early", "connection refused", day: 2),
          Self.entry(.notDetermined, check: "late", "connection refused", day: 2),
        ], [Sample.observation(.notDetermined(reason: "connection refused"), check: "late", day: 2)], .failed, first: 9),
      at: Sample.start.advanced(seconds: 2 * 86_400))
    #expect(try states() == ["early": .verified, "late": .open])

    let row = try #require(try store.coverage(site: "a").first)
    #expect(try store.coverage().count == 1, "one row an engine")
    #expect(row.status == .notDetermined && row.reason == "connection refused")
    let entries = row.entries(checks: ["early", "late", "other"])
    let day = { (days: Double) in Sample.start.advanced(seconds: days * 86_400) }
    #expect(entries.map(\.check) == ["*", "early", "late", "other"])
    #expect(entries.map(\.status) == [.notDetermined, .tested, .notDetermined, .tested])
    #expect(entries.map(\.time) == [day(2), day(1), day(1), day(1)])
    #expect(entries.map(\.tested) == [day(1), nil, day(0), nil], "late was last tested on the first day")
  }

  @Test("A check that is tested again is no longer open, and a word that comes late changes nothing")
  func again() throws {
    let store = try Store.open(folder)
    let open = [Self.entry(.tested, "x", day: 1), Self.entry(.notDetermined, check: "c", "x", day: 1)]
    try store.take(try Self.report(open, [], .partial, first: 1))
    #expect(try store.coverage(site: "a").first?.open["c"]?.tested == nil)
    try store.take(try Self.report([Self.entry(.tested, day: 2)], [], .completed, first: 3))
    #expect(try store.coverage(site: "a").first?.open.isEmpty == true)
    try store.take(try Self.report(open, [], .partial, first: 5))
    #expect(try store.coverage(site: "a").first?.open.isEmpty == true)
    // The schedule's word: not tested now, but it was.
    try store.save([Self.entry(.skipped, "maintenance window", day: 3)])
    let row = try #require(try store.coverage(site: "a").first)
    #expect(row.status == .skipped && row.tested == Sample.start.advanced(seconds: 2 * 86_400))
  }

  @Test("Looks that say the same do not fill the store")
  func bounded() throws {
    let store = try Store.open(folder)
    for look in 0..<200 {
      try store.take(
        try Self.report(
          [Self.entry(.tested, day: Double(look) / 1440)], [Sample.observation(.no, day: Double(look) / 1440)],
          .completed,
          first: UInt64(look * 3 + 1)))
    }
    #expect(try store.outcomes(site: "a").count == 1)
    #expect(try store.outcomes(site: "a").first?.ended == Sample.start.advanced(seconds: 199.0 / 1440 * 86_400))
    try store.take(try Self.report([Self.entry(.notDetermined, "reset", day: 1)], [], .failed, first: 601))
    try store.take(try Self.report([Self.entry(.tested, day: 2)], [], .completed, first: 603))
    #expect(try store.outcomes(site: "a").map(\.status) == [.completed, .failed, .completed])
  }

  @Test("Guard periods are kept, and each change is in the audit log with what stood before")
  func guards() throws {
    let store = try Store.open(folder)
    var period = GuardPeriod(id: "g", name: "congress", from: Sample.start, until: Sample.start.advanced(seconds: 60))
    try store.setGuard("g", to: period, by: Sample.actor, at: Sample.start)
    period.cadenceFactor = 0.2
    try store.setGuard("g", to: period, by: Sample.actor, at: Sample.start)
    #expect(try store.guards() == [period])
    try store.setGuard("g", to: nil, by: Sample.actor, at: Sample.start)
    #expect(try store.guards().isEmpty)
    let audit = try store.audit()
    #expect(audit.map(\.act) == ["end guard period", "set guard period", "set guard period"])
    #expect(audit[1].before?.contains("0.5") == true && audit[1].after?.contains("0.2") == true)
  }
}
