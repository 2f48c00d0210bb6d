import Records
import Testing
import Wire

@testable import Services

/// An alert and whose it is, changed by a line of a table.
struct JudgedCase: Sendable, CustomStringConvertible {
  var name: String
  var alert: AlertRecord
  var site: SiteAttribution
  var expected: Outcome
  var rule: OutcomeJudgement.Rule
  var description: String { name }

  init(
    _ name: String, _ expected: Outcome, _ rule: OutcomeJudgement.Rule,
    _ change: (inout AlertRecord, inout SiteAttribution) -> Void
  ) {
    self.name = name
    self.expected = expected
    self.rule = rule
    alert = JudgedCase.request()
    site = SiteAttribution(site: "a", subject: "a.example", remote: IPAddress(v4: 1), isOutbound: false)
    change(&alert, &site)
  }

  /// A web attack, answered 200.
  static func request(_ url: String = "/x", method: String = "GET", status: Int? = 200, after: Double = 0)
    -> AlertRecord
  {
    AlertRecord(
      timestamp: AlertFoldTests.start.advanced(seconds: after), source: IPAddress(v4: 1), destination: IPAddress(v4: 9),
      destinationPort: 80, appProtocol: "http",
      signature: .init(sid: 1, message: "m", category: "Web Application Attack", severity: .high),
      context: .init(
        url: url, method: method, status: status, isToClient: false,
        flow: .init(packetsToServer: 4, packetsToClient: 3)))
  }
}

