import Records
import Scheduling
import Testing
import Wire

/// A city's year. The classes of hours and days for 5,000 sites over the whole year by one engine; the watch, whose jobs
/// would be half a thousand million a year, for some hours with all engines. (`Benchmarks --schedule` runs the year with
/// every engine of the slow classes.)
@Suite struct YearTests {
  struct City {
    var scheduler: Scheduler
    var random: SeededRandom
    /// What is open at each site, from scan to scan: most are clean, some stay risky.
    let risk: [String: Severity]
    var count: [Scheduler.Key: Int] = [:]
    var last: [Scheduler.Key: Double] = [:]
    var longest: [Scheduler.Key: Double] = [:]
    var byHour: [Int: Int] = [:]
    var jobs = 0

    init(sites count: Int, engines: [String], seed: UInt64, change: (inout SchedulingConfiguration) -> Void = { _ in })
    {
      random = SeededRandom(seed: seed)
      var configuration = SchedulingConfiguration()
      change(&configuration)
      scheduler = Scheduler(configuration: configuration, seed: seed)
      var risk: [String: Severity] = [:]
      let sites = (0..<count).map { index -> Site in
        // A third of all sites belongs to one organisation, the rest to 110.
        let organisation = index % 3 == 0 ? "large" : "o\(index % 110)"
        var one = site(
          "s\(index).cn", engines: engines, organisation: organisation,
          criticality: index % 20 == 0 ? .critical : .ordinary)
        one.id = "s\(index)"
        switch index % 50 {
        case 7: risk[one.id] = .critical
        case 17, 27: risk[one.id] = .high
        case 3, 13, 23, 33, 43: risk[one.id] = .medium
        default: break
        }
        return one
      }
      self.risk = risk
      _ = scheduler.replace(
        Inventory(sites: sites, authorisations: [authorisation(hosts: ["*.cn"], until: 1e9, upTo: .intrusive)]),
        now: .at(0))
    }

    mutating func run(from start: Double = 0, until end: Double, by step: Double, capacity: Int) {
      var second = start
      while second < end {
        let now = Timestamp.at(second)
        for lease in scheduler.lease(holder: "s", limit: capacity, now: now) { finish(lease, second, now) }
        second += step
      }
    }

    private mutating func finish(_ lease: Lease, _ second: Double, _ now: Timestamp) {
      let key = Scheduler.Key(site: lease.job.site ?? "", engine: lease.job.engine)
      if let severity = risk[key.site] {
        scheduler.observed(
          Observation(
            time: now, engine: key.engine, check: "x", title: BilingualText("x"), severity: severity, site: key.site,
            target: lease.job.target, answer: .yes))
      }
      _ = scheduler.completed(lease: lease.id, outcome: outcome(lease, at: now), now: now)
      jobs += 1
      count[key, default: 0] += 1
      longest[key] = max(longest[key] ?? 0, second - (last[key] ?? 0))
      last[key] = second
      byHour[Int(second) / 3600, default: 0] += 1
    }
  }

  static let day = 86_400.0

  @Test("a year of 5,000 sites: each in its cadence by risk, none starved, no hour a rush")
  func year() {
    let seed = UInt64.random(in: 1...1_000_000)
    print("a year of scheduling, seed \(seed)")
    var city = City(sites: 5000, engines: ["tls"], seed: seed) { $0.leaseLimit = 5000 }
    let step = 1800.0
    city.run(until: 365 * Self.day, by: step, capacity: 5000)
    for index in 0..<5000 {
      let key = Scheduler.Key(site: "s\(index)", engine: "tls")
      let days: Double =
        switch city.risk[key.site] {
        case .critical: 0.5
        case .high: 1
        case .medium: 4
        default: 7
        }
      let count = Double(city.count[key] ?? 0)
      #expect(abs(count - 365 / days) < 365 / days * 0.05 + 4, "\(key.site): \(count) in \(365 / days)")
      #expect((city.longest[key] ?? .infinity) <= days * Self.day * 1.1 + 2 * step, "\(key.site) waited too long")
    }
    // Jitter spreads what began in one half minute: after a month no hour has twice the mean.
    let hours = (24 * 60..<24 * 365).map { city.byHour[$0] ?? 0 }
    let mean = Double(hours.reduce(0, +)) / Double(hours.count)
    #expect(Double(hours.max() ?? 0) < 2 * mean, "\(hours.max() ?? 0) in an hour, \(mean) in the mean")
    print("\(city.jobs) jobs, \(mean) an hour in the mean, \(hours.max() ?? 0) at most")
  }

  @Test("the watch of 300 sites with every engine keeps its minutes while pages and risks go on")
  func watch() {
    let seed = UInt64.random(in: 1...1_000_000)
    print("six hours of watching, seed \(seed)")
    var city = City(sites: 300, engines: [], seed: seed)
    // At first everything is due at once, and takes its time.
    city.run(until: 1800, by: 10, capacity: 64)
    #expect(city.longest.filter { $0.key.engine == "availability" && $0.value < 300 * 1.1 + 300 }.count == 300)
    city.longest = [:]
    city.run(from: 1800, until: 6.5 * 3600, by: 10, capacity: 64)
    for (key, longest) in city.longest where key.engine == "availability" {
      let isCritical = (Int(key.site.dropFirst()) ?? 0) % 20 == 0
      #expect(longest <= (isCritical ? 60 : 300) * 1.1 + 90, "\(key.site) was out of sight for \(longest) s")
    }
    for engine in ["tls", "certificate", "availability", "http", "dns", "ports", "content", "templates"] {
      #expect(city.count.keys.count { $0.engine == engine } == 300, "\(engine)")
    }
    print("\(city.jobs) jobs")
  }

  @Test("with half the capacity that it would take, organisations get equal shares and nobody none")
  func scarce() {
    // 200 sites of one organisation and 10 of ten others want a scan every 100 s; there is one job a second.
    var configuration = SchedulingConfiguration()
    (configuration.initialSpread, configuration.leaseLimit) = (100, 8)
    var scheduler = Scheduler(configuration: configuration, seed: 5)
    let large = (0..<200).map { site("l\($0).cn", cadence: 100, organisation: "large") }
    let small = (0..<10).map { site("s\($0).cn", cadence: 100, organisation: "small\($0)") }
    _ = scheduler.replace(
      Inventory(sites: large + small, authorisations: [authorisation(hosts: ["*.cn"])]), now: .at(0))
    var count: [String: Int] = [:]
    for second in 0..<20_000 {
      for lease in scheduler.lease(holder: "s", limit: 1, now: .at(Double(second))) {
        _ = scheduler.completed(lease: lease.id, outcome: outcome(lease), now: .at(Double(second)))
        count[lease.job.site ?? "", default: 0] += 1
      }
    }
    for one in small { #expect((180...220).contains(count[one.id] ?? 0), "\(one.id): \(count[one.id] ?? 0)") }
    let counts = large.map { count[$0.id] ?? 0 }
    #expect((counts.min() ?? 0) >= 85 && (counts.max() ?? 0) <= 95, "\(counts.min() ?? 0) to \(counts.max() ?? 0)")
  }
}
