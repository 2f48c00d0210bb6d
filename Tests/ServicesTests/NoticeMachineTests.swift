import Records
import Services
import Testing
import Wire

/// A notice's life by tables, and by random walks against what must always hold.
@Suite struct NoticeMachineTests {
  /// A Monday.
  static let start = Timestamp(seconds: 1_772_409_600)
  static let machine = NoticeMachine(times: NoticeTimes())
  static let li = Actor(name: "li", origin: "test")
  static let wang = Actor(name: "wang", origin: "test")

  static func draft(_ kind: NoticeKind = .notice, findings: [Int64] = [1, 2]) -> Notice {
    Notice(
      id: 7, kind: kind, colour: kind == .warning ? .blue : nil, severity: .high, organisation: "tax",
      findings: findings, title: BilingualText("t"), author: "li", created: start)
  }

  static func at(_ state: NoticeState, after seconds: Double = 0) throws -> Notice {
    var notice = draft()
    let now = start.advanced(seconds: seconds)
    if state == .draft { return notice }
    notice = try machine.apply(.approve, to: notice, by: wang, at: now).get().notice
    if state == .approved { return notice }
    notice = try machine.apply(.send(fixDue: [:]), to: notice, by: wang, at: now).get().notice
    if state == .sent { return notice }
    if state == .lifted { return try machine.apply(.lift(reason: "r"), to: notice, by: wang, at: now).get().notice }
    notice = try machine.apply(.answer(answer(.receipt, now)), to: notice, by: li, at: now).get().notice
    switch state {
    case .feedback: return try machine.apply(.answer(answer(.dispute, now)), to: notice, by: li, at: now).get().notice
    case .retest: return try machine.apply(.answer(answer(.fixed, now)), to: notice, by: li, at: now).get().notice
    case .closed:
      return try machine.apply(.close(reason: "r", live: []), to: notice, by: wang, at: now).get().notice
    default: return notice
    }
  }

  static func answer(_ kind: NoticeAnswer.Kind, _ now: Timestamp) -> NoticeAnswer {
    NoticeAnswer(
      kind, name: "Li Si", at: now, from: "test", text: "because",
      until: kind == .moreTime ? now.advanced(seconds: 5 * 86_400) : nil)
  }

  struct Case: Sendable, CustomTestStringConvertible {
    var act: String
    /// State before -> after; a state that is not here refuses.
    var moves: [NoticeState: NoticeState]
    var testDescription: String { act }
  }

  static let cases = [
    Case(act: "approve", moves: [.draft: .approved]),
    Case(act: "send", moves: [.approved: .sent]),
    Case(act: "receipt", moves: [.sent: .received]),
    Case(act: "fixed", moves: [.sent: .retest, .received: .retest, .feedback: .retest]),
    Case(act: "retest", moves: [.sent: .retest, .received: .retest, .feedback: .retest]),
    Case(act: "moreTime", moves: [.sent: .feedback, .received: .feedback, .feedback: .feedback]),
    Case(act: "dispute", moves: [.sent: .feedback, .received: .feedback, .feedback: .feedback]),
    Case(act: "extend", moves: [.sent: .sent, .received: .received, .feedback: .feedback]),
    Case(
      act: "lift",
      moves: [
        .draft: .lifted, .approved: .lifted, .sent: .lifted, .received: .lifted, .feedback: .lifted, .retest: .lifted,
      ]),
    Case(act: "close", moves: [.sent: .closed, .received: .closed, .feedback: .closed, .retest: .closed]),
  ]

  static func act(_ name: String, _ now: Timestamp) -> NoticeMachine.Act {
    switch name {
    case "approve": .approve
    case "send": .send(fixDue: [:])
    case "extend": .extend(until: now.advanced(seconds: 60 * 86_400), reason: "r")
    case "lift": .lift(reason: "r")
    case "close": .close(reason: "r", live: [])
    default: .answer(answer(NoticeAnswer.Kind(rawValue: name) ?? .receipt, now))
    }
  }

