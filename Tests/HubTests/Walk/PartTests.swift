import ControlAPI
import Foundation
import Records
import Testing
import Wire

@testable import Hub

/// A part of the city, as those see it whose part it is: whole.
@Suite(.serialized, .timeLimit(.minutes(3))) struct PartTests {
  @Test("Who sees a part of the city sees all of that part, and figures that are of that part")
  func shown() async throws {
    let folder = try TestFolder()
    let world = try await WalkWorld(folder)
    let viewer = try client(world, "viewer-boreal")
    let everything = ListRequest(filter: "open:true,false", limit: 1000)
    // A campaign over both organisations' sites is nobody's: of it she sees her own rows.
    let shown = ListRequest(filter: everything.filter + " place:shown,member", limit: 1000)
    let all = try await world.hub.client.call(API.queue, shown).items
    let hers = all.filter { row in
      row.row.platform.map { $0 == "cloud-a" } ?? (row.row.site?.hasSuffix("boreal.example") ?? false)
    }
    #expect(hers.contains { $0.row.platform == "cloud-a" } && hers.count < all.count)
    #expect(hers.contains { $0.row.place == .member } && all.contains { $0.row.gathering != nil })
    #expect(try await viewer.call(API.queue, everything).items.map(\.id) == hers.map(\.id))
    let findings = try await viewer.call(API.findings, everything).items.map(\.id)
    #expect(Set(findings) == Set(hers.filter { $0.row.wing == .scanner }.map(\.id)))

    let overview = try await viewer.call(API.overview)
    #expect(overview.posture.cells.count == 3 && overview.posture.score != nil && overview.scans.sites == 3)
    let open = hers.filter { $0.row.triage.state != .closed }
    #expect(overview.queue.bySeverity.reduce(0, +) == open.count)
    #expect(overview.severities.isEmpty, "the hours are counted for the whole city")
    #expect(try await viewer.call(API.organisations).items.map(\.id) == ["boreal", "boreal-east"])
    let papers = try await viewer.call(API.authorisations).items
    #expect(papers.map(\.id) == ["both"] && papers.first?.hosts == ["*.boreal.example"])
    #expect(try await viewer.call(API.guards).items.map(\.id) == ["for " + WalkWorld.ownSite])
    let report = try await viewer.call(API.posture, PostureRequest(scope: "organisation/boreal"))
    #expect(report.mean.sites == 3 && report.platforms.map(\.site) == ["platform:cloud-a"])
    await #expect { try await viewer.call(API.posture, PostureRequest(scope: "city")) } throws: {
      "\($0)" == "you see a part of the city only; ask for organisation/ID: boreal, boreal-east"
    }
    await world.hub.end()
  }

  @Test("A stop of all by who sees a part is of that part, and the whole city's stop is not hers to take back")
  func stops() async throws {
    let folder = try TestFolder()
    let world = try await WalkWorld(folder)
    let (owner, lead) = (world.hub.client, try client(world, "lead-boreal"))
    let own = ["hosted.boreal.example", "home.boreal.example", WalkWorld.ownSite]
    let stopped = try await lead.call(API.stopScans, ScanRequest())
    #expect(!stopped.all && Set(stopped.sites) == Set(own))
    #expect(Set(try await owner.call(API.scans).stops.map(\.site)) == Set(own + [WalkWorld.foreignSite]))
    #expect(Set(try await lead.call(API.scans).stops.map(\.site)) == Set(own))
    _ = try await owner.call(API.stopScans, ScanRequest())
    _ = try await lead.call(API.resumeScans, ScanRequest())
    #expect(Set(try await owner.call(API.scans).stops.map(\.site)) == [nil, WalkWorld.foreignSite])
    #expect(try await lead.call(API.scans).stops.map(\.site) == [nil])
    let start = try await lead.call(API.startScans, ScanRequest())
    #expect(!start.all && start.refused.count == 3)
    await world.hub.end()
  }

  @Test("Who sees a part that has no site stops, starts and resumes nothing, and a site that is named often is one")
  func none() async throws {
    let folder = try TestFolder()
    let world = try await WalkWorld(folder)
    let owner = world.hub.client
    let text = "organisations: [{id: empty, name: {en: Empty, zh: 空}}]"
    _ = try await owner.call(API.importSites, ImportRequest(form: .yaml, name: "i", text: text, dryRun: false))
    _ = try await owner.call(
      API.putPerson,
      PersonRequest(person: Person(id: "li", name: BilingualText("li"), role: .lead, organisations: ["empty"])))
    let token = try await owner.call(
      API.addToken, TokenRequest(person: "li", name: "t", expires: WallClock.system.now().advanced(seconds: 600)))
    let lead = Client(HubPlace(.socket(world.hub.configuration.data.apiSocket), token: token.secret))
    for endpoint in [API.stopScans, API.startScans, API.resumeScans] {
      let report = try await lead.call(endpoint, ScanRequest())
      #expect(!report.all && report.sites.isEmpty && report.jobs == 0, "\(endpoint.path)")
      #expect(try await owner.call(API.scans).stops.map(\.site) == [WalkWorld.foreignSite], "\(endpoint.path)")
    }
    let often = Array(repeating: WalkWorld.ownSite, count: 5000)
    #expect(try await owner.call(API.stopScans, ScanRequest(sites: often)).sites == [WalkWorld.ownSite])
    let audit = try await owner.call(API.audit, ListRequest(filter: "act:\"stop scans\"")).items
    #expect(audit.map(\.subject) == ["site/" + WalkWorld.ownSite, "site/" + WalkWorld.foreignSite])
    #expect(try await owner.call(API.resumeScans, ScanRequest(sites: often + [""])).sites == [WalkWorld.ownSite])
    #expect(try await owner.call(API.scans).stops.map(\.site) == [WalkWorld.foreignSite])
    let many = (0...ScanRequest.mostSites).map { "s\($0)" }
    await #expect { try await owner.call(API.stopScans, ScanRequest(sites: many)) } throws: {
      ($0 as? APIProblem)?.code == .badRequest
    }
    await world.hub.end()
  }

  @Test("A site that goes to another organisation goes with all its rows")
  func moved() async throws {
    let folder = try TestFolder()
    let world = try await WalkWorld(folder)
    let viewer = try client(world, "viewer-boreal")
    let text = "sites: [{url: \"https://\(WalkWorld.foreignSite)/\", organisation: boreal}]"
    _ = try await world.hub.client.call(
      API.importSites, ImportRequest(form: .yaml, name: "i", text: text, dryRun: false))
    #expect(try await viewer.call(API.queueRow, id: String(world.foreignRow)).item.row.site == WalkWorld.foreignSite)
    #expect(try await viewer.call(API.site, id: WalkWorld.foreignSite).alerts.count == 3)
    await world.hub.end()
  }

  private func client(_ world: WalkWorld, _ name: String) throws -> Client {
    let walker = try #require(world.walkers.first { $0.name == name })
    return Client(HubPlace(.socket(world.hub.configuration.data.apiSocket), token: walker.secret))
  }
}
