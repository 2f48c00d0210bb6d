import Records
import Scheduling
import Testing
import Wire

/// A month of a small city with scanners that die, sites that fail, operators who stop and authorisations that end.
@Suite struct RandomWalkTests {
  /// The store: what was kept before the last kill, line by line.
  struct Kept {
    private var lines: [Scheduler.Key: Scheduler.Entry] = [:]
    private var leases: [Int64: Lease] = [:]
    private var head: Scheduler.Snapshot.Head
    private var stops: [ScanStop] = []

    init(_ snapshot: Scheduler.Snapshot) { head = snapshot.head }

    mutating func take(_ changes: Scheduler.SnapshotChanges, stops: [ScanStop]) {
      for key in changes.removed { lines[key] = nil }
      for line in changes.lines { lines[line.key] = line.entry }
      for lease in changes.given { leases[lease.id] = lease }
      for id in changes.ended { leases[id] = nil }
      (head, self.stops) = (changes.head, stops)
    }

    var snapshot: Scheduler.Snapshot {
      Scheduler.Snapshot(
        lines: lines.map { .init(key: $0.key, entry: $0.value) }, leases: Array(leases.values), head: head,
        stops: stops)
    }
  }

  struct World {
    var random: SeededRandom
    var scheduler: Scheduler
    var running: [Lease] = []
    var lastTested: [String: Double] = [:]
    var leased = 0
    var ids: Set<Int64> = []
    var kept: Kept

    init(seed: UInt64) {
      random = SeededRandom(seed: seed)
      var configuration = SchedulingConfiguration()
      configuration.leaseLimit = 8
      scheduler = Scheduler(configuration: configuration, seed: seed)
      let sites = (0..<40).flatMap { index -> [Site] in
        let one = site("s\(index).cn", cadence: index % 4 == 0 ? 3600 : 21_600, engines: [])
        return index % 5 == 0 ? [one, site("s\(index).cn", scheme: "http", cadence: 7200, engines: [])] : [one]
      }
      let named = sites.enumerated().map { index, site in
        var site = site
        site.id = "\(index)"
        return site
      }
      let authorisations = (0..<40).compactMap { index -> Authorisation? in
        switch index % 10 {
        case 7: nil
        case 8: authorisation("ended\(index)", hosts: ["s\(index).cn"], until: 86_400)
        case 9: authorisation("late\(index)", hosts: ["s\(index).cn"], from: 5 * 86_400)
        default: authorisation("a\(index)", hosts: ["s\(index).cn"])
        }
      }
      kept = Kept(scheduler.snapshot)
      _ = scheduler.replace(Inventory(sites: named, authorisations: authorisations), now: .at(0))
      kept.take(scheduler.takeChanges(), stops: [])
    }

    mutating func step(_ seconds: Double) {
      let now = Timestamp.at(seconds)
      running.removeAll { $0.until <= now }
      if Int.random(in: 0..<400, using: &random) == 0 {
        let site = Bool.random(using: &random) ? "\(Int.random(in: 0..<40, using: &random))" : nil
        let cut = scheduler.stop(ScanStop(site: site, by: "x", since: now), now: now)
        running.removeAll { lease in cut.contains { $0.id == lease.id } }
      } else if Int.random(in: 0..<40, using: &random) == 0 {
        scheduler.resume([nil])
      }
      // The hub is killed. Scanners work on, or died with it.
      if Int.random(in: 0..<2000, using: &random) == 0 {
        let inventory = scheduler.inventory
        scheduler = Scheduler(restoring: kept.snapshot, configuration: scheduler.configuration)
        _ = scheduler.replace(inventory, now: now)
        if Bool.random(using: &random) { running = [] }
        running = running.compactMap { scheduler.leases[$0.id] }
      }
      for lease in scheduler.lease(holder: "s\(Int.random(in: 0..<3, using: &random))", limit: 4, now: now) {
        check(lease, now)
        #expect(ids.insert(lease.id).inserted, "lease \(lease.id) names two jobs")
        running.append(lease)
        leased += 1
      }
      kept.take(scheduler.takeChanges(), stops: scheduler.stops)
      finish(now, seconds)
    }

    mutating func check(_ lease: Lease, _ now: Timestamp) {
      let held = scheduler.inventory.authorisations.first { $0.id == lease.job.authorisation }
      #expect(held?.isValid(at: now) == true && held?.covers(host: lease.job.target.host) == true)
      #expect(!scheduler.isStopped(site: lease.job.site ?? ""))
      #expect(!running.contains { $0.job.target.host == lease.job.target.host })
      #expect(scheduler.leases.count <= scheduler.configuration.leaseLimit)
    }

    mutating func finish(_ now: Timestamp, _ seconds: Double) {
      var kept: [Lease] = []
      for lease in running {
        switch Int.random(in: 0..<60, using: &random) {
        case 0..<30: kept.append(lease)
        case 30: continue
        case 31...34: _ = scheduler.completed(lease: lease.id, outcome: outcome(lease, .failed), now: now)
        default:
          let held = scheduler.completed(lease: lease.id, outcome: outcome(lease), now: now)
          #expect(held)
          lastTested["\(lease.job.site ?? "") \(lease.job.engine)"] = seconds
        }
      }
      running = kept
    }
  }

  @Test("a month at random starves nobody and breaks no rule", arguments: [1, 2, 3] as [UInt64])
  func month(seed: UInt64) {
    var world = World(seed: seed)
    var seconds = 0.0
    while seconds < 10 * 86_400 {
      world.step(seconds)
      seconds += 37
    }
    // A quiet hour: nobody stops anything, so everything due must get its turn.
    world.scheduler.resume([nil])
    let end = seconds + 8 * 3600
    while seconds < end {
      world.running.removeAll { $0.until <= .at(seconds) }
      for lease in world.scheduler.lease(holder: "quiet", limit: 8, now: .at(seconds)) {
        world.check(lease, .at(seconds))
        _ = world.scheduler.completed(lease: lease.id, outcome: outcome(lease), now: .at(seconds))
        world.lastTested["\(lease.job.site ?? "") \(lease.job.engine)"] = seconds
      }
      seconds += 10
    }
    let inventory = world.scheduler.inventory
    for site in inventory.sites {
      let valid = inventory.authorisations.contains { $0.covers(host: site.host) && $0.isValid(at: .at(seconds)) }
      let anyScheme = ["availability", "http", "dns", "ports", "content", "templates"]
      for engine in site.scheme == "https" ? ["tls", "certificate"] + anyScheme : anyScheme {
        let last = world.lastTested["\(site.id) \(engine)"]
        if valid {
          #expect(last.map { seconds - $0 < 9 * 3600 } == true, "\(site.id) \(engine) starved")
        } else {
          #expect(last.map { $0 <= 86_400 + 100 } ?? true)
          #expect(world.scheduler.coverage.entry(site: site.id, engine: engine)?.status == .notAuthorised)
        }
      }
    }
    #expect(world.leased > 1000)
  }
}
