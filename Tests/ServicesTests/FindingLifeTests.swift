import Records
import Services
import Testing
import Wire

@Suite struct FindingLifeTests {
  static let now = NoticeMachineTests.start
  static let wang = NoticeMachineTests.wang

  static func finding(_ state: FindingState) -> Finding {
    let row = QueueRow(
      id: 4, wing: .scanner, key: FoldKey(rawValue: "k"), title: BilingualText("t"), severity: .high, site: "tax",
      organisation: "tax", subject: "tax.example", check: "tls.old", firstSeen: now, lastSeen: now,
      findingState: state)
    var finding = Finding(
      row: row, weakness: "tls.old", target: Target(scheme: "https", host: "tax.example", port: 443),
      engines: ["tls": 100])
    if state == .accepted || state == .falsePositive { finding.until = now.advanced(seconds: 86_400) }
    return finding
  }

  struct Case: Sendable, CustomTestStringConvertible {
    var act: FindingLife.Act
    /// Before -> after; where a state is missing, it stays or is refused as `refuses` says.
    var moves: [FindingState: FindingState]
    var refuses: Set<FindingState> = []
    var testDescription: String { act.name }
  }

  private static let dead: Set<FindingState> = [.verified, .accepted, .falsePositive, .moved]
  private static let live = FindingState.allCases.filter(\.isLive)
  private static func all(_ after: FindingState) -> [FindingState: FindingState] {
    Dictionary(uniqueKeysWithValues: live.map { ($0, after) })
  }

  static let cases = [
    Case(act: .notify, moves: [.open: .notified, .reopened: .notified]),
    Case(act: .receive, moves: [.open: .received, .notified: .received, .reopened: .received]),
    Case(
      act: .fix,
      moves: [.open: .fixing, .notified: .fixing, .received: .fixing, .reopened: .fixing, .unverifiable: .fixing]),
    Case(act: .claim, moves: all(.claimed), refuses: dead),
    Case(act: .refuse, moves: [.claimed: .reopened, .unverifiable: .reopened]),
    Case(act: .blocked, moves: [.claimed: .unverifiable]),
    Case(
      act: .accept(until: now.advanced(seconds: 86_400), reason: "old"), moves: all(.accepted), refuses: dead),
    Case(
      act: .falsePositive(until: now.advanced(seconds: 86_400), reason: "no"), moves: all(.falsePositive),
      refuses: dead),
    Case(act: .expire, moves: [:]),
  ]

  @Test("each act moves a finding where the table says; nothing but a look makes one verified", arguments: cases)
  func table(_ row: Case) {
    for state in FindingState.allCases {
      let before = Self.finding(state)
      switch FindingLife.apply(row.act, to: before, by: Self.wang, at: Self.now) {
      case .failure(let refusal):
        #expect(row.refuses.contains(state) && refusal.words.zh != refusal.words.en, "\(state)")
      case .success(let after):
        #expect(!row.refuses.contains(state), "\(state)")
        #expect(after.state == row.moves[state] ?? state, "\(state)")
        #expect(after.state != .verified || state == .verified)
      }
    }
  }

  @Test("who takes a finding out of the work says why and until when, within a year; then it comes back")
  func settlement() throws {
    func accept(_ days: Double, _ reason: String) throws -> Finding {
      try FindingLife.apply(
        .accept(until: Self.now.advanced(seconds: days * 86_400), reason: reason), to: Self.finding(.open),
        by: Self.wang, at: Self.now
      ).get()
    }
    #expect(throws: ActRefusal.self) { try accept(10, " ") }
    #expect(throws: ActRefusal.self) { try accept(-1, "old") }
    #expect(throws: ActRefusal.self) { try accept(400, "old") }
    let accepted = try accept(10, "old")
    #expect(accepted.settlement == Finding.Settlement(by: "wang", reason: "old", at: Self.now))
    func expired(_ days: Double) throws -> Finding {
      try FindingLife.apply(.expire, to: accepted, by: Self.wang, at: Self.now.advanced(seconds: days * 86_400)).get()
    }
    #expect(try expired(9).state == .accepted)
    let back = try expired(10)
    #expect(back.state == .reopened && back.settlement == nil && back.until == nil && back.reopened == 1)
  }

