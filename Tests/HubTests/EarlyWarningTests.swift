import ControlAPI
import Foundation
import Records
import Services
import Store
import TestSupport
import Testing
import Wire

@testable import Hub

/// Within the other tests of a hub, which wait for one another: each holds a thread while it works.
extension HubTests {
  @Suite struct EarlyWarningTests {
    let folder: TestFolder
    init() throws { folder = try TestFolder() }

    @Test(
      "a certificate that runs out is a warning with a colour, one while it is open; by rule only to a proved address")
    func certificates() async throws {
      let clock = FastClock("2026-03-02T01:00:00Z")
      let hub = try await NoticeHub(folder, clock)
      try await hub.see(.yes, check: "certificate.expires_soon", severity: .medium)
      await hub.core.tick()
      var notice = try #require(try hub.store.notices().first)
      #expect(notice.kind == .warning && notice.colour == .yellow && notice.cause == "certificate.ends")
      #expect(notice.state == .draft)
      // A second one joins the draft.
      try await hub.see(.yes, site: "duty", check: "certificate.expires_soon", severity: .critical)
      await hub.days(0.1)
      notice = try #require(try hub.store.notices().first)
      #expect(try hub.store.notices().count == 1 && notice.findings == [1, 2] && notice.colour == .red)

      _ = try await hub.core.act(.approve, on: 1, by: NoticeHub.lead)
      _ = try await hub.core.send(1, by: NoticeHub.lead)
      let secret = hub.secret(try hub.dispatches().first)
      #expect(try hub.dispatches().first?.kind == .warning)
      _ = try await hub.core.receive(secret, name: "Li", from: "-")
      try await hub.see(.no, check: "certificate.expires_soon")
      try await hub.see(.no, site: "duty", check: "certificate.expires_soon")
      await hub.days(0.1)
      #expect(try hub.store.notices().first?.state == .closed)

      // The address has proved itself: the next leaves by rule, with a number.
      try await hub.see(.yes, check: "certificate.expires_soon", severity: .medium)
      await hub.days(0.1)
      notice = try #require(try hub.store.notices().first)
      #expect(notice.id == 2 && notice.state == .sent && notice.approver == "rule" && notice.number == "Test-2026-0002")
      #expect(try hub.dispatches().filter { $0.id == "notice/2/issued/li@tax.example" }.count == 1)
    }

    @Test("support that ends waits for a person, whatever the address")
    func support() async throws {
      let hub = try await NoticeHub(folder, FastClock("2026-03-02T01:00:00Z"))
      try await hub.core.proved("tax", "li@tax.example")
      try await hub.see(.yes, check: "http.technology.end_of_support", severity: .medium)
      await hub.core.tick()
      await hub.days(0.1)
      #expect(try hub.store.notices().map(\.state) == [.draft])
    }

    @Test("a weakness that is new to the city and stands at many organisations is warned of at each")
    func matches() async throws {
      let hub = try await NoticeHub(folder, FastClock("2026-03-02T01:00:00Z"))
      _ = try await hub.core.importSites(
        .init(
          form: .yaml, name: "more.yaml",
          text: """
            organisations:
              - {id: parks, name: {en: Parks, zh: 园林}}
            sites:
              - {id: parks, url: "https://parks.example.gov/", organisation: parks}
            """, dryRun: false), by: NoticeHub.lead)
      for site in ["tax", "water", "parks"] {
        try await hub.see(.yes, site: site, check: "template.new", severity: .low)
      }
      for site in ["tax", "water"] { try await hub.see(.yes, site: site, check: "template.other", severity: .low) }
      await hub.core.tick()
      let notices = try hub.store.notices()
      #expect(Set(notices.map(\.organisation)) == ["tax", "water", "parks"])
      #expect(notices.allSatisfy { $0.cause == "rule.matches/template.new" && $0.colour == .yellow })
      await hub.days(0.1)
      #expect(try hub.store.notices().count == 3)
    }

    @Test("a dimension that fell by the points of the rule within its days, in the same tree, is told with its colour")
    func falls() {
      func day(_ day: Int64, _ scores: [String: Int], tree: String = "t") -> PostureDay {
        let organisations = scores.mapValues {
          MeanPosture(
            score: $0, sites: 1, tested: 1, dimensions: [.init(id: "web", score: $0), .init(id: "none", score: nil)])
        }
        return PostureDay(
          day: day, tree: tree, city: MeanPosture(score: 1, sites: 1, tested: 1, dimensions: []),
          organisations: organisations)
      }
      let rules = WarningRules()
      func told(_ days: [PostureDay]) -> [String] { rules.falls(in: days).map { "\($0.organisation) \($0.colour)" } }
      #expect(
        told([day(1, ["a": 90, "b": 90, "c": 90]), day(5, ["a": 80, "b": 81, "c": 60])]) == ["a blue", "c yellow"])
      #expect(told([day(1, ["a": 90]), day(9, ["a": 50])]) == [])
      #expect(told([day(1, ["a": 90], tree: "old"), day(5, ["a": 50])]) == [])
      #expect(told([day(5, ["a": 50])]) == [] && told([]) == [])
    }
  }
}

extension HubCore {
  func proved(_ organisation: String, _ address: String) throws {
    try store.save(
      NoticeContact(organisation: organisation, address: address, state: .confirmed, since: clock.now()), task: nil,
      audit: .init(time: clock.now(), actor: NoticeHub.lead, act: "confirm contact", subject: "contact"))
  }
}
