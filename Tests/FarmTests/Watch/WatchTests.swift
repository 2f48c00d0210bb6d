import Engines
import Foundation
import Synchronization
import Testing
import Wire

@testable import DemoCity

/// A simulated day of the watch over real pages that change at every look: who is defaced, who is taken down, and when
/// that is told. `VIGIL_WATCH=60` takes so many sites (script/watch-day).
@Suite("The watch of the city", .serialized)
struct WatchTests {
  private static let environment = ProcessInfo.processInfo.environment["VIGIL_WATCH"].flatMap { Int($0) }
  private static let sites = min(max(environment ?? 16, 4), 1000)
  private static let events = 40
  /// Beyond the cadence.
  private static let grace = 60.0

  @Test("40 defacements and 40 outages are each told within their cadence and a minute, and nothing is invented")
  func day() async throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("the watch's seed is \(seed)")
    var random = SeededRandom(seed: seed)
    let folder = FileManager.default.temporaryDirectory.appending(path: "vigil-watch-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    // Plain sites are one in thirty; TLS is looked at by other tests, and costs a simulated day most of its time.
    let server = try CityProof.served(CityPlan(seed: seed, sites: min(60 * Self.sites, CityPlan.largest)), folder)
    defer { server.stop() }
    let all = server.city.plan.sites.filter { $0.platform == nil }
    let tls = Self.sites / 4
    let watched = Array(
      (all.filter { !$0.isPlain }.prefix(tls) + all.filter(\.isPlain).prefix(Self.sites - tls)))
    server.city.apply(watched.map { CityChange(site: $0.number, kind: .better, removed: $0.traits) })
    let plans = WatchPlan.days(sites: watched.count, each: Self.events, &random)
    let outcomes = await Self.simulate(watched, plans, server.city, folder + "/trust.pem", seed)
    for (index, outcome) in outcomes.enumerated() { judge(watched[index], plans[index], outcome) }
    report(plans, outcomes)
  }

  private static func simulate(
    _ sites: [PlannedSite], _ plans: [[WatchPlan.Event]], _ city: LiveCity, _ trust: String, _ seed: UInt64
  ) async -> [WatchedDay.Outcome] {
    await withCheckedContinuation { continuation in
      let thread = Engines.Thread {
        let done = Mutex([Int: WatchedDay.Outcome]())
        Pool.run(sites.count) { index in
          var day = WatchedDay(sites[index], city, plans[index], trust: trust, seed: seed &+ UInt64(index))
          let outcome = day.run()
          done.withLock { $0[index] = outcome }
        }
        continuation.resume(returning: done.withLock { $0.sorted { $0.key < $1.key }.map(\.value) })
      }
      precondition(thread.start(), "the system gives a thread")
    }
  }

  private func judge(_ site: PlannedSite, _ plan: [WatchPlan.Event], _ outcome: WatchedDay.Outcome) {
    for event in plan {
      let (cadence, check) =
        event.kind == .defaced
        ? (outcome.cadence.watch, "content.defacement") : (outcome.cadence.availability, "availability.down")
      let told = outcome.told.first { $0.check == check && $0.time >= event.from && $0.time < event.until }
      let late = told.map { $0.time - event.from }
      #expect(
        late.map { $0 <= cadence + Self.grace } ?? false,
        "\(site.id): \(event.kind) at \(Int(event.from)) s was told \(late.map { "\(Int($0)) s later" } ?? "never")")
      guard event.kind == .down else { continue }
      let length = outcome.outages.first { $0.from >= event.from && $0.from < event.until }
        .map { $0.until - $0.from }
      let planted = event.until - event.from
      #expect(
        length.map { abs($0 - planted) <= cadence } ?? false,
        "\(site.id): an outage of \(Int(planted)) s is told as \(length.map { "\(Int($0)) s" } ?? "none")")
    }
    #expect(outcome.outages.count == plan.count { $0.kind == .down }, "\(site.id)")
    let invented = invented(plan, outcome)
    #expect(invented == [], "\(site.id)")
  }

  /// What was told and did not happen. How slow a page is is this machine's.
  private func invented(_ plan: [WatchPlan.Event], _ outcome: WatchedDay.Outcome) -> [String] {
    outcome.told.filter { told in
      guard told.check != "availability.slow" else { return false }
      let wing = told.check.hasPrefix("availability.") ? WatchPlan.Event.Kind.down : .defaced
      let cadence = wing == .down ? outcome.cadence.availability : outcome.cadence.watch
      return !plan.contains {
        $0.kind == wing && told.time >= $0.from && told.time <= $0.until + cadence
      }
    }.map { "\($0.check) at \(Int($0.time)) s" }
  }

  private func report(_ plans: [[WatchPlan.Event]], _ outcomes: [WatchedDay.Outcome]) {
    var late: [WatchPlan.Event.Kind: [Double]] = [:]
    var off: [Double] = []
    for (plan, outcome) in zip(plans, outcomes) {
      for event in plan {
        let check = event.kind == .defaced ? "content.defacement" : "availability.down"
        if let told = outcome.told.first(where: { $0.check == check && $0.time >= event.from && $0.time < event.until })
        {
          late[event.kind, default: []].append(told.time - event.from)
        }
        if event.kind == .down,
          let outage = outcome.outages.first(where: { $0.from >= event.from && $0.from < event.until })
        {
          off.append(abs(outage.until - outage.from - (event.until - event.from)))
        }
      }
    }
    let looks = outcomes.reduce(0) { $0 + $1.looks }
    let invented = zip(plans, outcomes).reduce(0) { $0 + self.invented($1.0, $1.1).count }
    func most(_ values: [Double]) -> Int { Int(values.max() ?? 0) }
    print(
      "figure: a day of \(outcomes.count) sites in \(looks) looks: \(late[.defaced]?.count ?? 0) defacements told, at "
        + "most \(most(late[.defaced] ?? [])) s after; \(late[.down]?.count ?? 0) outages told, at most "
        + "\(most(late[.down] ?? [])) s after, their lengths off by at most \(most(off)) s; \(invented) invented")
  }
}
