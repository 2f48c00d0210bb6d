import Records
import Services
import Testing
import Wire

/// A case of the tests', and the acts on it.
private enum Case {
  static let start = Timestamp(seconds: 1_795_000_000)
  static let ann = Actor(name: "ann", origin: "test")

  static func fresh(_ kind: IncidentKind = .attack) -> Incident {
    Incident(id: "2026-0001", title: "t", kind: kind, opened: start, openedBy: "ann")
  }

  static func after(_ acts: [IncidentAct], _ incident: Incident = fresh(), at now: Timestamp = start) throws -> Incident
  {
    try acts.reduce(incident) { try IncidentMachine.apply($1, $0, ann, now).get().incident }
  }

  static let ready: [IncidentAct] = [
    .setLevel(.three, reason: "r"), .setLead("bo"), .recordAwareness(start, reason: ""),
  ]
  static func step(_ state: IncidentState) -> IncidentAct { .step(state, proof: "p", at: nil) }
}

struct IncidentMachineTests {
  @Test("A case goes open, contained, recovered, closed, and by no other way", arguments: IncidentState.allCases)
  func order(_ from: IncidentState) throws {
    let steps: [IncidentState] = [.contained, .recovered, .closed]
    let way = steps.prefix(IncidentState.allCases.firstIndex(of: from) ?? 0)
    let incident = try Case.after(Case.ready + way.map(Case.step))
    #expect(incident.state == from)
    for next in IncidentState.allCases {
      let result = try? IncidentMachine.apply(Case.step(next), incident, Case.ann, Case.start).get()
      #expect((result != nil) == (next == from.next), "\(from) -> \(next)")
    }
    let reopened = try? IncidentMachine.apply(.reopen(reason: "r"), incident, Case.ann, Case.start).get()
    #expect((reopened != nil) == (from != .open))
  }

  static let refusals: [(IncidentAct, String)] = [
    (.step(.contained, proof: " \n", at: nil), "it wants a proof"),
    (
      .step(.contained, proof: "p", at: Case.start.advanced(seconds: 1)), "2026-11-18T11:06:41.000000Z has not come yet"
    ),
    (.setLevel(.one, reason: ""), "it wants a reason"),
    (.setLead("two words"), "a person is named by 1 to 64 characters without a space"),
    (.removeMember("cy"), "this person is no member"),
    (.stateFact(.personsLeaked, .infinity, basis: "b"), "inf is no size that can be"),
    (.stateFact(.personsLeaked, -1, basis: "b"), "-1.0 is no size that can be"),
    (.mark(.received, note: "", at: nil), "it wants a note of how it is known"),
    (.recordAwareness(Case.start.advanced(seconds: 60), reason: ""), "2026-11-18T11:07:40.000000Z has not come yet"),
    (.join(rows: [], sites: []), "it names no row and no site"),
    (.remove(rows: [1], sites: [], reason: ""), "it wants a reason"),
    (.log(String(repeating: "x", count: 4001)), "the text has 4001 characters, at most 4000 are kept"),
    (.reopen(reason: "r"), "the incident is open"),
  ]

  @Test("What is not so is refused in a sentence", arguments: refusals)
  func refused(_ act: IncidentAct, _ sentence: String) {
    guard case .failure(let refusal) = IncidentMachine.apply(act, Case.fresh(), Case.ann, Case.start) else {
      return #expect(Bool(false), "\(act) was taken")
    }
    #expect(refusal.words.en == sentence)
    #expect(refusal.words.zh.unicodeScalars.contains { (0x4e00...0x9fff).contains($0.value) }, "\(refusal.words.zh)")
  }