  @Test("each act moves a notice where the table says, and is refused everywhere else", arguments: cases)
  func table(_ row: Case) throws {
    for state in NoticeState.allCases {
      let before = try Self.at(state)
      let now = Self.start.advanced(seconds: 60)
      let result = Self.machine.apply(Self.act(row.act, now), to: before, by: Self.wang, at: now)
      switch (result, row.moves[state]) {
      case (.success(let step), let after?): #expect(step.notice.state == after, "\(row.act) from \(state)")
      case (.failure(let refusal), nil): #expect(refusal.words.zh != refusal.words.en)
      case (.success(let step), nil): Issue.record("\(row.act) from \(state) came to \(step.notice.state)")
      case (.failure(let refusal), _?): Issue.record("\(row.act) from \(state): \(refusal)")
      }
    }
  }

  @Test("the author does not approve, nor an editor; a rule only reminders and certificates")
  func approval() throws {
    func approved(_ notice: Notice, _ actor: Actor) -> Bool {
      (try? Self.machine.apply(.approve, to: notice, by: actor, at: Self.start).get()) != nil
    }
    var edited = Self.draft()
    edited.editors = ["wang"]
    #expect(!approved(Self.draft(), Self.li) && approved(Self.draft(), Self.wang) && !approved(edited, Self.wang))
    var certificate = Self.draft(.warning, findings: [])
    certificate.cause = "certificate.ends/tax"
    #expect(approved(certificate, NoticeMachine.ruleActor))
    #expect(approved(Self.draft(.reminder), NoticeMachine.ruleActor))
    certificate.cause = "support.ends/tax"
    #expect(!approved(certificate, NoticeMachine.ruleActor) && !approved(Self.draft(), NoticeMachine.ruleActor))
  }

