import Records
import Services
import Testing
import Wire

@Suite struct EscalationTests {
  private static let start = Timestamp(seconds: 1_795_000_000)
  private static let chain = WatchChain(["ann", "bo", "eve"])
  private static let clocks = DutyClocks()

  private static func row(_ id: Int64 = 1, _ severity: Severity = .critical, site: String? = "tax") -> QueueRow {
    QueueRow(
      id: id, wing: .sensor, key: .alertGroup(rule: "1:\(id)", site: site, protected: "x"), title: BilingualText("t"),
      severity: severity, site: site, subject: "tax", check: "1:\(id)", firstSeen: start, lastSeen: start)
  }

  /// A watch that passes second by second, or by leaps.
  private struct Watch {
    var machine = Escalation()
    var pages: [DutyPage] = []
    var answers: [DutyAnswer] = []
    var last = Escalation.Step()

    mutating func see(_ row: QueueRow, at seconds: Double) {
      var step = Escalation.Step()
      machine.see(row, now: start.advanced(seconds: seconds), into: &step)
      answers += step.answers
    }
    mutating func tick(
      at seconds: Double, chain: WatchChain = chain, clocks: DutyClocks = clocks, pace: Double = 1,
      inIncident: Set<Int64> = []
    ) {
      last = Escalation.Step()
      machine.tick(
        now: start.advanced(seconds: seconds), chain: chain, clocks: clocks, pace: { _ in pace },
        isInIncident: inIncident.contains, into: &last)
      pages += last.pages
    }
    mutating func acknowledge(_ row: inout QueueRow, by person: String, at seconds: Double) {
      row.triage.state = .acknowledged
      row.triage.assignee = row.triage.assignee ?? person
      row.triage.changedBy = person
      row.triage.changedAt = start.advanced(seconds: seconds)
      row.triage.acknowledgedAt = row.triage.changedAt
      see(row, at: seconds)
    }
    func calls() -> [String] {
      pages.map { "\(Int64($0.time.nanoseconds(since: start) / 1_000_000_000)) \($0.person) \($0.step).\($0.round)" }
    }
  }

  @Test(
    "nobody acknowledges: the chain is called step by step, to the second, for three rounds, and then it is told",
    arguments: [(Severity.critical, 300), (.high, 900)])
  func rounds(severity: Severity, period: Int) {
    var watch = Watch()
    watch.see(Self.row(1, severity), at: 0)
    for second in 0...(period * 9 + 1) {
      watch.tick(at: Double(second))
      #expect(watch.last.forsaken == (second == period * 9 ? [1] : []), "second \(second)")
    }
    let people = ["ann", "bo", "eve"]
    #expect(watch.calls() == (0..<9).map { "\($0 * period) \(people[$0 % 3]) \($0 % 3 + 1).\($0 / 3 + 1)" })
    #expect(Set(watch.pages.map(\.id)).count == 9)
  }

  @Test("below high nobody is called, and an acknowledgement ends the calls at once")
  func acknowledged() {
    var watch = Watch()
    watch.see(Self.row(2, .medium), at: 0)
    var row = Self.row()
    watch.see(row, at: 0)
    watch.tick(at: 0)
    watch.tick(at: 299)
    watch.acknowledge(&row, by: "ann", at: 299.5)
    for second in 300...1799 { watch.tick(at: Double(second)) }
    #expect(watch.calls() == ["0 ann 1.1"])
    #expect(watch.answers.map(\.seconds) == [299.5])
    #expect(watch.answers.map(\.person) == ["ann"])
  }

  @Test("an acknowledgement runs out: the holder is asked once, then the lead, then nobody more")
  func heldTooLong() {
    var watch = Watch()
    var row = Self.row(1, .critical)
    row.triage.assignee = "ann"
    watch.see(row, at: 0)
    watch.tick(at: 1)
    watch.acknowledge(&row, by: "bo", at: 10)
    watch.pages = []
    for second in 11...9000 { watch.tick(at: Double(second)) }
    #expect(watch.calls() == ["1810 bo 1.1", "2110 eve 3.1"], "bo took what ann was given, so bo is asked")
    #expect(watch.pages.map(\.reason) == [.holderAsked, .leadAsked])
  }

