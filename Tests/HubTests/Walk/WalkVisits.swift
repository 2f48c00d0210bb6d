import ControlAPI
import Foundation
import Records
import Wire

@testable import Hub

/// How each endpoint is asked on the walk.
struct Visit {
  /// Of what everybody may be shown who may ask at all.
  var own: [Ask]
  /// Of something by its name: asked of things of the other organisation, and of one that does not exist.
  var named: [(Thing) -> Ask]

  init(_ own: Ask = Ask(), named: ((Thing) -> Ask)? = nil) {
    self.own = [own]
    self.named = named.map { [$0] } ?? []
  }
  init(_ own: Ask..., naming named: [(Thing) -> Ask]) {
    self.own = own
    self.named = named
  }
}

/// What is sent.
struct Ask {
  var id: String?
  var query: [String: String] = [:]
  var body: String?
  /// What it is answered with where nothing stands against it.
  var status = 200
  /// Only the first who asks can do it; the others are told so.
  var isOnce = false

  func mayBeAnswered(with status: Int) -> Bool { status == self.status || isOnce && status == 409 }
}

/// The names of one and the same kind of things.
struct Thing {
  var site: String
  var organisation: String
  var row: Int64
  var proposal: String
  var token: String
  var names: WalkServices.Names

  static func foreign(_ world: WalkWorld) -> Thing {
    Thing(
      site: WalkWorld.foreignSite, organisation: "meridian", row: world.foreignRow, proposal: world.foreignProposal,
      token: world.foreignToken, names: world.services.foreign)
  }
  /// Of both organisations, or of hers until today.
  static func others(_ world: WalkWorld) -> [Thing] {
    world.services.others.map { names in
      var thing = foreign(world)
      thing.site = WalkServices.movingSite
      thing.names = names
      return thing
    }
  }
  /// Of rows of nobody's too.
  static func nobodys(_ world: WalkWorld) -> Thing {
    var thing = foreign(world)
    thing.row = world.nobodysRow
    return thing
  }
  static let none = Thing(
    site: "nothing.example", organisation: "nothing", row: 999_999, proposal: "0123456789abcdef", token: "00000000",
    names: .init(
      notice: 999_991, intake: 999_992, incident: "2026-9999", suppression: "s9999", finding: 999_993, task: 999_994,
      bulk: 999_995, address: "nobody@nothing.example"))

  /// An answer without the names that were asked for.
  func withoutNames(_ text: String) -> String {
    var text = text
    for name in [names.address, site, organisation, proposal, token, names.incident, names.suppression]
    where !name.isEmpty { text = text.replacing(name, with: "*") }
    return text
  }

  /// Whether an answer about this thing says what the answer about a thing that does not exist says, but for the names.
  func isAnswered(_ text: String, as none: String) -> Bool {
    let (mine, theirs) = (pieces(withoutNames(text)), pieces(Thing.none.withoutNames(none)))
    let pairs = Set(zip(numbers, Thing.none.numbers).map { [$0, $1] })
    return mine.count == theirs.count && zip(mine, theirs).allSatisfy { $0 == $1 || pairs.contains([$0, $1]) }
  }

  private var numbers: [String] {
    [row, names.notice, names.intake, names.finding, names.task, names.bulk].map { String($0) }
  }
  /// Numbers as a whole: 7 is not in 17.
  private func pieces(_ text: String) -> [String] { text.matches(of: /[0-9]+|[^0-9]+/).map { String($0.output) } }
}

extension WalkWorld {
  /// Each endpoint's visit, by method and path. An endpoint that is not here fails the walk.
  var visits: [String: Visit] {
    var result: [String: Visit] = [:]
    func visit(_ entry: EndpointEntry, _ visit: Visit = Visit()) {
      result["\(entry.method.rawValue) \(entry.path)"] = visit
    }
    for entry in [
      API.health.entry, API.versionOf.entry, API.overview.entry, API.exportSites.entry, API.checkSites.entry,
      API.duplicateSites.entry, API.scanningNotice.entry, API.organisations.entry, API.authorisations.entry,
      API.indicators.entry, API.checkPosture.entry, API.scans.entry, API.guards.entry, API.engines.entry,
      API.precision.entry, API.content.entry, API.sensors.entry, API.scanners.entry, API.ranking.entry,
      API.people.entry, API.whoAmI.entry, API.tokens.entry,
    ] { visit(entry) }
    visit(API.stream.entry, Visit(Ask(query: ["since": "a0.r0"])))
    visit(API.ingestCursor.entry, Visit(Ask(id: "eve")))
    list(visit)
    sites(visit)
    scans(visit)
    people(visit)
    services(visit)
    return result
  }

