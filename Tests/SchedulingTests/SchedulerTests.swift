import Records
import Scheduling
import Testing
import Wire

/// Mutating calls inside `#expect` need a reference.
final class Box {
  var scheduler: Scheduler
  init(_ scheduler: Scheduler) { self.scheduler = scheduler }
}

@Suite struct SchedulerTests {
  static func box(_ inventory: Inventory, seed: UInt64 = 1) -> Box {
    var configuration = SchedulingConfiguration()
    configuration.initialSpread = 0
    configuration.jitter = 0
    var scheduler = Scheduler(configuration: configuration, seed: seed)
    _ = scheduler.replace(inventory, now: .at(0))
    return Box(scheduler)
  }

  @Test("a site is leased with its authorisation, once") func leased() {
    let box = Self.box(
      Inventory(
        sites: [site("a.cn")],
        authorisations: [authorisation(hosts: ["*.cn"], networks: [IPPrefix("192.0.2.0/24")].compactMap(\.self))]))
    let leases = box.scheduler.lease(holder: "s1", limit: 5, now: .at(0))
    #expect(leases.count == 1)
    #expect(leases.first?.job.target.host == "a.cn")
    #expect(leases.first?.job.authorisation == "a")
    #expect(leases.first?.job.allowedNetworks == [IPPrefix("192.0.2.0/24")].compactMap(\.self))
    #expect(leases.first?.job.probeClass == .probe)
    #expect(box.scheduler.lease(holder: "s2", limit: 5, now: .at(1)).isEmpty)
  }

  @Test(
    "without a valid authorisation nothing is leased and the coverage says why",
    arguments: [
      ([], "no authorisation names a.cn"),
      ([authorisation(hosts: ["b.cn"])], "no authorisation names a.cn"),
      ([authorisation(hosts: ["a.cn"], until: -5)], "the authorisation a ended at 2026-09-21T13:06:35.000000Z"),
      ([authorisation(hosts: ["a.cn"], from: 60)], "the authorisation a begins at 2026-09-21T14:14:20.000000Z"),
    ] as [([Authorisation], String)]) func denied(authorisations: [Authorisation], reason: String)
  {
    let box = Self.box(Inventory(sites: [site("a.cn")], authorisations: authorisations))
    #expect(box.scheduler.lease(holder: "s", limit: 5, now: .at(0)).isEmpty)
    let coverage = box.scheduler.takeCoverage()
    #expect(coverage.map(\.status) == [.notAuthorised])
    let said = coverage.first?.reason ?? ""
    #expect(reason.hasPrefix("the authorisation") ? said.hasPrefix(reason.prefix(20)) : said == reason)
    // It is not repeated, and begins by itself when the authorisation does.
    _ = box.scheduler.lease(holder: "s", limit: 5, now: .at(30))
    #expect(box.scheduler.takeCoverage().isEmpty)
    let later = box.scheduler.lease(holder: "s", limit: 5, now: .at(61))
    #expect(later.count == (reason.contains("begins") ? 1 : 0))
  }

  @Test("a clock set back an hour delays no job and keeps no dead scanner's lease") func clockSetBack() {
    let box = Self.box(
      Inventory(sites: [site("a.cn"), site("b.cn")], authorisations: [authorisation(hosts: ["*.cn"])]))
    let first = box.scheduler.lease(holder: "s1", limit: 1, now: .at(0))
    let length = first[0].until.nanoseconds(since: .at(0))
    box.scheduler.clockWasSetBack(by: 3600, now: .at(-3600))
    #expect(box.scheduler.lease(holder: "s2", limit: 5, now: .at(-3600)).map(\.job.target.host) == ["b.cn"])
    let end = Timestamp(nanoseconds: Timestamp.at(-3600).nanoseconds + length)
    #expect(box.scheduler.leases[first[0].id]?.until == end)
    let again = box.scheduler.lease(holder: "s2", limit: 5, now: end)
    #expect(again.map(\.job.target.host).contains("a.cn"), "the lease ran out after as many seconds as before")
  }

  @Test("the job's class is what the authorisation permits") func lowerClass() {
    let box = Self.box(
      Inventory(sites: [site("a.cn")], authorisations: [authorisation(hosts: ["a.cn"], upTo: .observe)]))
    #expect(box.scheduler.lease(holder: "s", limit: 1, now: .at(0)).first?.job.probeClass == .observe)
  }

