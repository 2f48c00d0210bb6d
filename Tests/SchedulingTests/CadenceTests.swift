import Records
import Scheduling
import Testing
import Wire

/// When each class comes again, and what moves it.
@Suite struct CadenceTests {
  /// Runs everything that is due, second by second, and tells when each job began.
  static func run(_ box: Box, from: Int = 0, until: Int, by step: Int = 1) -> [(second: Int, job: ScanJob)] {
    var result: [(Int, ScanJob)] = []
    for second in stride(from: from, to: until, by: step) {
      while let lease = box.scheduler.lease(holder: "s", limit: 1, now: .at(Double(second))).first {
        result.append((second, lease.job))
        _ = box.scheduler.completed(lease: lease.id, outcome: outcome(lease), now: .at(Double(second)))
      }
    }
    return result
  }

  static func gaps(_ jobs: [(second: Int, job: ScanJob)], _ engine: String) -> Set<Int> {
    let seconds = jobs.filter { $0.job.engine == engine }.map(\.second)
    return Set(zip(seconds.dropFirst(), seconds).map { $0 - $1 })
  }

  @Test("each class has its interval", arguments: [(Criticality.critical, 60, 300), (.ordinary, 300, 900)])
  func classes(criticality: Criticality, availability: Int, watch: Int) {
    let box = FairnessTests.box([site("a.cn", engines: [], criticality: criticality)])
    let jobs = Self.run(box, until: 14 * 3600, by: 30)
    #expect(Self.gaps(jobs, "availability") == [availability])
    #expect(Self.gaps(jobs, "certificate") == [watch] && Self.gaps(jobs, "dns") == [watch])
    #expect(Self.gaps(jobs, "content") == [watch])
    // Inner pages every six hours, by the same engine: its other looks are at the home page.
    let whole = jobs.filter { $0.job.engine == "content" && $0.job.options.pages == nil }.map(\.second)
    #expect(whole.count == 3 && zip(whole.dropFirst(), whole).allSatisfy { (6 * 3600...6 * 3600 + 30) ~= $0 - $1 })
    #expect(jobs.filter { $0.job.engine == "content" && $0.job.options.pages == 1 }.count > 40)
    // A clean scan of a new site: the next in a day, and a step slower each time.
    for engine in ["tls", "http", "ports"] { #expect(jobs.filter { $0.job.engine == engine }.count == 1) }
  }

  @Test("a site's own cadence is of its pages and risks; the watch stays quicker") func own() {
    let box = FairnessTests.box([site("a.cn", cadence: 3600, engines: ["tls", "availability", "dns"])])
    let jobs = Self.run(box, until: 4 * 3600, by: 30)
    #expect(Self.gaps(jobs, "tls") == [3600])
    #expect(Self.gaps(jobs, "availability") == [300] && Self.gaps(jobs, "dns") == [900])
    let often = FairnessTests.box([site("a.cn", cadence: 60, engines: ["tls", "availability"])])
    let quick = Self.run(often, until: 600, by: 10)
    #expect(Self.gaps(quick, "tls") == [60] && Self.gaps(quick, "availability") == [60])
  }

  @Test("jitter keeps due times apart, within its part of the interval, and the watch never late") func jitter() {
    let box = FairnessTests.box([site("a.cn", engines: ["availability"])]) { $0.jitter = 0.1 }
    let gaps = Self.gaps(Self.run(box, until: 100_000), "availability")
    #expect(gaps.count > 20)
    #expect(gaps.allSatisfy { (269...301).contains($0) })
    let risk = FairnessTests.box([site("a.cn", cadence: 300, engines: ["tls"])]) { $0.jitter = 0.1 }
    let others = Self.gaps(Self.run(risk, until: 100_000), "tls")
    #expect(others.allSatisfy { $0 <= 331 } && others.contains { $0 > 301 })
  }

  @Test("a doubt is looked at again soon, at best by another scanner") func secondLook() throws {
    func doubted(_ others: Bool) throws -> (Box, Lease) {
      let box = FairnessTests.box([site("a.cn", engines: ["availability"])])
      let first = try #require(box.scheduler.lease(holder: "one", limit: 1, now: .at(0)).first)
      #expect(first.job.asksAgain)
      if others { _ = box.scheduler.lease(holder: "two", limit: 1, now: .at(20)) }
      _ = box.scheduler.completed(
        lease: first.id, outcome: outcome(first, .partial, retry: .after(seconds: 30)), now: .at(1))
      return (box, first)
    }
    let (alone, _) = try doubted(false)
    #expect(alone.scheduler.lease(holder: "one", limit: 1, now: .at(30)).isEmpty)
    #expect(alone.scheduler.lease(holder: "one", limit: 1, now: .at(31)).count == 1)
    let (box, _) = try doubted(true)
    #expect(box.scheduler.lease(holder: "one", limit: 1, now: .at(31)).isEmpty)
    #expect(box.scheduler.lease(holder: "two", limit: 1, now: .at(32)).count == 1)
    // The other one went away: patience ends.
    let (left, _) = try doubted(true)
    #expect(left.scheduler.lease(holder: "one", limit: 1, now: .at(45)).isEmpty)
    #expect(left.scheduler.lease(holder: "one", limit: 1, now: .at(46)).count == 1)
  }

  @Test("in a maintenance window only availability is looked at, and its job says so") func maintenance() throws {
    var target = site("a.cn", engines: ["availability", "tls", "dns"])
    target.maintenance = [
      try #require(MaintenanceWindow(.dated(from: .at(100), until: .at(4000))))
    ]
    let box = FairnessTests.box([target])
    let jobs = Self.run(box, until: 6000, by: 10)
    let inside = jobs.filter { (100..<4000).contains($0.second) }
    #expect(Set(inside.map(\.job.engine)) == ["availability"])
    #expect(inside.allSatisfy { $0.job.maintenanceUntil == .at(4000) })
    #expect(jobs.filter { $0.second < 100 || $0.second >= 4000 }.allSatisfy { $0.job.maintenanceUntil == nil })
    #expect(
      jobs.contains { $0.job.engine == "dns" && (4000...4010).contains($0.second) }, "it comes when the window ends")
    #expect(box.scheduler.takeCoverage().map(\.reason).contains("maintenance window until \(Timestamp.at(4000).text)"))
  }

