import ControlAPI
import Foundation
import Records
import Seam
import Services
import Testing
import Wire

@testable import Hub

struct GradingGuideTests {
  @Test("The guide that comes with Vigil reads; no number in it passes for verified that is not")
  func installed() throws {
    let guide = try GradingGuideReader.read(path: Checkout.folder + "/Rules/grading/incidents.yaml")
    #expect(Set(guide.conditions.map(\.level)) == [.one, .two, .three])
    #expect(Set(guide.conditions.map(\.measure)) == Set(IncidentMeasure.allCases))
    #expect(guide.conditions.allSatisfy { !$0.isVerified && !$0.source.isEmpty })
    #expect(guide.clocks.map(\.id) == ["report", "onward", "receipt", "contain", "feedback"])
    #expect(guide.clocks.first?.seconds == [.criticalInfrastructure: 3600, .centralOrgan: 7200, .other: 14_400])
    #expect(guide.clocks[1].seconds[.other] == nil)
    // A graver level asks more of the same measure and operators.
    for (index, condition) in guide.conditions.enumerated() {
      for other in guide.conditions[(index + 1)...]
      where other.measure == condition.measure && other.operators == condition.operators {
        #expect((condition.level > other.level) == (condition.from > other.from), "\(condition) \(other)")
      }
    }
  }

  @Test(
    "A mistake in the guide is told with file, line and column",
    arguments: [
      (
        "conditions: [{level: V, measure: lossYuan, from: 1, source: a, verified: no}]\nclocks: []\n",
        ":1:22: \"V\" is not allowed here"
      ),
      ("conditions: []\nclocks:\n  - {id: a}\n", ":3:5: "), ("conditions: []\n", ":1:1: "),
      ("measured: {hours: [a]}\nconditions: []\nclocks: []\n", ":1:12: there is no measure hours"),
    ])
  func mistakes(_ text: String, _ told: String) throws {
    let folder = try TestFolder()
    let path = try folder.file("guide.yaml", text)
    let mistake = #expect(throws: OperatorMistake.self) { try GradingGuideReader.read(path: path) }
    #expect(mistake?.description.contains("guide.yaml" + told) == true, "\(mistake?.description ?? "")")
  }
}

struct IncidentOfHubTests {
  let folder: TestFolder
  init() throws { folder = try TestFolder() }

  private static let inventory = """
    organisations: [{id: tax, name: {en: Tax Bureau, zh: 税务局}}]
    sites:
      - {id: tax, url: "http://tax.example.gov/", organisation: tax, criticality: critical}
      - {id: parks, url: "http://parks.example.gov/", organisation: tax}
    """

  /// A hub with an attack on each of two sites, and an outage at one.
  private func hub() async throws -> RunningHub {
    let hub = try await RunningHub(folder)
    _ = try await hub.client.call(
      API.importSites, ImportRequest(form: .yaml, name: "i.yaml", text: Self.inventory, dryRun: false))
    let down = Observation(
      time: WallClock.system.now(), engine: "availability", check: "availability.down", title: BilingualText("down"),
      severity: .high, site: "tax", target: Target(scheme: "http", host: "tax.example.gov", port: 80), answer: .yes)
    let alerts = ["tax", "parks"].map {
      BatchRecord(kind: .alert, bytes: Lines.alert(host: "\($0).example.gov", critical: true))
    }
    let observation = BatchRecord(kind: .observation, bytes: try RecordJSON.encode(down))
    try await store([observation], .scanner, "scanner-1", hub)
    try await store(alerts, .sensor, "sensor-1", hub)
    return hub
  }

  private func store(_ records: [BatchRecord], _ role: SeamMessage.Role, _ source: String, _ hub: RunningHub)
    async throws
  {
    let wire = try SeamWire(hub.configuration.data.ingestSocket, role: role, source: source)
    try wire.send(.batch(RecordBatch(source: source, boot: 1, first: 1, records: records)))
    while let message = try await wire.receive() { if case .stored = message { return } }
    Issue.record("the batch of \(source) was not stored")
  }