  @Test("a refused address is skipped with the reason, unless scan.allow names it") func refusedAddress() {
    var target = site("a.cn")
    target.addresses = [IPAddress("10.1.2.3")].compactMap(\.self)
    let inventory = Inventory(sites: [target], authorisations: [authorisation(hosts: ["a.cn"])])
    let box = Self.box(inventory)
    #expect(box.scheduler.lease(holder: "s", limit: 1, now: .at(0)).isEmpty)
    #expect(box.scheduler.takeCoverage().first?.reason == "refused target: 10.1.2.3 is private")
    var configuration = SchedulingConfiguration()
    configuration.initialSpread = 0
    configuration.addresses = AddressPolicy(allowed: [IPPrefix("10.0.0.0/8")].compactMap(\.self))
    let permitted = Box(Scheduler(configuration: configuration, seed: 1))
    _ = permitted.scheduler.replace(inventory, now: .at(0))
    #expect(permitted.scheduler.lease(holder: "s", limit: 1, now: .at(0)).count == 1)
  }

  @Test("two engines never hold one host") func oneEngineAHost() {
    let box = Self.box(
      Inventory(sites: [site("a.cn", engines: [])], authorisations: [authorisation(hosts: ["a.cn"])]))
    let first = box.scheduler.lease(holder: "s", limit: 5, now: .at(0))
    #expect(first.count == 1)
    #expect(box.scheduler.completed(lease: first[0].id, outcome: outcome(first[0]), now: .at(5)) == true)
    let second = box.scheduler.lease(holder: "s", limit: 5, now: .at(5))
    #expect(second.count == 1)
    #expect(second.first?.job.engine != first.first?.job.engine)
  }

  @Test("a dead scanner's job is taken again once, then the site waits") func deadHolder() throws {
    let box = Self.box(
      Inventory(sites: [site("a.cn")], authorisations: [authorisation(hosts: ["a.cn"])]))
    let first = try #require(box.scheduler.lease(holder: "s1", limit: 1, now: .at(0)).first)
    #expect(box.scheduler.lease(holder: "s2", limit: 1, now: first.until.advanced(seconds: -1)).isEmpty)
    let second = try #require(box.scheduler.lease(holder: "s2", limit: 1, now: first.until).first)
    #expect(second.id != first.id)
    #expect(second.job.attempt == 2)
    #expect(box.scheduler.completed(lease: first.id, outcome: outcome(first), now: second.until) == false)
    #expect(box.scheduler.lease(holder: "s3", limit: 1, now: second.until).isEmpty)
    #expect(box.scheduler.takeCoverage().map(\.reason) == ["two scanners went away while they held the job"])
    #expect(box.scheduler.lease(holder: "s3", limit: 1, now: second.until.advanced(seconds: 601)).count == 1)
  }

  @Test(
    "what a scanner no longer knows of comes again at once, and only its own; a death counts, a lost message does not")
  func lostLeases() throws {
    let box = Self.box(
      Inventory(
        sites: [site("a.cn"), site("b.cn"), site("c.cn")], authorisations: [authorisation(hosts: ["*.cn"])]))
    let mine = box.scheduler.lease(holder: "s1", limit: 2, now: .at(0))
    let other = try #require(box.scheduler.lease(holder: "s2", limit: 1, now: .at(0)).first)
    box.scheduler.lost(mine.map(\.id) + [other.id, 99], holder: "s1", isDeath: false, now: .at(1))
    #expect(box.scheduler.leases.keys.sorted() == [other.id])
    #expect(box.scheduler.completed(lease: other.id, outcome: outcome(other), now: .at(1)) == true)
    let again = box.scheduler.lease(holder: "s1", limit: 5, now: .at(1))
    #expect(Set(again.map(\.job.site)) == Set(mine.map(\.job.site)))
    #expect(again.allSatisfy { $0.job.attempt == 1 })
    #expect(box.scheduler.completed(lease: mine[0].id, outcome: outcome(mine[0]), now: .at(2)) == false)
    // Two deaths: the pause, which doubles where it happens again.
    var (now, ids, pauses) = (2.0, again.map(\.id), [Double]())
    for _ in 0..<3 {
      for _ in 0..<2 {
        box.scheduler.lost(ids, holder: "s1", isDeath: true, now: .at(now))
        ids = box.scheduler.lease(holder: "s1", limit: 5, now: .at(now)).map(\.id)
      }
      #expect(ids.isEmpty)
      let due = try #require(box.scheduler.entry(.init(site: "a.cn", engine: mine[0].job.engine))?.due)
      pauses.append(Double(due.nanoseconds(since: .at(now))) / 1e9)
      now += (pauses.last ?? 0) + 1
      ids = box.scheduler.lease(holder: "s1", limit: 5, now: .at(now)).map(\.id)
      #expect(ids.count == 2)
    }
    #expect(pauses == [30, 60, 120])
  }

