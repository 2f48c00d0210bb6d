import Records
import Scheduling
import Services
import Wire

@testable import DemoCity
@testable import Engines
@testable import Scanner

/// One site through a simulated day: the schedule says when each engine looks, the engines ask the real server, and what
/// they say folds into findings. Only time is made up.
struct WatchedDay {
  /// What was told: a finding that opened.
  struct Told: Sendable {
    var check: String
    var time: Double
  }
  struct Outcome: Sendable {
    var told: [Told] = []
    /// Outages that the engine's memory has, in seconds of the day.
    var outages: [(from: Double, until: Double)] = []
    var looks = 0
    var isCritical = false
    /// Of the watch and of availability, in seconds.
    var cadence: (watch: Double, availability: Double) = (0, 0)
  }

  private static let start = Timestamp(seconds: 1_790_000_000)
  private let site: PlannedSite
  private let city: LiveCity
  private let events: [WatchPlan.Event]
  private var scheduler: Scheduler
  private var settings = ScanContext.Settings()
  private var findings: [FoldKey: Finding] = [:]
  private var memories: [String: String] = [:]
  private var outcome = Outcome()

  init(_ site: PlannedSite, _ city: LiveCity, _ events: [WatchPlan.Event], trust: String, seed: UInt64) {
    (self.site, self.city, self.events) = (site, city, events)
    settings.policy = AddressPolicy(allowed: [IPPrefix("127.0.0.0/8")].compactMap(\.self))
    settings.limits = .lab
    // Two seconds between two requests for a page that is down are a moment of a simulated day.
    settings.limits.pauseShare = 0.01
    settings.trustFile = trust
    var configuration = SchedulingConfiguration()
    configuration.addresses = settings.policy
    configuration.engines = configuration.engines.filter { ["availability", "content"].contains($0.name) }
    scheduler = Scheduler(configuration: configuration, seed: seed)
    let criticality = Criticality(rawValue: site.criticality) ?? .ordinary
    let scheme = site.isPlain ? "http" : "https"
    _ = scheduler.replace(
      Inventory(
        sites: [
          Site(
            id: site.id, url: site.url(city.ports), scheme: scheme, host: site.host, port: site.port(city.ports),
            criticality: criticality, addresses: [IPAddress(site.address)].compactMap(\.self))
        ],
        authorisations: [
          Authorisation(
            id: "a", grantedBy: "the city", document: "", hosts: [site.host], networks: [],
            from: Timestamp(seconds: 0), until: Timestamp(seconds: 1 << 33), upTo: .probe)
        ]), now: WatchedDay.start)
    let cadence = configuration.cadence
    outcome.isCritical = criticality == .critical
    outcome.cadence = (
      outcome.isCritical ? cadence.watch.critical : cadence.watch.others,
      outcome.isCritical ? cadence.availability.critical : cadence.availability.others
    )
  }

  mutating func run() -> Outcome {
    var changes = events.flatMap { [($0.from, change($0, isBegin: true)), ($0.until, change($0, isBegin: false))] }
      .sorted { $0.0 < $1.0 }[...]
    var time = 0.0
    while time < WatchPlan.day {
      if let (moment, change) = changes.first, moment <= time {
        city.apply([change])
        changes.removeFirst()
        continue
      }
      let leases = scheduler.lease(holder: "s", limit: 1, now: at(time))
      if leases.isEmpty {
        let due = scheduler.nextDue.map { Double($0.nanoseconds(since: WatchedDay.start)) / 1e9 } ?? WatchPlan.day
        // What is due and cannot be given waits a second, as a scanner asks again.
        time = max(min(due, changes.first?.0 ?? WatchPlan.day), due <= time ? time + 1 : time)
        continue
      }
      for lease in leases { look(lease, time) }
    }
    outcome.outages = outages
    return outcome
  }

  private func at(_ time: Double) -> Timestamp { WatchedDay.start.advanced(seconds: time) }

  private func change(_ event: WatchPlan.Event, isBegin: Bool) -> CityChange {
    let trait: SiteTrait = event.kind == .defaced ? .defaced : .serverError
    return CityChange(
      site: site.number, kind: isBegin ? (event.kind == .defaced ? .defaced : .down) : .better,
      added: isBegin ? [trait] : [], removed: isBegin ? [] : [trait])
  }

  private mutating func look(_ lease: Lease, _ time: Double) {
    guard let engine = EngineRegistry.named(lease.job.engine) else { return }
    let now = at(time)
    var (job, settings) = (lease.job, settings)
    job.known = memories[engine.name]
    settings.now = { now }
    let context = ScanContext(
      job: job, settings: settings, gate: AddressGate(), budget: engine.budget(for: job, settings.limits))
    let result = engine.run(job, context)
    memories[engine.name] = result.memory ?? memories[engine.name]
    outcome.looks += 1
    let report = ReportFold(job: job, result: result, engine: engine, vantage: "s", time: now)
    for observation in report.observations {
      scheduler.observed(observation)
      fold(observation, time, now)
    }
    let end = ScanOutcome(
      job: job.id, engine: job.engine, site: job.site, status: result.status, reason: result.reason,
      source: result.source, retry: result.retry, started: now, ended: now)
    _ = scheduler.completed(lease: lease.id, outcome: end, now: now)
  }

  private mutating func fold(_ observation: Observation, _ time: Double, _ now: Timestamp) {
    let attribution = SiteAttribution(site: site.id, subject: site.host)
    let key = FoldKey.finding(observation, attribution)
    let before = findings[key]?.state.isLive ?? false
    guard let finding = QueueRules.standard.absorbObservation(observation, attribution, findings[key], now) else {
      return
    }
    findings[key] = finding
    if !before, finding.state.isLive { outcome.told.append(Told(check: observation.check, time: time)) }
  }

  private var outages: [(from: Double, until: Double)] {
    let memory = memories["availability"].flatMap { try? RecordJSON.decode(AvailabilityMemory.self, from: $0) }
    func second(_ text: String) -> Double {
      Timestamp(text: text).map { Double($0.nanoseconds(since: WatchedDay.start)) / 1e9 } ?? -1
    }
    return (memory?.outages ?? []).map { (second($0.from), second($0.until)) }
  }
}