struct OutcomeJudgeTests {
  @Test(
    "Each rule of judgement, and the case next to it that it does not hold for",
    arguments: [
      JudgedCase("answered", .attempted, .answered) { _, _ in },
      JudgedCase("blocked", .failed, .blocked) { a, _ in a.action = "blocked" },
      JudgedCase("not found", .failed, .clientError) { a, _ in a.context.status = 404 },
      JudgedCase("forbidden though weak", .failed, .clientError) { a, s in (a.context.status, s.weakness) = (403, 7) },
      JudgedCase("server error", .attempted, .serverError) { a, _ in a.context.status = 500 },
      JudgedCase("redirected", .attempted, .redirected) { a, _ in a.context.status = 302 },
      JudgedCase("a HEAD shows nothing", .attempted, .headOnly) { a, s in (a.context.method, s.weakness) = ("HEAD", 7)
      },
      // The finding behind it.
      JudgedCase("weak and answered", .succeeded, .weaknessAnswered) { _, s in s.weakness = 7 },
      JudgedCase("weak, aims at clients", .attempted, .clientTarget) { a, s in
        (a.context.attackTarget, s.weakness) = ("Client_Endpoint", 7)
      },
      JudgedCase("weak, aims at servers", .succeeded, .weaknessAnswered) { a, s in
        (a.context.attackTarget, s.weakness) = ("Web_Server", 7)
      },
      JudgedCase("weak, redirected", .attempted, .redirected) { a, s in (a.context.status, s.weakness) = (302, 7) },
      JudgedCase("tested and clean", .failed, .testedClean) { _, s in s.testedClean = AlertFoldTests.start },
      JudgedCase("tested and clean, server error", .attempted, .serverError) { a, s in
        (a.context.status, s.testedClean) = (500, AlertFoldTests.start)
      },
      // What was not seen is not claimed.
      JudgedCase("encrypted", .notDetermined, .encrypted) { a, _ in (a.appProtocol, a.context) = ("tls", .init()) },
      JudgedCase("encrypted, clean", .notDetermined, .encrypted) { a, s in
        (a.appProtocol, a.context, s.testedClean) = ("tls", .init(), AlertFoldTests.start)
      },
      JudgedCase("encrypted, weak", .attempted, .weaknessBehind) { a, s in
        (a.appProtocol, a.context, s.weakness) = ("tls", .init(), 7)
      },
      JudgedCase("one side only", .notDetermined, .oneSided) { a, _ in
        (a.context.status, a.context.flow) = (nil, .init(packetsToServer: 4))
      },
      JudgedCase("answer not come yet", .notDetermined, .noAnswer) { a, _ in a.context.status = nil },
      JudgedCase("answer not come, weak", .attempted, .weaknessBehind) { a, s in
        (a.context.status, s.weakness) = (nil, 7)
      },
      // The connection.
      JudgedCase("only opening packets", .attempted, .onlyOpening) { a, _ in
        (a.appProtocol, a.context) = (nil, .init(flow: .init(packetsToServer: 1)))
      },
      JudgedCase("many packets, none back", .notDetermined, .oneSided) { a, _ in
        (a.appProtocol, a.context) = (nil, .init(flow: .init(packetsToServer: 8)))
      },
      JudgedCase("refused", .failed, .refused) { a, _ in
        (a.appProtocol, a.context) = (nil, .init(flow: .init(packetsToServer: 1, packetsToClient: 1, isReset: true)))
      },
      JudgedCase("reset after talk", .notDetermined, .nothingSeen) { a, _ in
        (a.appProtocol, a.context) = (nil, .init(flow: .init(packetsToServer: 9, packetsToClient: 8, isReset: true)))
      },
      JudgedCase("a datagram", .notDetermined, .nothingSeen) { a, _ in
        (a.transport, a.appProtocol, a.context) = ("UDP", nil, .init(flow: .init(packetsToServer: 1)))
      },
      // The class.
      JudgedCase("success, the server's answer", .compromised, .successClass) { a, _ in
        a.signature.category = "Successful Administrator Privilege Gain"
        a.context.isToClient = true
      },
      JudgedCase("success, by its short name", .succeeded, .successClass) { a, _ in
        a.signature.category = "successful-user"
        a.context.isToClient = true
      },
      JudgedCase("leak, answered", .succeeded, .successClass) { a, _ in a.signature.category = "Information Leak" },
      JudgedCase("leak, not found", .failed, .clientError) { a, _ in
        (a.signature.category, a.context.status, a.context.isToClient) = ("Information Leak", 404, true)
      },
      JudgedCase("leak, answer not seen", .notDetermined, .noAnswer) { a, _ in
        (a.signature.category, a.context.status) = ("Information Leak", nil)
      },
      JudgedCase("failed try", .failed, .failureClass) { a, _ in
        a.signature.category = "Unsuccessful User Privilege Gain"
      },
      JudgedCase("trojan, inbound request", .attempted, .answered) { a, _ in
        a.signature.category = "A Network Trojan was detected"
      },
      JudgedCase("trojan, our server's answer", .compromised, .infectionAnswer) { a, _ in
        (a.signature.category, a.context.isToClient) = ("A Network Trojan was detected", true)
      },
      JudgedCase("our host calls out", .compromised, .infectionCall) { a, s in
        (a.signature.category, s.isOutbound) = ("Malware Command and Control Activity Detected", true)
      },
      JudgedCase("our host calls out, blocked", .compromised, .infectionCall) { a, s in
        (a.signature.category, s.isOutbound, a.action) = ("command-and-control", true, "blocked")
      },
      JudgedCase("our host breaks a policy", .attempted, .answered) { a, s in
        (a.signature.category, s.isOutbound) = ("Potential Corporate Privacy Violation", true)
      },
      JudgedCase("a watched server asks for a bad name", .succeeded, .infectionName) { a, s in
        (a.signature.category, s.isOutbound, a.appProtocol) = ("Domain Observed Used for C2 Detected", true, "dns")
      },
      JudgedCase("a resolver asks for a bad name", .notDetermined, .infectionName) { a, s in
        (a.signature.category, s.isOutbound, a.appProtocol, s.site) = ("domain-c2", true, "dns", nil)
      },
    ])
  func table(line: JudgedCase) {
    let judgement = OutcomeJudge.judge(line.alert, line.site)
    #expect(judgement.outcome == line.expected)
    #expect(judgement.rule == line.rule)
    #expect(!judgement.reason.en.isEmpty && !judgement.reason.zh.isEmpty)
    #expect(judgement.inputs.contains { $0.name == "rule" && $0.value == "1:1" })
  }

