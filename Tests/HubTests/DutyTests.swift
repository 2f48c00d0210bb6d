import ControlAPI
import Foundation
import Records
import Services
import Store
import Testing
import Wire

@testable import Hub

@Suite struct DutyTests {
  @Test(
    "an alert is given to the officer on watch and paged within seconds, then step by step, and the hub may die between"
  )
  func escalation() async throws {
    let bench = try await DutyBench()
    _ = try await bench.core.takeShift(ShiftTake(), by: DutyBench.ann)
    let row = try await bench.alert(1, at: 10)
    await bench.at(11)
    #expect(try bench.store.row(row).triage.assignee == "ann")
    #expect(try bench.store.row(row).triage.changedBy == nil, "a machine's gift is no person's act")
    for second in [200.0, 309] { await bench.at(second) }
    try await bench.restart()
    await bench.at(310)
    try await bench.restart()
    await bench.at(311)
    await bench.at(610)
    #expect(try bench.calls() == ["11 ann", "310 bo", "610 eve"])
    #expect(try Set(bench.dispatches().map(\.id)).count == 3)
    try await bench.acknowledge(row, by: DutyBench.bo, at: 700)
    try await bench.restart()
    for second in stride(from: 701.0, to: 2400, by: 60) { await bench.at(second) }
    #expect(try bench.calls().count == 3, "nobody is paged after bo took it")
    await bench.at(2500)
    #expect(try bench.calls().suffix(1) == ["2500 bo"], "thirty minutes of silence: bo is asked, who holds it")
    await bench.at(2800)
    #expect(try bench.calls().suffix(1) == ["2800 eve"])
  }

