package import Capture
internal import Records
internal import Wire

/// `vigil read`: capture files, one after the other, to one `eve.json`.
package struct CaptureReading: ~Copyable {
  package struct Summary: Sendable {
    package var packets: UInt64 = 0
    package var bytes: UInt64 = 0
    package var alerts: UInt64 = 0
    package var lines: UInt64 = 0
    /// What was odd about the capture or the output; for standard error.
    package var warnings: [String] = []
  }

  private let worker: Worker
  private let sources: [any PacketSource]
  private var output: OutputFile
  private var summary = Summary()
  private let rules: EVEWriter.RuleTotals
  private let onPosition: (UInt64) -> Void
  /// Bytes of the files that are read whole.
  private var behind: UInt64 = 0

  /// EVE lines kept in memory before they are written.
  private static let flushAt = 256 * 1024
  /// Packets between two looks at the output buffer.
  private static let batch = 512

  /// - Parameters:
  ///   - folder: an existing folder; `eve.json` in it is replaced.
  ///   - onPosition: told now and then how many bytes of all the files are read.
  package init(
    sources: [any PacketSource], folder: String, settings: SensorSettings, rules: RuleLoading.Result,
    onPosition: @escaping (UInt64) -> Void = { _ in }
  ) throws {
    let worker = try Worker(
      settings: settings, rules: rules.rules, needs: rules.needs, captureName: sources.first?.name ?? "")
    output = try OutputFile(path: PathText.join(folder, settings.eve.fileName), truncate: true)
    self.worker = worker
    self.sources = sources
    self.rules = rules.totals
    self.onPosition = onPosition
  }

  /// Reads to the end. A file that breaks off is read as far as it goes; the rest is a warning and a record.
  package mutating func run() throws(CaptureError) -> Summary {
    for source in sources {
      try read(source)
      behind &+= source.position ?? 0
      summary.packets += source.statistics.packets
      summary.bytes += source.statistics.bytes
    }
    worker.finish()
    if worker.settings.eve.stats.enabled {
      worker.writer.stats(worker.statistics(CaptureStatistics()), rules: rules, uptime: 0, at: worker.now)
    }
    flush()
    summary.alerts = worker.counters.alerts
    summary.lines = worker.writer.records
    if let failure = output.failure { summary.warnings.append("\(failure); \(output.lostLines) lines are lost") }
    return summary
  }

  private mutating func read(_ source: any PacketSource) throws(CaptureError) {
    while true {
      switch try source.dispatch(limit: Self.batch, { header, bytes in worker.process(header, bytes) }) {
      case .packets:
        if worker.writer.json.count > Self.flushAt { flush() }
        onPosition(behind &+ (source.position ?? 0))
      case .idle: flush()
      case .end, .stopped: return
      case .truncated(let sentence): note("truncated", sentence, source.name)
      case .corrupt(let sentence): note("corrupt", sentence, source.name)
      }
    }
  }

  private mutating func note(_ event: String, _ sentence: String, _ name: String) {
    summary.warnings.append("\(name): \(sentence)")
    if worker.settings.eve.anomaly.enabled {
      worker.writer.captureAnomaly("capture.\(event)", sentence, at: worker.now)
    }
  }

  private mutating func flush() {
    unsafe worker.writer.json.withBytes { unsafe output.write($0) }
    worker.writer.json.removeAll()
  }
}
