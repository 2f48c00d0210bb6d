import Records
import Scheduling
import Testing

/// Tools that only some scanners have.
@Suite struct EnginesAtHandTests {
  private func box(_ sites: [Site], everywhere: Set<String> = []) -> Box {
    var configuration = SchedulingConfiguration()
    (configuration.initialSpread, configuration.jitter) = (0, 0)
    configuration.engines = [configuration.engines[0]]
    configuration.engines += EngineProfile.external.map { profile in
      var profile = profile
      profile.isExternal = !everywhere.contains(profile.name)
      return profile
    }
    var scheduler = Scheduler(configuration: configuration, seed: 1)
    _ = scheduler.replace(
      Inventory(sites: sites, authorisations: [authorisation(hosts: ["*.cn"])]), now: .at(0))
    return Box(scheduler)
  }

  private func leased(_ box: Box, _ engines: [String], at seconds: Double = 1) -> [String] {
    let leases = box.scheduler.lease(holder: "s", engines: engines, limit: 9, now: .at(seconds))
    return leases.map { "\($0.job.engine) \($0.job.target.host)" }.sorted()
  }

  @Test("an external tool is leased for the sites that name it, and for no other") func named() {
    let box = box([site("a.cn", engines: []), site("b.cn", engines: ["sslscan"])])
    #expect(leased(box, ["tls", "sslscan", "nmap"]) == ["sslscan b.cn", "tls a.cn"])
  }

  @Test("one that the configuration names is leased for every site that names none") func everywhere() {
    let box = box([site("a.cn", engines: []), site("b.cn", engines: ["tls"])], everywhere: ["sslscan"])
    #expect(leased(box, ["sslscan"]) == ["sslscan a.cn"])
  }

  @Test("a scanner is leased only what it has; what none has is said once and holds up nothing") func without() {
    let box = box([site("a.cn", engines: ["tls", "nmap"]), site("b.cn", engines: ["nmap"])])
    #expect(leased(box, ["tls"]) == ["tls a.cn"])
    let said = box.scheduler.takeCoverage().filter { $0.engine == "nmap" }
    #expect(said.map(\.status) == [.skipped, .skipped])
    #expect(said.allSatisfy { $0.reason == "no scanner at hand has nmap" })
    #expect(leased(box, ["tls"], at: 2).isEmpty && box.scheduler.takeCoverage().isEmpty)
    #expect(leased(box, ["tls", "nmap"], at: 3) == ["nmap b.cn"], "the other host is being scanned")
  }

  @Test("what a scanner has not the engine for gives way to what waits for the same host") func gate() {
    let engines = ["tls", "sslscan", "nmap"]
    let box = box([site("a.cn", engines: engines)])
    let first = leased(box, engines)
    #expect(first.count == 1, "one job a host")
    // The first lease has run out by then: the host is free, and one of the two that wait is woken.
    for engine in engines where first != ["\(engine) a.cn"] {
      #expect(leased(Box(box.scheduler), [engine], at: 100) == ["\(engine) a.cn"])
    }
  }
}