  @Test("the acknowledgement's clock stands still while the row is in an open incident, and begins again at a comment")
  func paused() {
    var watch = Watch()
    var row = Self.row(1, .critical)
    watch.see(row, at: 0)
    watch.acknowledge(&row, by: "ann", at: 0)
    for second in 0...1000 { watch.tick(at: Double(second)) }
    for second in 1001...5000 { watch.tick(at: Double(second), inIncident: [1]) }
    #expect(watch.pages.isEmpty)
    for second in 5001...5799 { watch.tick(at: Double(second)) }
    #expect(watch.pages.isEmpty, "4,000 s in the incident did not count")
    row.comments += 1
    watch.see(row, at: 5800)
    for second in 5800...7599 { watch.tick(at: Double(second)) }
    #expect(watch.pages.isEmpty)
    watch.tick(at: 7600)
    #expect(watch.calls() == ["7600 ann 1.1"])
  }

  @Test("a row that comes back to new begins a clock of its own, with pages of its own")
  func comesBack() {
    var watch = Watch()
    var row = Self.row()
    watch.see(row, at: 0)
    watch.tick(at: 0)
    watch.acknowledge(&row, by: "ann", at: 5)
    row.triage.state = .new
    row.triage.returned = "severity rose to critical"
    watch.see(row, at: 4000)
    watch.tick(at: 4000)
    watch.tick(at: 4299)
    watch.tick(at: 4300)
    #expect(watch.calls() == ["0 ann 1.1", "4000 ann 1.1", "4300 bo 2.1"])
    #expect(Set(watch.pages.map(\.id)).count == 3)
  }

  @Test("a step that nobody has is passed over, and where nobody is at all it is told once and made good later")
  func vacancies() {
    var watch = Watch()
    watch.see(Self.row(), at: 0)
    watch.tick(at: 0, chain: WatchChain([nil, nil, nil]))
    #expect(watch.last.orphans == [1])
    watch.tick(at: 1, chain: WatchChain([nil, nil, nil]))
    #expect(watch.last.orphans == [])
    watch.tick(at: 2, chain: WatchChain([nil, "bo", nil]))
    watch.tick(at: 300, chain: WatchChain(["ann", nil, "eve"]))
    #expect(watch.calls() == ["2 bo 2.1", "300 eve 3.1"])
  }

  @Test("after an hour without a tick each person is called once, not once for each step that was missed")
  func catchesUp() {
    var watch = Watch()
    watch.see(Self.row(), at: 0)
    watch.tick(at: 0)
    watch.tick(at: 3600)
    #expect(watch.calls() == ["0 ann 1.1", "3600 ann 1.3", "3600 bo 2.3", "3600 eve 3.3"])
  }

  @Test("twelve hundred rows whose clocks run out together are gone through in three seconds, not in one")
  func flood() {
    var watch = Watch()
    for id in 1...1200 { watch.see(Self.row(Int64(id)), at: 0) }
    for second in 0...2 {
      watch.tick(at: Double(second))
      #expect(watch.last.changed.count <= Escalation.mostChanges)
    }
    #expect(watch.machine.cases.values.allSatisfy { $0.called == 1 })
    for second in 300...302 { watch.tick(at: Double(second)) }
    #expect(watch.machine.cases.values.allSatisfy { $0.called == 2 })
    #expect(watch.pages.count { $0.person == "ann" && $0.reason == .waiting } == 10)
  }

  @Test("a guard period halves the clocks")
  func tightened() {
    var watch = Watch()
    watch.see(Self.row(), at: 0)
    for second in 0...150 { watch.tick(at: Double(second), pace: 0.5) }
    #expect(watch.calls() == ["0 ann 1.1", "150 bo 2.1"])
  }

  @Test("what waited in a spool for an hour has its full time: nobody could have acknowledged it before")
  func late() {
    var watch = Watch()
    watch.see(Self.row(), at: 3600)
    watch.tick(at: 3600)
    watch.tick(at: 3899)
    watch.tick(at: 3900)
    #expect(watch.calls() == ["3600 ann 1.1", "3900 bo 2.1"])
  }

  @Test(
    "the eleventh page of an hour waits, a digest names all that wait, and none of them that was answered meanwhile")
  func budget() {
    var watch = Watch()
    for id in 1...14 { watch.see(Self.row(Int64(id)), at: 0) }
    watch.tick(at: 0)
    #expect(watch.pages.count == 10)
    var answered = Self.row(12)
    watch.acknowledge(&answered, by: "bo", at: 30)
    for second in 1...60 { watch.tick(at: Double(second)) }
    #expect(watch.pages.count == 11)
    let digest = watch.pages[10]
    #expect(digest.reason == .digest && digest.rows == [11, 13, 14] && digest.person == "ann")
    for second in 61...3599 { watch.tick(at: Double(second)) }
    let anns = watch.pages.filter { $0.person == "ann" }
    #expect(anns.count { $0.reason == .digest } == 1)
    #expect(anns.count == 11, "within the hour ann got ten pages and one digest")
  }