  @Test("A row's outcome only rises, keeps why, and comes back to the watch when an attack went further")
  func rises() throws {
    let site = SiteAttribution(site: "a", subject: "a.example")
    var weak = site
    weak.weakness = 7
    var group = AlertFold.absorb(JudgedCase.request(status: 404), site, nil, AlertFoldTests.start)
    group.row.id = 1
    group = AlertFold.absorb(JudgedCase.request(), site, group, AlertFoldTests.start)
    #expect(group.row.outcome == .attempted && group.judgements.map(\.rule) == [.clientError, .answered])
    group.row.triage.state = .closed
    group = AlertFold.absorb(JudgedCase.request(), weak, group, AlertFoldTests.start)
    #expect(group.row.outcome == .succeeded && group.row.triage.state == .new)
    group = AlertFold.absorb(JudgedCase.request(status: 404), site, group, AlertFoldTests.start)
    #expect(group.row.outcome == .succeeded && group.judgements.last?.rule == .weaknessAnswered)
  }

  @Test(
    "A person's word stands until the machine sees more than it had seen then",
    arguments: [
      // machine then, word, machine now, shown
      (Outcome.attempted, Outcome.failed, Outcome.attempted, Outcome.failed),
      (.attempted, .failed, .succeeded, .succeeded), (.succeeded, .failed, .succeeded, .failed),
      (.succeeded, .failed, .compromised, .compromised), (.attempted, .compromised, .succeeded, .compromised),
      (.attempted, .succeeded, .compromised, .compromised), (.failed, .succeeded, .attempted, .succeeded),
    ])
  func words(then: Outcome, word: Outcome, now: Outcome, shown: Outcome) {
    let judged = PersonJudgement(outcome: word, reason: "r", by: "li", at: AlertFoldTests.start, machine: then)
    #expect(PersonJudgement.effective(judged, machine: now) == shown)
  }
}

struct FollowUpTests {
  static let site = SiteAttribution(site: "a", subject: "a.example", remote: IPAddress(v4: 1), isOutbound: false)
  static let track = GatherTrack(
    axis: .tool, key: "0.0.0.1|a", last: AlertFoldTests.start, touched: [.init(row: 3, time: AlertFoldTests.start)])
  let machine = FollowUpMachine()

  private func effects(
    _ alert: AlertRecord, _ site: SiteAttribution = site, _ track: GatherTrack = track
  ) -> [FollowEffect] {
    var track = track
    return machine.observe(alert, site, &track)
  }

  @Test("A call of the attacked host to its attacker compromises what he did within a day, and not after")
  func callBack() {
    var outbound = FollowUpTests.site
    outbound.isOutbound = true
    #expect(machine.key(JudgedCase.request(), outbound) == GatherKey(.tool, "0.0.0.1|a"))
    let soon = effects(JudgedCase.request(after: 60), outbound)
    #expect(soon.map(\.row) == [3, nil])
    #expect(soon.allSatisfy { $0.judgement.outcome == .compromised && $0.judgement.rule == .callBack })
    #expect(effects(JudgedCase.request(after: FollowUpMachine.callBackSeconds + 1), outbound).isEmpty)
    #expect(effects(JudgedCase.request(after: -1), outbound).isEmpty)
    let stranger = GatherTrack(axis: .tool, key: "0.0.0.2|a", last: AlertFoldTests.start)
    #expect(effects(JudgedCase.request(after: 60), outbound, stranger).isEmpty)
  }

