import Records
import Scheduling
import Testing
import Wire

/// Who goes first, and who may not crowd whom.
@Suite struct FairnessTests {
  static func box(
    _ sites: [Site], guards: [GuardPeriod] = [], change: (inout SchedulingConfiguration) -> Void = { _ in }
  )
    -> Box
  {
    var configuration = SchedulingConfiguration()
    (configuration.initialSpread, configuration.jitter) = (0, 0)
    change(&configuration)
    var scheduler = Scheduler(configuration: configuration, seed: 1)
    _ = scheduler.replace(
      Inventory(sites: sites, authorisations: [authorisation(hosts: ["*.cn"], upTo: .intrusive)]), now: .at(0))
    scheduler.set(guards: guards, now: .at(0))
    return Box(scheduler)
  }

  /// Leases one at a time and ends each at once.
  static func order(_ box: Box, _ count: Int, at second: Double = 0) -> [ScanJob] {
    (0..<count).compactMap { _ in
      guard let lease = box.scheduler.lease(holder: "s", limit: 1, now: .at(second)).first else { return nil }
      _ = box.scheduler.completed(lease: lease.id, outcome: outcome(lease), now: .at(second))
      return lease.job
    }
  }

  @Test("an organisation of a thousand sites does not keep one of a single site waiting") func organisations() {
    let big = (0..<1000).map { site("big\($0).cn", organisation: "big") }
    let box = Self.box(big + [site("small.cn", organisation: "small"), site("alone.cn")])
    let first = Self.order(box, 6).map(\.site)
    #expect(first.contains("small.cn") && first.contains("alone.cn"), "\(first)")
  }

  @Test("what is due gets turns by cost: a port scan is not a DNS question") func costs() {
    let heavy = (0..<40).map { site("h\($0).cn", engines: ["ports"], organisation: "heavy") }
    let light = (0..<40).map { site("l\($0).cn", engines: ["http"], organisation: "light") }
    let box = Self.box(heavy + light) { configuration in
      configuration.engines = configuration.engines.map { profile in
        var profile = profile
        profile.cost = profile.name == "ports" ? 4 : 1
        return profile
      }
    }
    let engines = Self.order(box, 40).map(\.engine)
    #expect(engines.count { $0 == "ports" } == 8)
    #expect(engines.count { $0 == "http" } == 32)
  }

  @Test("a wish goes before a retest, a retest before the watch, the watch before routine") func urgencies() {
    let box = Self.box([
      site("routine.cn"), site("watch.cn", engines: ["availability"]), site("retest.cn"), site("wish.cn"),
    ])
    _ = box.scheduler.hasten(site: "retest.cn", as: .retest, now: .at(0))
    _ = box.scheduler.hasten(site: "wish.cn", now: .at(0))
    #expect(Self.order(box, 4).map(\.site) == ["wish.cn", "retest.cn", "watch.cn", "routine.cn"])
  }

  @Test("a thousand wishes do not stop the watch") func wishes() {
    let box = Self.box(
      (0..<1000).map { site("w\($0).cn") } + (0..<20).map { site("a\($0).cn", engines: ["availability"]) })
    for index in 0..<1000 { _ = box.scheduler.hasten(site: "w\(index).cn", now: .at(0)) }
    let engines = Self.order(box, 400).map(\.engine)
    #expect(engines.count { $0 == "availability" } == 20)
  }

  @Test(
    "no more jobs at once than an address, a platform and a network may have, and the next comes when one ends",
    arguments: [
      ("address", 1, { @Sendable (index: Int) in site("s\(index).cn", address: "8.8.8.8") }),
      ("platform", 3, { @Sendable (index: Int) in site("s\(index).cn", platform: "cloud") }),
      ("network", 6, { @Sendable (index: Int) in site("s\(index).cn", address: "8.8.8.\(index)") }),
      ("network6", 6, { @Sendable (index: Int) in site("s\(index).cn", address: "2400:da00:1:\(index)::1") }),
    ] as [(String, Int, @Sendable (Int) -> Site)])
  func gates(name: String, limit: Int, make: @Sendable (Int) -> Site) {
    let box = Self.box((0..<30).map(make))
    var out = box.scheduler.lease(holder: "s", limit: 64, now: .at(0))
    #expect(out.count == limit)
    var done = 0
    while let lease = out.popLast() {
      _ = box.scheduler.completed(lease: lease.id, outcome: outcome(lease), now: .at(1))
      done += 1
      out += box.scheduler.lease(holder: "s", limit: 64, now: .at(1))
      #expect(out.count == min(limit, 30 - done))
    }
    #expect(done == 30)
  }

  @Test("routine leaves a quarter of the places, and one at least, to what is looked at every few minutes")
  func reserve() {
    let routine = (0..<30).map { site("r\($0).cn", address: "8.8.8.\($0 + 1)") }
    let watched = (0..<30).map { site("w\($0).cn", engines: ["availability"], address: "8.8.8.\($0 + 100)") }
    let box = Self.box(routine + watched) { ($0.limits.perNetwork, $0.leaseGrace) = (8, 1000) }
    // The watch goes first, and may have all.
    let first = box.scheduler.lease(holder: "s", limit: 64, now: .at(0))
    #expect(first.map(\.job.engine) == Array(repeating: "availability", count: 8))
    for _ in 0..<30 {
      for lease in box.scheduler.leases.values.filter({ $0.job.engine == "availability" }) {
        _ = box.scheduler.completed(lease: lease.id, outcome: outcome(lease), now: .at(1))
      }
      _ = box.scheduler.lease(holder: "s", limit: 64, now: .at(1))
    }
    #expect(box.scheduler.leases.values.map(\.job.engine) == Array(repeating: "tls", count: 6))
    // Five minutes on all thirty are due again; they go two by two while routine is out.
    let again = box.scheduler.lease(holder: "s", limit: 64, now: .at(301))
    #expect(again.map(\.job.engine) == ["availability", "availability"])
  }

  @Test("who is woken at one gate and stops at another passes the turn on") func passedOn() {
    // Two sites at one address, on two platforms of one job each; a third at the address alone.
    let sites = [
      site("a.cn", address: "8.8.8.8", platform: "p"), site("b.cn", address: "8.8.8.8", platform: "p"),
      site("c.cn", address: "8.8.8.8"), site("d.cn", platform: "p"),
    ]
    let box = Self.box(sites) { ($0.limits.perAddress, $0.limits.perPlatform) = (1, 1) }
    let first = box.scheduler.lease(holder: "s", limit: 8, now: .at(0))
    #expect(first.map(\.job.site) == ["a.cn"])
    var seen = Set(first.compactMap(\.job.site))
    var out = first
    while let lease = out.popLast() {
      _ = box.scheduler.completed(lease: lease.id, outcome: outcome(lease), now: .at(1))
      let next = box.scheduler.lease(holder: "s", limit: 8, now: .at(1))
      seen.formUnion(next.compactMap(\.job.site))
      out += next
    }
    #expect(seen == ["a.cn", "b.cn", "c.cn", "d.cn"])
  }
}
