import ControlAPI
import Foundation
import Records
import Wire

@testable import Hub

/// How each endpoint is asked on the walk.
struct Visit {
  /// Of what everybody may be shown who may ask at all.
  var own: Ask
  /// Of something by its name: asked of a thing of the other organisation, and of one that does not exist.
  var named: ((Thing) -> Ask)?

  init(_ own: Ask = Ask(), named: ((Thing) -> Ask)? = nil) {
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
}

/// The names of one and the same kind of things.
struct Thing {
  var site: String
  var organisation: String
  var row: Int64
  var proposal: String
  var token: String

  static func foreign(_ world: WalkWorld) -> Thing {
    Thing(
      site: WalkWorld.foreignSite, organisation: "meridian", row: world.foreignRow, proposal: world.foreignProposal,
      token: world.foreignToken)
  }
  /// Of rows of nobody's too.
  static func nobodys(_ world: WalkWorld) -> Thing {
    var thing = foreign(world)
    thing.row = world.nobodysRow
    return thing
  }
  static let none = Thing(
    site: "nothing.example", organisation: "nothing", row: 999_999, proposal: "0123456789abcdef", token: "00000000")

  /// An answer without the names that were asked for.
  func withoutNames(_ text: String) -> String {
    var text = text
    for name in [site, organisation, proposal, token, String(row)] where !name.isEmpty {
      text = text.replacing(name, with: "*")
    }
    return text
  }
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
    visit(API.queueRow.entry, Visit(Ask(id: String(ownRow))) { Ask(id: String($0.row)) })
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
      Visit(Ask(body: self.json(ActRequest(ids: [ownRow], act: .comment, comment: "a word")))) {
        Ask(body: self.json(ActRequest(ids: [$0.row], act: .acknowledge, comment: "mine now")))
      })
  }

  private func sites(_ visit: (EndpointEntry, Visit) -> Void) {
    visit(API.sites.entry, Visit(Ask(query: ["limit": "1000"])) { Ask(query: ["filter": "site:\"\($0.site)\""]) })
    visit(API.site.entry, Visit(Ask(id: Self.ownSite)) { Ask(id: $0.site) })
    visit(API.trail.entry, Visit(Ask(id: Self.ownSite)) { Ask(id: $0.site) })
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
      Visit(Ask(query: ["scope": "organisation/boreal", "format": "json"])) {
        Ask(query: ["scope": "organisation/\($0.organisation)"])
      })
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

  private func json(_ value: some Encodable) -> String { (try? RecordJSON.text(value)) ?? "" }
}
