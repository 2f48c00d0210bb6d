import ControlAPI
import Foundation
import Hummingbird
import NIOCore
import Records
import Seam
import Synchronization
import Testing

@testable import Hub

@Suite(.serialized, .timeLimit(.minutes(1))) struct WebhookTests {
  /// A receiver on loopback that refuses its first visitors.
  private final class Receiver: Sendable {
    let bodies = AsyncStream<(id: String, signature: String, body: [UInt8])>.makeStream()
    private let refusals: Atomic<Int>
    init(refusing count: Int) { refusals = Atomic(count) }

    func start() async throws -> (port: Int, task: Task<Void, any Error>) {
      let router = Router()
      router.post("hook") { request, _ -> HTTPResponse.Status in
        let bytes = try await request.body.collect(upTo: 1 << 20)
        if self.refusals.subtract(1, ordering: .relaxed).newValue >= 0 { return .serviceUnavailable }
        func header(_ name: String) -> String {
          request.headers.first { $0.name.canonicalName == name.lowercased() }?.value ?? ""
        }
        self.bodies.continuation.yield((header("X-Vigil-Id"), header("X-Vigil-Signature"), Array(buffer: bytes)))
        return .ok
      }
      let (ports, say) = AsyncStream.makeStream(of: Int.self)
      let application = Application(
        router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
        onServerRunning: { channel in say.yield(channel.localAddress?.port ?? 0) })
      let task = Task { try await application.run() }
      for await port in ports { return (port, task) }
      throw CancellationError()
    }
  }

  @Test("a new critical row reaches a receiver that was down first, once, signed; others do not")
  func delivery() async throws {
    let folder = try TestFolder()
    let receiver = Receiver(refusing: 1)
    let (port, task) = try await receiver.start()
    let hub = try await RunningHub(folder) {
      $0.webhook = Configuration.Webhook(url: "http://127.0.0.1:\(port)/hook", secret: "key")
    }
    let wire = try SeamWire(hub.configuration.data.ingestSocket)
    _ = try await wire.receive()
    try wire.send(
      .batch(
        Lines.batch([Lines.alert(sid: 1), Lines.alert(sid: 2, critical: true), Lines.alert(sid: 2, critical: true)])))
    _ = try await wire.receive()
    for await got in receiver.bodies.stream {
      let message = try RecordJSON.decode(WebhookMessage.self, from: got.body)
      #expect(message.check == "1:2")
      #expect(message.city == "test city")
      #expect(got.id == message.id)
      #expect(got.signature == WebhookSignature.value(got.body, secret: "key"))
      break
    }
    await hub.end()
    task.cancel()
    _ = await task.result
  }
}
