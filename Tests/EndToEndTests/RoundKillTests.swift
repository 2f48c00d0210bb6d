import ControlAPI
import Foundation
import Glibc
import Records
import Testing
import Wire

extension EndToEnd {
  /// SIGKILL of the scanner and of the hub at random moments of a round over a city.
  @Suite(.serialized, .timeLimit(.minutes(8)))
  struct RoundKillTests {
    private static let engines = ["availability", "tls", "certificate", "http", "content"]
    private static let sites = 40
    private static let kills = 20
    /// Speeds are this machine's own.
    private static let unsure: Set<String> = ["availability.slow"]

    /// Hub and scanner without a supervisor: whoever is killed is started again here.
    private final class Pair: Sendable {
      private let config: String
      private let running: Guarded<[String: Child]>
      init(_ config: String) async throws {
        (self.config, running) = (config, Guarded([:]))
        try await start("hub")
        try await start("scanner")
      }
      func start(_ role: String) async throws {
        let child = try Child([VigilBinary.path, role, "--config", config])
        running.with { $0[role] = child }
        let isUp = await eventually(within: 60) { child.output.contains("\(role) ready") || child.status != nil }
        guard isUp, child.status == nil else { throw Failure("no \(role): \(child.output) \(child.complaint)") }
      }
      /// SIGKILL, and a successor that is ready when this returns.
      func murder(_ role: String) async throws {
        running.with { $0[role] }?.kill()
        try await start(role)
      }
      /// As the hub told it.
      var client: Client {
        let line = running.with { $0["hub"] }?.lines.last { $0.text.contains("hub ready on ") }?.text ?? ""
        return Client(socket: String(line.split(separator: " ").last ?? ""))
      }
    }