  private func list(_ visit: (EndpointEntry, Visit) -> Void) {
    let everything = "open:true,false"
    visit(
      API.queue.entry,
      Visit(Ask(query: ["filter": everything, "limit": "1000"])) { Ask(query: ["filter": "site:\"\($0.site)\""]) })
    visit(
      API.queueGroups.entry,
      Visit(Ask(query: ["by": "site", "filter": everything, "limit": "1000"])) {
        Ask(query: ["by": "site", "filter": "site:\"\($0.site)\""])
      })
    visit(API.rowAlerts.entry, Visit(Ask(id: String(ownRow))) { Ask(id: String($0.row)) })
    visit(
      API.queueRow.entry,
      Visit(Ask(id: String(ownRow)), Ask(id: String(services.ownMember)), naming: [{ Ask(id: String($0.row)) }]))
    visit(
      API.findings.entry,
      Visit(Ask(query: ["filter": everything, "limit": "1000"])) { Ask(query: ["filter": "site:\"\($0.site)\""]) })
    visit(
      API.findingDiff.entry,
      Visit(Ask(query: ["since": "1h"])) {
        Ask(query: ["since": "2026-01-01T00:00:00Z", "until": "2026-01-02T00:00:00Z", "site": $0.site])
      })
    visit(
      API.audit.entry, Visit(Ask(query: ["limit": "1000"])) { Ask(query: ["filter": "subject:\"site/\($0.site)\""]) })
    visit(
      API.act.entry,
      Visit(
        Ask(body: self.json(ActRequest(ids: [ownRow], act: .comment, comment: "a word"))),
        naming: [
          { Ask(body: self.json(ActRequest(ids: [$0.row], act: .acknowledge, comment: "mine now"))) },
          { Ask(body: self.json(ActRequest(ids: [$0.row], act: .escalate, incident: "new"))) },
          { Ask(body: self.json(ActRequest(ids: [self.ownRow], act: .escalate, incident: $0.names.incident))) },
          { Ask(body: self.json(ActRequest(bulk: $0.names.bulk, act: .undo))) },
        ]))
  }

  private func sites(_ visit: (EndpointEntry, Visit) -> Void) {
    visit(API.sites.entry, Visit(Ask(query: ["limit": "1000"])) { Ask(query: ["filter": "site:\"\($0.site)\""]) })
    visit(API.site.entry, Visit(Ask(id: Self.ownSite)) { Ask(id: $0.site) })
    // One of whose rows is in a case with another's.
    let mixed = "home.boreal.example"
    visit(API.trail.entry, Visit(Ask(id: Self.ownSite), Ask(id: mixed), naming: [{ Ask(id: $0.site) }]))
    visit(
      API.acceptChange.entry,
      Visit(Ask(id: Self.ownSite, body: self.json(AcceptRequest()))) {
        Ask(id: $0.site, body: self.json(AcceptRequest()))
      })
    visit(
      API.importSites.entry,
      Visit(Ask(body: self.json(ImportRequest(form: .yaml, name: "i", text: "sites: []", dryRun: true)))))
    visit(API.proposals.entry, Visit { Ask(query: ["site": $0.site]) })
    visit(
      API.decideProposals.entry,
      Visit(Ask(body: self.json(ProposalDecision(ids: [ownProposal], accept: false)))) {
        Ask(body: self.json(ProposalDecision(ids: [$0.proposal], accept: true)))
      })
    visit(
      API.posture.entry,
      Visit(Ask(query: ["scope": "organisation/boreal"])) { Ask(query: ["scope": "site/\($0.site)"]) })
    visit(
      API.report.entry,
      Visit(
        Ask(query: ["scope": "organisation/boreal", "format": "json"]),
        Ask(query: ["scope": "site/\(mixed)", "format": "markdown"]),
        naming: [{ Ask(query: ["scope": "organisation/\($0.organisation)"]) }]))
  }

  private func scans(_ visit: (EndpointEntry, Visit) -> Void) {
    for entry in [API.startScans.entry, API.stopScans.entry, API.resumeScans.entry] {
      visit(
        entry,
        Visit(Ask(body: self.json(ScanRequest(sites: [Self.ownSite])))) {
          Ask(body: self.json(ScanRequest(sites: [$0.site])))
        })
    }
    visit(API.noteScan.entry, Visit(Ask(body: self.json(ScanNote(authorisedBy: "x", targets: ["y"])))))
    let period = GuardPeriod(
      id: "walk", name: "walk", from: Timestamp(seconds: 1), until: Timestamp(seconds: 2), sites: [Self.ownSite],
      frozenEngines: ["tls"])
    visit(API.setGuard.entry, Visit(Ask(body: self.json(GuardRequest(period: period)))))
    visit(API.endGuard.entry, Visit(Ask(body: self.json(GuardEnd(id: "walk")))))
    visit(API.backup.entry, Visit(Ask(body: self.json(BackupRequest(path: backup + ".again")))))
    visit(API.restore.entry, Visit(Ask(body: self.json(BackupRequest(path: backup)))))
  }

  private func people(_ visit: (EndpointEntry, Visit) -> Void) {
    let new = Person(id: "walked", name: BilingualText("walked"), role: .viewer)
    visit(API.putPerson.entry, Visit(Ask(body: self.json(PersonRequest(person: new)))))
    let token = TokenRequest(
      person: "walked", name: "walk", expires: WallClock.system.now().advanced(seconds: 3600))
    visit(API.addToken.entry, Visit(Ask(body: self.json(token))))
    visit(API.removePerson.entry, Visit(Ask(body: self.json(PersonEnd(id: "walked")))))
    visit(
      API.revokeToken.entry,
      Visit(Ask(body: self.json(TokenEnd(id: "00000000")), status: 404)) {
        Ask(body: self.json(TokenEnd(id: $0.token)))
      })
  }

  func json(_ value: some Encodable) -> String { (try? RecordJSON.text(value)) ?? "" }
}