  @Test("a stop cuts off what runs, outlives a restart, and is taken back") func stops() throws {
    let box = Self.box(
      Inventory(sites: [site("a.cn"), site("b.cn")], authorisations: [authorisation(hosts: ["*.cn"])]))
    let leases = box.scheduler.lease(holder: "s", limit: 2, now: .at(0))
    let cut = box.scheduler.stop(ScanStop(site: "a.cn", by: "chief", since: .at(1)), now: .at(1))
    #expect(cut.map(\.job.site) == ["a.cn"])
    #expect(box.scheduler.leases.count == 1)
    #expect(box.scheduler.completed(lease: cut[0].id, outcome: outcome(cut[0], .stopped), now: .at(2)) == false)
    let restored = Box(Scheduler(restoring: box.scheduler.snapshot))
    _ = restored.scheduler.replace(box.scheduler.inventory, now: .at(3))
    // What a scanner held when the hub went away, it still holds.
    #expect(restored.scheduler.lease(holder: "s", limit: 5, now: .at(3)).isEmpty)
    let held = try #require(leases.first { $0.job.site == "b.cn" })
    #expect(restored.scheduler.renew([held.id, cut[0].id], holder: "s", now: .at(3)) == [cut[0].id])
    #expect(restored.scheduler.completed(lease: held.id, outcome: outcome(held), now: .at(4)) == true)
    restored.scheduler.resume(["a.cn"])
    let after = restored.scheduler.lease(holder: "s", limit: 5, now: .at(4))
    #expect(after.map(\.job.site) == ["a.cn"])
    #expect(after.allSatisfy { lease in !leases.contains { $0.id == lease.id } })
  }

  @Test("risk makes the next scan sooner, and clean scans slower step by step") func risk() throws {
    let box = Self.box(
      Inventory(sites: [site("a.cn")], authorisations: [authorisation(hosts: ["a.cn"])]))
    let key = Scheduler.Key(site: "a.cn", engine: "tls")
    var now = Timestamp.at(0)
    var intervals: [Double] = []
    for severity in [Severity.critical, nil, nil, nil, nil, .high] {
      let lease = try #require(box.scheduler.lease(holder: "s", limit: 1, now: now).first)
      if let severity {
        box.scheduler.observed(
          Observation(
            time: now, engine: "tls", check: "x", title: BilingualText("x"), severity: severity, site: "a.cn",
            target: lease.job.target, answer: .yes))
      }
      _ = box.scheduler.completed(lease: lease.id, outcome: outcome(lease), now: now)
      let due = try #require(box.scheduler.entry(key)?.due)
      intervals.append(Double(due.nanoseconds(since: now)) / 1e9 / 3600)
      now = due
    }
    #expect(intervals == [12, 24, 96, 168, 168, 24])
  }

  @Test("failures wait by their cause, doubling, and a transient one is tried again soon") func backOff() {
    func wait(_ source: ScanOutcome.Source, _ failures: Int, _ retry: ScanOutcome.Retry = .no) -> Double {
      let outcome = ScanOutcome(
        job: "j", engine: "tls", status: .failed, source: source, retry: retry, started: .at(0), ended: .at(0))
      return BackOff.seconds(after: outcome, failures: failures, interval: 43_200)
    }
    #expect(wait(.site, 1) == 300)
    #expect(wait(.site, 3) == 1200)
    #expect(wait(.site, 40) == 43_200)
    #expect(wait(.network, 1) == 60)
    #expect(wait(.policy, 1) == 3600)
    #expect(wait(.site, 1, .after(seconds: 20)) == 20)
    #expect(wait(.site, 2, .after(seconds: 20)) == 600)
    #expect(wait(.blocked, 1) == 3600 && wait(.blocked, 3) == 14_400)
    #expect(wait(.rateLimited, 1) == 900)
  }