    private func config(_ space: Workspace, _ city: CityProcess) throws -> String {
      // Hostings share a pace that no configuration lifts: here every site is for itself.
      let books = try String(contentsOfFile: city.folder + "/inventory.yaml", encoding: .utf8)
      try space.write("inventory.yaml", books.replacing(#/ platform: hosting-[0-9]+,/#, with: ""))
      try space.write("trust.pem", String(contentsOfFile: city.folder + "/trust.pem", encoding: .utf8))
      return try space.write(
        "vigil.yaml",
        """
        data: \(space.file("data"))
        sensor: {enabled: no}
        inventory: [inventory.yaml]
        scan: {allow: [127.32.0.0/16, 127.33.0.0/16], concurrency: 16, jobsPerAddress: 16, jobsPerNetwork: 512,
               connectionsPerAddress: 16, connectsPerSecond: 100, requestsPerSecond: 100,
               engines: [\(Self.engines.joined(separator: ", "))], trustStores: [{name: city, path: trust.pem}]}
        """)
    }

    private struct RoundEnd: Equatable {
      /// (site, engine) that no job has ended of since the round began.
      var missing: [String]
      var isIdle: Bool
    }

    private func end(_ client: Client, _ truth: [CityProcess.SiteTruth], since begin: Timestamp) async throws
      -> RoundEnd
    {
      let scans = try await client.call(API.scans)
      var missing: [String] = []
      for site in truth {
        let ledger = try await client.call(API.site, id: site.site).coverage.filter {
          $0.check == "*" && $0.time >= begin
        }
        for engine in Self.engines where !(site.isPlain && ["tls", "certificate"].contains(engine)) {
          let isEnded = ledger.contains {
            $0.engine == engine && [.tested, .notDetermined].contains($0.status)
          }
          if !isEnded { missing.append("\(site.site) \(engine)") }
        }
      }
      return RoundEnd(missing: missing, isIdle: scans.running == 0 && scans.due == 0)
    }

    private func findings(_ client: Client) async throws -> [Finding] {
      var all: [Finding] = []
      while true {
        let page = try await client.call(
          API.findings, ListRequest(limit: ListRequest.longestPage, offset: all.count))
        all += page.items.map(\.finding)
        if page.items.isEmpty || page.items.count < ListRequest.longestPage { return all }
      }
    }

    @Test("the round ends complete, no finding is closed that was not retested, and none is doubled")
    func round() async throws {
      let seed = UInt64.random(in: 0...UInt64.max)
      var random = SeededRandom(seed: seed)
      let space = try Workspace()
      let city = try await CityProcess(space, sites: Self.sites)
      print("figure: kills in a round: seed \(seed), the city's \(city.seed)")
      let truth = try city.truth()
      let pair = try await Pair(try config(space, city))
      var begin = Timestamp(nanoseconds: Int64(Moment.now * 1e9))
      _ = try await pair.client.call(API.startScans, ScanRequest())
      let first = Moment.now
      var (killed, rounds) = (["hub": 0, "scanner": 0], 1)
      for _ in 0..<Self.kills {
        try await Task.sleep(for: .milliseconds(Int.random(in: 100...1200, using: &random)))
        // Every kill is of a round: where one has ended meanwhile, the next begins.
        let scans = try await pair.client.call(API.scans)
        if scans.due == 0, scans.running == 0 {
          begin = Timestamp(nanoseconds: Int64(Moment.now * 1e9))
          rounds += 1
          _ = try await pair.client.call(API.startScans, ScanRequest())
        }
        let victim = Bool.random(using: &random) ? "hub" : "scanner"
        killed[victim, default: 0] += 1
        try await pair.murder(victim)
      }
      let kills = Moment.now - first
      let last = Guarded(RoundEnd(missing: [], isIdle: false))
      let since = begin
      _ = await eventually(within: 240) {
        try? await Task.sleep(for: .milliseconds(300))
        guard let now = try? await end(pair.client, truth, since: since) else { return false }
        last.with { $0 = now }
        return now.missing.isEmpty && now.isIdle
      }
      #expect(last.with { $0.missing } == [], "seed \(seed): the round did not end")
      let wanted = expected(truth)
      // A site is down after a second look, half a minute later.
      _ = try await eventually(within: 120) {
        try await Task.sleep(for: .milliseconds(300))
        return wanted.subtracting(live(try await findings(pair.client))).isEmpty
      }
      let found = try await findings(pair.client)
      judge(found, wanted, truth, scannerKills: killed["scanner"] ?? 0, rounds: rounds, seed)
      withExtendedLifetime(space) {}
      let check = try await pair.client.call(API.checkPosture)
      #expect(check.different.isEmpty, "seed \(seed)")
      print(
        "figure: hub killed \(killed["hub"] ?? 0) and scanner \(killed["scanner"] ?? 0) times in \(Int(kills)) s of "
          + "\(rounds) rounds over \(truth.count) sites; complete after \(Int(Moment.now - first)) s; \(wanted.count) "
          + "planted, \(live(found).intersection(wanted).count) found, \(found.count) findings")
    }

    private func isAsked(_ check: String) -> Bool { Self.engines.contains { check.hasPrefix($0 + ".") } }

    private func key(_ site: String, _ check: String) -> String { "\(site) \(check)" }

    private func expected(_ truth: [CityProcess.SiteTruth]) -> Set<String> {
      Set(truth.flatMap { site in site.yes.subtracting(Self.unsure).filter(isAsked).map { key(site.site, $0) } })
    }

    private func live(_ findings: [Finding]) -> Set<String> {
      Set(findings.filter(\.state.isLive).map { key($0.row.site ?? "", $0.weakness) })
    }

    private func judge(
      _ found: [Finding], _ wanted: Set<String>, _ truth: [CityProcess.SiteTruth], scannerKills: Int, rounds: Int,
      _ seed: UInt64
    ) {
      let told = found.filter { !Self.unsure.contains($0.weakness) }
      #expect(wanted.subtracting(live(told)) == [], "seed \(seed): planted and not found")
      let invented = told.filter { finding in
        let site = truth.first { $0.site == finding.row.site }
        return finding.state.isLive && site?.answer(finding.weakness) == .no
      }
      #expect(invented.map { key($0.row.site ?? "", $0.weakness) } == [], "seed \(seed): found and not planted")
      // Nothing changed in the city: no look can have seen the end of anything.
      let closed = told.filter { !$0.state.isLive }.map { "\(key($0.row.site ?? "", $0.weakness)): \($0.state)" }
      #expect(closed == [], "seed \(seed): closed without a retest that said no")
      let keys = Dictionary(grouping: found) {
        "\($0.row.site ?? "") \($0.weakness) \($0.path ?? "") \($0.parameter ?? "")"
      }
      #expect(keys.filter { $0.value.count > 1 }.keys.sorted() == [], "seed \(seed): doubled")
      // Looked at once a round, once more for each scanner that died, and twice and more often by what looks every minute.
      let watched: Set<String> = ["availability", "certificate", "content"]
      for finding in told where Set(finding.engines.keys).isDisjoint(with: watched) {
        #expect(
          finding.row.count <= rounds + scannerKills, "seed \(seed): \(finding.weakness) of \(finding.row.site ?? "")")
      }
    }
  }
}
