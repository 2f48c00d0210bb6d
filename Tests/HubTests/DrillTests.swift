import ControlAPI
import Records
import Services
import Store
import Testing
import Wire

@testable import Hub

@Suite struct DrillTests {
  @Test(
    "a drill's alert is marked, assigned and paged as a drill, is in no count, and its times are measured at the end")
  func drill() async throws {
    let bench = try await DutyBench { $0.webhook = .init(url: "http://127.0.0.1:1/", secret: "s", severity: .info) }
    await bench.at(0)
    let before = try bench.store.counters(since: Timestamp(nanoseconds: 0))
    _ = try await bench.core.drill(DrillRequest(act: .start, id: "autumn", name: "phishing"), by: DutyBench.eve)
    let item = try await bench.core.drill(
      DrillRequest(act: .inject, id: "autumn", title: "web shell on the tax site"), by: DutyBench.eve)
    let id = try #require(item.drill.rows.first)
    await bench.at(1)
    let row = try bench.store.row(id)
    #expect(row.isDrill && row.title.en.hasPrefix("[DRILL]【演练】") && row.severity == .critical)
    #expect(row.triage.assignee == "ann")
    let sent = try bench.dispatches()
    #expect(sent.count == 1 && sent[0].isDrill && sent[0].subject.hasPrefix("[DRILL]"))
    let outbox = try bench.store.outbox(limit: 50).reversed()
    #expect(outbox.allSatisfy { $0.channel == Dispatch.channel }, "no webhook is told of a drill")
    #expect(try bench.store.counters(since: Timestamp(nanoseconds: 0)) == before)
    #expect(try bench.store.postureState().allSatisfy { if case .row = $0.change { false } else { true } })

    try await bench.acknowledge(id, by: DutyBench.ann, at: 42)
    await bench.at(43)
    #expect(try bench.store.answers(from: DutyBench.start, until: Timestamp(nanoseconds: .max)).isEmpty)
    let end = try await bench.core.drill(DrillRequest(act: .end, id: "autumn"), by: DutyBench.eve)
    #expect(end.rows == [.init(row: id, seconds: 42, person: "ann")] && end.answers.median == 42 && end.pages == 1)
    #expect(try bench.store.row(id).triage.state == .closed)
    #expect(try bench.store.counters(since: Timestamp(nanoseconds: 0)) == before)
    #expect(try bench.store.audit(subject: "drill/autumn").map(\.act) == ["end drill", "inject", "start drill"])
    await #expect(throws: APIProblem.self) {
      try await bench.core.drill(DrillRequest(act: .inject, id: "autumn"), by: DutyBench.eve)
    }
  }

  @Test("a drill at a site is the site's, and takes no point from it")
  func atASite() async throws {
    let bench = try await DutyBench()
    _ = try await bench.core.importSites(
      ImportRequest(form: .csv, name: "s.csv", text: "url,id\nhttp://a.example:8080,a\n", dryRun: false),
      by: DutyBench.eve)
    _ = try await bench.core.drill(DrillRequest(act: .start, id: "d"), by: DutyBench.eve)
    let item = try await bench.core.drill(
      DrillRequest(act: .inject, id: "d", severity: .high, site: "a"), by: DutyBench.eve)
    let row = try bench.store.row(try #require(item.drill.rows.first))
    #expect(row.site == "a" && row.severity == .high && row.postureChange == nil)
  }

  @Test("no sensor can hide an alert by calling it a drill")
  func forged() async throws {
    let bench = try await DutyBench()
    let line = """
      {"timestamp":"\(DutyBench.start.text)","event_type":"alert","src_ip":"198.51.100.9","src_port":5,"dest_ip":"192.168.0.7",\
      "dest_port":80,"proto":"TCP","alert":{"action":"allowed","gid":9001,"signature_id":1,"rev":1,"signature":"x","category":"x","severity":1}}
      """
    let result = try bench.store.ingest(
      Lines.batch([Array(line.utf8)]), policy: await bench.core.policy, now: DutyBench.start)
    #expect(result.unreadable == 1 && result.alerts == 0)
    #expect(result.firstReason == "an alert of a drill that sensor-1 made, and not the hub")
  }
}
