import ControlAPI
import Foundation
import Records
import Scheduling
import Seam
import Testing
import Wire

@testable import Hub

extension HubTests {
  /// A change that somebody accepted: audited, given to the next job of each engine that knows the site, and kept until
  /// such a job has ended well. Within the other tests of a hub, since each blocks a thread while it waits for one.
  @Suite struct AcceptTests {
    private static let inventory = """
      authorisations:
        - {id: a1, granted_by: city, document: "no. 7", hosts: ["*.example.gov"], from: 2020-01-01, until: 2099-01-01, up_to: probe}
      sites: ["https://tax.example.gov", "https://water.example.gov"]
      """
    private static let site = "tax.example.gov"

    /// A hub that knows both sites, and what the content and the dns engine remember of one.
    private func hub(_ folder: TestFolder, remembers: Bool = true) async throws -> (RunningHub, SeamWire) {
      let hub = try await RunningHub(folder) { $0.scan.engines = ["tls", "dns", "content"] }
      let request = ImportRequest(form: .yaml, name: "s.yaml", text: Self.inventory, dryRun: false)
      _ = try await hub.client.call(API.importSites, request)
      let wire = try SeamWire(hub.configuration.data.ingestSocket, role: .scanner, source: "scanner-1")
      _ = try await wire.receive()
      guard remembers else { return (hub, wire) }
      let records = try ["content", "dns"].map { engine in
        BatchRecord(
          kind: .memory,
          bytes: try RecordJSON.encode(
            EngineMemory(site: Self.site, engine: engine, time: WallClock.system.now(), body: "{}")))
      }
      try wire.send(.batch(RecordBatch(source: "scanner-1", boot: 1, first: 1, records: records)))
      guard case .stored = try await wire.receive() else { throw Unexpected() }
      return (hub, wire)
    }

    private func lease(_ wire: SeamWire, _ capacity: Int = 1) async throws -> Lease? {
      try wire.send(.leaseRequest(.init(holder: "scanner-1", capacity: capacity)))
      guard case .leaseGrant(let leases) = try await wire.receive() else { throw Unexpected() }
      return leases.first
    }

    /// Returns when the hub has heard it: it answers what comes after in order.
    private func end(_ lease: Lease, _ status: ScanOutcome.Status, _ wire: SeamWire) async throws {
      let now = WallClock.system.now()
      let outcome = ScanOutcome(
        job: lease.job.id, engine: lease.job.engine, site: lease.job.site, status: status, started: now, ended: now)
      try wire.send(.leaseDone(.init(lease: lease.id, outcome: outcome)))
      _ = try await self.lease(wire, 0)
    }

    /// Which engines' jobs on the site say that a change is accepted, of one round in which every job ends as `status`.
    /// A job that was stopped is due again at once, so that it may come twice before the last comes.
    private func round(_ hub: RunningHub, _ wire: SeamWire, _ status: ScanOutcome.Status) async throws -> [String] {
      _ = try await hub.client.call(API.startScans, ScanRequest(sites: []))
      var (seen, accepting): (Set<String>, Set<String>) = ([], [])
      for _ in 0..<60 where seen.count < 6 {
        let lease = try #require(try await lease(wire), "every engine of both sites is due")
        let name = "\(lease.job.engine) \(lease.job.site ?? "")"
        seen.insert(name)
        if lease.job.options.acceptsChange { accepting.insert(name) }
        try await end(lease, status, wire)
      }
      #expect(seen.count == 6)
      return accepting.sorted()
    }

    @Test("the next job of every engine that knows the site accepts, no other does, and the audit says who and what")
    func accepted() async throws {
      let folder = try TestFolder()
      let (hub, wire) = try await hub(folder)
      let report = try await hub.client.call(API.acceptChange, id: Self.site, AcceptRequest())
      #expect(report == AcceptReport(site: Self.site, engines: ["dns", "content"], waits: nil))
      let entry = try #require(try await hub.client.call(API.audit, ListRequest()).items.first)
      #expect(entry.act == "accept" && entry.subject == "site/\(Self.site)" && entry.after == "dns, content")
      #expect(entry.actor.name == NSUserName())
      #expect(try await round(hub, wire, .completed) == ["content \(Self.site)", "dns \(Self.site)"])
      #expect(try await round(hub, wire, .completed) == [])
      await hub.end()
    }

    @Test("one engine's change is accepted by itself, and a partial look settles it")
    func oneEngine() async throws {
      let folder = try TestFolder()
      let (hub, wire) = try await hub(folder)
      let report = try await hub.client.call(API.acceptChange, id: Self.site, AcceptRequest(engines: ["content"]))
      #expect(report.engines == ["content"])
      #expect(try await round(hub, wire, .partial) == ["content \(Self.site)"])
      #expect(try await round(hub, wire, .partial) == [])
      await hub.end()
    }

    @Test("neither a restart nor a look that was cut off forgets it; the job that was out before does not settle it")
    func kept() async throws {
      let folder = try TestFolder()
      let (first, wire) = try await hub(folder)
      _ = try await first.client.call(API.startScans, ScanRequest(sites: [Self.site]))
      var before = try #require(try await lease(wire))
      while before.job.engine != "content" {
        try await end(before, .completed, wire)
        before = try #require(try await lease(wire))
      }
      #expect(!before.job.options.acceptsChange)
      _ = try await first.client.call(API.acceptChange, id: Self.site, AcceptRequest(engines: ["content"]))
      try await end(before, .completed, wire)
      #expect(try await round(first, wire, .stopped) == ["content \(Self.site)"])
      await first.end()
      let second = try await RunningHub(folder) { $0.scan.engines = ["tls", "dns", "content"] }
      let again = try SeamWire(second.configuration.data.ingestSocket, role: .scanner, source: "scanner-1")
      _ = try await again.receive()
      #expect(try await round(second, again, .completed) == ["content \(Self.site)"])
      #expect(try await round(second, again, .completed) == [])
      await second.end()
    }

    @Test("what cannot be accepted is refused in a sentence")
    func refused() async throws {
      let folder = try TestFolder()
      let (hub, _) = try await hub(folder, remembers: false)
      await #expect { try await hub.client.call(API.acceptChange, id: Self.site, AcceptRequest()) } throws: {
        "\($0)" == "nothing of \(Self.site) is known yet that a change could be accepted against"
      }
      await #expect {
        try await hub.client.call(API.acceptChange, id: Self.site, AcceptRequest(engines: ["contnt"]))
      } throws: {
        "\($0)" == "no engine contnt looks at \(Self.site); its engines: tls, dns, content"
      }
      await hub.end()
    }
  }
}
