import ControlAPI
import Foundation
import Records
import Seam
import Testing
import Wire

@testable import Hub

extension HubTests {
  /// Notices, tasks, intake and the life of findings through the hub's own sockets.
  @Suite struct NoticeAPITests {
    private func running(_ folder: TestFolder) async throws -> RunningHub {
      let hub = try await RunningHub(folder) {
        $0.scan.engines = ["tls"]
        $0.notices.page = "https://notices.example"
      }
      _ = try await hub.client.call(
        API.importSites, ImportRequest(form: .yaml, name: "i.yaml", text: NoticeHub.city, dryRun: false))
      let observation = Observation(
        time: WallClock.system.now(), engine: "tls", check: "tls.version.ssl3", title: BilingualText("old"),
        severity: .high, site: "tax", target: Target(scheme: "https", host: "tax.example.gov", port: 443), answer: .yes)
      let wire = try SeamWire(hub.configuration.data.ingestSocket, role: .scanner, source: "s1")
      let record = BatchRecord(kind: .observation, bytes: try RecordJSON.encode(observation))
      try wire.send(.batch(RecordBatch(source: "s1", boot: 1, first: 1, records: [record])))
      while let message = try await wire.receive() {
        if case .stored = message { return hub }
      }
      throw Unexpected()
    }

    /// The hub's second passes by itself.
    private func drafted(_ hub: RunningHub) async throws -> Notice {
      for _ in 0..<600 {
        if let notice = try await hub.client.call(API.notices, ListRequest(filter: "open:yes")).items.first {
          return notice
        }
        try await Task.sleep(for: .milliseconds(100))
      }
      throw Unexpected()
    }

    @Test("a notice is listed, shown, approved, sent, received by telephone, and survives a restart with its outbox")
    func notices() async throws {
      let folder = try TestFolder()
      let hub = try await running(folder)
      let draft = try await drafted(hub)
      let id = String(draft.id)
      await #expect { try await hub.client.call(API.sendNotice, id: id, NoticeAct()) } throws: {
        "\($0)" == "notice 1 is draft: send does not fit"
      }
      let tasks = try await hub.client.call(API.tasks).items
      #expect(tasks.map(\.subject) == ["notice/1"] && tasks.map(\.kind) == [.approval])
      let approved = try await hub.client.call(API.approveNotice, id: id, NoticeAct())
      #expect(approved.number?.hasPrefix("test city-") == true)
      #expect(try await hub.client.call(API.sendNotice, id: id, NoticeAct()).state == .sent)
      _ = try await hub.client.call(API.endTask, id: String(tasks[0].id))
      #expect(try await hub.client.call(API.tasks).items.isEmpty)
      await hub.end()

      let second = try await RunningHub(folder) { $0.scan.engines = ["tls"] }
      let received = try await second.client.call(API.receiptOfNotice, id: id, NoticeAct(name: "Li Si"))
      #expect(received.state == .received && received.answers.map(\.name) == ["Li Si"])
      let detail = try await second.client.call(API.notice, id: id)
      #expect(detail.documents.keys.sorted() == ["en", "zh"] && detail.findings.map(\.finding.state) == [.received])
      #expect(detail.audit.map(\.act) == ["receipt notice", "send notice", "approve notice", "draft notice"])
      let list = try await second.client.call(API.notices, ListRequest(filter: "organisation:tax state:received"))
      #expect(list.items.map(\.id) == [1] && list.total == 1)
      #expect(try await second.client.call(API.notices, ListRequest(filter: "site:nowhere")).items.isEmpty)
      await #expect(throws: APIProblem.self) { try await second.client.call(API.notice, id: "9") }
      await second.end()
    }

    @Test("a finding is claimed, accepted and called false by its number; each act is audited or refused in a sentence")
    func findings() async throws {
      let folder = try TestFolder()
      let hub = try await running(folder)
      let claimed = try await hub.client.call(API.claimFinding, id: "1", FindingAct())
      #expect(claimed.finding.finding.state == .claimed)
      #expect(claimed.retests.map(\.reason) == [.claim] && claimed.retests[0].looks.map(\.engine) == ["tls"])
      await #expect { try await hub.client.call(API.acceptFinding, id: "1", FindingAct(reason: "r")) } throws: {
        "\($0)" == "this wants a day until when; no finding is taken out for ever"
      }
      let until = WallClock.system.now().advanced(seconds: 86_400)
      let settled = try await hub.client.call(API.falseFinding, id: "1", FindingAct(reason: "a test", until: until))
      #expect(settled.finding.finding.state == .falsePositive)
      let audit = try await hub.client.call(API.audit, ListRequest(filter: "on:finding/1")).items
      #expect(audit.map(\.act) == ["false positive", "claim"])
      await #expect(throws: APIProblem.self) { try await hub.client.call(API.claimFinding, id: "1", FindingAct()) }
      await #expect(throws: APIProblem.self) { try await hub.client.call(API.retestFinding, id: "9", FindingAct()) }
      await hub.end()
    }

    @Test("what came to us is entered, listed, answered and rated")
    func intake() async throws {
      let folder = try TestFolder()
      let hub = try await running(folder)
      let entered = try await hub.client.call(
        API.addIntake, IntakeDraft(source: .cncert, sender: "CNCERT", senderNumber: "2026-1", title: "t", site: "tax"))
      let id = String(entered.id)
      #expect(entered.organisation == "tax" && entered.due > entered.received)
      #expect(try await hub.client.call(API.intakes, ListRequest(filter: "number:2026-1")).items.count == 1)
      #expect(try await hub.client.call(API.answerIntake, id: id, IntakeAnswer(text: "done")).state == .answered)
      #expect(try await hub.client.call(API.rateIntake, id: id, IntakeRating(rating: .mostly)).rating == .mostly)
      #expect(try await hub.client.call(API.intake, id: id).answer == "done")
      await hub.end()
    }
  }
}
