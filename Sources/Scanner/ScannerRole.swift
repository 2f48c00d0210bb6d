package import Engines
internal import Glibc
internal import Records
package import Seam
internal import Synchronization
internal import Wire

/// The scanner as a process: takes leases from the hub over the seam, gives back records and outcomes.
///
/// A lease's records are in the spool before its end is told, so that a hub that knows of the end has, or will have,
/// what was seen. Leases that the hub takes back, and a lost hub's stop, end the connections at once.
package final class ScannerRole: Sendable {
  package let scanner: Scanner
  private let client: SeamClient
  private let name: String
  private let boot: UInt64
  private let started: Timestamp
  /// What this scanner can run: the hub gives it no other lease.
  private let engines: [String]
  private let isPaused = Mutex(false)
  /// Ends once its jobs have: other content is in force.
  private let isEnding = Mutex(false)
  private static let heartbeatSeconds = 5.0

  package init(
    name: String, socketPath: String, spool: Spool, boot: UInt64, configuration: Scanner.Configuration,
    own: [any ScanEngine] = EngineRegistry.all, external: [ExternalEngine] = []
  ) throws(SeamError) {
    let link = Link()
    var configuration = configuration
    configuration.vantage = name
    self.name = name
    self.boot = boot
    started = configuration.settings.now()
    let engines = own + external
    self.engines = engines.map(\.name)
    scanner = Scanner(configuration: configuration, engines: engines) { link.role?.deliver($0) }
    client = try SeamClient(
      configuration: .init(socketPath: socketPath, role: .scanner), spool: spool
    ) { _, event in link.role?.handle(event) }
    link.set(self)
  }

  private final class Link: Sendable {
    private struct Weak: Sendable { weak var role: ScannerRole? }
    private let box = Mutex(Weak())
    var role: ScannerRole? { box.withLock { $0.role } }
    func set(_ role: ScannerRole) { box.withLock { $0.role = role } }
  }

  /// Runs until `isOver` says so: asks for work, renews leases, tells its state. Blocks.
  package func run(isOver: () -> Bool) throws(SeamError) {
    try client.start()
    var next = MonotonicClock.nanoseconds()
    while !isOver(), !hasEnded {
      if MonotonicClock.nanoseconds() >= next {
        beat()
        next = MonotonicClock.nanoseconds() + Int64(ScannerRole.heartbeatSeconds * 1e9)
      }
      request()
      tellConnections()
      var pause = timespec(tv_sec: 0, tv_nsec: 250_000_000)
      unsafe nanosleep(&pause, nil)
    }
    _ = scanner.close()
    client.stop()
  }

  private var hasEnded: Bool {
    let status = scanner.status
    return isEnding.withLock { $0 } && status.running == 0 && status.waiting == 0
  }

  /// The hub tells the sensors' alerts about them from those about anybody else.
  private func tellConnections() {
    for connection in scanner.takeConnections() { _ = client.append(.connection, json: connection) }
  }

  private func request() {
    let status = scanner.status
    let room = scanner.configuration.jobs - status.running - status.waiting
    guard room > 0, client.isConnected, !isPaused.withLock({ $0 }) else { return }
    client.send(.leaseRequest(.init(holder: name, capacity: room, engines: engines)))
  }

  private func beat() {
    let status = scanner.status
    client.send(
      .scannerStatus(
        ScannerStatus(
          scanner: name, boot: boot, time: scanner.configuration.settings.now(), started: started,
          running: status.running, connectionsOpen: status.connectionsOpen, jobsCompleted: status.completed,
          jobsFailed: status.failed, spoolBytes: UInt64(client.spool.byteCount), addresses: LocalAddresses.current(),
          content: scanner.configuration.content)))
    let leases = scanner.leases
    if !leases.isEmpty { client.send(.leaseRenew(leases)) }
  }

  private func deliver(_ report: ScanReport) {
    for record in report.records { _ = client.append(record.kind, record.bytes) }
    if let lease = report.lease { client.send(.leaseDone(.init(lease: lease, outcome: report.outcome))) }
  }

  private func handle(_ event: SeamClient.Event) {
    // First of all which leases are here: what else the hub thinks we hold went down with a connection or a process.
    if case .connected = event { client.send(.leaseRenew(scanner.leases)) }
    guard case .message(let message) = event else { return }
    switch message {
    case .leaseGrant(let leases):
      for lease in leases { scanner.submit(lease.job, lease: lease.id) }
    case .leaseRevoked(let ids):
      let ids = Set(ids)
      scanner.stop { _, lease in lease.map(ids.contains) ?? false }
    case .command(let command): client.send(.reply(obey(command)))
    default: break
    }
  }

  private func obey(_ command: SeamMessage.Command) -> SeamMessage.CommandReply {
    switch command.name {
    case .stopScans:
      let sites = Set(command.arguments)
      scanner.stop { job, _ in sites.isEmpty || job.site.map(sites.contains) ?? false }
      if sites.isEmpty { isPaused.withLock { $0 = true } }
      return .init(id: command.id, succeeded: true, text: "stopped")
    case .resumeScans:
      isPaused.withLock { $0 = false }
      return .init(id: command.id, succeeded: true, text: "resumed")
    case .drain:
      isPaused.withLock { $0 = true }
      return .init(id: command.id, succeeded: true, text: "takes no more jobs")
    case .takeContent:
      guard scanner.configuration.isSupervised else {
        return .init(id: command.id, succeeded: false, text: "no supervisor starts it again: do that by hand")
      }
      isPaused.withLock { $0 = true }
      isEnding.withLock { $0 = true }
      return .init(id: command.id, succeeded: true, text: "starts again when its jobs have ended")
    case .status:
      let status = scanner.status
      return .init(id: command.id, succeeded: true, text: "\(status.running) running, \(status.waiting) waiting")
    default: return .init(id: command.id, succeeded: false, text: "a scanner has no such command")
    }
  }
}
