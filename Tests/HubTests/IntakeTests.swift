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
  /// What comes to us, from the letter to the word of those who were served; and findings that people settle.
  @Suite struct IntakeTests {
    let folder: TestFolder
    init() throws { folder = try TestFolder() }

    @Test("a letter is folded against the finding that says the same, kept with its file, answered in time, rated once")
    func whole() async throws {
      let clock = FastClock("2026-03-02T01:00:00Z")
      let hub = try await NoticeHub(folder, clock)
      try await hub.see(.yes)
      let deadline = clock.now.advanced(seconds: 4 * 86_400)
      let file = IntakeDraft.File(name: "letter.pdf", base64: Data("a letter".utf8).base64EncodedString())
      var intake = try await hub.core.addIntake(
        IntakeDraft(
          source: .superior, sender: "Provincial office", senderNumber: "no. 12", senderDeadline: deadline,
          title: "old TLS", site: "tax", check: "tls.version.ssl3", files: [file, file]), by: NoticeHub.analyst,
        within: .all)
      #expect(
        intake.finding == 1 && intake.organisation == "tax" && intake.due == deadline && intake.assignee == "zhou")
      let kept = folder.path + "/data/intake/" + intake.attachments[0].digest
      #expect(try Data(contentsOf: URL(filePath: kept)) == Data("a letter".utf8))
      #expect(try FileManager.default.attributesOfItem(atPath: kept)[.posixPermissions] as? Int == 0o600)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/data/intake").count == 1)

      // Half of its time has passed, and nobody has answered.
      await hub.core.tick()
      #expect(try !hub.store.tasks().contains { $0.kind == .intake })
      await hub.days(2.1)
      #expect(try hub.store.tasks().contains { $0.kind == .intake && $0.subject == "intake/1" && $0.due == deadline })
      await #expect(throws: APIProblem.self) {
        try await hub.core.rateIntake(1, IntakeRating(rating: .satisfied), by: NoticeHub.analyst, within: .all)
      }
      intake = try await hub.core.answerIntake(
        1, IntakeAnswer(text: "it is being fixed"), by: NoticeHub.analyst, within: .all)
      #expect(intake.state == .answered && intake.answeredAt.map { $0 <= intake.due } == true)
      #expect(try !hub.store.tasks().contains { $0.kind == .intake })
      _ = try await hub.core.rateIntake(1, IntakeRating(rating: .noAnswer), by: NoticeHub.analyst, within: .all)
      _ = try await hub.core.rateIntake(1, IntakeRating(rating: .satisfied), by: NoticeHub.analyst, within: .all)
      await #expect(throws: APIProblem.self) {
        try await hub.core.rateIntake(1, IntakeRating(rating: .dissatisfied), by: NoticeHub.analyst, within: .all)
      }
      clock.advance(1)
      let line = try await hub.core.ranking(PostureRequest(days: 30), within: .all).lines.first {
        $0.line.organisation == "tax"
      }
      #expect(line?.line.duty?.satisfaction == 100 && line?.line.duty?.unanswered == 0)
      let rated = ListRequest(filter: "source:superior state:rated")
      #expect(try await hub.core.intakeList(rated, within: .all, me: nil).items.map(\.id) == [1])
    }

    @Test("what cannot be entered is refused in a sentence, and nothing is kept")
    func refused() async throws {
      let clock = FastClock("2026-03-02T01:00:00Z")
      let hub = try await NoticeHub(folder, clock)
      func add(_ change: (inout IntakeDraft) -> Void) async throws {
        var draft = IntakeDraft(source: .public, sender: "someone", title: "a page is strange")
        change(&draft)
        _ = try await hub.core.addIntake(draft, by: NoticeHub.analyst, within: .all)
      }
      await #expect(throws: APIProblem.self) { try await add { $0.title = "" } }
      await #expect(throws: APIProblem.self) { try await add { $0.site = "nowhere" } }
      await #expect(throws: APIProblem.self) { try await add { $0.organisation = "nobody" } }
      await #expect(throws: APIProblem.self) { try await add { $0.files = [.init(name: "x", base64: "%%%")] } }
      let large = Data(count: Intake.attachmentLimit + 1).base64EncodedString()
      await #expect(throws: APIProblem.self) { try await add { $0.files = [.init(name: "x", base64: large)] } }
      #expect(try hub.store.intakes(ListQuery(now: clock.now)).items.isEmpty)
    }

    @Test("an accepted finding is out of the work until its day, with the reason in the ranking, and then it is back")
    func accepted() async throws {
      let clock = FastClock("2026-03-02T01:00:00Z")
      let hub = try await NoticeHub(folder, clock)
      try await hub.see(.yes)
      let until = clock.now.advanced(seconds: 20 * 86_400)
      let report = try await hub.core.settle(
        "1", .accept(until: until, reason: "it goes in May"), by: NoticeHub.lead, within: .all)
      #expect(report.finding.finding.state == .accepted)
      await hub.core.tick()
      #expect(try hub.store.notices().isEmpty)
      clock.advance(1)
      let line = try await hub.core.ranking(PostureRequest(days: 30), within: .all).lines.first {
        $0.line.organisation == "tax"
      }
      #expect(line?.line.found == 0)
      #expect(
        line?.line.duty?.excluded == [.init(row: 1, by: "wang", reason: "accepted: it goes in May")])
      await hub.days(19)
      #expect(try hub.store.findings([1]).first?.state == .accepted)
      await hub.days(1.1)
      await hub.core.tick()
      #expect(try hub.store.findings([1]).first?.state == .reopened)
      #expect(try hub.store.notices().map(\.findings) == [[1]])
      clock.advance(1)
      let back = try await hub.core.ranking(PostureRequest(days: 30), within: .all).lines.first {
        $0.line.organisation == "tax"
      }
      #expect(back?.line.found == 1 && back?.line.duty?.excluded == [])
    }

    @Test("an engine that no schedule knows cannot look again: the claim stays open, and somebody is told")
    func noEngine() async throws {
      let clock = FastClock("2026-03-02T01:00:00Z")
      let hub = try await NoticeHub(folder, clock)
      try await hub.see(.yes, site: "water")
      let observation = Observation(
        time: clock.now, engine: "someone-else", check: "x.y", title: BilingualText("t"), severity: .low, site: "water",
        target: Target(scheme: "https", host: "water.example.gov", port: 443), answer: .yes, confidence: 90)
      _ = try await hub.core.store(
        RecordBatch(
          source: "import", boot: 1, first: 1,
          records: [BatchRecord(kind: .observation, bytes: try RecordJSON.encode(observation))]))
      clock.advance(1)
      let report = try await hub.core.claim("2", by: NoticeHub.analyst, within: .all)
      #expect(report.finding.finding.state == .claimed)
      for _ in 0..<8 { await hub.days(0.25) }
      #expect(try hub.store.findings([2]).first?.state == .claimed)
      let task = try #require(try hub.store.tasks().first { $0.kind == .undetermined && $0.subject == "finding/2" })
      #expect(task.text.en.contains("no scan of water by someone-else is planned"))
    }
  }
}