  @Test("No case closes without a level that was set, a lead, and the time at which it was known", arguments: 0..<3)
  func closing(_ missing: Int) throws {
    var acts = Case.ready
    acts.remove(at: missing)
    let incident = try Case.after(acts + [Case.step(.contained), Case.step(.recovered)])
    #expect(throws: ActRefusal.self) {
      try IncidentMachine.apply(Case.step(.closed), incident, Case.ann, Case.start).get()
    }
  }

  @Test("No machine takes a step, sets a level or closes", arguments: ["clock", "configuration"])
  func machine(_ origin: String) throws {
    let vigil = Actor(name: "vigil", origin: origin)
    let incident = try Case.after(Case.ready + [Case.step(.contained), Case.step(.recovered)])
    for act in [Case.step(.closed), .setLevel(.four, reason: "r"), .log("l")] {
      #expect(throws: ActRefusal("no machine acts on an incident", "事件只能由人处置")) {
        try IncidentMachine.apply(act, incident, vigil, Case.start).get()
      }
    }
  }

  @Test("A correction of when it was known wants a reason, and keeps the old value")
  func awareness() throws {
    let later = Case.start.advanced(seconds: 3600)
    let incident = try Case.after([.recordAwareness(Case.start, reason: "")])
    #expect(throws: ActRefusal.self) {
      try IncidentMachine.apply(.recordAwareness(later, reason: ""), incident, Case.ann, later).get()
    }
    let corrected = try Case.after([.recordAwareness(later, reason: "the mail came later")], incident, at: later)
    #expect(corrected.knownSince == later)
    #expect(corrected.awareness.map(\.time) == [Case.start, later])
  }

  @Test("A walk of acts keeps what a case must be", arguments: 0..<40)
  func walk(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var incident = Case.fresh()
    var (lines, now) = (0, Case.start)
    for step in 0..<300 {
      now = now.advanced(seconds: Double.random(in: 0...600, using: &random))
      let act = IncidentMachineTests.act(&random, now)
      let before = incident
      switch IncidentMachine.apply(act, incident, Case.ann, now) {
      case .failure: #expect(incident == before)
      case .success(let next):
        lines += 1
        incident = next.incident
        #expect(next.line.time == now && !next.line.text.isEmpty && next.line.incident == incident.id)
        if !before.isOpen, case .log = act { #expect(incident == before, "seed \(seed) step \(step)") }
      }
      // What was said stays said.
      #expect(incident.levels.starts(with: before.levels) && incident.awareness.starts(with: before.awareness))
      #expect(incident.facts.starts(with: before.facts) && incident.steps.starts(with: before.steps))
      #expect(incident.state == incident.steps.last?.state ?? .open, "seed \(seed) step \(step)")
      if !incident.isOpen {
        #expect(incident.level != nil && incident.lead != nil && incident.knownSince != nil, "seed \(seed)")
      }
      #expect(incident.steps.allSatisfy { !$0.proof.isEmpty && $0.happened <= $0.recorded })
      #expect(Set(incident.members).count == incident.members.count)
    }
    #expect(lines > 50, "seed \(seed)")
  }

  private static func act(_ random: inout SeededRandom, _ now: Timestamp) -> IncidentAct {
    let text = ["because", ""].randomElement(using: &random) ?? ""
    let time = now.advanced(seconds: Double.random(in: -900...100, using: &random))
    switch Int.random(in: 0..<12, using: &random) {
    case 0: return .setLevel(IncidentLevel.allCases.randomElement(using: &random) ?? .one, reason: text)
    case 1: return .setLead("bo")
    case 2: return .addMember(["cy", "di"].randomElement(using: &random) ?? "cy")
    case 3: return .removeMember(["cy", "di"].randomElement(using: &random) ?? "cy")
    case 4: return .step(.contained, proof: text, at: time)
    case 5: return .step(.recovered, proof: text, at: nil)
    case 6: return .step(.closed, proof: text, at: nil)
    case 7: return .reopen(reason: text)
    case 8: return .recordAwareness(time, reason: text)
    case 9: return .stateFact(.lossYuan, Double.random(in: -1...1e9, using: &random), basis: text)
    case 10: return .mark(.received, note: text, at: time)
    default: return .log(text)
    }
  }
}

struct IncidentGradingTests {
  private let guide = GradingGuide(
    conditions: [
      .init(level: .one, measure: .hoursUnreachable, from: 6, operators: [.criticalInfrastructure], source: "a"),
      .init(level: .two, measure: .hoursUnreachable, from: 6, source: "b", isVerified: true),
      .init(level: .three, measure: .personsLeaked, from: 1_000_000, source: "c"),
    ],
    clocks: [
      .init(
        id: "report", title: BilingualText("report"), start: .awareness, end: .reported, minimumLevel: .three,
        seconds: [.criticalInfrastructure: 3600, .centralOrgan: 7200, .other: 14_400]),
      .init(
        id: "onward", title: BilingualText("onward"), start: .reported, end: .reportedOnward, minimumLevel: .two,
        seconds: [.criticalInfrastructure: 1800]),
      .init(
        id: "contain", title: BilingualText("contain"), start: .opened, end: .contained, kinds: [.webshell],
        seconds: [.criticalInfrastructure: 3600, .centralOrgan: 3600, .other: 3600]),
    ])

  private func hours(_ value: Double) -> [IncidentFact] {
    [IncidentFact(measure: .hoursUnreachable, value: value, by: "vigil", time: Case.start, basis: "scans")]
  }

  @Test("The gravest condition that is met proposes the level; what nobody has said is named, and only raises it")
  func proposal() {
    let none = guide.propose(Case.fresh(), measured: [])
    #expect(none.level == .four && none.reasons.isEmpty)
    #expect(none.unknown == [.hoursUnreachable, .personsLeaked])
    var incident = Case.fresh()
    // Nobody has said what the operator is: the proposal errs upward.
    #expect(guide.propose(incident, measured: hours(6)).level == .one)
    incident.operatorKind = .other
    let two = guide.propose(incident, measured: hours(6))
    #expect(two.level == .two && two.reasons.map(\.source) == ["b"] && two.reasons[0].isVerified)
    #expect(guide.propose(incident, measured: hours(5.99)).level == .four)
  }

