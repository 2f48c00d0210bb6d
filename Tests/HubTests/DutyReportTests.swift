import ControlAPI
import Records
import Services
import Store
import Testing
import Wire

@testable import Hub

extension HubCore {
  fileprivate func hear(_ status: SensorStatus, _ now: Timestamp) { _ = registry.heard(status, now: now) }
}

@Suite struct DutyReportTests {
  private static let period = GuardPeriod(
    id: "congress", name: "", from: DutyBench.start, until: DutyBench.start.advanced(seconds: 86_400))

  private static func bench(sensor: Bool = true) async throws -> DutyBench {
    let bench = try await DutyBench { if sensor { $0.duty.expects = ["sensor/s1"] } }
    if sensor { try await heard(bench, 0) }
    _ = try await bench.core.setGuard(GuardRequest(period: period), by: DutyBench.eve)
    _ = try await bench.core.takeShift(ShiftTake(), by: DutyBench.ann)
    return bench
  }

  private static func heard(_ bench: DutyBench, _ seconds: Double) async throws {
    let now = DutyBench.start.advanced(seconds: seconds)
    await bench.core.hear(SensorStatus(sensor: "s1", boot: 1, time: now, started: now, interface: "eth0"), now)
    await bench.at(seconds)
  }

  private static func zero(_ bench: DutyBench) async throws -> DutyReportItem {
    try await bench.core.makeDutyReport(DutyReportRequest(kind: .zero), by: DutyBench.ann)
  }

  @Test("zero is said where everything was seen, and refused for the minutes in which a sensor was silent")
  func zeroRefused() async throws {
    let bench = try await Self.bench()
    for second in stride(from: 5.0, through: 600, by: 5) { try await Self.heard(bench, second) }
    #expect(try await Self.zero(bench).report.verdict == .zero)
    for second in [612.0, 700, 899] { await bench.at(second) }
    try await Self.heard(bench, 900)
    let report = try await Self.zero(bench)
    #expect(report.report.verdict == .notDetermined)
    #expect(report.report.blind.map(\.source) == ["s1"])
    #expect(report.text.en.contains("Not determined: s1 was blind, 00:10-00:15"))
    #expect(report.text.zh.contains("尚不确定：s1 失明"))
  }

  @Test("the situation calls the same stretch blind as the report: while it goes on, and as the sensor states it after")
  func oneBlindness() async throws {
    let bench = try await Self.bench()
    func moment(_ seconds: Double) -> Timestamp { DutyBench.start.advanced(seconds: seconds) }
    func intervals(_ seconds: Double) throws -> [BlindInterval] {
      try bench.core.blindIntervals(since: DutyBench.start, moment(seconds))
    }
    try await Self.heard(bench, 5)
    #expect(try intervals(5).isEmpty)
    for second in [20.0, 100, 300] { await bench.at(second) }
    let silent = try #require(try intervals(300).first)
    #expect(silent.sensor == "s1" && silent.until == moment(300) && silent.packets == nil)
    try await Self.heard(bench, 400)
    // What the next boot says of the time since its forerunner's last word, which is longer than the silence.
    let stated = BlindInterval(
      sensor: "s1", from: moment(6), until: moment(399), packets: 70, reason: "the sensor was killed")
    _ = try await bench.core.store(
      RecordBatch(
        source: "s1", boot: 2, first: 1,
        records: [BatchRecord(kind: .blindness, bytes: try RecordJSON.encode(stated))]))
    let one = try intervals(500)
    #expect(one.count == 1 && one[0].from == moment(6) && one[0].until == moment(400))
    #expect(one[0].packets == 70 && one[0].reason == "the sensor was killed")
    await bench.at(500)
    let report = try await Self.zero(bench).report
    #expect(report.blind.map { [$0.from, $0.until] } == one.map { [$0.from, $0.until] })
  }

  @Test("an installation without a sensor never says zero")
  func noSensor() async throws {
    let bench = try await Self.bench(sensor: false)
    await bench.at(60)
    let report = try await Self.zero(bench).report
    #expect(report.verdict == .notDetermined && report.blind.map(\.cause) == [.noSensor])
  }

