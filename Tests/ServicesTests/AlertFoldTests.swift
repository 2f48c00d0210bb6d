import Records
import Testing
import Wire

@testable import Services

struct AlertFoldTests {
  static let start = Timestamp(seconds: 1_795_000_000)
  static let site = SiteAttribution(site: "a", subject: "a.example")

  static func alert(
    after seconds: Double = 0, severity: Severity = .medium, status: Int? = nil, action: String = "allowed",
    source: UInt32 = 1
  ) -> AlertRecord {
    AlertRecord(
      timestamp: start.advanced(seconds: seconds), source: IPAddress(v4: source), destination: IPAddress(v4: 9),
      destinationPort: 80, signature: .init(sid: 1, message: "m", severity: severity), action: action,
      context: .init(url: "/x", status: status, sensor: "s1"))
  }
  static func fold(_ alerts: [AlertRecord], into group: AlertGroup? = nil) -> AlertGroup? {
    alerts.reduce(group) { AlertFold.absorb($1, site, $0, start.advanced(seconds: 1_000_000)) }
  }
  static func stored(_ state: TriageState, acknowledgedHits: Int64 = 1) throws -> AlertGroup {
    var group = try #require(fold([alert()]))
    group.row.id = 7
    group.row.triage.state = state
    group.rate.acknowledged = acknowledgedHits
    return group
  }

  @Test("Alerts of one rule and site are one row with counts and facets")
  func folds() throws {
    let group = try #require(
      AlertFoldTests.fold((0..<5).map { AlertFoldTests.alert(after: Double($0), source: UInt32($0 % 2)) }))
    #expect(group.row.count == 5)
    #expect(group.facets.sources.top.map(\.count) == [3, 2])
    #expect(group.row.firstSeen == AlertFoldTests.start)
    #expect(group.row.lastSeen == AlertFoldTests.start.advanced(seconds: 4))
    #expect(group.row.key == FoldKey.alertGroup(rule: "1:1", site: "a", protected: "a.example"))
  }

  @Test(
    "What a further alert does to a row in each state",
    arguments: [
      // state, hours later, severity, status, same row, state after
      (TriageState.new, 100.0, Severity.medium, nil, true, TriageState.new),
      (.escalated, 100, .medium, nil, true, .escalated),
      (.escalated, 1, .critical, nil, true, .escalated),
      (.shelved, 100, .medium, nil, true, .shelved),
      (.shelved, 1, .high, nil, true, .new),
      (.acknowledged, 1, .medium, nil, true, .acknowledged),
      (.acknowledged, 25, .medium, nil, false, .new),
      (.acknowledged, 1, .high, nil, true, .new),
      (.acknowledged, 1, .low, nil, true, .acknowledged),
      (.acknowledged, 1, .medium, 200, true, .acknowledged),
      (.closed, 1, .medium, nil, true, .closed),
      (.closed, 1, .critical, nil, true, .new),
      (.closed, 25, .medium, nil, false, .new),
    ] as [(TriageState, Double, Severity, Int?, Bool, TriageState)])
  func table(
    state: TriageState, hours: Double, severity: Severity, status: Int?, same: Bool, after: TriageState
  ) throws {
    let before = try AlertFoldTests.stored(state)
    let alert = AlertFoldTests.alert(after: hours * 3600, severity: severity, status: status)
    let group = try #require(AlertFoldTests.fold([alert], into: before))
    #expect((group.row.id == 7) == same)
    #expect(group.row.count == (same ? 2 : 1))
    #expect(group.row.triage.state == after)
    #expect((group.row.triage.returned != nil) == (state != after && same))
  }

  @Test("An acknowledged row comes back at ten times the hourly rate, and only then")
  func rate() throws {
    var group = try AlertFoldTests.stored(.acknowledged, acknowledgedHits: 3)
    for hit in 1...40 {
      group = try #require(AlertFoldTests.fold([AlertFoldTests.alert(after: 3600)], into: group))
      #expect(group.row.triage.state == (hit < 30 ? .acknowledged : .new), "hit \(hit)")
    }
    #expect(group.row.triage.returned == "rate rose tenfold")
  }

  @Test("A sensor whose clock runs ahead cannot hold a row open for ever")
  func clock() throws {
    let now = AlertFoldTests.start
    let group = AlertFold.absorb(AlertFoldTests.alert(after: 1e8), AlertFoldTests.site, nil, now)
    #expect(group.row.lastSeen == now.advanced(seconds: AlertFold.clockSkewSeconds))
  }

  @Test(
    "The outcome is judged from the response",
    arguments: [
      (nil, "allowed", Outcome.notDetermined), (200, "allowed", .attempted), (404, "allowed", .failed),
      (500, "allowed", .attempted), (200, "blocked", .failed),
    ] as [(Int?, String, Outcome)])
  func outcomes(status: Int?, action: String, expected: Outcome) {
    #expect(
      OutcomeJudge.judge(AlertFoldTests.alert(status: status, action: action), AlertFoldTests.site).outcome == expected)
  }

  @Test("An attack on a weakness that the site's scan shows is a step severer, attempted at least, and says why")
  func weaknessBehind() {
    var shown = AlertFoldTests.site
    shown.weakness = 12
    let alert = AlertFoldTests.alert(status: nil)
    let plain = AlertFold.absorb(alert, AlertFoldTests.site, nil, alert.timestamp)
    let behind = AlertFold.absorb(alert, shown, nil, alert.timestamp)
    #expect(behind.row.severity.rank == min(plain.row.severity.rank + 1, 4))
    #expect(plain.row.outcome == .notDetermined && behind.row.outcome == .attempted && behind.weakness == 12)
    #expect(AlertFold.absorb(AlertFoldTests.alert(status: 404), shown, nil, alert.timestamp).row.outcome == .failed)
    // The scan comes after the watch has acknowledged: the next hit brings the row back.
    var acknowledged = plain
    acknowledged.row.triage.state = .acknowledged
    let back = AlertFold.absorb(alert, shown, acknowledged, alert.timestamp)
    #expect(back.row.triage.state == .new)
    #expect(back.row.triage.returned?.hasSuffix("the site shows the weakness attacked (row 12)") == true)
    // Mended since: what was severe stays so in its row.
    #expect(AlertFold.absorb(alert, AlertFoldTests.site, back, alert.timestamp).row.severity == behind.row.severity)
  }
}