  @Test("a name that moved out of the authorised networks is not covered, and waits") func movedAway() throws {
    let box = Self.box(Inventory(sites: [site("a.cn")], authorisations: [authorisation(hosts: ["a.cn"])]))
    let lease = try #require(box.scheduler.lease(holder: "s", limit: 1, now: .at(0)).first)
    var refused = outcome(lease, .refused, source: .policy)
    refused.reason = "not authorised: 198.51.100.7 is outside the authorised networks"
    #expect(box.scheduler.completed(lease: lease.id, outcome: refused, now: .at(1)) == true)
    #expect(box.scheduler.takeCoverage().map(\.status) == [.notAuthorised])
    #expect(box.scheduler.lease(holder: "s", limit: 1, now: .at(3500)).isEmpty)
  }

  @Test("an operator's wish goes before routine") func hasten() {
    let box = Self.box(
      Inventory(
        sites: (0..<5).map { site("s\($0).cn") }, authorisations: [authorisation(hosts: ["*.cn"])]))
    #expect(box.scheduler.hasten(site: "s4.cn", now: .at(0)) == 1)
    #expect(box.scheduler.hasten(site: "nowhere.cn", now: .at(0)) == 0)
    #expect(box.scheduler.lease(holder: "s", limit: 1, now: .at(0)).first?.job.site == "s4.cn")
  }

  @Test("a wish that comes while the job is out runs it once more, and no oftener") func wishMeanwhile() throws {
    let box = Self.box(Inventory(sites: [site("a.cn")], authorisations: [authorisation(hosts: ["*.cn"])]))
    let first = try #require(box.scheduler.lease(holder: "s", limit: 1, now: .at(0)).first)
    #expect(box.scheduler.hasten(site: "a.cn", now: .at(1)) == 1)
    #expect(box.scheduler.lease(holder: "s", limit: 1, now: .at(2)).isEmpty)
    #expect(box.scheduler.completed(lease: first.id, outcome: outcome(first), now: .at(3)) == true)
    let second = try #require(box.scheduler.lease(holder: "s", limit: 1, now: .at(3)).first)
    #expect(box.scheduler.completed(lease: second.id, outcome: outcome(second), now: .at(4)) == true)
    #expect(box.scheduler.lease(holder: "s", limit: 1, now: .at(600)).isEmpty)
  }

  @Test("an inventory that changes forgets, keeps times, and cuts off what lost its authorisation") func replaced() {
    let both = Inventory(sites: [site("a.cn"), site("b.cn")], authorisations: [authorisation(hosts: ["*.cn"])])
    let box = Self.box(both)
    #expect(box.scheduler.lease(holder: "s", limit: 5, now: .at(0)).count == 2)
    let cut = box.scheduler.replace(
      Inventory(sites: [site("a.cn"), site("b.cn")], authorisations: [authorisation(hosts: ["b.cn"])]), now: .at(1))
    #expect(cut.map(\.job.site) == ["a.cn"])
    #expect(box.scheduler.lease(holder: "s", limit: 5, now: .at(1)).isEmpty)
    #expect(box.scheduler.takeCoverage().map(\.site) == ["a.cn"])
    _ = box.scheduler.replace(both, now: .at(2))
    #expect(box.scheduler.lease(holder: "s", limit: 5, now: .at(2)).map(\.job.site) == ["a.cn"])
  }

  @Test("the end of an authorisation is told 30 days ahead") func expiring() {
    let box = Self.box(
      Inventory(
        authorisations: [
          authorisation("soon", hosts: ["a"], until: 20 * 86_400),
          authorisation("late", hosts: ["b"], until: 90 * 86_400),
          authorisation("gone", hosts: ["c"], until: -1),
        ]))
    #expect(box.scheduler.expiringAuthorisations(now: .at(0)).map(\.id) == ["soon"])
  }
}