  @Test("a sighting from before the claim does not refute it")
  func earlySight() throws {
    func sight(_ seconds: Double) -> Observation {
      Observation(
        time: Self.now.advanced(seconds: seconds), engine: "tls", check: "tls.old", title: BilingualText("t"),
        severity: .high, site: "tax", target: Target(scheme: "https", host: "tax.example", port: 443), answer: .yes)
    }
    let owner = SiteAttribution(site: "tax", organisation: "tax", subject: "tax.example")
    let found = try #require(FindingFold.absorb(sight(-100), owner, nil, Self.now))
    let claimed = try FindingLife.apply(.claim, to: found, by: Self.wang, at: Self.now).get()
    #expect(FindingFold.absorb(sight(-1), owner, claimed, Self.now)?.state == .claimed)
    #expect(FindingFold.absorb(sight(1), owner, claimed, Self.now)?.state == .reopened)
  }

  @Test("what a retest comes to, by what its engines could see")
  func verdicts() {
    var retest = Retest(id: 1, finding: 4, reason: .claim, due: Self.now)
    retest.since = Self.now
    retest.looks = [Retest.Look(site: "tax", engine: "tls", answered: Self.now)]
    var finding = Self.finding(.claimed)
    #expect(RetestVerdict.of(retest, finding) == .open("no engine could tell"))
    retest.looks[0].obstacle = "connection refused"
    #expect(RetestVerdict.of(retest, finding) == .open("connection refused"))
    retest.looks[0].isBlocked = true
    #expect(RetestVerdict.of(retest, finding) == .unverifiable)
    retest.reason = .day7
    #expect(RetestVerdict.of(retest, finding) == .open("connection refused"))
    finding.row.findingState = .verified
    retest.reason = .claim
    #expect(RetestVerdict.of(retest, finding) == .gone)
    #expect(RetestVerdict.pause(afterTries: 0) == 3600 && RetestVerdict.pause(afterTries: 99) == 16 * 3600)
  }

  @Test(
    "what was verified is gone on a later day only where each engine said no since; who was kept out has not looked",
    arguments: [Retest.Reason.asked, .day7, .day30])
  func laterLooks(_ reason: Retest.Reason) {
    func word(_ answer: Observation.Answer, _ engine: String = "tls", at seconds: Double) -> EngineAnswer {
      let time = Self.now.advanced(seconds: seconds)
      return EngineAnswer(
        Observation(
          time: time, engine: engine, check: "tls.old", title: BilingualText("t"), severity: .high, site: "tax",
          target: Target(scheme: "https", host: "tax.example", port: 443), answer: answer), place: "tax", at: time)
    }
    var retest = Retest(id: 1, finding: 4, reason: reason, due: Self.now)
    retest.since = Self.now
    retest.looks = ["tls", "template"].map { Retest.Look(site: "tax", engine: $0, answered: Self.now) }
    var finding = Self.finding(.verified)
    #expect(RetestVerdict.of(retest, finding) == .open("no engine could tell"))
    // The word that verified it is of before.
    finding.answers = [word(.no, at: -1), word(.no, "template", at: -1)]
    #expect(RetestVerdict.of(retest, finding) == .open("no engine could tell"))
    finding.answers = [word(.no, at: 1), word(.no, "template", at: -1)]
    #expect(RetestVerdict.of(retest, finding) == .open("no engine could tell"))
    retest.looks[1].obstacle = "blocked by a WAF"
    retest.looks[1].isBlocked = true
    #expect(RetestVerdict.of(retest, finding) == (reason == .asked ? .unverifiable : .open("blocked by a WAF")))
    finding.answers[1] = word(.notDetermined(reason: "blocked by a WAF"), "template", at: 1)
    #expect(RetestVerdict.of(retest, finding) != .gone)
    // Kept out of other things, and the weakness itself was seen not to be there.
    finding.answers[1] = word(.no, "template", at: 1)
    #expect(RetestVerdict.of(retest, finding) == .gone)
    finding.answers[0] = word(.yes, at: 1)
    #expect(RetestVerdict.of(retest, finding) == .stillThere)
  }
  @Test("a later look is given up a week after its day; a claim never")
  func givenUp() {
    var finding = Self.finding(.verified)
    finding.verifiedAt = Self.now
    func isOver(_ reason: Retest.Reason, _ days: Double) -> Bool {
      RetestVerdict.isOver(
        Retest(finding: 4, reason: reason, due: Self.now), finding, at: Self.now.advanced(seconds: days * 86_400))
    }
    #expect(!isOver(.day7, 13.9) && isOver(.day7, 14))
    #expect(!isOver(.day30, 36.9) && isOver(.day30, 37))
    #expect(!isOver(.claim, 1000) && !isOver(.asked, 1000))
  }
}