  @Test("no page has the weakness, a URL or evidence in it; it has number, severity, site and deadline")
  func pageText() async throws {
    let bench = try await DutyBench()
    let row = try await bench.alert(1, at: 0)
    await bench.at(1)
    let dispatch = try #require(try bench.dispatches().first)
    let text = dispatch.subject + dispatch.text
    #expect(!text.contains("weakness") && !text.contains("/secret"))
    #expect(
      text.contains("row \(row)") && text.contains("critical") && text.contains("2026-11-19 00:05 (Asia/Shanghai)"))
    #expect(dispatch.deadline == DutyBench.start.advanced(seconds: 300) && dispatch.kind == .page && !dispatch.isDrill)
  }

  @Test("the queue's due time is the duty's own, also where the row came back long after the last act")
  func due() async throws {
    let bench = try await DutyBench()
    _ = try await bench.core.takeShift(ShiftTake(), by: DutyBench.ann)
    let row = try await bench.alert(1, critical: false, at: 0)
    await bench.at(1)
    #expect(bench.core.item(try bench.store.row(row)).due == DutyBench.start.advanced(seconds: 900))
    try await bench.acknowledge(row, by: DutyBench.ann, at: 5)
    try await bench.alert(1, critical: true, at: 5000)
    await bench.at(5001)
    #expect(bench.core.item(try bench.store.row(row)).due == DutyBench.start.advanced(seconds: 5301))
  }

  /// What lists say is due is what their rows show, as of the bench's clock.
  private func expectDues(_ bench: DutyBench, overdue expected: Int, _ place: Testing.Comment) async throws {
    let now = bench.clock.wall.now()
    func rows(_ filter: String) async throws -> [QueueItem] {
      try await bench.core.list(ListRequest(filter: filter, sort: ["due"], limit: 1000), within: .all, me: nil).items
    }
    let all = try await rows("")
    let dues = all.map { $0.due ?? Timestamp(nanoseconds: .max) }
    #expect(dues == dues.sorted() && !all.isEmpty, place)
    let late = all.filter { $0.due.map { $0 < now } ?? false }
    #expect(try await rows("overdue:true").map(\.id) == late.map(\.id) && late.count == expected, place)
    #expect(try await rows("overdue:false").count == all.count - late.count, place)
    #expect(try bench.store.overdue(bench.core.clocks, now: now) == .exactly(late.count), place)
  }

  @Test(
    "overdue and the order by due time are as rows show them: through returns, late alerts, guard periods, restarts")
  func duesInLists() async throws {
    let bench = try await DutyBench()
    _ = try await bench.core.takeShift(ShiftTake(), by: DutyBench.ann)
    let first = try await bench.alert(1, critical: false, at: 0)
    try await expectDues(bench, overdue: 0, "before the duty has seen it")
    await bench.at(1)
    try await bench.acknowledge(first, by: DutyBench.ann, at: 5)
    await bench.at(6)
    // It comes back long after the last act, and has its whole time from now.
    try await bench.alert(1, critical: true, at: 5000)
    await bench.at(5001)
    try await expectDues(bench, overdue: 0, "come back")
    let second = try await bench.alert(2, at: 5100)
    await bench.at(5101)
    await bench.at(5302)
    try await expectDues(bench, overdue: 1, "the first is late")
    // A guard period halves what is left, of what waits already too.
    let period = GuardPeriod(
      id: "congress", name: "congress", from: DutyBench.start.advanced(seconds: 5303),
      until: DutyBench.start.advanced(seconds: 5400), sites: [])
    _ = try await bench.core.setGuard(GuardRequest(period: period), by: DutyBench.eve)
    let due = bench.core.item(try bench.store.row(second)).due
    #expect(due == DutyBench.start.advanced(seconds: 5400))
    await bench.at(5304)
    let sooner = bench.core.item(try bench.store.row(second)).due
    #expect(sooner == DutyBench.start.advanced(seconds: 5250))
    try await expectDues(bench, overdue: 2, "guarded")
    try await bench.restart()
    #expect(bench.core.item(try bench.store.row(second)).due == sooner)
    try await expectDues(bench, overdue: 2, "after a restart, before the first second")
    await bench.at(5399)
    bench.clock.set(DutyBench.start.advanced(seconds: 5400))
    await bench.at(5401)
    await bench.at(5402)
    try await expectDues(bench, overdue: 2, "both are late by the usual times too")
    try await bench.acknowledge(first, by: DutyBench.ann, at: 5403)
    try await expectDues(bench, overdue: 1, "acknowledged, before the duty has seen it")
    await bench.at(5404)
    try await expectDues(bench, overdue: 1, "acknowledged")
  }

  @Test("where nobody is on duty any more, the watch's own clocks say what is due")
  func duesWithoutDuty() async throws {
    let bench = try await DutyBench()
    let row = try await bench.alert(1, at: 0)
    await bench.at(1)
    #expect(try !bench.store.dutyDues().isEmpty)
    _ = try await bench.core.removeRoster(RosterRemoval(id: "city"), by: DutyBench.eve)
    await bench.at(2)
    #expect(try bench.store.dutyDues().isEmpty)
    #expect(bench.core.item(try bench.store.row(row)).due == DutyBench.start.advanced(seconds: 300))
    await bench.at(301)
    try await expectDues(bench, overdue: 1, "by the watch's clocks")
  }

  @Test("twelve rows at once are ten pages and one digest, and that is shown as a fault of tuning")
  func digest() async throws {
    let bench = try await DutyBench()
    for sid in 1...12 { try await bench.alert(sid, at: 0) }
    await bench.at(1)
    await bench.at(30)
    await bench.at(62)
    let sent = try bench.dispatches()
    #expect(sent.filter { $0.kind == .page && $0.address.to == "ann@example.gov" }.count == 10)
    #expect(sent.filter { $0.kind == .digest }.map(\.address.to) == ["ann@example.gov"])
    let status = try await bench.core.dutyStatus()
    #expect(status.faults.contains { $0.en.contains("ann was due more pages") && $0.zh.contains("调优") })
    #expect(try bench.store.rows(QueueQuery()).contains { $0.check == "9000:52" })
  }

  @Test("a person without an address is not paged, and the log says so; the chain goes on")
  func noAddress() async throws {
    let bench = try await DutyBench(people: ["bo", "eve"])
    try await bench.alert(1, at: 0)
    await bench.at(1)
    await bench.at(300)
    #expect(try bench.calls() == ["300 bo"])
    #expect(try bench.store.dutyLines().contains { $0.kind == .fault && $0.text.en.contains("ann: row") })
  }

  @Test("where the roster has nobody that is an alert, which goes to the step behind")
  func nobody() async throws {
    let gap = """
      overrides:
        - {step: 1, people: [], from: "2026-11-19T00:10", until: "2026-11-19T00:20", reason: moved}
      """
    let bench = try await DutyBench(roster: DutyBench.roster + gap)
    await bench.at(599)
    #expect(try bench.store.rows().isEmpty)
    await bench.at(600)
    await bench.at(601)
    #expect(try bench.store.rows().map(\.check) == ["9000:50"])
    #expect(try bench.calls() == ["601 bo"])
    await bench.at(1200)
    #expect(try bench.store.dutyLines(limit: 50).contains { $0.text.en == "somebody is on watch again" })
  }

  @Test("a shift that nobody takes for a quarter of an hour is an alert")
  func notTaken() async throws {
    let bench = try await DutyBench()
    await bench.at(899)
    #expect(try bench.store.rows().isEmpty)
    await bench.at(901)
    #expect(try bench.store.rows().map(\.check) == ["9000:51"])
    _ = try await bench.core.takeShift(ShiftTake(), by: DutyBench.ann)
    await bench.at(902)
    #expect(try await bench.core.dutyStatus().faults.isEmpty)
  }

  @Test("without a roster and without a shift nobody is assigned or paged, and nothing is amiss")
  func unused() async throws {
    let bench = try await DutyBench(roster: nil)
    let row = try await bench.alert(1, at: 0)
    await bench.at(2000)
    #expect(try bench.store.row(row).triage.assignee == nil)
    #expect(try bench.dispatches().isEmpty)
    #expect(try await bench.core.dutyStatus().faults.isEmpty)
    #expect(try await bench.core.overview(within: .all).watch == nil)
  }

  @Test("a hub that was restored from a backup pages from where the backup stood, and no id twice")
  func restoredFromBackup() async throws {
    let bench = try await DutyBench()
    try await bench.alert(1, at: 0)
    await bench.at(1)
    let file = (try #require(bench.folder)).path + "/copy.sqlite"
    try bench.store.backup(to: file)
    await bench.at(300)
    _ = try await bench.core.restoreStore(from: file, by: DutyBench.eve)
    await bench.at(301)
    #expect(try bench.calls() == ["1 ann", "301 bo"])
  }

  @Test("changed clocks are kept with their date and audited")
  func datedClocks() async throws {
    let bench = try await DutyBench()
    let kept = try bench.store.document([DutyClocks.Dated].self, kind: "duty", id: "clocks")
    #expect(kept?.count == 1 && kept?[0].since == DutyBench.start && kept?[0].clocks == DutyClocks())
    var slower = DutyClocks()
    slower.holdHigh = 10_000
    try bench.store.keep(clocks: slower, at: DutyBench.start.advanced(seconds: 60))
    #expect(try bench.store.document([DutyClocks.Dated].self, kind: "duty", id: "clocks")?.count == 2)
    #expect(try bench.store.audit(subject: "duty").map(\.act) == ["set duty clocks", "set duty clocks"])
  }

  @Test("while a guard period holds the clocks run twice as fast at its sites")
  func guardPeriod() async throws {
    let bench = try await DutyBench()
    let period = GuardPeriod(
      id: "congress", name: "", from: DutyBench.start, until: DutyBench.start.advanced(seconds: 3600))
    _ = try await bench.core.setGuard(GuardRequest(period: period), by: DutyBench.eve)
    try await bench.alert(1, at: 0)
    await bench.at(1)
    await bench.at(149)
    await bench.at(150)
    #expect(try bench.calls() == ["1 ann", "150 bo"])
  }

  @Test("whichever write a full disk refuses, each step is paged once and none is left out")
  func fullDisk() async throws {
    for refused in 0..<10 {
      let bench = try await DutyBench()
      _ = try await bench.core.takeShift(ShiftTake(), by: DutyBench.ann)
      let row = try await bench.alert(1, at: 0)
      bench.disk.fail(after: refused)
      for second in [1.0, 2, 3, 300, 301, 302] { await bench.at(second) }
      #expect(bench.disk.hasFailed, "write \(refused) was one of these seconds'")
      let sent = try bench.dispatches()
      #expect(sent.map(\.address.to) == ["ann@example.gov", "bo@example.gov"], "write \(refused)")
      #expect(try bench.store.row(row).triage.assignee == "ann")
      #expect(try bench.store.audit(subject: "queue/\(row)").map(\.act) == ["assign"])
    }
  }
}
