import Engines
import Records
import Synchronization
import Testing

/// The templates on servers that have none of their weaknesses: nothing may be invented, by any of them.
@Suite struct TemplatesTests {
  @Test("templates find nothing on the farm's sites, and say why where they do not know")
  func farm() async throws {
    let farm = try Farm()
    defer { farm.stop() }
    let tally = Tally(farm.servers.filter { $0.engines.contains("http") })
    #expect(tally.servers.count > 10)
    await withCheckedContinuation { continuation in
      for _ in 0..<Tally.width {
        let thread = Engines.Thread {
          while let server = tally.take() {
            tally.add(FarmScan.ask(TemplateEngine.installed, server, trust: farm.trust), server.name)
          }
          if tally.leave() { continuation.resume() }
        }
        precondition(thread.start(), "the system gives a thread")
      }
    }
    let sum = tally.sum
    print("templates on \(tally.servers.count) sites of the farm: \(sum.no) answers of no, \(sum.open) not determined")
    #expect(sum.yes.sorted() == [])
    #expect(sum.silent == [])
    #expect(sum.no > sum.open, "most sites answer")
  }

  /// What the threads share.
  private final class Tally: Sendable {
    static let width = 16
    struct Sum {
      var yes: [String] = []
      var no = 0
      var open = 0
      /// Not determined without a reason.
      var silent: [String] = []
      var taken = 0
      var threads = Tally.width
    }
    let servers: [FarmServer]
    private let state = Mutex(Sum())

    init(_ servers: [FarmServer]) { self.servers = servers }

    var sum: Sum { state.withLock { $0 } }

    func take() -> FarmServer? {
      state.withLock { state in
        guard state.taken < servers.count else { return nil }
        state.taken += 1
        return servers[state.taken - 1]
      }
    }

    func add(_ result: EngineResult, _ name: String) {
      state.withLock { state in
        for answer in result.answers {
          switch answer.answer {
          case .yes: state.yes.append("\(name): \(answer.check): \(answer.evidence)")
          case .no: state.no += 1
          case .notDetermined(let reason):
            state.open += 1
            if reason.isEmpty { state.silent.append("\(name): \(answer.check)") }
          }
        }
      }
    }

    /// Whether it was the last.
    func leave() -> Bool {
      state.withLock { state in
        state.threads -= 1
        return state.threads == 0
      }
    }
  }
}