  @Test("A person's word on a measure goes before what scans measured, and his last before his first")
  func words() throws {
    let incident = try Case.after([
      .setOperator(.other), .stateFact(.hoursUnreachable, 7, basis: "the log"),
      .stateFact(.hoursUnreachable, 1, basis: "a window of maintenance was in it"),
    ])
    let proposal = guide.propose(incident, measured: hours(9))
    #expect(proposal.level == .four)
    #expect(proposal.inputs.map(\.value) == [1])
  }

  @Test("A clock waits for what it counts from, runs, runs out, and says whether it was in time")
  func clocks() throws {
    func clock(_ id: String, _ incident: Incident, _ level: IncidentLevel, _ seconds: Double) -> IncidentClock? {
      IncidentClocks.clocks(
        of: incident, proposed: level, guide: guide, now: Case.start.advanced(seconds: seconds)
      ).first { $0.id == id }
    }
    var incident = try Case.after([.setOperator(.other)])
    #expect(clock("report", incident, .four, 0) == nil)
    #expect(clock("report", incident, .three, 0)?.state == .waiting)
    #expect(clock("contain", incident, .three, 0) == nil)
    incident = try Case.after([.recordAwareness(Case.start, reason: "")], incident)
    let running = clock("report", incident, .three, 14_399)
    #expect(running?.state == .running && running?.due == Case.start.advanced(seconds: 14_400))
    #expect(running?.note?.en == "by the proposed level: none is set")
    #expect(clock("report", incident, .three, 14_401)?.state == .overdue)
    let late = Case.start.advanced(seconds: 15_000)
    let done = try Case.after([.mark(.reported, note: "by phone", at: nil)], incident, at: late)
    #expect(clock("report", done, .three, 15_001)?.state == .late)
    let early = try Case.after(
      [.mark(.reported, note: "by phone", at: Case.start.advanced(seconds: 60))], incident, at: late)
    #expect(clock("report", early, .three, 15_001)?.state == .met)
    #expect(clock("onward", early, .two, 0) == nil, "it does not run for this operator")
  }

  @Test("Of an operator of whom nobody has said what he is the strictest clock counts, and says so")
  func strictest() throws {
    let incident = try Case.after([.recordAwareness(Case.start, reason: "")])
    let clock = IncidentClocks.clocks(of: incident, proposed: .three, guide: guide, now: Case.start)[0]
    #expect(clock.due == Case.start.advanced(seconds: 3600))
    #expect(clock.note?.en == "the kind of operator is not said: the strictest counts")
  }

  @Test("A case that was opened again must be contained again")
  func again() throws {
    let start = try Case.after([.setKind(.webshell), Case.step(.contained)])
    func state(_ incident: Incident, _ seconds: Double) -> IncidentClock.State? {
      IncidentClocks.clocks(
        of: incident, proposed: .four, guide: guide, now: Case.start.advanced(seconds: seconds)
      ).first { $0.id == "contain" }?.state
    }
    #expect(state(start, 9999) == .met)
    let reopened = try Case.after([.reopen(reason: "it is back")], start, at: Case.start.advanced(seconds: 60))
    #expect(state(reopened, 120) == .running)
    #expect(state(reopened, 3650) == .running)
    #expect(state(reopened, 9999) == .overdue)
  }

  @Test("Hours are the longest time without a pause in which one of the rows stood")
  func standing() {
    var standing = StandingHours()
    func line(_ id: Int64, _ hour: Double, _ isOpen: Bool) {
      let row = PostureEvent.Row(
        id: id, wing: .scanner, site: "a", check: "availability.down", severity: .high, isOpen: isOpen)
      standing.take(PostureEvent(time: Case.start.advanced(seconds: hour * 3600), change: .row(row)))
    }
    line(1, 0, true)
    line(1, 1, false)
    line(2, 2, true)
    line(1, 3, true)
    line(2, 4, false)
    line(1, 5, false)
    #expect(standing.longest(at: Case.start.advanced(seconds: 100 * 3600)) == 3)
    line(2, 6, true)
    line(2, 6.5, true)
    #expect(standing.longest(at: Case.start.advanced(seconds: 10 * 3600)) == 4)
    #expect(StandingHours().longest(at: Case.start) == 0)
  }

  @Test("The likeliest case is offered first: the same site before the same source before the same technique")
  func offers() {
    func known(_ id: String, _ features: IncidentProposal.Features) -> (Incident, IncidentProposal.Features) {
      var incident = Case.fresh()
      incident.id = id
      return (incident, features)
    }
    let row = IncidentProposal.Features(sites: ["tax"], sources: ["198.51.100.9"], checks: ["1:7"])
    let offers = IncidentProposal.offers(
      for: row,
      among: [
        known("none", .init(sites: ["parks"])), known("technique", .init(checks: ["1:7"])),
        known("source", .init(sources: ["198.51.100.9"])), known("site", .init(sites: ["tax", "parks"])),
      ])
    #expect(offers.map(\.incident.id) == ["site", "source", "technique", "none"])
  }
}
