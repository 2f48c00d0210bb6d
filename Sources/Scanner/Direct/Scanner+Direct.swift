package import Engines
package import Records
internal import Synchronization
package import Wire

extension Scanner {
  /// Scans `targets` now with each of `engines` that applies, and returns when all have reported. `onReport` is called
  /// as they come, one at a time. The caller has checked by whose word: `authorisation` goes into every job. `begun` is
  /// handed the scanner, so that a signal can close it; what was cut off reports *stopped*.
  package static func scan(
    _ targets: [Target], engines: [any ScanEngine] = EngineRegistry.all, authorisation: String,
    probeClass: ProbeClass = .probe, allowedNetworks: [IPPrefix] = [], configuration: Configuration = .init(),
    begun: (Scanner) -> Void = { _ in }, onReport: @escaping @Sendable (ScanReport) -> Void = { _ in }
  ) -> [ScanReport] {
    let jobs = targets.enumerated().flatMap { index, target in
      engines.filter { $0.applies(to: target) }.map { engine in
        ScanJob(
          id: "direct-\(index)-\(engine.name)", engine: engine.name, target: target, probeClass: probeClass,
          authorisation: authorisation, allowedNetworks: allowedNetworks)
      }
    }
    let gathered = Gathered(onReport)
    scan(jobs: jobs, engines: engines, configuration: configuration, begun: begun) { gathered.add($0) }
    return gathered.all
  }

  /// The same of jobs that the caller has made; keeps no report.
  package static func scan(
    jobs: [ScanJob], engines: [any ScanEngine] = EngineRegistry.all, configuration: Configuration = .init(),
    begun: (Scanner) -> Void = { _ in }, onReport: @escaping @Sendable (ScanReport) -> Void
  ) {
    let lock = Mutex(())
    let scanner = Scanner(configuration: configuration, engines: engines) { report in
      lock.withLock { _ in onReport(report) }
    }
    begun(scanner)
    for job in jobs { scanner.submit(job) }
    while !scanner.wait(milliseconds: 60_000) {}
  }

  private final class Gathered: Sendable {
    private let reports = Mutex<[ScanReport]>([])
    private let onReport: @Sendable (ScanReport) -> Void

    init(_ onReport: @escaping @Sendable (ScanReport) -> Void) { self.onReport = onReport }

    func add(_ report: ScanReport) {
      reports.withLock {
        onReport(report)
        $0.append(report)
      }
    }
    var all: [ScanReport] { reports.withLock { $0 } }
  }
}