  @Test(
    "A file that the source planted and gets an answer from is a web shell; anything else is not",
    arguments: [
      ("PUT", "/up/s.jsp", nil, 201, "GET", "/up/s.jsp?c=id", 200, true),
      ("PUT", "/up/s.jsp", nil, 201, "POST", "/up/s.jsp", 200, true),
      ("POST", "/upload.php", ["S.php"], 200, "GET", "/files/S.php", 200, true),
      // Refused then, refused now, no code, another file, the upload's own page, the same upload again.
      ("PUT", "/up/s.jsp", nil, 403, "GET", "/up/s.jsp", 200, false),
      ("PUT", "/up/s.jsp", nil, 201, "GET", "/up/s.jsp", 404, false),
      ("PUT", "/up/s.txt", nil, 201, "GET", "/up/s.txt", 200, false),
      ("PUT", "/up/s.jsp", nil, 201, "GET", "/up/t.jsp", 200, false),
      ("POST", "/upload.php", ["upload.php"], 200, "POST", "/upload.php", 200, false),
      ("PUT", "/up/s.jsp", nil, 201, "PUT", "/up/s.jsp", 200, false),
      ("GET", "/up/s.jsp", nil, 200, "GET", "/up/s.jsp", 200, false),
    ] as [(String, String, [String]?, Int, String, String, Int, Bool)])
  func planted(
    method: String, url: String, files: [String]?, status: Int, then: String, place: String, answer: Int, isShell: Bool
  ) {
    var track = FollowUpTests.track
    var upload = JudgedCase.request(url, method: method, status: status)
    upload.context.files = files
    #expect(machine.observe(upload, FollowUpTests.site, &track).isEmpty)
    var visit = JudgedCase.request(place, method: then, status: answer, after: 30)
    if then == "POST" { visit.context.files = [String(place.split(separator: "/").last ?? "")] }
    let effects = machine.observe(visit, FollowUpTests.site, &track)
    #expect(effects.map(\.judgement.rule) == (isShell ? [.plantedPath, .plantedPath] : []))
  }

  @Test("What follows a break-in within the hour says that the attack before it succeeded; a mere try says nothing")
  func followUp() {
    func alert(_ category: String, after seconds: Double, answered: Bool = true) -> AlertRecord {
      var alert = JudgedCase.request(after: seconds)
      alert.signature.category = category
      alert.context.isToClient = answered
      return alert
    }
    let shell = "Successful Administrator Privilege Gain"
    #expect(effects(alert(shell, after: 60)).map(\.row) == [3])
    #expect(effects(alert(shell, after: 60)).first?.judgement.outcome == .succeeded)
    #expect(effects(alert(shell, after: FollowUpMachine.followUpSeconds + 1)).isEmpty)
    #expect(effects(alert("Web Application Attack", after: 60)).isEmpty)
    #expect(effects(alert("A Network Trojan was detected", after: 60, answered: false)).isEmpty)
  }

  @Test("What the server refused does not rise with the rest, and nothing rises twice or falls")
  func raising() {
    func group(_ outcome: Outcome) -> AlertGroup {
      var group = AlertFold.absorb(JudgedCase.request(), FollowUpTests.site, nil, AlertFoldTests.start)
      (group.machine, group.row.outcome) = (outcome, outcome)
      return group
    }
    let word = OutcomeJudgement(
      outcome: .succeeded, rule: .followUp, reason: BilingualText("r"), inputs: [], time: AlertFoldTests.start)
    for outcome in Outcome.allCases {
      var changed = group(outcome)
      let rises = outcome == .attempted || outcome == .notDetermined
      #expect(machine.raise(&changed, word) == rises)
      #expect(changed.row.outcome == (rises ? .succeeded : outcome))
    }
  }

  @Test("However many names an attacker sends, few are remembered")
  func bounded() {
    var track = FollowUpTests.track
    for number in 0..<500 {
      _ = machine.observe(JudgedCase.request("/\(number).php", method: "PUT", status: 201), FollowUpTests.site, &track)
    }
    #expect(track.planted.count == FollowUpMachine.plantedLimit && track.planted.last == "499.php")
  }
}
