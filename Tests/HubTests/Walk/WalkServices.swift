import ControlAPI
import Foundation
import Records
import Seam
import Testing
import Wire

@testable import Hub

/// Things of the services in the walked world: Boreal's own, Meridian's, those that are of both, of nobody, and of a site
/// that went from the one to the other. What Boreal must not see has the word `meridian` in it.
struct WalkServices: Sendable {
  /// What somebody's acts name.
  struct Names: Sendable {
    var notice: Int64
    var intake: Int64
    var incident: String
    var suppression: String
    var finding: Int64
    var task: Int64
    var bulk: Int64
    var address: String
  }

  static let movingSite = "moving.meridian.example"
  let own: Names
  /// Of which every act is refused for its state, whoever acts.
  let ownLifted: Int64
  /// Her own row under a row that gathers many sites'.
  let ownMember: Int64
  let foreign: Names
  /// Of both, and once of hers.
  let others: [Names]

  private struct Nothing: Error {}

  init(_ hub: RunningHub, own: Int64, foreign: Int64) async throws {
    let client = hub.client
    try await WalkServices.plantRows(hub)
    let rows = try await client.call(API.queue, ListRequest(filter: "place:shown,member", limit: 1000)).items.map(\.row)
    func row(_ site: String, _ wing: Wing, besides other: Int64 = 0) throws -> Int64 {
      try #require(rows.first { $0.site == site && $0.wing == wing && $0.place == .shown && $0.id != other }).id
    }
    ownMember = try #require(rows.first { $0.site == WalkWorld.ownSite && $0.place == .member }).id
    let gathering = try #require(rows.first { $0.gathering != nil }).id
    _ = try await client.call(
      API.act, ActRequest(ids: [gathering], act: .acknowledge, comment: "a campaign against meridian"))
    let cases = try await WalkServices.plantIncidents(
      client, own: own, foreign: foreign, mixed: row("home.boreal.example", .sensor),
      left: row("hosted.boreal.example", .sensor), moving: row(WalkServices.movingSite, .sensor))
    let (ownFinding, foreignFinding) = (
      try row(WalkWorld.ownSite, .scanner), try row(WalkWorld.foreignSite, .scanner)
    )
    let officer = try await WalkWorld.token(hub, Person(id: "officer", name: BilingualText("officer"), role: .lead))
    let second = Client(HubPlace(.socket(hub.configuration.data.apiSocket), token: officer.secret))
    let notices = try await WalkServices.plantNotices(
      client, second, own: ownFinding, foreign: foreignFinding, moving: row(WalkServices.movingSite, .sensor))
    ownLifted = notices.lifted
    let intakes = try await WalkServices.plantIntakes(client)
    let suppressions = try await WalkServices.plantSuppressions(client)
    for (organisation, address) in [("boreal", "bo@boreal.example"), ("meridian", "desk@meridian.example")] {
      _ = try await client.call(
        API.confirmContact, ContactConfirmation(organisation: organisation, address: address, reason: "called"))
    }
    let bulk = try await client.call(
      API.act,
      ActRequest(ids: [try row("hosted.meridian.example", .sensor), foreignFinding], act: .assign, assignee: "li"))
    let ownBulk = try await client.call(
      API.act, ActRequest(ids: [ownFinding, try row("home.boreal.example", .scanner)], act: .assign, assignee: "li"))
    // The site goes with all that is about it.
    _ = try await client.call(
      API.importSites,
      ImportRequest(
        form: .yaml, name: "i", text: "sites: [{url: \"https://\(WalkServices.movingSite)/\", organisation: meridian}]",
        dryRun: false))
    let tasks = try await client.call(API.tasks).items
    func task(_ notice: Int64) throws -> Int64 {
      try #require(tasks.first { $0.subject == "notice/\(notice)" }).id
    }
    self.own = Names(
      notice: notices.own, intake: intakes.own, incident: cases.own, suppression: suppressions.own, finding: ownFinding,
      task: try task(notices.own), bulk: try #require(ownBulk.bulk), address: "bo@boreal.example")
    let theirs = Names(
      notice: notices.foreign, intake: intakes.foreign, incident: cases.foreign, suppression: suppressions.foreign,
      finding: foreignFinding, task: try task(notices.foreign), bulk: try #require(bulk.bulk),
      address: "desk@meridian.example")
    self.foreign = theirs
    var (mixed, moved, nobodys) = (theirs, theirs, theirs)
    (mixed.incident, mixed.intake, mixed.suppression) = (cases.mixed, intakes.mixed, suppressions.mixed)
    (moved.incident, moved.notice, moved.task) = (cases.moved, notices.moved, try task(notices.moved))
    (nobodys.incident, nobodys.intake, nobodys.suppression) = (cases.nobodys, intakes.nobodys, suppressions.nobodys)
    var left = theirs
    left.incident = cases.left
    others = [mixed, moved, nobodys, left]
  }

  // MARK: planting

  /// A campaign over both organisations' sites, and a weakness of both that was made use of at one.
  private static func plantRows(_ hub: RunningHub) async throws {
    let hosts = [
      WalkWorld.ownSite, "home.boreal.example", "hosted.boreal.example", WalkWorld.foreignSite,
      "hosted.meridian.example", "one.meridian.example", "two.meridian.example",
    ]
    let campaign = hosts.map { Lines.alert(sid: 9, host: $0, severity: 2, source: "203.0.113.77") }
    let exposed = [WalkWorld.ownSite, WalkWorld.foreignSite].map { WalkWorld.observation("http.exposed.git", $0) }
    try await WalkWorld.store(
      try exposed.map { BatchRecord(kind: .observation, bytes: try RecordJSON.encode($0)) }, in: hub, .scanner,
      "scanner-2")
    let single = [
      Lines.alert(sid: 8, host: movingSite, source: "203.0.113.78"),
      Lines.alert(sid: 9_000_220, host: WalkWorld.foreignSite, severity: 2, source: "203.0.113.79"),
    ]
    try await WalkWorld.store(
      (campaign + single).map { BatchRecord(kind: .alert, bytes: $0) }, in: hub, .sensor, "sensor-2")
  }

  private static func plantIncidents(
    _ client: Client, own: Int64, foreign: Int64, mixed: Int64, left: Int64, moving: Int64
  ) async throws -> (own: String, foreign: String, mixed: String, moved: String, nobodys: String, left: String) {
    func open(_ title: String, rows: [Int64] = [], sites: [String] = []) async throws -> String {
      let detail = try await client.call(API.openIncident, IncidentOpening(title: title, rows: rows, sites: sites))
      let id = detail.item.id
      let words = title.contains(WalkWorld.foreignMark) ? "the desk of meridian was called" : "the bureau was called"
      _ = try await client.call(API.actOnIncident, id: id, IncidentActRequest(.log, text: words))
      let fact = IncidentActRequest(.fact, text: words, measure: .personsLeaked, value: 7)
      _ = try await client.call(API.actOnIncident, id: id, fact)
      return id
    }
    let gone = try await open("plain", rows: [left], sites: [WalkWorld.foreignSite])
    _ = try await client.call(
      API.actOnIncident, id: gone,
      IncidentActRequest(.remove, sites: [WalkWorld.foreignSite], text: "nothing at meridian"))
    return (
      own: try await open("ours", rows: [own], sites: ["home.boreal.example"]),
      foreign: try await open("a meridian case", rows: [foreign]),
      mixed: try await open("boreal and meridian", rows: [mixed], sites: [WalkWorld.foreignSite]),
      moved: try await open("a case of moving meridian", rows: [moving]),
      nobodys: try await open("a tabletop of meridian"), left: gone
    )
  }

  private static func plantNotices(
    _ client: Client, _ second: Client, own: Int64, foreign: Int64, moving: Int64
  ) async throws -> (own: Int64, lifted: Int64, foreign: Int64, moved: Int64) {
    func draft(_ organisation: String, rows: [Int64], _ advice: String) async throws -> Int64 {
      try await client.call(API.draftNotice, NoticeDraft(organisation: organisation, rows: rows, advice: advice)).id
    }
    let lifted = try await client.call(
      API.draftNotice, NoticeDraft(organisation: "boreal", sites: ["home.boreal.example"], title: BilingualText("old")))
    _ = try await second.call(API.liftNotice, id: String(lifted.id), NoticeAct(reason: "a mistake"))
    let theirs = try await draft("meridian", rows: [foreign], "meridian, mend it")
    _ = try await second.call(API.approveNotice, id: String(theirs), NoticeAct())
    _ = try await second.call(API.sendNotice, id: String(theirs), NoticeAct())
    return (
      own: try await draft("boreal-east", rows: [own], "mend it"), lifted: lifted.id, foreign: theirs,
      moved: try await draft("boreal", rows: [moving], "soon of meridian")
    )
  }

  private static func plantIntakes(
    _ client: Client
  ) async throws -> (own: Int64, foreign: Int64, mixed: Int64, nobodys: Int64) {
    func enter(_ title: String, site: String? = nil, organisation: String? = nil) async throws -> Int64 {
      try await client.call(
        API.addIntake,
        IntakeDraft(
          source: .public, sender: "somebody", title: title, text: title, site: site, organisation: organisation,
          check: "tls.version.ssl3")
      ).id
    }
    return (
      own: try await enter("a strange page", site: WalkWorld.ownSite),
      foreign: try await enter("a page of meridian", organisation: "meridian"),
      mixed: try await enter("boreal or meridian", site: WalkWorld.foreignSite, organisation: "boreal"),
      nobodys: try await enter("talk of meridian")
    )
  }

  private static func plantSuppressions(
    _ client: Client
  ) async throws -> (own: String, foreign: String, mixed: String, nobodys: String) {
    func add(_ reason: String, site: String? = nil, organisation: String? = nil) async throws -> String {
      try await client.call(
        API.addSuppression,
        SuppressionRequest(
          rule: "1:4242", site: site, organisation: organisation, reason: reason,
          until: WallClock.system.now().advanced(seconds: 86_400 * 3))
      ).suppression.id
    }
    return (
      own: try await add("known here", site: WalkWorld.ownSite),
      foreign: try await add("known at meridian", organisation: "meridian"),
      mixed: try await add("known at both, also meridian", site: WalkWorld.ownSite, organisation: "meridian"),
      nobodys: try await add("known everywhere, also at meridian")
    )
  }

  // MARK: what must stay

  func foreignState(_ hub: RunningHub) async throws -> [String] {
    let (client, all) = (hub.client, [foreign] + others)
    var state: [String] = []
    for names in all {
      let detail = try await client.call(API.incident, id: names.incident)
      state.append(
        try RecordJSON.text(detail.item.incident) + RecordJSON.text(detail.log) + RecordJSON.text(detail.rows))
      state.append(try RecordJSON.text(try await client.call(API.notice, id: String(names.notice)).notice))
      state.append(try RecordJSON.text(try await client.call(API.intake, id: String(names.intake))))
    }
    let suppressions = try await client.call(API.suppressions).items.map(\.suppression)
      .filter { suppression in all.contains { $0.suppression == suppression.id } }
    let tasks = try await client.call(API.tasks).items.filter { task in all.contains { $0.task == task.id } }
    let contacts = try await client.call(API.contacts).items.filter { $0.organisation == "meridian" }
    return try state + [RecordJSON.text(suppressions), RecordJSON.text(tasks), RecordJSON.text(contacts)]
  }
}