  @Test("sites that nobody looked at are named, with how many and why")
  func coverage() async throws {
    let bench = try await Self.bench()
    _ = try await bench.core.importSites(
      ImportRequest(form: .csv, name: "s.csv", text: "url\nhttp://a.example\nhttp://b.example\n", dryRun: false),
      by: DutyBench.eve)
    try await Self.heard(bench, 5)
    let report = try await Self.zero(bench)
    #expect(report.report.verdict == .notDetermined && report.report.blind.map(\.siteCount) == [2])
    #expect(
      report.text.en.contains("not determined: for 2 sites") || report.text.en.contains("Not determined: for 2 sites"))
    #expect(report.text.en.contains("no valid authorisation"))
  }

  @Test("an attack that went through is not zero, and a row that nobody judged is not determined")
  func events() async throws {
    let bench = try await Self.bench()
    try await Self.heard(bench, 5)
    let row = try await bench.alert(1, at: 6)
    try await Self.heard(bench, 7)
    #expect(try await Self.zero(bench).report.unsettled == [row])
    _ = try await bench.core.act(
      ActRequest(ids: [row], act: .close, verdict: .truePositive), by: DutyBench.ann, within: .all)
    let report = try await Self.zero(bench).report
    #expect(report.verdict == .notZero && report.events == [row])
  }

  @Test("the hours in which the hub was not running are blind, and stay so after it is back")
  func hubAway() async throws {
    let bench = try await Self.bench()
    try await Self.heard(bench, 60)
    bench.clock.set(DutyBench.start.advanced(seconds: 7200))
    try await bench.restart()
    try await Self.heard(bench, 7200)
    let report = try await Self.zero(bench).report
    #expect(report.blind.contains { $0.cause == .hub && $0.until == DutyBench.start.advanced(seconds: 7200) })
    #expect(report.verdict == .notDetermined)
  }

  @Test("a report is signed once, by name, and that is audited; the next zero report begins where the signed one ended")
  func signed() async throws {
    let bench = try await Self.bench()
    try await Self.heard(bench, 5)
    let made = try await Self.zero(bench)
    try await Self.heard(bench, 10)
    let signed = try await bench.core.signDutyReport(
      DutySignature(report: made.id, name: "Li Wei", remark: "checked"), by: DutyBench.ann)
    #expect(signed.report.signedBy == "Li Wei" && signed.text.en.contains("signed by Li Wei"))
    await #expect(throws: APIProblem.self) {
      try await bench.core.signDutyReport(DutySignature(report: made.id, name: "Other"), by: DutyBench.bo)
    }
    #expect(try bench.store.audit(subject: "report/\(made.id)").map(\.act) == ["sign report", "make report"])
    #expect(try await Self.zero(bench).report.from == made.report.until)
  }

  @Test("a zero report that is not signed by five in the afternoon is an alert, until it is")
  func missing() async throws {
    let bench = try await Self.bench()
    let five = 17.0 * 3600
    try await Self.heard(bench, five - 1)
    #expect(try bench.store.rows().allSatisfy { $0.check != "9000:54" })
    try await Self.heard(bench, five)
    #expect(try bench.store.rows().contains { $0.check == "9000:54" })
    let made = try await Self.zero(bench)
    _ = try await bench.core.signDutyReport(DutySignature(report: made.id, name: "Li Wei"), by: DutyBench.ann)
    try await Self.heard(bench, five + 60)
    #expect(try await bench.core.dutyStatus().faults.allSatisfy { !$0.en.contains("zero report") })
  }

  @Test("the start checklist is ticked by named people, and what nobody ticked stands in the closing report")
  func checklist() async throws {
    let bench = try await Self.bench()
    let list = try await bench.core.checklist(id: "congress")
    #expect(list.checks.count >= 10 && list.checks.allSatisfy { $0.tickedBy == nil && !$0.text.zh.isEmpty })
    _ = try await bench.core.tick(GuardTick(check: "roster"), period: "congress", by: DutyBench.ann)
    await #expect(throws: APIProblem.self) {
      try await bench.core.tick(GuardTick(check: "roster"), period: "congress", by: DutyBench.bo)
    }
    await #expect(throws: APIProblem.self) {
      try await bench.core.tick(GuardTick(check: "rooster"), period: "congress", by: DutyBench.bo)
    }
    try await bench.restart()
    #expect(try await bench.core.checklist(id: "congress").checks.first { $0.id == "roster" }?.tickedBy == "ann")
    try await Self.heard(bench, 60)
    _ = try await bench.core.endGuard(GuardEnd(id: "congress"), by: DutyBench.eve)
    let closing = try #require(try bench.store.dutyReports().first { $0.kind == .closing })
    #expect(closing.period == "congress" && closing.unticked.count == list.checks.count - 1)
    #expect(closing.until == DutyBench.start.advanced(seconds: 60))
  }

  @Test("yesterday's daily report is made by itself after midnight, once")
  func daily() async throws {
    let bench = try await Self.bench()
    try await bench.alert(1, at: 100)
    for second in [86_400.0, 86_401, 86_402] { try await Self.heard(bench, second) }
    for _ in 0..<200 where try bench.store.dutyReports().isEmpty { try await Task.sleep(for: .milliseconds(20)) }
    try await bench.restart()
    try await Self.heard(bench, 86_403)
    let reports = try bench.store.dutyReports().filter { $0.kind == .daily }
    #expect(reports.count == 1)
    #expect(reports.first?.from == DutyBench.start && reports.first?.rows[4] == 1)
  }
}
