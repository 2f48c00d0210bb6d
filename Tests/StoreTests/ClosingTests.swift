import Foundation
import Records
import Synchronization
import Testing

@testable import Store

struct ClosingTests {
  private final class Tally: Sendable {
    let asked = Atomic(0)
    let refusals = Mutex<[StoreError]>([])
  }

  @Test("Who asks while the store is closed is told so, also who waits for a connection just then", arguments: 1...25)
  func closing(round: Int) throws {
    let folder = try TemporaryFolder()
    let store = try Store.open(folder)
    try store.take(Sample.alerts((1...20).map { Sample.line(sid: $0) }))
    let tally = Tally()
    let threads = 12
    let over = DispatchSemaphore(value: 0)
    for number in 0..<threads {
      Thread.detachNewThread {
        defer { over.signal() }
        while true {
          do throws(StoreError) {
            if number == 0, let fault = store.probe() { throw fault }
            if number > 0 { _ = try store.rows(QueueQuery(order: .id)) }
            tally.asked.add(1, ordering: .relaxed)
          } catch { return tally.refusals.withLock { $0.append(error) } }
        }
      }
    }
    // All of them are at it.
    while tally.asked.load(ordering: .relaxed) < threads * 4 { sched_yield() }
    store.close()
    for _ in 0..<threads { try #require(over.wait(timeout: .now() + 30) == .success) }
    #expect(tally.refusals.withLock { $0.count == threads && $0.allSatisfy { $0.code == .unavailable } })
    #expect(throws: StoreError.self) { try store.auditEnd() }
  }
}
