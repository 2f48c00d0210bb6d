/// Scanner turns jobs into observations: the active assembly. It runs engines on a bounded number of threads, never two
/// on one host, each within its job's deadline, and can end every connection at once.
///
///     ScanJob (from a lease, or of `vigil scan`) -> Scanner.submit -> ScanEngine.run -> ScanReport -> onReport
///
/// It does not decide what is scanned (Scheduling, in the hub, or the operator), keeps nothing, and folds nothing: a
/// report's observations, outcome and coverage go up the seam (`ScannerRole`) or to the screen (`Scanner.scan`).
/// Called by `vigil scanner` and `vigil scan`.
internal import Dispatch
package import Engines
package import Records
internal import Synchronization
internal import Wire

/// Everything that came of one job.
package struct ScanReport: Sendable {
  /// Nil for a job that no scheduler gave.
  package var lease: Int64?
  package var job: ScanJob
  package var outcome: ScanOutcome
  /// One a check that was asked, *no* included; what does not apply or was not permitted is only in the coverage.
  package var observations: [Observation]
  /// The engine as a whole (`*`), and each check that was not tested.
  package var coverage: [CoverageEntry]
  package var facts: [Fact]
  /// For the next look at the same site.
  package var memory: EngineMemory?
  /// What may be part of the site; of jobs that a site of the inventory has.
  package var sightings: [Sighting] = []
  package var counters: ScanContext.Counters
}