struct FindingFoldTests {
  static let day = 86_400.0
  static let site = SiteAttribution(site: "a", subject: "a.example")

  static func observation(
    _ answer: Observation.Answer, day: Double = 0, engine: String = "tls", severity: Severity = .high,
    confidence: Int = 100
  ) -> Observation {
    Observation(
      time: AlertFoldTests.start.advanced(seconds: day * FindingFoldTests.day), engine: engine, check: "w",
      title: BilingualText("t"), severity: severity, target: Target(scheme: "https", host: "a.example", port: 443),
      answer: answer, confidence: confidence)
  }
  static func fold(_ observation: Observation, _ finding: Finding?) -> Finding? {
    FindingFold.absorb(observation, site, finding, AlertFoldTests.start.advanced(seconds: 1e9))
  }
  static func stored(_ state: FindingState, until: Double? = nil) throws -> Finding {
    var finding = try #require(fold(observation(.yes), nil))
    finding.row.id = 7
    finding.row.findingState = state
    finding.row.triage.state = .acknowledged
    if state == .verified { finding.verifiedAt = AlertFoldTests.start }
    finding.until = until.map { AlertFoldTests.start.advanced(seconds: $0 * day) }
    return finding
  }

  @Test(
    "What a further yes does to a finding in each state",
    arguments: [
      // state, accepted until day, seen on day, same finding, state after, back to new
      (FindingState.open, nil, 1, true, FindingState.open, false),
      (.notified, nil, 1, true, .notified, false), (.received, nil, 1, true, .received, false),
      (.fixing, nil, 1, true, .fixing, false), (.reopened, nil, 1, true, .reopened, false),
      (.claimed, nil, 1, true, .reopened, true), (.unverifiable, nil, 1, true, .reopened, true),
      (.verified, nil, 89, true, .reopened, true), (.verified, nil, 91, false, .open, false),
      (.accepted, 10, 5, true, .accepted, false), (.accepted, 10, 11, true, .reopened, true),
      (.falsePositive, 10, 5, true, .falsePositive, false), (.falsePositive, 10, 11, true, .reopened, true),
      (.accepted, nil, 5, true, .accepted, false), (.moved, nil, 1, true, .reopened, true),
    ] as [(FindingState, Double?, Double, Bool, FindingState, Bool)])
  func yes(state: FindingState, until: Double?, day: Double, same: Bool, after: FindingState, returns: Bool) throws {
    let before = try FindingFoldTests.stored(state, until: until)
    let finding = try #require(FindingFoldTests.fold(FindingFoldTests.observation(.yes, day: day), before))
    #expect((finding.row.id == 7) == same)
    #expect(finding.state == after)
    if same { #expect((finding.row.triage.state == .new) == returns) }
    #expect(finding.reopened == (after == .reopened && state != .reopened ? 1 : 0))
  }

  @Test(
    "A no is proof only from every engine that said yes; not determined changes nothing",
    arguments: FindingState.allCases)
  func denials(state: FindingState) throws {
    let before = try FindingFoldTests.stored(state)
    let unsure = FindingFoldTests.fold(FindingFoldTests.observation(.notDetermined(reason: "x"), day: 1), before)
    #expect(unsure?.state == state && unsure?.showing == 1 && unsure?.answers.first?.holds == true)
    let other = FindingFoldTests.fold(FindingFoldTests.observation(.no, day: 1, engine: "other"), before)
    #expect(other?.state == state && other?.disagrees == true && other?.row == before.row)
    let after = FindingFoldTests.fold(FindingFoldTests.observation(.no, day: 1), before)
    #expect(after?.state == (state.isLive ? .verified : state) && after?.showing == 0)
    #expect(FindingFoldTests.fold(FindingFoldTests.observation(.no), nil) == nil)
  }

  @Test("Two engines must both deny; an engine's older no does not outweigh its newer yes")
  func twoEngines() throws {
    var finding = try FindingFoldTests.stored(.open)
    finding = try #require(FindingFoldTests.fold(FindingFoldTests.observation(.yes, day: 1, engine: "http"), finding))
    #expect(FindingFoldTests.fold(FindingFoldTests.observation(.no, day: 0.5, engine: "http"), finding) == nil)
    let late = try #require(
      FindingFoldTests.fold(FindingFoldTests.observation(.yes, day: 0.5, engine: "http"), finding))
    #expect(late.row.lastSeen == finding.row.lastSeen && late.answers == finding.answers)
    finding = try #require(FindingFoldTests.fold(FindingFoldTests.observation(.no, day: 2), finding))
    #expect(finding.state == .open)
    finding = try #require(FindingFoldTests.fold(FindingFoldTests.observation(.no, day: 3, engine: "http"), finding))
    #expect(finding.state == .verified)
  }

