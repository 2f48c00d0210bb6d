import Records
import Testing
import Wire

@testable import Reports

@Suite struct PeriodTests {
  private static func time(_ text: String) -> Timestamp { OctoberCity.time(text) }
  private static let now = time("2026-11-26T01:43:00Z")

  struct Case: CustomTestStringConvertible {
    let text: String
    var hours: Int64 = 0
    let from: String
    let until: String
    var isRunning = false
    var testDescription: String { "\(text) at UTC\(hours >= 0 ? "+" : "")\(hours)" }
  }

  static let cases: [Case] = [
    Case(text: "2026-10", from: "2026-10-01T00:00:00Z", until: "2026-11-01T00:00:00Z"),
    Case(text: "2026-10", hours: 8, from: "2026-09-30T16:00:00Z", until: "2026-10-31T16:00:00Z"),
    Case(text: "2026-10", hours: -5, from: "2026-10-01T05:00:00Z", until: "2026-11-01T05:00:00Z"),
    Case(text: "2026-02", from: "2026-02-01T00:00:00Z", until: "2026-03-01T00:00:00Z"),
    Case(text: "2024-02", from: "2024-02-01T00:00:00Z", until: "2024-03-01T00:00:00Z"),
    Case(text: "2025-12", from: "2025-12-01T00:00:00Z", until: "2026-01-01T00:00:00Z"),
    Case(text: "2026-11", from: "2026-11-01T00:00:00Z", until: "2026-11-26T01:43:00Z", isRunning: true),
    Case(text: "2026-10-05", hours: 8, from: "2026-10-04T16:00:00Z", until: "2026-10-05T16:00:00Z"),
    Case(text: "1d", from: "2026-11-26T00:00:00Z", until: "2026-11-26T01:43:00Z", isRunning: true),
    Case(text: "7d", from: "2026-11-20T00:00:00Z", until: "2026-11-26T01:43:00Z", isRunning: true),
    // It is still the 25th there.
    Case(text: "7d", hours: -5, from: "2026-11-19T05:00:00Z", until: "2026-11-26T01:43:00Z", isRunning: true),
    Case(text: "400d", from: "2025-10-23T00:00:00Z", until: "2026-11-26T01:43:00Z", isRunning: true),
    Case(text: "2026-10-01..2026-10-15", from: "2026-10-01T00:00:00Z", until: "2026-10-16T00:00:00Z"),
    Case(text: "2026-10-15..2026-10-15", hours: 8, from: "2026-10-14T16:00:00Z", until: "2026-10-15T16:00:00Z"),
    Case(
      text: "2026-10-01T08:00:00+08:00..2026-10-02T00:00:00Z", from: "2026-10-01T00:00:00Z",
      until: "2026-10-02T00:00:00Z"),
    Case(
      text: "2026-11-25..2027-01-01", from: "2026-11-25T00:00:00Z", until: "2026-11-26T01:43:00Z", isRunning: true),
  ]

  @Test("a period is from midnight to midnight at the hub, and ends now at the latest", arguments: cases)
  func reads(_ one: Case) throws {
    let period = try ReportPeriod(one.text, now: Self.now, utcOffset: one.hours * 3600)
    #expect(period.from.text == Self.time(one.from).text)
    #expect(period.until.text == Self.time(one.until).text)
    #expect(period.isRunning == one.isRunning)
    #expect(period.days.lowerBound <= period.days.upperBound)
  }

  @Test(
    "what is no period, has not begun, ends before it begins or is too long is refused with a hint",
    arguments: [
      "", "x", "0d", "-1d", "401d", "99999999999999999999d", "d", "2026-13", "2026-00", "2026-02-30", "2026-1", "2026",
      "..", "2026-10-01..", "..2026-10-01", "2026-10-05..2026-10-01", "2027-01", "2027-01-01..2027-02-01",
      "2020-01-01..2026-01-01", "2026-10-01..2026-10-02..2026-10-03", "2026-10-01T00:00:00Z..2026-10-01T00:00:00Z",
      "0001-01", "9999-12", "2026-10-01T00:00:00Z", "２０２６-10", "2026-10\u{0}",
      String(repeating: "9", count: 100_000),
    ])
  func refuses(_ text: String) {
    let fault = #expect(throws: ReportPeriod.Fault.self) { try ReportPeriod(text, now: Self.now, utcOffset: 0) }
    #expect(fault?.hint.isEmpty == false)
    #expect((fault?.sentence.utf8.count ?? 0) < 400)
  }

  @Test("October has thirty-one days, wherever the hub stands", arguments: [-12, -5, 0, 8, 14])
  func days(_ hours: Int64) throws {
    let period = try ReportPeriod("2026-10", now: Self.now, utcOffset: hours * 3600)
    #expect(period.days.count == 31)
    #expect(ReportPeriod.civil(period.days.lowerBound) == "2026-10-01")
    #expect(ReportPeriod.civil(period.days.upperBound) == "2026-10-31")
  }

  @Test("a fix is due by severity, sooner where the weakness is attacked, and never where it only informs")
  func clock() {
    let seen = Self.time("2026-10-01T00:00:00Z")
    func days(_ severity: Severity, _ attacked: Bool) -> Int64? {
      FixClock().due(severity, from: seen, attacked: attacked).map { $0.nanoseconds(since: seen) / 86_400_000_000_000 }
    }
    #expect(Severity.allCases.map { days($0, false) } == [nil, 180, 90, 30, 30])
    #expect(Severity.allCases.map { days($0, true) } == [nil, 4, 4, 4, 4])
  }
}
