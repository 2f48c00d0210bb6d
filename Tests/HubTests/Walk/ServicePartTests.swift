import ControlAPI
import Foundation
import Records
import Testing
import Wire

@testable import Hub

/// The services as somebody works with them who sees one organisation, or several.
@Suite(.serialized, .timeLimit(.minutes(3))) struct ServicePartTests {
  private func client(_ world: WalkWorld, _ name: String) throws -> Client {
    let walker = try #require(world.walkers.first { $0.name == name })
    return Client(HubPlace(.socket(world.hub.configuration.data.apiSocket), token: walker.secret))
  }

  private func refusal<T>(_ body: () async throws -> T) async -> APIProblem? {
    do { _ = try await body() } catch { return error as? APIProblem }
    return nil
  }

  @Test("A case of hers is hers to open, lead and close; with another's row it is gone for her, and her row says where")
  func incidents() async throws {
    let folder = try TestFolder()
    let world = try await WalkWorld(folder)
    let (owner, lead) = (world.hub.client, try client(world, "lead-boreal"))
    #expect(try await lead.call(API.incidents, ListRequest()).items.map(\.id) == [world.services.own.incident])
    let row = world.services.ownMember
    let report = try await lead.call(
      API.act, ActRequest(ids: [row, world.foreignRow], act: .escalate, comment: "look", incident: "new"))
    #expect(report.done.map(\.id) == [row] && report.refused.map(\.id) == [world.foreignRow])
    let id = try #require(report.done.first?.row.incident)
    let counts = IncidentCounts(open: 2, byLevel: [0, 0, 0, 0], overdue: 0)
    #expect(try await lead.call(API.overview).incidents == counts)
    #expect(try await owner.call(API.overview).incidents?.open == 7)
    #expect(
      try await lead.call(API.incidentOffers, OffersRequest(row: world.ownRow)).items.map(\.incident.id).sorted()
        == [world.services.own.incident, id].sorted())
    _ = try await lead.call(API.actOnIncident, id: id, IncidentActRequest(.join, sites: [WalkWorld.ownSite]))
    _ = try await lead.call(API.actOnIncident, id: id, IncidentActRequest(.contain, text: "the page is off"))
    let detail = try await lead.call(API.decideOnIncident, id: id, IncidentDecision(.lead, person: "lead-boreal"))
    #expect(detail.item.incident.state == .contained && detail.rows.map(\.id) == [row] && detail.log.count >= 4)
    #expect(
      await refusal { try await lead.call(API.openIncident, IncidentOpening(title: "of nobody")) }?.description
        == "a case of nobody's is opened by those who see the whole city; name rows or sites of yours")

    _ = try await owner.call(API.actOnIncident, id: id, IncidentActRequest(.join, sites: [WalkWorld.foreignSite]))
    let gone = await refusal { try await lead.call(API.incident, id: id) }
    #expect(gone?.code == .notFound && gone?.sentence == "there is no incident \(id)")
    #expect(try await lead.call(API.incidents, ListRequest()).items.map(\.id) == [world.services.own.incident])
    #expect(try await lead.call(API.queueRow, id: String(row)).item.row.incident == id)
    let trail = try await lead.call(API.trail, id: WalkWorld.ownSite).items
    #expect(trail.contains { $0.kind == .incident } && !trail.contains { $0.text.en.contains(id) })
    // Taken out again, what was said of it stays in the log.
    _ = try await owner.call(
      API.actOnIncident, id: id, IncidentActRequest(.remove, sites: [WalkWorld.foreignSite], text: "no"))
    #expect(await refusal { try await lead.call(API.incident, id: id) }?.code == .notFound)
    await world.hub.end()
  }

  @Test(
    "A notice to her organisation is drafted, approved, sent and answered by its own people; pages are full of hers")
  func notices() async throws {
    let folder = try TestFolder()
    let world = try await WalkWorld(folder)
    let (analyst, lead) = (try client(world, "analyst-boreal"), try client(world, "lead-boreal"))
    let draft = try await analyst.call(
      API.draftNotice,
      NoticeDraft(
        organisation: "boreal-east", rows: [world.services.own.finding, world.ownRow],
        incidents: [world.services.own.incident]))
    #expect(draft.findings == [world.services.own.finding] && draft.alerts == [world.ownRow])
    let id = String(draft.id)
    let task = try #require(try await analyst.call(API.tasks).items.first { $0.subject == "notice/\(id)" })
    #expect(try await lead.call(API.approveNotice, id: id, NoticeAct()).number?.isEmpty == false)
    #expect(try await analyst.call(API.endTask, id: String(task.id)).doneBy == "analyst-boreal")
    #expect(try await analyst.call(API.sendNotice, id: id, NoticeAct()).state == .sent)
    #expect(try await analyst.call(API.receiptOfNotice, id: id, NoticeAct(name: "Bo")).state == .received)
    let detail = try await analyst.call(API.notice, id: id)
    #expect(detail.contacts.isEmpty && detail.documents.count == 2 && detail.audit.count == 4)
    let audit = try await lead.call(API.audit, ListRequest(filter: "on:notice/*", limit: 1000)).items
    #expect(Set(audit.map(\.subject)).isSuperset(of: ["notice/\(id)"]))

    // Page by page, one at a time: none is empty before the last.
    var (seen, after): ([Int64], String?) = ([], nil)
    repeat {
      let page = try await analyst.call(API.notices, ListRequest(limit: 1, after: after))
      #expect(page.items.count == 1)
      seen += page.items.map(\.id)
      after = page.next
    } while after != nil
    // The machine drafts meanwhile.
    let all = try await world.hub.client.call(API.notices, ListRequest(limit: 1000)).items
      .filter { $0.id <= seen.first ?? 0 }
    let expected = all.filter { $0.organisation.hasPrefix("boreal") && !$0.advice.contains("meridian") }.map(\.id)
    #expect(seen == expected && all.count > expected.count)
    await world.hub.end()
  }

  @Test("What comes about her site is entered and answered by her; the weakness of another's hosting is not told her")
  func intake() async throws {
    let folder = try TestFolder()
    let world = try await WalkWorld(folder)
    let analyst = try client(world, "analyst-boreal")
    // Her site stands on Meridian's hosting, which has the weakness.
    let hosted = IntakeDraft(
      source: .cncert, sender: "CNCERT", title: "old TLS", site: "hosted.boreal.example", check: "tls.version.ssl3")
    let entered = try await analyst.call(API.addIntake, hosted)
    #expect(entered.finding == nil && entered.organisation == "boreal")
    let id = String(entered.id)
    #expect(try await world.hub.client.call(API.intake, id: id).finding != nil)
    #expect(try await analyst.call(API.intake, id: id).finding == nil)
    #expect(try await analyst.call(API.answerIntake, id: id, IntakeAnswer(text: "it is told")).finding == nil)
    #expect(try await analyst.call(API.rateIntake, id: id, IntakeRating(rating: .mostly)).state == .rated)
    let list = try await analyst.call(API.intakes, ListRequest(limit: 1000))
    #expect(list.items.map(\.id) == [entered.id, world.services.own.intake] && list.total == 2)
    #expect(list.items.map { $0.finding == nil } == [true, false])
    let nobodys = await refusal {
      try await analyst.call(API.addIntake, IntakeDraft(source: .public, sender: "s", title: "t"))
    }
    #expect(nobodys?.code == .badRequest && nobodys?.hint == "name a site or an organisation of yours")
    #expect(try await analyst.call(API.contacts).items.map(\.address) == ["bo@boreal.example"])
    let claimed = try await analyst.call(API.claimFinding, id: String(world.services.own.finding), FindingAct())
    #expect(claimed.finding.finding.state == .claimed && !claimed.retests.isEmpty)
    await world.hub.end()
  }

  @Test("Her suppression names her site or organisation, hides there, and is hers to end")
  func suppressions() async throws {
    let folder = try TestFolder()
    let world = try await WalkWorld(folder)
    let (lead, until) = (try client(world, "lead-boreal"), WallClock.system.now().advanced(seconds: 86_400))
    #expect(try await lead.call(API.suppressions).items.map(\.suppression.id) == [world.services.own.suppression])
    let whole = await refusal {
      try await lead.call(API.trySuppression, SuppressionRequest(rule: "1:9", reason: "known", until: until))
    }
    #expect(
      whole?.description
        == "what holds for the whole city is said by those who see it; name a site or an organisation of yours")
    let request = SuppressionRequest(rule: "1:9", organisation: "boreal", reason: "known", until: until)
    let trial = try await lead.call(API.trySuppression, request)
    #expect(trial.alerts == 3 && Set(trial.sites.map(\.value)) == Set(Self.sites))
    let added = try await lead.call(API.addSuppression, request).suppression
    #expect(try await lead.call(API.suppressions).items.count == 2)
    #expect(try await lead.call(API.endSuppression, SuppressionEnd(id: added.id)).holds == false)
    await world.hub.end()
  }

  private static let sites = [WalkWorld.ownSite, "home.boreal.example", "hosted.boreal.example"]

  @Test(
    "The situation of who sees an organisation is that organisation's; campaigns and exploits are told as far as hers")
  func situation() async throws {
    let folder = try TestFolder()
    let world = try await WalkWorld(folder)
    let (owner, analyst) = (world.hub.client, try client(world, "analyst-boreal"))
    let report = try await analyst.call(API.situation, SituationRequest(limit: 100))
    #expect(report.scope == "organisation/boreal" && report.title.en == "Boreal" && report.posture.sites == 3)
    #expect(report.sources == nil && report.targets.total == nil)
    #expect(Set(report.targets.entries.map(\.value)) == Set(Self.sites))
    #expect(report.risks.allSatisfy { $0.site.map(Self.sites.contains) ?? ($0.platform == "cloud-a") })
    #expect(report.risks.contains { $0.platform == "cloud-a" } && report.coverage.allSatisfy { $0.sites == 3 })
    #expect(report.incidents.map(\.id) == [world.services.own.incident])

    let early = try await analyst.call(API.earlyWarnings, SituationRequest()).items
    #expect(Set(early.map(\.kind)) == [.source, .technique, .weakness])
    let campaign = try #require(early.first { $0.kind == .source })
    #expect(campaign.value == "203.0.113.77" && Set(campaign.seenAt) == Set(Self.sites) && campaign.seenSites == 3)
    #expect(campaign.title.en == "203.0.113.77 attacks sites of the city, 3 of them yours")
    let exploit = try #require(early.first { $0.kind == .weakness })
    #expect(exploit.value == "http.exposed.git" && exploit.seenAt.isEmpty)
    #expect(exploit.exposed.map(\.site) == [WalkWorld.ownSite] && exploit.exposedSites == 1)
    let whole = try await owner.call(API.earlyWarnings, SituationRequest()).items
    #expect(whole.first { $0.kind == .source }?.seenSites == 7)
    #expect(whole.first { $0.kind == .weakness }?.seenAt == [WalkWorld.foreignSite])

    let changes = try await analyst.call(API.changes, ChangesRequest(since: "1h", limit: 1000))
    let all = try await owner.call(API.changes, ChangesRequest(since: "1h", limit: 1000))
    let own = all.made.rows.filter { $0.site.map(Self.sites.contains) ?? false }
    #expect(
      changes.made.rows.map(\.id) == own.map(\.id) && changes.made.total == own.count && all.made.total > own.count)
    #expect(changes.findings.lines.allSatisfy { $0.site.map(Self.sites.contains) ?? ($0.platform == "cloud-a") })
    #expect(changes.incidents.allSatisfy { $0.incident == world.services.own.incident } && !changes.incidents.isEmpty)
    #expect(changes.score.site == "organisation/boreal" && changes.notLooked.sites <= 3)
    await #expect(throws: APIProblem.self) {
      try await analyst.call(API.organisationSituation, id: "meridian", SituationRequest())
    }
    #expect(try await analyst.call(API.look).before == nil)
    #expect(try await analyst.call(API.changes, ChangesRequest()).isSinceLook)
    await world.hub.end()
  }

  @Test(
    "Who sees several organisations sees them as a part, with a case of two of them; who sees one of these does not")
  func several() async throws {
    let folder = try TestFolder()
    let world = try await WalkWorld(folder)
    let text =
      "organisations: [{id: third, name: {en: Third, zh: 三}}]\n"
      + "sites: [{url: \"https://home.boreal.example/\", organisation: third}]"
    _ = try await world.hub.client.call(
      API.importSites, ImportRequest(form: .yaml, name: "i", text: text, dryRun: false))
    let person = Person(
      id: "two", name: BilingualText("two"), role: .viewer, organisations: ["boreal-east", "third"])
    let token = try await WalkWorld.token(world.hub, person)
    let viewer = Client(HubPlace(.socket(world.hub.configuration.data.apiSocket), token: token.secret))
    let report = try await viewer.call(API.situation, SituationRequest())
    #expect(report.scope == "part" && report.title.zh == "东、三" && report.posture.sites == 2 && report.days.isEmpty)
    #expect(report.incidents.map(\.id) == [world.services.own.incident], "of both of hers, and of nobody else")
    #expect(try await viewer.call(API.changes, ChangesRequest()).score.site == "part")
    // Boreal itself does not see it any more.
    let boreal = try client(world, "viewer-boreal")
    #expect(await refusal { try await boreal.call(API.incident, id: world.services.own.incident) }?.code == .notFound)
    #expect(try await boreal.call(API.incidents, ListRequest()).items.isEmpty)
    await world.hub.end()
  }
}
