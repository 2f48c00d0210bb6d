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
    let gathered = Gathered(onReport)
    let scanner = Scanner(configuration: configuration, engines: engines) { gathered.add($0) }
    begun(scanner)
    for (index, target) in targets.enumerated() {
      for engine in engines where engine.applies(to: target) {
        scanner.submit(
          ScanJob(
            id: "direct-\(index)-\(engine.name)", engine: engine.name, target: target, probeClass: probeClass,
            authorisation: authorisation, allowedNetworks: allowedNetworks))
      }
    }
    while !scanner.wait(milliseconds: 60_000) {}
    return gathered.all
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
