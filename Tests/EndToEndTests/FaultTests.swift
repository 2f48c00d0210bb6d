import Foundation
import Records
import Testing
import Wire

extension EndToEnd {
  /// The same city with and without sites that stall, reset, answer without end or talk no TLS (`script/city-round --bad`
  /// does it at any size with a release binary).
  @Suite(.serialized, .timeLimit(.minutes(10)))
  struct FaultTests {
    private static let sites = 120
    private static let bad: Set<String> = ["stalls", "resets", "endless", "garbage", "plainOnTLS"]
    private static let engines = ["availability", "tls", "certificate", "http", "content"]

    private struct Round {
      var seconds: Double
      var lines: [[String: Any]]

      /// From the first job's begin to the last end among `targets`; nil: among all.
      func seconds(of targets: Set<String>? = nil) -> Double {
        let outcomes = lines.filter { $0["type"] as? String == "outcome" }
        func moment(_ name: String, _ line: [String: Any]) -> Double? {
          (line[name] as? String).flatMap { Timestamp(text: $0) }.map { Double($0.nanoseconds) / 1e9 }
        }
        let begins = outcomes.compactMap { moment("started", $0) }
        let ends = outcomes.filter { targets?.contains($0["target"] as? String ?? "") ?? true }
          .compactMap { moment("ended", $0) }
        return (ends.max() ?? 0) - (begins.min() ?? 0)
      }
    }

    /// What one bad site takes at most by itself, whatever the number of the others: in a round of a thousand sites it is
    /// no part of the whole, in one of a hundred it is more than the rest.
    private static let patience = 25.0

    private func round(_ city: CityProcess) async throws -> Round {
      let begun = Moment.now
      let answer = try await vigil(
        "scan", "--lab", "--json", "--engines", Self.engines.joined(separator: ","), "--ca",
        "city=\(city.folder)/trust.pem", "--targets-file", "\(city.folder)/targets.txt", seconds: 280)
      #expect(answer.status == 0, "\(answer.complaint)")
      let lines = answer.output.split(separator: "\n").compactMap {
        try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
      }
      return Round(seconds: Moment.now - begun, lines: lines)
    }

    @Test("a tenth of bad sites does not double the round, and each says why it is not covered")
    func tenth() async throws {
      let seed = UInt64.random(in: 0...UInt64(UInt32.max))
      let good = try await { () async throws -> Round in
        let space = try Workspace()
        let city = try await CityProcess(space, sites: Self.sites, seed: seed)
        let ended = try await round(city)
        return withExtendedLifetime((space, city)) { ended }
      }()
      let space = try Workspace()
      let city = try await CityProcess(space, sites: Self.sites, faults: 150, seed: seed)
      let all = try city.truth()
      let truth = all.filter { !$0.traits.isDisjoint(with: Self.bad) }
      #expect(truth.count >= Self.sites / 20, "seed \(seed)")
      let bad = try await round(city)
      let kinds = Dictionary(grouping: truth.flatMap { $0.traits.intersection(Self.bad) }, by: \.self).mapValues(
        \.count)
      let others = Set(all.map(\.target)).subtracting(truth.map(\.target))
      let (before, held, whole) = (good.seconds(), bad.seconds(of: others), bad.seconds())
      print(
        "figure: \(Self.sites) sites in \(tenths(before)) s; with \(truth.count) bad ones the others in \(tenths(held)) s, "
          + "\(tenths(held / before)) times, all in \(tenths(whole)) s; \(kinds.sorted { $0.key < $1.key }); seed \(seed)"
      )
      #expect(held < 2 * before, "seed \(seed): bad sites hold the others up")
      #expect(whole < 2 * before + Self.patience, "seed \(seed)")
      for site in truth { judge(site, bad.lines, seed) }
      withExtendedLifetime(space) {}
    }

    private func tenths(_ value: Double) -> String { String(format: "%.1f", value) }

    private func judge(_ site: CityProcess.SiteTruth, _ lines: [[String: Any]], _ seed: UInt64) {
      let mine = lines.filter { $0["target"] as? String == site.target }
      let isMute = site.traits.isDisjoint(with: ["endless"])
      for engine in Self.engines where !(site.isPlain && ["tls", "certificate"].contains(engine)) {
        let outcome = mine.first { $0["type"] as? String == "outcome" && $0["engine"] as? String == engine }
        let (status, reason) = (outcome?["status"] as? String ?? "none", outcome?["reason"] as? String ?? "")
        #expect(
          status == "completed" || !reason.isEmpty,
          "seed \(seed): \(engine) of \(site.target) \(site.traits): \(status)")
        #expect(outcome != nil, "seed \(seed): \(engine) of \(site.target) told no end")
      }
      for line in mine where line["type"] as? String == "observation" {
        let (check, answer) = (line["check"] as? String ?? "", line["answer"] as? String ?? "")
        let truth = site.answer(check)
        let isInvented = answer == "yes" && truth != .yes && isMute || answer == "yes" && truth == .no
        // Of who says nothing at all nothing is known to be well.
        let isGuessed = answer == "no" && truth == .open && isMute && !check.hasPrefix("availability.")
        #expect(!isInvented && !isGuessed, "seed \(seed): \(check) of \(site.target) \(site.traits): \(answer)")
        #expect(answer != "notDetermined" || !(line["reason"] as? String ?? "").isEmpty)
      }
    }
  }
}