package final class Scanner: Sendable {
  package struct Configuration: Sendable {
    /// Jobs at once. A job waits for the network nearly all of its time.
    package var jobs = 16
    package var settings = ScanContext.Settings()
    /// Which imported content `settings` has, for the hub.
    package var content: String?
    /// A supervisor starts this process again when it ends.
    package var isSupervised = false
    /// This scanner's name, in observations.
    package var vantage = "scanner"

    package init() {}
  }

  private struct Waiting {
    var lease: Int64?
    var job: ScanJob
  }
  private struct Running {
    var lease: Int64?
    var job: ScanJob
    var context: ScanContext
    /// On the monotonic clock.
    var since: Int64
  }
  private struct State {
    var waiting: ArraySlice<Waiting> = []
    var running: [String: Running] = [:]
    var isClosed = false
    var silences = Silences()
    /// Of jobs that have ended, until they are asked for.
    var connections: [OwnConnection] = []
    var completed: UInt64 = 0
    var failed: UInt64 = 0
  }

  package let configuration: Configuration
  private let engines: [any ScanEngine]
  private let places: JobPlaces
  private let gate = AddressGate()
  private let state = Mutex(State())
  private let idle = DispatchSemaphore(value: 0)
  private let onReport: @Sendable (ScanReport) -> Void

  /// `onReport` is called on the job's thread, jobs side by side.
  package init(
    configuration: Configuration, engines: [any ScanEngine] = EngineRegistry.all,
    onReport: @escaping @Sendable (ScanReport) -> Void
  ) {
    self.configuration = configuration
    self.engines = engines
    places = JobPlaces(jobs: configuration.jobs, isPaced: configuration.settings.limits.isPaced)
    self.onReport = onReport
  }

  /// Returns at once; the report comes later, always exactly one a job.
  package func submit(_ job: ScanJob, lease: Int64? = nil) {
    let isTaken = state.withLock { state in
      guard !state.isClosed else { return false }
      state.waiting.append(Waiting(lease: lease, job: job))
      return true
    }
    if isTaken {
      launch()
    } else {
      report(Waiting(lease: lease, job: job), refused("the scanner is closing", .stopped), nil)
    }
  }

  package struct Status: Sendable, Hashable {
    package var running: Int
    package var waiting: Int
    package var connectionsOpen: Int
    package var completed: UInt64
    package var failed: UInt64
  }
  package var status: Status {
    state.withLock { state in
      Status(
        running: state.running.count, waiting: state.waiting.count,
        connectionsOpen: state.running.values.reduce(0) { $0 + $1.context.openConnections },
        completed: state.completed, failed: state.failed)
    }
  }
  /// Leases that are waiting or running, for renewal.
  package var leases: [Int64] {
    state.withLock { $0.waiting.compactMap(\.lease) + $0.running.values.compactMap(\.lease) }
  }

  /// Connections that nobody takes are a direct scan's: the newest are kept, no more.
  private static let mostConnections = 10_000

  /// Connections that were opened or closed since the last call.
  package func takeConnections() -> [OwnConnection] {
    state.withLock { state in
      let open = state.running.values.flatMap(Scanner.connections)
      defer { state.connections = [] }
      return state.connections + open
    }
  }

  private static func connections(_ running: Running) -> [OwnConnection] {
    running.context.takeConnections().compactMap { $0.record(lease: running.lease, job: running.job) }
  }

  // MARK: stop

  /// Ends the connections of the jobs that `isMeant`, and drops those that wait. Reports come with status *stopped*.
  package func stop(_ isMeant: @Sendable (_ job: ScanJob, _ lease: Int64?) -> Bool) {
    let dropped = state.withLock { state -> [Waiting] in
      for running in state.running.values where isMeant(running.job, running.lease) { running.context.stop() }
      let dropped = state.waiting.filter { isMeant($0.job, $0.lease) }
      state.waiting.removeAll { isMeant($0.job, $0.lease) }
      return dropped
    }
    for waiting in dropped { report(waiting, refused("stopped", .stopped), nil) }
  }

  /// Takes no more jobs, ends all, and waits until the last has reported. False when some thread did not come back.
  package func close(withinMilliseconds limit: Int = 2000) -> Bool {
    state.withLock { $0.isClosed = true }
    stop { _, _ in true }
    return wait(milliseconds: limit)
  }

  /// Waits until nothing waits or runs.
  package func wait(milliseconds: Int) -> Bool {
    let end = Deadline(milliseconds: milliseconds)
    while true {
      if state.withLock({ $0.running.isEmpty && $0.waiting.isEmpty }) { return true }
      guard !end.isPast else { return false }
      launch()
      _ = idle.wait(timeout: .now() + .milliseconds(min(end.remaining, 100)))
    }
  }

  // MARK: jobs

  /// Starts what may start: the first waiting jobs whose host is free.
  private func launch() {
    while let (waiting, context) = next() {
      guard let context else {
        report(waiting, refused("no engine is called \(waiting.job.engine)", .refused), nil)
        continue
      }
      let thread = Thread { [self] in
        run(waiting, context)
        finish(waiting.job)
        launch()
      }
      if !thread.start() {
        finish(waiting.job)
        report(waiting, refused("the system gave no thread", .failed), nil)
      }
    }
  }

  private func next() -> (Waiting, ScanContext?)? {
    let now = MonotonicClock.nanoseconds()
    return state.withLock { state in
      guard !state.waiting.isEmpty, places.isFree(beside: state.running.values.lazy.map(\.since), at: now),
        let index = state.waiting.firstIndex(where: { state.running[$0.job.target.host] == nil })
      else { return nil }
      let waiting = Scanner.take(index, from: &state.waiting)
      guard let engine = engine(waiting.job.engine) else { return (waiting, nil) }
      var settings = configuration.settings
      if engine.asksTargetAlone {
        state.silences.shorten(&settings.limits, of: waiting.job, at: now)
      }
      let context = ScanContext(
        job: waiting.job, settings: settings, gate: gate,
        budget: engine.budget(for: waiting.job, limits(for: waiting.job)))
      state.running[waiting.job.target.host] = Running(
        lease: waiting.lease, job: waiting.job, context: context, since: now)
      return (waiting, context)
    }
  }

  /// Keeps the order of the rest. Only what stands before it moves, which is little: the line may be very long.
  private static func take(_ index: Int, from line: inout ArraySlice<Waiting>) -> Waiting {
    let taken = line[index]
    for place in stride(from: index, to: line.startIndex, by: -1) { line[place] = line[place - 1] }
    line.removeFirst()
    return taken
  }

  private func limits(for job: ScanJob) -> ScanContext.Limits {
    job.options.isSlow ? configuration.settings.limits.slowed : configuration.settings.limits
  }

  private func engine(_ name: String) -> (any ScanEngine)? { engines.first { $0.name == name } }

  private func run(_ waiting: Waiting, _ context: ScanContext) {
    guard let engine = engine(waiting.job.engine) else { return }
    let started = configuration.settings.now()
    var result: EngineResult
    if engine.applies(to: waiting.job.target) {
      result = unasked(waiting.job, engine, context) ?? engine.run(waiting.job, context)
      if engine.asksTargetAlone {
        state.withLock { $0.silences.note(waiting.job, context.counted, at: MonotonicClock.nanoseconds()) }
      }
      // What a proxy did is never the site's fault, whichever engine met it.
      if configuration.settings.proxy != nil, result.reason.hasPrefix("the proxy") { result.source = .network }
    } else {
      result = refused("the engine \(engine.name) does not ask \(waiting.job.target.scheme) sites", .refused)
    }
    if context.isStopped { (result.status, result.source, result.retry) = (.stopped, .policy, .no) }
    report(waiting, result, context, engine, started)
  }

  /// Who has just kept one engine waiting to the end keeps no other waiting: its place is for a site that answers.
  private func unasked(_ job: ScanJob, _ engine: any ScanEngine, _ context: ScanContext) -> EngineResult? {
    state.withLock { $0.silences.reason(job, at: MonotonicClock.nanoseconds()) }
      .flatMap { engine.unasked($0, job, context) }
  }

  private func finish(_ job: ScanJob) {
    state.withLock { state in
      guard let ended = state.running.removeValue(forKey: job.target.host) else { return }
      let kept = state.connections.suffix(Scanner.mostConnections)
      state.connections = kept + Scanner.connections(ended)
    }
    idle.signal()
  }

  private func refused(_ reason: String, _ status: ScanOutcome.Status) -> EngineResult {
    EngineResult(status: status, reason: reason, source: status == .failed ? .vigil : .policy)
  }

  private func report(
    _ waiting: Waiting, _ result: EngineResult, _ context: ScanContext?, _ engine: (any ScanEngine)? = nil,
    _ started: Timestamp? = nil
  ) {
    let now = configuration.settings.now()
    let counters = context?.counted ?? ScanContext.Counters()
    let outcome = ScanOutcome(
      job: waiting.job.id, engine: waiting.job.engine, site: waiting.job.site, status: result.status,
      reason: result.reason, source: result.source, retry: result.retry, started: started ?? now, ended: now,
      connections: counters.connections)
    state.withLock { state in
      if outcome.status == .completed || outcome.status == .partial { state.completed += 1 } else { state.failed += 1 }
    }
    let folded = ReportFold(job: waiting.job, result: result, engine: engine, vantage: configuration.vantage, time: now)
    let memory = result.memory.map {
      EngineMemory(site: waiting.job.site ?? waiting.job.target.url, engine: waiting.job.engine, time: now, body: $0)
    }
    var report = ScanReport(
      lease: waiting.lease, job: waiting.job, outcome: outcome, observations: folded.observations,
      coverage: folded.coverage, facts: result.facts, memory: memory, counters: counters)
    if let site = waiting.job.site {
      report.sightings = Sighting.Kind.allCases.compactMap { kind in
        guard let values = result.sightings[kind], !values.isEmpty else { return nil }
        return Sighting(site: site, engine: waiting.job.engine, kind: kind, values: values, time: now)
      }
    }
    onReport(report)
  }
}
