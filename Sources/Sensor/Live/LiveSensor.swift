package import Capture
internal import Glibc
package import Records
package import Seam
internal import Synchronization
internal import Wire

/// The role `vigil sensor`: one live source, one worker, EVE on disk, alerts and heartbeats to the hub.
///
/// An alert is in the spool before its packet counts as read, so that a sensor killed at any moment loses none: the
/// next boot sends what is left, and states how long nobody looked. Signals set flags (`request`), the loop obeys.
package final class LiveSensor {
  package struct Configuration: Sendable {
    package var name: String
    package var settings = SensorSettings()
    package var eveFolder: String
    package var rotation = OutputFile.Rotation(bytes: 1 << 30, seconds: 86_400, keep: 7)
    /// Nil only where the operator switched raw evidence on.
    package var masking: Masking?
    /// Which imported rules are loaded, for the hub; nil where the operator named the files.
    package var content: String?
    package init(name: String, eveFolder: String) {
      self.name = name
      self.eveFolder = eveFolder
    }
  }

  /// What a signal or the hub asked for; the loop takes it up between two batches.
  package struct Requests: OptionSet, Sendable {
    package var rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }
    package static let stop = Requests(rawValue: 1)
    package static let reopenLogs = Requests(rawValue: 2)
  }

  let configuration: Configuration
  let totals: EVEWriter.RuleTotals
  let source: any PacketSource
  let worker: Worker
  let seam: SeamClient?
  let page: StatusPage?
  let boot: UInt64
  let started: Timestamp
  let opening: CaptureOpening
  var output: OutputFile
  var lastBeat = Int64(0)
  var lastStats = Int64(0)
  private let requests: RequestFlags

  /// Packets handed over at a time: few enough that an alert leaves within milliseconds.
  private static let batch = 256

  package init(
    configuration: Configuration, source: any PacketSource, rules: RuleLoading.Result, seam: SeamClient?,
    page: StatusPage?, boot: UInt64, requests: RequestFlags, opening: CaptureOpening? = nil
  ) throws {
    self.configuration = configuration
    self.source = source
    self.seam = seam
    self.page = page
    self.boot = boot
    self.requests = requests
    self.opening = opening ?? .now(source.name)
    totals = rules.totals
    started = Timestamp(nanoseconds: WallClock.nanoseconds())
    worker = try Worker(
      settings: configuration.settings, rules: rules.rules, needs: rules.needs, interface: source.name,
      masking: configuration.masking)
    output = try OutputFile(
      path: PathText.join(configuration.eveFolder, configuration.settings.eve.fileName), truncate: false,
      rotation: configuration.rotation)
    if let seam { worker.alertSink = SpoolSink(seam) }
  }

  /// Runs until it is asked to stop or the source fails. States the blind interval first.
  package func run() throws(CaptureError) {
    stateBlindness()
    running: while true {
      let wanted = requests.take()
      if wanted.contains(.reopenLogs) { output.reopen() }
      if wanted.contains(.stop) { break }
      switch try source.dispatch(limit: Self.batch, { header, bytes in worker.process(header, bytes) }) {
      case .packets: break
      case .idle: worker.idle(at: Timestamp(nanoseconds: WallClock.nanoseconds()))
      case .end, .stopped, .truncated, .corrupt: break running
      }
      advance()
    }
    worker.finish()
    advance()
    writeStats(WallClock.nanoseconds())
    flush()
    page?.end(now: Timestamp(nanoseconds: WallClock.nanoseconds()))
    seam?.stop()
  }

  /// After a batch: what it wrote leaves, the status page moves on, once a second the hub hears of us.
  private func advance() {
    flush()
    let now = WallClock.nanoseconds()
    page?.advance(packet: source.statistics.packets, time: worker.now, now: Timestamp(nanoseconds: now))
    if now - lastBeat >= 1_000_000_000 { beat(now) }
    if now - lastStats >= Int64(configuration.settings.eve.stats.interval) * 1_000_000_000 { writeStats(now) }
  }

  private func flush() {
    unsafe worker.writer.json.withBytes { unsafe output.write($0) }
    worker.writer.json.removeAll()
  }

  private func writeStats(_ now: Int64) {
    lastStats = now
    guard configuration.settings.eve.stats.enabled else { return }
    let uptime = Int((now - started.nanoseconds) / 1_000_000_000)
    worker.writer.stats(
      worker.statistics(source.statistics), rules: totals, uptime: uptime,
      at: Timestamp(nanoseconds: now))
  }
}

/// Flags that a signal handler, another thread or the hub raises for a sensor's loop.
package final class RequestFlags: Sendable {
  private let bits = Atomic<UInt8>(0)
  package init() {}
  package func raise(_ request: LiveSensor.Requests) { bits.bitwiseOr(request.rawValue, ordering: .relaxed) }
  func take() -> LiveSensor.Requests { LiveSensor.Requests(rawValue: bits.exchange(0, ordering: .relaxed)) }
}

/// Alert lines into the spool, and from there to the hub.
private final class SpoolSink: AlertSink {
  private let seam: SeamClient
  init(_ seam: SeamClient) { self.seam = seam }
  func alert(_ line: UnsafeRawBufferPointer) { _ = unsafe seam.append(.alert, line) }

  func rule(_ text: RuleText) -> Bool {
    guard text.text.utf8.count <= RuleText.limit else { return true }
    if case .dropped = seam.append(.rule, json: text) { return false }
    return true
  }
}