  @Test("a guard period tightens at once, freezes what is heavy, and ends by itself") func guardPeriod() {
    let period = GuardPeriod(
      id: "g", name: "congress", from: .at(1000), until: .at(30_000), organisations: ["city"], cadenceFactor: 0.2,
      frozenEngines: ["tls"])
    var inside = site("a.cn", cadence: 7200, engines: ["availability", "tls"])
    inside.organisation = "bureau"
    let outside = site("b.cn", cadence: 7200, engines: ["availability", "tls"], organisation: "other")
    let box = FairnessTests.box([inside, outside])
    var inventory = box.scheduler.inventory
    inventory.organisations = [
      Organisation(id: "city", name: BilingualText("City")),
      Organisation(id: "bureau", name: BilingualText("Bureau"), parent: "city"),
    ]
    _ = box.scheduler.replace(inventory, now: .at(0))
    box.scheduler.set(guards: [period], now: .at(0))
    let jobs = Self.run(box, until: 40_000, by: 10)
    func seconds(_ site: String, _ engine: String) -> [Int] {
      jobs.filter { $0.job.site == site && $0.job.engine == engine }.map(\.second)
    }
    #expect(seconds("a.cn", "tls").allSatisfy { !(1000..<30_000).contains($0) })
    #expect(seconds("a.cn", "tls").contains { (30_000..<30_100).contains($0) }, "\(seconds("a.cn", "tls"))")
    #expect(seconds("b.cn", "tls") == [0, 7200, 14_400, 21_600, 28_800, 36_000])
    let guarded = seconds("a.cn", "availability").filter { (1000..<30_000).contains($0) }
    #expect(guarded.count > 450, "every minute instead of every five")
    #expect((95...98).contains(seconds("b.cn", "availability").filter { (1000..<30_000).contains($0) }.count))
    let after = seconds("a.cn", "availability").filter { $0 > 30_400 }
    #expect(zip(after.dropFirst(), after).allSatisfy { $0 - $1 == 300 })
    #expect(box.scheduler.takeCoverage().contains { $0.reason.hasPrefix("frozen by the guard period g until") })
  }

  @Test("a guard period that is taken back lets go at once") func guardTakenBack() {
    let period = GuardPeriod(
      id: "g", name: "", from: .at(-10), until: .at(90_000), cadenceFactor: 1, frozenEngines: ["tls"])
    let box = FairnessTests.box([site("a.cn")], guards: [period])
    #expect(Self.run(box, until: 100).isEmpty)
    #expect(box.scheduler.status(now: .at(100)).held == ["frozen by a guard period": 1])
    box.scheduler.set(guards: [], now: .at(100))
    #expect(Self.run(box, from: 100, until: 102).count == 1)
  }

  @Test("the status says what runs, what is due, how late, and what is held") func status() throws {
    let box = FairnessTests.box([
      site("a.cn", engines: ["tls", "dns"]), site("b.cn", engines: ["availability"]), site("x.com"),
    ])
    let lease = box.scheduler.lease(holder: "s", limit: 1, now: .at(20))
    #expect(lease.map(\.job.engine) == ["dns"] || lease.map(\.job.engine) == ["availability"])
    _ = box.scheduler.lease(holder: "s", limit: 5, now: .at(30))
    let status = box.scheduler.status(now: .at(50))
    #expect(status.held == ["another engine is at the host": 1, "not authorised": 1])
    let risk = try #require(status.classes.first { $0.kind == .risk })
    #expect(risk.jobs == 2 && risk.running == 0 && risk.due == 1 && risk.lag == 50)
    #expect(status.classes.map(\.running) == [1, 1, 0, 0])
  }
}