  @Test("nobody closes a notice of which a finding was not seen to be gone")
  func closing() throws {
    let notice = try Self.at(.received)
    #expect {
      try Self.machine.apply(.close(reason: "r", live: [2]), to: notice, by: Self.wang, at: Self.start).get()
    } throws: { "\($0)" == "finding 2 was not seen to be gone, and nobody has settled it" }
  }

  @Test("what the retests come to: closed by proof, back to its owner, or open where only we are kept out")
  func settling() throws {
    let retest = try Self.at(.retest)
    func settled(_ notice: Notice, _ a: FindingState, _ b: FindingState) -> NoticeMachine.Step? {
      Self.machine.settle(notice, [1: a, 2: b], at: Self.start)
    }
    #expect(settled(retest, .verified, .verified)?.notice.state == .closed)
    #expect(settled(retest, .verified, .claimed) == nil)
    #expect(settled(retest, .verified, .reopened)?.notice.state == .received)
    #expect(settled(retest, .verified, .reopened)?.tellings.map(\.topic) == [.refused])
    #expect(settled(retest, .unverifiable, .verified)?.notice.state == .feedback)
    #expect(settled(retest, .unverifiable, .verified)?.tasks.map(\.kind) == [.unverifiable])
    #expect(settled(retest, .accepted, .verified)?.notice.state == .feedback)
    #expect(settled(try Self.at(.draft), .verified, .verified)?.notice.state == .lifted)
    #expect(settled(try Self.at(.sent), .notified, .verified) == nil)
    #expect(settled(try Self.at(.closed), .verified, .verified) == nil)
  }

  @Test("reminders come at 50, 80 and 100 percent and then daily; supervision rises a level a day, to the third")
  func clock() throws {
    var notice = try Self.at(.received)
    let due = try #require(notice.due)
    let length = Double(due.nanoseconds(since: Self.start)) / 1e9
    var told: [(Double, String)] = []
    var now = Self.start
    while now < due.advanced(seconds: 5 * 86_400) {
      now = try #require(Self.machine.nextLook(notice))
      let step = try #require(Self.machine.elapse(notice, at: now), "at \(now.text)")
      notice = step.notice
      for telling in step.tellings {
        told.append((Double(now.nanoseconds(since: Self.start)) / 1e9, "\(telling.topic) \(telling.level)"))
      }
      // Told once, and not before it is due.
      #expect(Self.machine.elapse(notice, at: now) == nil)
    }
    let day = 86_400.0
    let marks = told.map { "\(Int($0.0.rounded())) \($0.1)" }
    func mark(_ seconds: Double, _ text: String) -> String { "\(Int(seconds.rounded())) \(text)" }
    #expect(
      marks.prefix(9)
        == [
          mark(length * 0.5, "reminder 0"), mark(length * 0.8, "reminder 0"), mark(length, "reminder 0"),
          mark(length, "supervision 1"), mark(length + day, "reminder 0"), mark(length + day, "supervision 2"),
          mark(length + 2 * day, "reminder 0"), mark(length + 2 * day, "supervision 3"),
          mark(length + 3 * day, "reminder 0"),
        ])
    #expect(notice.supervision == 3)
  }

  @Test("after a pause one reminder stands for those that were missed; a clock set back tells nothing again")
  func pause() throws {
    var notice = try Self.at(.received)
    let due = try #require(notice.due)
    let step = try #require(Self.machine.elapse(notice, at: due.advanced(seconds: 30 * 86_400)))
    #expect(step.tellings.map(\.topic) == [.reminder, .supervision] && step.notice.supervision == 1)
    notice = step.notice
    #expect(Self.machine.elapse(notice, at: due.advanced(seconds: -86_400)) == nil)
  }

  @Test("a fourth weekend day that is worked, a week of holidays: ten working days as the calendar says")
  func workingDays() {
    let day: Int64 = 86_400
    // 2026-09-28, a Monday; holidays 1 to 7 October, Saturday the 10th is worked.
    let monday = Timestamp(seconds: 20_724 * day + 3600)
    let calendar = WorkingCalendar(
      holidays: Set(20_727...20_733), workdays: [20_736], years: [2026], utcOffset: 8 * 3600)
    // 29, 30 September; 8, 9, 10, 12, 13, 14, 15, 16 October.
    #expect(calendar.end(ofWorkingDay: 10, after: monday) == Timestamp(seconds: 20_743 * day - 8 * 3600))
    #expect(WorkingCalendar().end(ofWorkingDay: 10, after: monday) == Timestamp(seconds: 20_739 * day))
    let never = WorkingCalendar(holidays: Set(20_000...30_000))
    #expect(never.end(ofWorkingDay: 250, after: monday) > monday)
  }

  @Test("through any acts at any times: no state is left that ended, no approval by the author, no telling twice")
  func walk() throws {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<200 {
      let seed = random.next()
      var walk = SeededRandom(seed: seed)
      var notice = Self.draft()
      var now = Self.start
      var told: Set<String> = []
      for _ in 0..<120 {
        now = now.advanced(seconds: Double(Int.random(in: 0..<3 * 86_400, using: &walk)))
        let before = notice
        for step in steps(notice, now, &walk) {
          notice = step.notice
          for telling in step.tellings { #expect(told.insert(telling.key).inserted, "seed \(seed): \(telling.key)") }
        }
        check(before, notice, now, seed)
      }
    }
  }

  private func steps(_ notice: Notice, _ now: Timestamp, _ walk: inout SeededRandom) -> [NoticeMachine.Step] {
    let names = Self.cases.map(\.act) + ["time", "time", "settle"]
    let name = names.randomElement(using: &walk) ?? "time"
    switch name {
    case "time": return [Self.machine.elapse(notice, at: now)].compactMap(\.self)
    case "settle":
      let states = [FindingState.claimed, .verified, .reopened, .unverifiable, .accepted]
      let pick = Dictionary(
        uniqueKeysWithValues: [Int64(1), 2].map { ($0, states.randomElement(using: &walk) ?? .claimed) })
      return [Self.machine.settle(notice, pick, at: now)].compactMap(\.self)
    default:
      let actor = Bool.random(using: &walk) ? Self.li : Self.wang
      return [try? Self.machine.apply(Self.act(name, now), to: notice, by: actor, at: now).get()].compactMap(\.self)
    }
  }

  private func check(_ before: Notice, _ after: Notice, _ now: Timestamp, _ seed: UInt64) {
    #expect(before.state.isOpen || after == before, "seed \(seed): \(before.state) moved on")
    #expect(after.approver != after.author, "seed \(seed)")
    #expect((after.approved != nil) || [.draft, .lifted].contains(after.state), "seed \(seed): \(after.state)")
    #expect(after.supervision >= before.supervision && after.supervision <= 3, "seed \(seed)")
    #expect(after.state.isOpen == (after.closed == nil), "seed \(seed)")
    if let look = Self.machine.nextLook(after), look > now {
      #expect(
        Self.machine.elapse(after, at: Timestamp(nanoseconds: look.nanoseconds - 1)) == nil, "seed \(seed): early")
    }
  }
}
