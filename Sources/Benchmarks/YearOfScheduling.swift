import Records
import Scheduling
import Wire

/// A year of 5,000 sites, with the three engines whose cadence goes by risk and the whole looks at pages: what leasing and
/// ending a job costs the hub. (The watch would be half a thousand million jobs a year; its cost a job is the same.)
enum YearOfScheduling {
  static let sites = 5000

  static func run(days: Int) {
    var jobs = 0
    let counter = InstructionCounter()
    let start = Measurement.processorTime()
    var scheduler = Scheduler(configuration: configuration, seed: 1)
    _ = scheduler.replace(inventory, now: Timestamp(seconds: 1_790_000_000))
    for step in 0..<(days * 288) {
      let now = Timestamp(seconds: 1_790_000_000 + Int64(step) * 300)
      for lease in scheduler.lease(holder: "scanner", limit: 512, now: now) {
        end(lease, now, &scheduler)
        jobs += 1
      }
      _ = scheduler.takeChanges()
    }
    let nanoseconds = Measurement.processorTime() - start
    let each = counter.value.map { "\($0 / UInt64(max(jobs, 1))) instructions" } ?? "instructions not counted"
    print(
      "\(days) days of \(sites) sites: \(jobs) jobs in \(nanoseconds / 1_000_000) ms of processor time, "
        + "\(nanoseconds / Int64(max(jobs, 1))) ns and \(each) a job")
  }

  private static var configuration: SchedulingConfiguration {
    var configuration = SchedulingConfiguration()
    configuration.leaseLimit = 512
    for index in configuration.engines.indices { configuration.engines[index].lightPages = nil }
    return configuration
  }

  private static var inventory: Inventory {
    let sites = (0..<sites).map { index in
      Site(
        id: "s\(index)", url: "https://s\(index).example/", scheme: "https", host: "s\(index).example", port: 443,
        organisation: "o\(index % 110)", engines: ["tls", "http", "ports", "content"])
    }
    let permit = Authorisation(
      id: "a", grantedBy: "the city", document: "", hosts: ["*.example"], networks: [], from: Timestamp(seconds: 0),
      until: Timestamp(seconds: 1 << 33), upTo: .intrusive)
    return Inventory(sites: sites, authorisations: [permit])
  }

  /// One site in fifty stays critical, two high, five medium.
  private static func end(_ lease: Lease, _ now: Timestamp, _ scheduler: inout Scheduler) {
    let site = lease.job.site ?? ""
    let severity: Severity? =
      switch (Int(site.dropFirst()) ?? 0) % 50 {
      case 7: .critical
      case 17, 27: .high
      case 3, 13, 23, 33, 43: .medium
      default: nil
      }
    if let severity {
      scheduler.observed(
        Observation(
          time: now, engine: lease.job.engine, check: "x", title: BilingualText("x"), severity: severity, site: site,
          target: lease.job.target, answer: .yes))
    }
    let outcome = ScanOutcome(
      job: lease.job.id, engine: lease.job.engine, site: site, status: .completed, started: now, ended: now)
    _ = scheduler.completed(lease: lease.id, outcome: outcome, now: now)
  }
}
