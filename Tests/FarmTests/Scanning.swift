import Engines
import Foundation
import Glibc
import Records
import Synchronization
import Wire

/// Engines on the farm's servers, directly: no scheduler, no limits but each server's patience.
enum FarmScan {
  /// Servers asked at once: nearly all of the time is waiting.
  private static let width = 24
  /// For an exchange with a good server on a machine that also builds and tests.
  private static let patience = 6000

  static func ledgers(_ farm: Farm) async -> [Ledger] {
    // Those that make us wait begin first.
    let work = Work(farm.servers.indices.sorted { wait(farm.servers[$0]) > wait(farm.servers[$1]) }, width)
    return await withCheckedContinuation { continuation in
      for _ in 0..<width {
        let thread = Engines.Thread {
          while let index = work.take() { work.put(ledger(of: farm.servers[index], trust: farm.trust), at: index) }
          if let ledgers = work.leave() { continuation.resume(returning: ledgers) }
        }
        precondition(thread.start(), "the system gives a thread")
      }
    }
  }

  /// What the threads share: which server is next, what came of each, how many threads are at work.
  private final class Work: Sendable {
    private struct State {
      var waiting: [Int]
      var done: [Int: Ledger] = [:]
      var threads: Int
    }
    private let state: Mutex<State>

    init(_ order: [Int], _ threads: Int) { state = Mutex(State(waiting: order.reversed(), threads: threads)) }

    func take() -> Int? { state.withLock { $0.waiting.popLast() } }
    func put(_ ledger: Ledger, at index: Int) { state.withLock { $0.done[index] = ledger } }
    /// All ledgers, for the last thread.
    func leave() -> [Ledger]? {
      state.withLock { state in
        state.threads -= 1
        return state.threads > 0 ? nil : state.done.sorted { $0.key < $1.key }.map(\.value)
      }
    }
  }

  private static func wait(_ server: FarmServer) -> Int { server.sees == .all ? 0 : server.patience ?? patience }

  private static func ledger(of server: FarmServer, trust: String) -> Ledger {
    var ledger = Ledger(server)
    for name in server.engines {
      guard let engine = EngineRegistry.named(name) else { continue }
      let result = ask(engine, server, trust: trust)
      ledger.judge(result, of: name)
      ledger.search(result)
    }
    return ledger
  }

  /// Those that come with the program; without them its questions about old software go unanswered, and tests fail.
  private static let tables: ReferenceTables = {
    let rules = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Rules").path
    let read = try? ReferenceTables.read(endOfSupport: rules + "/end-of-support", grading: rules + "/grading")
    return read ?? ReferenceTables()
  }()

  /// One look, with the memory of the look before.
  static func ask(
    _ engine: any ScanEngine, _ server: FarmServer, trust: String, known: String? = nil, accepts: Bool = false,
    isPublic: Bool = false
  ) -> EngineResult {
    var settings = ScanContext.Settings()
    settings.policy = AddressPolicy(allowed: [IPPrefix("127.0.0.0/8")].compactMap(\.self))
    settings.limits = .lab
    settings.limits.exchangeMilliseconds = server.patience ?? patience
    // `isPublic`: what only authorities of the public's trust must do is asked of the farm's.
    settings.trustStores = [TrustStoreSource(name: "the farm's", path: trust, isPublic: isPublic)]
    settings.tables = tables
    var job = job(engine.name, server)
    (job.known, job.options.acceptsChange) = (known, accepts)
    let context = ScanContext(
      job: job, settings: settings, gate: AddressGate(), budget: engine.budget(for: job, settings.limits))
    return engine.run(job, context)
  }

  /// `host` where it is not the server's own: what a scanner keeps apart by.
  static func job(_ engine: String, _ server: FarmServer, host: String? = nil, probe: ProbeClass = .intrusive)
    -> ScanJob
  {
    let target = Target(
      scheme: server.scheme, host: host ?? server.host, address: IPAddress(server.address), port: server.port,
      serverName: server.host)
    return ScanJob(
      id: "\(server.name) \(engine)", engine: engine, site: server.name, target: target, probeClass: probe,
      authorisation: "the farm",
      options: ScanOptions(ports: server.numbers.map { $0...$0 }, startTLS: server.startTLS))
  }
}