  @Test("drills are paged beside the budget of what is real")
  func drills() {
    var watch = Watch()
    for id in 1...12 {
      var row = Self.row(Int64(id))
      if id <= 10 { row.check = Drill.checkPrefix + "1" }
      watch.see(row, at: 0)
    }
    watch.tick(at: 0)
    #expect(watch.pages.count == 12 && watch.pages.count(where: \.isDrill) == 10)
  }

  @Test("restored from what was kept at any second, it goes on to the same pages", arguments: [1, 299, 300, 301, 777])
  func restored(at second: Int) throws {
    func run(restoring: Bool) throws -> [DutyPage] {
      var watch = Watch()
      for id in 1...12 { watch.see(Self.row(Int64(id), id % 2 == 0 ? .high : .critical), at: 0) }
      for now in 0...2000 {
        watch.tick(at: Double(now))
        guard restoring, now == second else { continue }
        let cases = try watch.machine.cases.values.map { try RecordJSON.text($0) }
          .map { try RecordJSON.decode(DutyCase.self, from: $0) }
        let budgets = try watch.machine.budgets.mapValues { try RecordJSON.text($0) }
          .mapValues { try RecordJSON.decode(PagingBudget.self, from: $0) }
        watch.machine = Escalation(cases: cases, budgets: budgets)
      }
      return watch.pages
    }
    #expect(try run(restoring: true) == run(restoring: false))
  }

  @Test(
    "whatever comes in whatever order: never over the budget, each row at its step, nobody after it was taken",
    arguments: 1...40 as ClosedRange<UInt64>)
  func walk(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var watch = Watch()
    var rows: [Int64: QueueRow] = [:]
    var taken: [Int64: Double] = [:]
    var now = 0.0
    for _ in 0..<600 {
      now += Double(Int.random(in: 0...90, using: &random))
      let id = Int64.random(in: 1...30, using: &random)
      switch Int.random(in: 0...5, using: &random) {
      case 0, 1, 2:
        guard rows[id] == nil else { break }
        var row = Self.row(id, Severity.allCases.randomElement(using: &random) ?? .high)
        row.firstSeen = Self.start.advanced(seconds: now)
        rows[id] = row
        watch.see(row, at: now)
      case 3:
        guard var row = rows[id], row.triage.state == .new else { break }
        watch.acknowledge(&row, by: "ann", at: now)
        rows[id] = row
        taken[id] = now
      case 4:
        guard var row = rows[id], row.triage.state == .acknowledged else { break }
        row.triage.state = .closed
        row.triage.verdict = .benign
        watch.see(row, at: now)
        rows[id] = nil
        taken[id] = nil
      default:
        guard var row = rows[id], row.triage.state == .acknowledged else { break }
        row.triage.state = .new
        row.triage.returned = "rate"
        watch.see(row, at: now)
        rows[id] = row
        taken[id] = nil
      }
      watch.tick(at: now)
      for page in watch.last.pages where page.reason == .waiting {
        #expect(taken[page.row] == nil && rows[page.row] != nil, "seed \(seed): row \(page.row) was taken")
      }
      for page in watch.last.pages where page.reason == .digest {
        #expect(page.rows.allSatisfy { rows[$0] != nil }, "seed \(seed)")
      }
      for value in watch.machine.cases.values where value.stage == .waiting {
        let expected = value.expected(Self.clocks, pace: 1, now: Self.start.advanced(seconds: now))
        #expect(value.called == expected, "seed \(seed): row \(value.row)")
      }
    }
    for person in ["ann", "bo", "eve"] {
      let times = watch.pages.filter { $0.person == person && $0.reason != .digest }.map(\.time)
      let digests = watch.pages.filter { $0.person == person && $0.reason == .digest }.map(\.time)
      for (place, time) in times.enumerated() where place >= 10 {
        #expect(time.nanoseconds(since: times[place - 10]) >= PagingBudget.hour, "seed \(seed)")
      }
      #expect(zip(digests, digests.dropFirst()).allSatisfy { $1.nanoseconds(since: $0) >= PagingBudget.hour })
    }
    #expect(Set(watch.pages.map(\.id)).count == watch.pages.count, "seed \(seed): no id twice")
  }
}
