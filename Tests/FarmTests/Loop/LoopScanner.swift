import Engines
import NIOCore
import Records
import Seam
import TestSupport
import Wire

@testable import Hub
@testable import Scanner

/// The real scanner with the real engines at the hub's door: what its role says over the socket is said here in turn,
/// so that time stands while it looks.
final class LoopScanner {
  struct Unexpected: Error { var message: SeamMessage? }
  static let name = "scanner-1"

  private let scanner: Scanner
  private let clock: FastClock
  private var reports: AsyncStream<ScanReport>.Iterator
  private var core: HubCore
  private var peer: SeamPeer
  private var answers: NIOAsyncChannelOutboundWriter<ByteBuffer>.TestSink.AsyncIterator
  private var decoder = FrameDecoder()
  private var sequence: UInt64 = 1
  /// Looks that ended, by site.
  private(set) var looks: [String: Int] = [:]

  init(_ configuration: Configuration, trust: String, clock: FastClock, at core: HubCore) async {
    var own = Scanner.Configuration()
    own.vantage = LoopScanner.name
    own.settings.policy = AddressPolicy(allowed: configuration.scan.allow)
    own.settings.userAgent = configuration.scan.userAgent
    own.settings.trustFile = trust
    own.settings.now = { clock.now }
    own.settings.limits = .lab
    own.settings.limits.pauseShare = 0
    // A machine that builds beside is no slow site.
    (own.settings.limits.connectMilliseconds, own.settings.limits.exchangeMilliseconds) = (60_000, 60_000)
    let (stream, ended) = AsyncStream.makeStream(of: ScanReport.self)
    scanner = Scanner(configuration: own) { ended.yield($0) }
    reports = stream.makeAsyncIterator()
    self.clock = clock
    (self.core, peer, answers) = await LoopScanner.joined(core)
  }

  /// A hub that was away is told anew who is there.
  func join(_ core: HubCore) async { (self.core, peer, answers) = await LoopScanner.joined(core) }

  private static func joined(
    _ core: HubCore
  ) async -> (HubCore, SeamPeer, NIOAsyncChannelOutboundWriter<ByteBuffer>.TestSink.AsyncIterator) {
    let (writer, sink) = NIOAsyncChannelOutboundWriter<ByteBuffer>.makeTestingWriter()
    let peer = SeamPeer(id: 1, hello: .init(role: .scanner, source: name, boot: 1, pid: 1), writer: writer)
    _ = await core.joined(peer)
    await core.receive(.leaseRenew([]), from: peer)
    return (core, peer, sink.makeAsyncIterator())
  }

  /// Takes what is due until nothing is.
  func work() async throws {
    while true {
      await core.receive(.leaseRequest(.init(holder: LoopScanner.name, capacity: 16)), from: peer)
      guard case .leaseGrant(let leases) = try await answer() else { throw Unexpected() }
      if leases.isEmpty { return }
      for lease in leases { scanner.submit(lease.job, lease: lease.id) }
      for _ in leases {
        guard let report = await reports.next() else { throw Unexpected() }
        try await tell(report)
      }
    }
  }

  private func tell(_ report: ScanReport) async throws {
    let connections = try scanner.takeConnections().map {
      BatchRecord(kind: .connection, bytes: try RecordJSON.encode($0))
    }
    let batch = RecordBatch(
      source: LoopScanner.name, boot: 1, first: sequence, records: report.records + connections)
    await core.receive(.batch(batch), from: peer)
    let message = try await answer()
    guard case .stored(let mark) = message, mark.last == batch.last else { throw Unexpected(message: message) }
    sequence = batch.last + 1
    looks[report.job.site ?? "", default: 0] += 1
    if let lease = report.lease {
      await core.receive(.leaseDone(.init(lease: lease, outcome: report.outcome)), from: peer)
    }
  }

  /// What the hub says next.
  private func answer() async throws -> SeamMessage {
    while true {
      if let message = try decoder.next() { return message }
      guard var bytes = await answers.next() else { throw Unexpected() }
      decoder.receive(bytes.readBytes(length: bytes.readableBytes) ?? [])
    }
  }
}
