import Records
import Services
import Testing
import Wire

@Suite struct ZeroReportTests {
  private static let start = Timestamp(seconds: 1_795_000_000)
  private static func at(_ minutes: Double) -> Timestamp { start.advanced(seconds: minutes * 60) }
  private static func span(_ from: Double, _ until: Double, _ source: String = "sensor-1") -> BlindSpan {
    BlindSpan(cause: .sensor, source: source, from: at(from), until: at(until), reason: "silent")
  }

  @Test("zero is said only where nothing was there and everything was seen")
  func verdicts() {
    let blind = [Self.span(0, 1)]
    #expect(ZeroReport.verdict(events: [], unsettled: [], blind: []) == .zero)
    #expect(ZeroReport.verdict(events: [], unsettled: [], blind: blind) == .notDetermined)
    #expect(ZeroReport.verdict(events: [], unsettled: [4], blind: []) == .notDetermined)
    #expect(ZeroReport.verdict(events: [3], unsettled: [], blind: blind) == .notZero)
  }

  @Test("spans are cut to the report's own, and those of one source that touch are one")
  func cut() {
    let spans = [Self.span(-10, 5), Self.span(4, 8), Self.span(20, 30), Self.span(6, 7, "sensor-2"), Self.span(50, 60)]
    let cut = ZeroReport.cut(spans, from: Self.at(0), until: Self.at(25))
    #expect(cut == [Self.span(0, 8), Self.span(6, 7, "sensor-2"), Self.span(20, 25)])
    let packets: [UInt64?] = [nil, 5, 7]
    let stated = packets.enumerated().map { index, count in
      var span = Self.span(Double(index), Double(index + 1))
      span.packets = count
      return span
    }
    #expect(BlindSpan.joined(stated).map(\.packets) == [12])
  }

  @Test("a row speaks against zero by what came of it and by what an analyst said, and a drill never does")
  func events() {
    var row = QueueRow(
      wing: .sensor, key: .alertGroup(rule: "1:1", site: "a", protected: "x"), title: BilingualText("t"),
      severity: .high, outcome: .succeeded, subject: "a", check: "1:1", firstSeen: Self.start, lastSeen: Self.start)
    #expect(ZeroReport.isEvent(row))
    row.triage.verdict = .falsePositive
    #expect(!ZeroReport.isEvent(row) && !ZeroReport.isUnsettled(row))
    row.triage.verdict = nil
    row.outcome = .attempted
    #expect(!ZeroReport.isEvent(row) && ZeroReport.isUnsettled(row))
    row.triage.verdict = .truePositive
    #expect(ZeroReport.isEvent(row))
    row.check = Drill.checkPrefix + "1"
    #expect(!ZeroReport.isEvent(row) && !ZeroReport.isUnsettled(row))
  }

  @Test("the report says for how many sites and from when to when it is not determined, in both languages")
  func text() {
    let zone = CivilZone(name: "Asia/Shanghai", offset: 8 * 3600)
    let from = Timestamp(seconds: 1_795_017_600)  // 2026-11-18 16:00 UTC, midnight in Shanghai
    let report = DutyReport(
      kind: .zero, from: from, until: from.advanced(seconds: 17 * 3600), made: from, zone: zone.name,
      period: "congress",
      verdict: .notDetermined, rows: [0, 1, 0, 0, 0], events: [], unsettled: [],
      acknowledged: AnswerStatistics(count: 0, median: nil, p95: nil, late: 0), pages: 0, digests: 0, shifts: [],
      blind: [
        BlindSpan(
          cause: .coverage, source: "coverage", from: from.advanced(seconds: 7800),
          until: from.advanced(seconds: 16_800),
          reason: "not looked at", sites: ["tax"], siteCount: 37)
      ], sites: 40, sitesTested: 3)
    let english = DutyReportText(report, city: "city", .en, zone: zone).text
    #expect(english.contains("**Not determined: for 37 sites, 02:10-04:40**"))
    #expect(english.contains("not signed") && english.contains("not kept by this hub"))
    let chinese = DutyReportText(report, city: "市", .zh, zone: zone).text
    #expect(chinese.contains("**尚不确定：37 个站点，02:10-04:40**"))
  }
}
