import ControlAPI
import Records
import Services
import Store
import Testing
import Wire

@testable import Hub

@Suite struct ShiftTests {
  @Test("taken, handed over with a note, confirmed by the one who takes over; audited and in the log, in two languages")
  func handover() async throws {
    let bench = try await DutyBench()
    await bench.at(10)
    _ = try await bench.core.takeShift(ShiftTake(), by: DutyBench.ann)
    let row = try await bench.alert(1, at: 20)
    let other = try await bench.alert(2, critical: false, at: 20)
    try await bench.acknowledge(row, by: DutyBench.ann, at: 50)
    await bench.at(100)
    let offered = try await bench.core.handOver(ShiftHandOver(remark: "the tax office calls at ten"), by: DutyBench.ann)
    let note = try #require(offered.shift.note)
    #expect(note.to == "bo" && offered.shift.until == nil, "the watch stays until bo has it")
    #expect(note.items.map(\.row) == [row, other] && note.items[0].holder == "ann")
    #expect(note.items[0].due == DutyBench.start.advanced(seconds: 1850))
    #expect(note.suppressions == [] && note.incidents == [] && note.notices == [])
    #expect(note.due.contains { $0.text.en.contains("acknowledgement of row \(row) by ann") })
    let text = try #require(offered.note)
    #expect(text.en.contains("the tax office calls at ten") && text.en.contains("## Open incidents"))
    #expect(text.zh.contains("# 交接班记录") && text.zh.contains("## 未结事件案"))

    await bench.at(200)
    try await bench.restart()
    let taken = try await bench.core.takeShift(ShiftTake(), by: DutyBench.bo)
    #expect(taken.shift.person == "bo" && taken.note == text, "the note outlives the hub")
    let shifts = try bench.store.shifts()
    #expect(shifts.map(\.person) == ["bo", "ann"] && shifts[1].confirmedBy == "bo" && shifts[1].takenOver == nil)
    #expect(shifts[1].until == DutyBench.start.advanced(seconds: 200))
    let acts = try bench.store.audit(subject: "duty").map(\.act)
    #expect(acts.prefix(3) == ["take watch", "hand over watch", "take watch"])
    #expect(try bench.store.dutyLines().filter { $0.kind == .shift }.map(\.text.zh).count == 3)
    let watch = try #require(try await bench.core.overview(within: .all).watch)
    #expect(watch.name == "bo" && watch.isTaken && watch.next == "bo", "by the roster bo is next at noon")
    #expect(watch.until == DutyBench.start.advanced(seconds: 12 * 3600))
  }

  @Test("nobody takes a watch from its holder without a reason, and what was handed to one is not another's")
  func refusals() async throws {
    let bench = try await DutyBench()
    _ = try await bench.core.takeShift(ShiftTake(), by: DutyBench.ann)
    for (actor, request) in [(DutyBench.ann, ShiftTake()), (DutyBench.bo, ShiftTake())] {
      await #expect(throws: APIProblem.self) { try await bench.core.takeShift(request, by: actor) }
    }
    await #expect(throws: APIProblem.self) { try await bench.core.handOver(ShiftHandOver(), by: DutyBench.bo) }
    await #expect(throws: APIProblem.self) {
      try await bench.core.handOver(ShiftHandOver(to: "nobody"), by: DutyBench.ann)
    }
    _ = try await bench.core.handOver(ShiftHandOver(to: "eve"), by: DutyBench.ann)
    await #expect(throws: APIProblem.self) { try await bench.core.takeShift(ShiftTake(), by: DutyBench.bo) }
    let item = try await bench.core.takeShift(ShiftTake(over: "eve fell ill"), by: DutyBench.bo)
    #expect(item.shift.takenOver == "eve fell ill")
    #expect(try bench.store.shifts()[1].confirmedBy == nil)
  }

  @Test("whoever has taken the watch is assigned and paged, whatever the roster says")
  func holderIsCalled() async throws {
    let bench = try await DutyBench()
    _ = try await bench.core.takeShift(ShiftTake(), by: DutyBench.eve)
    let row = try await bench.alert(1, at: 5)
    await bench.at(6)
    #expect(try bench.store.row(row).triage.assignee == "eve")
    #expect(try bench.calls() == ["6 eve"])
  }

  @Test("how fast a shift answered is its own: median and 95th percentile")
  func statistics() async throws {
    let bench = try await DutyBench()
    _ = try await bench.core.takeShift(ShiftTake(), by: DutyBench.ann)
    for (place, seconds) in [10.0, 20, 30, 400].enumerated() {
      let row = try await bench.alert(place + 1, at: 0)
      await bench.at(1)
      try await bench.acknowledge(row, by: DutyBench.ann, at: seconds)
      await bench.at(seconds)
    }
    let answers = try #require(try await bench.core.overview(within: .all).watch?.answers)
    #expect(answers == AnswerStatistics(count: 4, median: 20, p95: 400, late: 1))
  }

  @Test("the log takes an officer's line and keeps it for ever")
  func log() async throws {
    let bench = try await DutyBench()
    let line = try await bench.core.writeLog(DutyRemark(text: "电话通知税务局"), by: DutyBench.ann)
    #expect(line.author == "ann" && line.text.en == "电话通知税务局")
    await #expect(throws: APIProblem.self) {
      try await bench.core.writeLog(DutyRemark(text: String(repeating: "x", count: 4001)), by: DutyBench.ann)
    }
  }
}
