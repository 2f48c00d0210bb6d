import ControlAPI
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Records
import Store
import Synchronization
import Testing
import Wire

@testable import Hub

@Suite(.serialized) struct SignOfLifeTests {
  /// Takes what is POSTed, and answers with `status`.
  private final class Receiver: Sendable {
    let bodies = Mutex<[String]>([])
    let status = Mutex(HTTPResponse.Status.ok)

    func start() async throws -> (port: Int, task: Task<Void, any Error>) {
      let router = Router()
      router.post("/alive") { request, _ in
        let body = try await request.body.collect(upTo: 1 << 16)
        self.bodies.withLock { $0.append(String(buffer: body)) }
        return self.status.withLock { $0 }
      }
      let (ports, say) = AsyncStream.makeStream(of: Int.self)
      let application = Application(
        router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
        onServerRunning: { say.yield($0.localAddress?.port ?? 0) })
      let task = Task { try await application.runService(gracefulShutdownSignals: []) }
      for await port in ports { return (port, task) }
      throw CancellationError()
    }
  }

  private static func wait(_ bench: DutyBench, until holds: () async throws -> Bool) async throws -> Bool {
    for _ in 0..<400 {
      if try await holds() { return true }
      try await Task.sleep(for: .milliseconds(25))
    }
    return false
  }

  @Test("a sign of life leaves each minute; one that is not taken is an ailment until the next is")
  func outward() async throws {
    let receiver = Receiver()
    let (port, task) = try await receiver.start()
    defer { task.cancel() }
    let bench = try await DutyBench { $0.duty.heartbeat = "http://127.0.0.1:\(port)/alive" }
    await bench.at(0)
    await bench.at(1)
    #expect(try await Self.wait(bench) { receiver.bodies.withLock { $0.count } == 1 })
    #expect(try await Self.wait(bench) { await !bench.core.isSignalling })
    #expect(receiver.bodies.withLock { $0[0] }.contains("\"city\":\"test city\""))
    receiver.status.withLock { $0 = .internalServerError }
    await bench.at(60)
    let isSaid = { await bench.core.health(within: .all).reasons.contains { $0.contains("said 500") } }
    #expect(try await Self.wait(bench, until: isSaid))
    receiver.status.withLock { $0 = .ok }
    await bench.at(120)
    #expect(try await Self.wait(bench) { await bench.core.health(within: .all).reasons.isEmpty })
    #expect(receiver.bodies.withLock { $0.count } == 3)
  }

  @Test(
    "a role that the configuration expects and that never came is an alert, and so is one that came and fell silent")
  func expected() async throws {
    let bench = try await DutyBench { $0.duty.expects = ["sensor/far", "scanner/near"] }
    await bench.at(5)
    #expect(try bench.store.rows().isEmpty)
    await bench.at(11)
    #expect(
      Set(try bench.store.rows().map(\.title.en)) == [
        "sensor far gives no sign of life", "scanner near gives no sign of life",
      ])
    let now = DutyBench.start.advanced(seconds: 12)
    await bench.core.hear(ScannerStatus(scanner: "near", boot: 1, time: now, started: now))
    await bench.at(12)
    #expect(
      try bench.store.dutyLines().contains { $0.text.en == "scanner near is back" && $0.text.zh == "scanner near 已恢复" })
    await bench.at(23)
    #expect(try bench.store.rows().first { $0.title.en.hasPrefix("scanner") }?.count == 2)
  }
}

extension HubCore {
  fileprivate func hear(_ status: ScannerStatus) { _ = registry.heard(status, now: clock.now()) }
}
