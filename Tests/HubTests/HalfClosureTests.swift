import ControlAPI
import Dispatch
import Foundation
import Records
import Testing

@testable import Hub

/// Clients that send all, say that it was all, and then listen.
@Suite(.serialized, .timeLimit(.minutes(2))) struct HalfClosureTests {
  private func request(_ path: String) -> [UInt8] { Array("GET \(path) HTTP/1.1\r\nHost: vigil\r\n\r\n".utf8) }

  /// Whether the end comes before anybody reads is the scheduler's choice: of 200 it does now and then.
  @Test("Whoever says that nothing more comes is answered, however early he says it")
  func early() async throws {
    let folder = try TestFolder()
    let hub = try await RunningHub(folder)
    let request = request("/v1/version")
    for _ in 0..<200 {
      let answers = try await onThread {
        try FuzzWire(hub.configuration.data.apiSocket).converse(request, isHead: false)
      }
      #expect(answers.map(\.status) == [200])
    }
    await hub.end()
  }

  @Test("He gets an answer whole that is larger than the kernel takes at once")
  func large() async throws {
    let folder = try TestFolder()
    let hub = try await RunningHub(folder)
    let sites = (0..<4000).map { "https://s\($0).example.gov/" }.joined(separator: "\n")
    let report = try await hub.client.call(
      API.importSites, ImportRequest(form: .csv, name: "i.csv", text: "url\n" + sites, dryRun: false))
    #expect(report.added.count == 4000)
    let request = request("/v1/sites/export?form=json")
    for _ in 0..<5 {
      let answers = try await onThread {
        try FuzzWire(hub.configuration.data.apiSocket).converse(request, isHead: false)
      }
      #expect(answers.map(\.status) == [200] && answers[0].body.count > 300_000)
    }
    await hub.end()
  }

  @Test("What no endpoint answers is refused in a sentence, with a method that has no body without one")
  func unknown() async throws {
    let folder = try TestFolder()
    let hub = try await RunningHub(folder)
    for (head, length) in [("GET /v1/nothing", nil), ("DELETE /v1/queue", nil), ("HEAD /v1/queue", 0)] {
      let request = Array("\(head) HTTP/1.1\r\nHost: vigil\r\n\r\n".utf8)
      let answers = try await onThread {
        try FuzzWire(hub.configuration.data.apiSocket).converse(request, isHead: head.hasPrefix("HEAD"))
      }
      #expect(answers.map(\.status) == [404], "\(head)")
      let problem = try? RecordJSON.decode(APIProblem.self, from: answers.first?.body ?? [])
      #expect(length == 0 ? answers.first?.body.isEmpty == true : problem?.code == .notFound, "\(head)")
    }
    let cut = Array("POST /v1/situation/look HTTP/1.1\r\nHost: v\r\nContent-Length: 9\r\n\r\n{}".utf8)
    let body = Array("POST /v1/duty/log HTTP/1.1\r\nHost: v\r\nContent-Length: 9\r\n\r\n{}".utf8)
    for request in [cut, body] {
      let answers = try await onThread {
        try FuzzWire(hub.configuration.data.apiSocket).converse(request, isHead: false)
      }
      #expect(answers.allSatisfy { $0.status == 400 || $0.status == 200 }, "a cut body is not too large")
    }
    await hub.end()
  }

  /// The hub needs the tests' threads.
  private func onThread<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
    try await withCheckedThrowingContinuation { continuation in
      DispatchQueue(label: "wire").async { continuation.resume(with: Result { try body() }) }
    }
  }
}