  private func refusal<T>(_ body: () async throws -> T) async -> APIProblem? {
    do { _ = try await body() } catch { return error as? APIProblem }
    return nil
  }

  @Test(
    "A row is escalated into a case, the case is graded, led through its steps with proof, closed by a lead and opened again"
  )
  func story() async throws {
    let hub = try await hub()
    let client = hub.client
    func rows(_ filter: String) async throws -> [QueueItem] {
      try await client.call(API.queue, ListRequest(filter: filter)).items
    }
    let attack = try #require(try await rows("site:tax wing:sensor").first)
    let outage = try #require(try await rows("site:tax wing:scanner").first)
    let other = try #require(try await rows("site:parks").first)
    #expect(attack.due != nil)

    // A row that is nowhere refuses by itself; the other opens the case.
    let report = try await client.call(
      API.act, ActRequest(ids: [attack.id, 4711], act: .escalate, comment: "web shell answers", incident: "new"))
    #expect(report.refused.map(\.id) == [4711])
    let row = try #require(report.done.first)
    let id = try #require(row.row.incident)
    #expect(id.hasSuffix("-0001") && row.row.triage.state == .escalated && row.due == nil && row.row.comments == 1)
    #expect(try await rows("incident:\(id)").map(\.id) == [attack.id])

    // Undone, the row is new again, and its clock stands still while it is in the open case.
    _ = try await client.call(API.act, ActRequest(ids: [attack.id], act: .undo))
    let undone = try #require(try await rows("id:\(attack.id)").first)
    #expect(undone.row.triage.state == .new && undone.due == nil && undone.row.incident == id)

    // Offered first to what shares its site.
    let offers = try await client.call(API.incidentOffers, OffersRequest(row: outage.id)).items
    #expect(offers.map(\.incident.id) == [id] && offers[0].reasons == [.sameSite])
    let source = try await client.call(API.incidentOffers, OffersRequest(row: other.id)).items
    #expect(source[0].reasons == [.sameSource, .sameTechnique])
    let joined = try await client.call(API.act, ActRequest(ids: [outage.id], act: .escalate, incident: id))
    #expect(joined.done.first?.row.incident == id)
    let second = await refusal {
      try await client.call(API.openIncident, IncidentOpening(rows: [outage.id]))
    }
    #expect(second?.code == .refused)

    // Graded: the outage has just begun, by the scans; a person knows of seven hours.
    var detail = try await client.call(API.incident, id: id)
    #expect(detail.item.incident.kind == .attack && detail.sites == ["tax"])
    #expect(detail.item.proposal.level == .four && detail.item.proposal.inputs.first?.by == "vigil")
    func act(_ request: IncidentActRequest) async throws {
      detail = try await client.call(API.actOnIncident, id: id, request)
    }
    func decide(_ request: IncidentDecision) async throws {
      detail = try await client.call(API.decideOnIncident, id: id, request)
    }
    try await act(IncidentActRequest(.operator, operatorKind: .other))
    try await act(
      IncidentActRequest(.fact, text: "the operator's own log", measure: .hoursUnreachable, value: 7))
    #expect(detail.item.proposal.level == .two && detail.item.incident.level == nil)
    #expect(detail.item.clocks.map(\.state) == [.waiting])
    let long = WallClock.system.now().advanced(seconds: -5 * 3600)
    try await act(IncidentActRequest(.awareness, at: long))
    #expect(detail.item.clocks.first?.state == .overdue)
    var overview = try await client.call(API.overview, Nothing())
    #expect(overview.incidents == IncidentCounts(open: 1, byLevel: [0, 0, 0, 0], overdue: 1))
    #expect(overview.warnings.map(\.en).contains("incident \(id): overdue: report upward"))
    try await act(IncidentActRequest(.mark, text: "no. 12 by fax", at: long.advanced(seconds: 60), mark: .reported))
    #expect(detail.item.clocks.first?.state == .met)

    // Steps in order, with proof; only a lead closes, and only what was graded.
    let early = await refusal {
      try await client.call(API.decideOnIncident, id: id, IncidentDecision(.close, text: "p"))
    }
    #expect(early?.code == .refused)
    #expect(
      await refusal { try await client.call(API.actOnIncident, id: id, IncidentActRequest(.contain)) }?.sentence
        == "it wants a proof")
    try await decide(IncidentDecision(.level, level: .two, text: "seven hours down"))
    try await decide(IncidentDecision(.lead, person: "bo"))
    try await act(IncidentActRequest(.contain, text: "the shell is gone, ticket 5"))
    try await act(IncidentActRequest(.recover, text: "200 from two vantages"))
    try await decide(IncidentDecision(.close, text: "report 7 signed"))
    #expect(detail.item.incident.state == .closed && detail.item.incident.steps.map(\.proof).last == "report 7 signed")
    #expect(try await rows("incident:\(id) open:true").isEmpty)
    overview = try await client.call(API.overview, Nothing())
    #expect(overview.incidents?.open == 0)
    #expect(
      await refusal { try await client.call(API.actOnIncident, id: id, IncidentActRequest(.join, rows: [other.id])) }?
        .code == .refused)
    try await decide(IncidentDecision(.reopen, text: "it answers again"))
    #expect(detail.item.incident.state == .open)

    // The audit and the trail of the site tell it.
    let audit = try await client.call(API.audit, ListRequest(filter: "on:incident/\(id)", limit: 1000)).items
    #expect(audit.first?.act == "reopen" && audit.last?.act == "open incident" && audit.count == 12)
    let trail = try await client.call(API.trail, id: "tax").items.filter { $0.kind == .incident }
    #expect(trail.first?.text.en.hasPrefix("\(id) opened: ") == true)
    #expect(trail.last?.text.zh == "\(id) 重新处置：it answers again")
    #expect(try await client.call(API.trail, id: "parks").items.contains { $0.kind == .incident } == false)
    await hub.end()
  }

  @Test(
    "A drill is shown everywhere and counted nowhere; lists are asked in the filter language; all outlives a restart")
  func drills() async throws {
    var hub = try await hub()
    let drill = try await hub.client.call(
      API.openIncident, IncidentOpening(title: "tabletop", kind: .webshell, sites: ["parks"], isDrill: true))
    let real = try await hub.client.call(API.openIncident, IncidentOpening(title: "real", kind: .leak, sites: ["tax"]))
    #expect(drill.item.clocks.map(\.id) == ["receipt", "contain", "feedback"])
    await hub.end()
    hub = try await RunningHub(folder)
    func found(_ filter: String) async throws -> [String] {
      try await hub.client.call(API.incidents, ListRequest(filter: filter)).items.map(\.id)
    }
    #expect(try await found("") == [real.item.id, drill.item.id])
    #expect(try await found("drill:true") == [drill.item.id])
    #expect(try await found("drill:false kind:leak site:tax open:true level:IV graded:false") == [real.item.id])
    #expect(try await found("level>=III").isEmpty)
    #expect(try await found("tabletop") == [drill.item.id])
    let counts = try await hub.client.call(API.overview, Nothing()).incidents
    #expect(counts?.open == 1 && counts?.drills == 1)
    #expect(
      try await hub.client.call(API.trail, id: "parks").items.last { $0.kind == .incident }?.text.zh
        == "\(drill.item.id)（演练） 立案：tabletop")
    #expect(await refusal { try await hub.client.call(API.incident, id: "2026-9999") }?.code == .notFound)
    #expect(
      await refusal { try await hub.client.call(API.openIncident, IncidentOpening(title: "x", sites: ["nowhere"])) }?
        .code == .notFound)
    #expect(await refusal { try await hub.client.call(API.openIncident, IncidentOpening()) }?.code == .refused)
    await hub.end()
  }
}