  @Test("Confidence combines over engines and caps the severity")
  func confidence() throws {
    var finding = try #require(
      FindingFoldTests.fold(FindingFoldTests.observation(.yes, severity: .critical, confidence: 50), nil))
    #expect(finding.row.severity == .high)
    finding = try #require(
      FindingFoldTests.fold(
        FindingFoldTests.observation(.yes, day: 1, engine: "http", severity: .critical, confidence: 80), finding))
    #expect(finding.confidence == 90)
    #expect(finding.row.severity == .critical)
  }
}

struct TriageMachineTests {
  static let now = AlertFoldTests.start
  static let actor = Actor(name: "li", origin: "test")

  @Test("Every act in every state", arguments: TriageState.allCases)
  func table(state: TriageState) {
    func after(_ act: QueueAct) -> TriageState? {
      try? TriageMachine.apply(act, Triage(state: state), TriageMachineTests.actor, TriageMachineTests.now).get().state
    }
    let isOpen = state != .closed
    #expect(after(.acknowledge) == (state == .new || state == .shelved ? .acknowledged : nil))
    #expect(after(.escalate) == (isOpen && state != .escalated ? .escalated : nil))
    #expect(after(.close(.fixed)) == (isOpen ? .closed : nil))
    #expect(after(.shelve(until: TriageMachineTests.now.advanced(seconds: 60))) == (isOpen ? .shelved : nil))
    #expect(after(.assign("wang")) == state)
    #expect(after(.comment("x")) == state)
    #expect(after(.undo) == nil)
  }

  @Test("A shelf is not in the past, not over a day, and runs out")
  func shelves() throws {
    func shelve(_ seconds: Double) -> Result<Triage, ActRefusal> {
      TriageMachine.apply(
        .shelve(until: TriageMachineTests.now.advanced(seconds: seconds)), Triage(), TriageMachineTests.actor,
        TriageMachineTests.now)
    }
    #expect(throws: ActRefusal.self) { try shelve(-1).get() }
    #expect(throws: ActRefusal.self) { try shelve(86_401).get() }
    let shelved = try shelve(60).get()
    #expect(TriageMachine.elapse(shelved, TriageMachineTests.now.advanced(seconds: 59)) == nil)
    #expect(TriageMachine.elapse(shelved, TriageMachineTests.now.advanced(seconds: 60))?.state == .new)
    #expect(TriageMachine.elapse(Triage(), .init(nanoseconds: .max)) == nil)
  }

  @Test("Who acknowledges owns the row, unless someone does already")
  func owns() throws {
    let mine = try TriageMachine.apply(.acknowledge, Triage(), TriageMachineTests.actor, TriageMachineTests.now).get()
    #expect(mine.assignee == "li" && mine.acknowledgedAt == TriageMachineTests.now && mine.changedBy == "li")
    let hers = try TriageMachine.apply(
      .acknowledge, Triage(assignee: "wang"), TriageMachineTests.actor, TriageMachineTests.now
    ).get()
    #expect(hers.assignee == "wang")
  }

  @Test("An empty and an endless comment are refused")
  func comments() {
    for text in ["", String(repeating: "x", count: 5000)] {
      #expect(throws: ActRefusal.self) {
        try TriageMachine.apply(.comment(text), Triage(), TriageMachineTests.actor, TriageMachineTests.now).get()
      }
    }
  }
}
